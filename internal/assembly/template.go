// Package assembly runs a deployment on this machine, for tests, from nothing
// but its synthesized CloudFormation template.
//
// It starts the real bootstrap binaries with the environment, the time-out and the
// memory that the template gives them, and connects them as the template does:
// tables with its keys and expiry, queues with its visibility and dead letters,
// the event source mapping, the schedules, the Function URL or the HTTP API, and the secret. What
// the template forgets is missing here too.
//
// Everything a function asks of AWS goes through a [gate] of its own. That refuses what
// the function's role does not allow, as AWS would, and counts what it lets
// through: see [Counts].
package assembly

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
)

// The types of resources that matter here.
const (
	typeTable       = "AWS::DynamoDB::Table"
	typeGlobalTable = "AWS::DynamoDB::GlobalTable"
	typeQueue       = "AWS::SQS::Queue"
	typeFunction    = "AWS::Lambda::Function"
	typeMapping     = "AWS::Lambda::EventSourceMapping"
	typeURL         = "AWS::Lambda::Url"
	typePermission  = "AWS::Lambda::Permission"
	typeRoute       = "AWS::ApiGatewayV2::Route"
	typeStage       = "AWS::ApiGatewayV2::Stage"
	typeIntegration = "AWS::ApiGatewayV2::Integration"
	typeSchedule    = "AWS::Scheduler::Schedule"
	typeSecret      = "AWS::SecretsManager::Secret"
	typeRole        = "AWS::IAM::Role"
	typePolicy      = "AWS::IAM::Policy"
	typeFilter      = "AWS::Logs::MetricFilter"
)

// A Template is a synthesized CloudFormation template.
type Template struct {
	Parameters map[string]struct{ Default any }
	Resources  map[string]Resource
}

// A Resource is one resource of a [Template], as it is written there.
type Resource struct {
	Type       string
	Properties map[string]any
}

// Read reads the template in a file.
func Read(file string) (Template, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return Template{}, fmt.Errorf("read the template: %w", err)
	}
	var t Template
	if err := json.Unmarshal(text, &t); err != nil {
		return Template{}, fmt.Errorf("read the template %s: %w", file, err)
	}
	if len(t.Resources) == 0 {
		return Template{}, fmt.Errorf("read the template %s: it has no resources", file)
	}
	return t, nil
}

// of returns the logical IDs of the resources of the given types, sorted.
func (t Template) of(types ...string) []string {
	var ids []string
	for _, id := range slices.Sorted(maps.Keys(t.Resources)) {
		if slices.Contains(types, t.Resources[id].Type) {
			ids = append(ids, id)
		}
	}
	return ids
}

// decode writes what the template says of a resource, with every reference
// resolved, into the fields of into.
func (t Template) decode(id string, into any) error {
	resolved, err := t.resolve(t.Resources[id].Properties)
	if err != nil {
		return fmt.Errorf("resource %s: %w", id, err)
	}
	text, err := json.Marshal(resolved)
	if err != nil {
		return fmt.Errorf("resource %s: %w", id, err)
	}
	if err := json.Unmarshal(text, into); err != nil {
		return fmt.Errorf("resource %s, of type %s: %w", id, t.Resources[id].Type, err)
	}
	return nil
}
