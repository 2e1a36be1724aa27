package main

import (
	"encoding/json"
	"os"
	"reflect"
	"testing"
)

// TestStackTellsWhatIsAsked wants the stack to have every output that a deployment is
// read from.
func TestStackTellsWhatIsAsked(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("../../infra/testdata/url.json")
	if err != nil {
		t.Fatal(err)
	}
	var template struct{ Outputs map[string]any }
	if err := json.Unmarshal(data, &template); err != nil {
		t.Fatal(err)
	}
	of := reflect.TypeFor[deployment]()
	for i := range of.NumField() {
		if name := of.Field(i).Tag.Get("json"); name != "-" && template.Outputs[name] == nil {
			t.Errorf("the stack has no output %s", name)
		}
	}
}
