package main

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// A patient is a deployment with what it takes to look at it.
type patient struct {
	deployment
	aws    aws.Config
	lookup func(string) string
}

// A check looks at one thing.
type check struct {
	name  string
	check func(context.Context, patient) []finding
}

// checks lists everything that is looked at, in the order it is printed.
func checks() []check {
	return []check{
		{"URL", checkURL},
		{"Discord", checkDiscord},
		{"tables", checkTables},
		{"queues", checkQueues},
		{"alarms", checkAlarms},
		{"alarm mail", checkTopic},
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
