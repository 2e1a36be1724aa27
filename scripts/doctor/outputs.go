package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"
)

// A deployment is what the outputs of a stack say of it. The tags are the names
// of the outputs; all are needed.
type deployment struct {
	Stack       string `json:"-"`
	URL         string `json:"InteractionsUrl"` // with the path
	Application string `json:"ApplicationId"`
	PublicKey   string `json:"PublicKey"`
	Records     string `json:"RecordsTable"`
	Actions     string `json:"ActionsTable"`
	Queue       string `json:"ActionQueueUrl"`
	DeadLetters string `json:"DeadLetterQueueUrl"`
	Secret      string `json:"TokenSecret"` // its ARN
	Topic       string `json:"AlarmTopic"`  // its ARN
	Version     string `json:"Version"`
	Mapping     string `json:"Mapping"` // the ID of the one that feeds the worker

	Interactions string `json:"InteractionsFunction"` // the functions' names
	Worker       string `json:"WorkerFunction"`
	Scheduler    string `json:"SchedulerFunction"`
	Poller       string `json:"PollerFunction"`

	SchedulerMinute string `json:"SchedulerSchedule"` // the schedules' names
	PollerMinute    string `json:"PollerSchedule"`
}

// arn returns a field of the topic's ARN: everything is where that is.
func (d deployment) arn(field int) string {
	fields := append(strings.Split(d.Topic, ":"), make([]string, 6)...)
	return fields[field]
}

// partition, region and account are where the stack is.
func (d deployment) partition() string { return d.arn(1) }
func (d deployment) region() string    { return d.arn(3) }
func (d deployment) account() string   { return d.arn(4) }

// read reads the outputs of a stack, of the only one if stack is empty.
func read(file, stack string) (deployment, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return deployment{}, fmt.Errorf("%w: write it with npx cdk deploy --outputs-file %s", err, file)
	}
	var stacks map[string]deployment
	if err := json.Unmarshal(text, &stacks); err != nil {
		return deployment{}, fmt.Errorf("%s is not what cdk deploy --outputs-file writes: %w", file, err)
	}
	names := slices.Sorted(maps.Keys(stacks))
	if stack == "" && len(names) == 1 {
		stack = names[0]
	}
	d, ok := stacks[stack]
	if !ok {
		return deployment{}, fmt.Errorf("%s has the stacks %s: name one with -stack", file, strings.Join(names, ", "))
	}
	d.Stack = stack
	return d, d.complete(file)
}

// complete reports the first output that is missing.
func (d deployment) complete(file string) error {
	v := reflect.ValueOf(d)
	for i := range v.NumField() {
		if name := v.Type().Field(i).Tag.Get("json"); name != "-" && v.Field(i).String() == "" {
			return fmt.Errorf("%s has no output %s for %s: deploy again with this version", file, name, d.Stack)
		}
	}
	return nil
}
