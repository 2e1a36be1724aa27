package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/cdklabs/cdk-nag-go/cdknag/v2"
)

// waivers are the rules of AwsSolutions that the stack breaks, with the reason. A
// rule that is not broken any more must go from here.
func waivers() map[string]string {
	return map[string]string{
		"AwsSolutions-APIG4": "Discord has no AWS credentials. The function checks Discord's signature, and refuses what has none.",
		"AwsSolutions-DDB3":  "Actions is disposable: what has to be done follows from records, which has point-in-time recovery.",
		"AwsSolutions-SMG4":  "Discord has no interface to rotate a bot token: it is done by hand, see docs/runbook.md.",
		"AwsSolutions-SNS2": "The topic carries names and states of alarms. CloudWatch cannot publish under AWS's own key, " +
			"and a key of one's own would be most of a small deployment's bill.",
	}
}

// TestNag runs the rules of cdk-nag's AwsSolutions over every stage.
func TestNag(t *testing.T) {
	broken := map[string]bool{}
	for name, context := range stages() {
		t.Run(name, func(t *testing.T) {
			for _, f := range findings(t, context) {
				broken[f.RuleID] = true
				if waivers()[f.RuleID] == "" {
					t.Errorf("%s, unexplained: %s: %s", f.RuleID, f.ResourceID, f.RuleInfo)
				}
			}
		})
	}
	for _, rule := range slices.Sorted(maps.Keys(waivers())) {
		if !broken[rule] {
			t.Errorf("%s is waived, and not broken", rule)
		}
	}
}

// A finding is a line of cdk-nag's report.
type finding struct{ RuleID, ResourceID, Compliance, RuleInfo string }

// findings returns what cdk-nag says of a stage, without what is in order.
func findings(t *testing.T, context map[string]any) (list []finding) {
	t.Helper()
	app, stack := newApp(t, context)
	awscdk.Aspects_Of(stack).Add(cdknag.NewAwsSolutionsChecks(&cdknag.NagPackProps{
		ReportFormats: &[]cdknag.NagReportFormat{cdknag.NagReportFormat_JSON},
	}), nil)
	out := app.Synth(nil)
	file := filepath.Join(*out.Directory(), fmt.Sprintf("AwsSolutions-%s-NagReport.json", *stack.StackName()))
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var report struct{ Lines []finding }
	if err := json.Unmarshal(data, &report); err != nil {
		t.Fatal(err)
	}
	if len(report.Lines) < 20 {
		t.Fatalf("cdk-nag looked at %d things only", len(report.Lines))
	}
	return slices.DeleteFunc(report.Lines, func(f finding) bool { return f.Compliance == "Compliant" })
}
