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
}

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
