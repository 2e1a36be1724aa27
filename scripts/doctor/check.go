package main

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// A patient is a deployment with what it takes to look at it.
type patient struct {
	deployment
	aws    aws.Config // in the stack's region
	shell  string     // the region of the environment; "" if it has none
	lookup func(string) string
}

// A check looks at one thing.
type check struct {
	name  string
	check func(context.Context, patient) []finding
	cause bool // what comes after cannot be looked at if there is a fault
}

// checks lists everything that is looked at, in the order it is printed: what has
// most consequences comes first, so that the first fault is the first to mend.
func checks() []check {
	return []check{
		{name: "AWS", check: checkAccess, cause: true},
		{name: "functions", check: checkFunctions},
		{name: "tables", check: checkTables},
		{name: "queues", check: checkQueues},
		{name: "mapping", check: checkMapping},
		{name: "schedules", check: checkSchedules},
		{name: "URL", check: checkURL},
		{name: "Discord", check: checkDiscord},
		{name: "alarms", check: checkAlarms},
		{name: "alarm mail", check: checkTopic},
	}
}

// A finding is what a check says. It is a fault if there is something to do.
type finding struct {
	says string
	do   string
}

func ok(format string, args ...any) finding { return finding{says: fmt.Sprintf(format, args...)} }

func fault(do, format string, args ...any) finding {
	return finding{says: fmt.Sprintf(format, args...), do: do}
}

// line writes f as it is printed.
func (f finding) line(name string) string {
	if f.do == "" {
		return fmt.Sprintf("ok     %-10s  %s", name, f.says)
	}
	return fmt.Sprintf("FAULT  %-10s  %s\n       → %s", name, f.says, f.do)
}
