package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

// stages are the deployments whose templates are kept: one for each entry, with
// all that can be told.
func stages() map[string]map[string]any {
	return map[string]map[string]any{
		"url": {"alarmEmail": "alarms@example.org"},
		"api": {"stage": "prod", "entry": "api", "applicationId": "100000000000000001", "publicKey": aKey,
			"domainName": "bot.example.org", "certificateArn": "arn:aws:acm:eu-central-1:123456789012:certificate/0a1b2c3d",
			"logLevel": "debug", "pollBudget": "30", "interactionsConcurrency": 50, "maxReads": "4000", "maxWrites": "2000",
			"budget": "200", "maxPartners": "150", "maxPending": "300", "maxBlocked": "1000"},
	}
}

// TestGolden holds the templates against the ones in testdata: a change of the
// stack is a change that can be read in review. `go test -run TestGolden -update`
// writes them. The functions' code in them is a stand-in.
func TestGolden(t *testing.T) {
	for name, context := range stages() {
		t.Run(name, func(t *testing.T) {
			got, _ := synthesize(t, context)
			file := filepath.Join("testdata", name+".json")
			if *update {
				if err := os.MkdirAll("testdata", 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(file, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatalf("%v: write it with -update", err)
			}
			if line := firstDifference(got, want); line > 0 {
				t.Errorf("the template differs from %s, first in line %d: if that is meant, write it with -update", file, line)
			}
			if again, _ := synthesize(t, context); !bytes.Equal(got, again) {
				t.Errorf("made twice, the template differs, first in line %d", firstDifference(got, again))
			}
		})
	}
}

// firstDifference returns the number of the first line in which two texts differ,
// or 0.
func firstDifference(a, b []byte) int {
	if bytes.Equal(a, b) {
		return 0
	}
	x, y := bytes.Split(a, []byte("\n")), bytes.Split(b, []byte("\n"))
	for i := range x {
		if i >= len(y) || !bytes.Equal(x[i], y[i]) {
			return i + 1
		}
	}
	return len(x) + 1
}
