package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"testing"
)

// row is a line of the README's table.
func row(t *testing.T, guilds float64, label string) string {
	t.Helper()
	stories, err := counted()
	if err != nil {
		t.Fatal(err)
	}
	items, err := bill(stories, typical(guilds))
	if err != nil {
		t.Fatal(err)
	}
	total := 0.0
	for _, i := range items {
		total += i.dollars
	}
	most := slices.MaxFunc(items, func(a, b item) int { return int(a.dollars*100) - int(b.dollars*100) })
	return fmt.Sprintf("| %s | $%.0f | %s, %.0f %% |", label, total, most.name, 100*most.dollars/total)
}

func TestReadmeQuotesTheBill(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	for label, guilds := range map[string]float64{"100": 100, "10,000": 10_000, "1,000,000": 1_000_000} {
		if want := row(t, guilds, label); !strings.Contains(string(readme), want) {
			t.Errorf("the README does not say\n%s", want)
		}
	}
}

func TestBillAddsUp(t *testing.T) {
	t.Parallel()
	stories := map[string]story{
		"idle": {Counts: []count{{"scheduler", "dynamodb", "Query", "actions", 16, 16}}},
	}
	for name := range typical(1).stories() {
		stories[name] = story{}
	}
	stories["list"] = story{Counts: []count{
		{"scheduler", "dynamodb", "Query", "actions", 18, 18}, // 16 of them are idle's
		{"worker", "dynamodb", "TransactWriteItems", "records", 1, 4},
	}}
	items, err := bill(stories, usage{guilds: 1e6})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]float64{
		"DynamoDB writes": 50 * 1e6 * 4 * perWrite,
		"DynamoDB reads":  (50*1e6*2 + 16*minutes + 1e6*watchUnits*minutes) * perRead,
	}
	for _, i := range items {
		if w, ok := want[i.name]; ok && (i.dollars < w*0.999 || i.dollars > w*1.001) {
			t.Errorf("%s = %f, want %f", i.name, i.dollars, w)
		}
	}
	delete(stories, "join")
	if _, err := bill(stories, usage{}); err == nil {
		t.Error("a story that was not counted costs nothing")
	}
}

// TestParts counts in the stack's template what is billed by the piece.
func TestParts(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("../../infra/testdata/url.json")
	if err != nil {
		t.Fatal(err)
	}
	var template struct {
		Resources map[string]struct {
			Type       string
			Properties struct {
				MetricName            any
				Metrics               []struct{ MetricStat any }
				MetricTransformations []struct{ MetricName string }
			}
		}
	}
	if err := json.Unmarshal(data, &template); err != nil {
		t.Fatal(err)
	}
	count, names := map[string]int{}, map[string]bool{}
	watched := 0
	for _, r := range template.Resources {
		count[r.Type]++
		for _, m := range r.Properties.MetricTransformations {
			names[m.MetricName] = true
		}
		if r.Type != "AWS::CloudWatch::Alarm" {
			continue
		}
		if r.Properties.MetricName != nil {
			watched++
		}
		for _, m := range r.Properties.Metrics {
			if m.MetricStat != nil {
				watched++
			}
		}
	}
	for what, n := range map[string][2]int{
		"metrics of alarms": {watched, alarms}, "custom metrics": {len(names), metrics},
		"schedules": {count["AWS::Scheduler::Schedule"], schedules}, "dashboards": {count["AWS::CloudWatch::Dashboard"], 1},
		"secrets": {count["AWS::SecretsManager::Secret"], 1},
	} {
		if n[0] != n[1] {
			t.Errorf("the stack has %d %s, and the bill %d", n[0], what, n[1])
		}
	}
}

// TestReadRefusesNonsense wants a sentence in the place of a bill that nobody can owe.
func TestReadRefusesNonsense(t *testing.T) {
	t.Parallel()
	tests := []struct{ args, says string }{ // "" if it is fine
		{"", ""},
		{"-guilds 0", ""},
		{"-guilds 1e6 -partners 3.5", ""},
		{"-guilds -5", "-guilds is -5, and must be a number from 0"},
		{"-guilds NaN", "-guilds is NaN, and must be a number from 0"},
		{"-guilds Inf", "-guilds is +Inf, and must be a number from 0"},
		{"-partners -1", "-partners is -1, and"},
		{"-joins -Inf", "-joins is -Inf, and"},
		{"-guilds many", "invalid value"},
		{"-servers 5", "flag provided but not defined: -servers"},
		{"100", `it takes no "100": numbers go behind -guilds`},
		{"-guilds 100 200", `it takes no "200"`},
	}
	for _, tt := range tests {
		_, err := read(strings.Fields(tt.args), io.Discard)
		if (err == nil) != (tt.says == "") || err != nil && !strings.Contains(err.Error(), tt.says) {
			t.Errorf("%s: %v, want %q", tt.args, err, tt.says)
		}
	}
}

func TestPrintsTheDateOfThePrices(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if err := run(typical(100), &out); err != nil || !strings.Contains(out.String(), asOf) {
		t.Errorf("%v\n%s", err, out.String())
	}
}
