package main

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"strings"
)

//go:embed testdata/counts.json
var countsJSON []byte

// A story is what one thing costs in requests.
type story struct {
	Story  string
	Counts []count
}

// A count is how often a function asked for one operation.
type count struct {
	Function, Service, Operation, Resource string
	Requests, Units                        float64
}

// An item is a line of the bill, in US dollars a month.
type item struct {
	name    string
	dollars float64
}

func counted() (map[string]story, error) {
	var list []story
	if err := json.Unmarshal(countsJSON, &list); err != nil {
		return nil, fmt.Errorf("read the counts: %w", err)
	}
	stories := map[string]story{}
	for _, s := range list {
		stories[s.Story] = s
	}
	return stories, nil
}

// bill adds the counted stories up. What a run of the scheduler and the poller
// costs anyway is in "idle", once a minute, and taken out of all others. What is small
// in the stories, and grows with the guilds, is added by itself.
func bill(stories map[string]story, u usage) ([]item, error) {
	idle := map[count]count{}
	for _, c := range stories["idle"].Counts {
		idle[c.key()] = c
	}
	var all sums
	for name, times := range u.stories() {
		s, ok := stories[name]
		if !ok {
			return nil, fmt.Errorf("the story %q was not counted: run the test of internal/assembly with -update", name)
		}
		for _, c := range s.Counts {
			base := idle[c.key()]
			c.Requests, c.Units = max(0, c.Requests-base.Requests), max(0, c.Units-base.Units)
			all.add(c, times*u.guilds)
		}
	}
	for _, c := range idle {
		all.add(c, minutes)
	}
	all.reads += u.guilds * watchUnits * minutes // of the plan, at the start of each run of the poller
	return []item{
		{"DynamoDB writes", all.writes * perWrite},
		{"DynamoDB reads", all.reads * perRead},
		{"Lambda time", all.gbSeconds * perGBSecond},
		{"Lambda invocations", all.invocations * perInvoke},
		{"SQS", (all.messages + emptyPolls) * perMessage},
		{"Logs", all.invocations * logBytes * perLogByte},
		{"Watching", alarms*perAlarm + metrics*perMetric + perBoard},
		{"Schedules", schedules * minutes * perSchedule},
		{"Secret and keys", perSecret + keyCalls*perKeyCall},
	}, nil
}

// key is c without its numbers.
func (c count) key() count { c.Requests, c.Units = 0, 0; return c }

// sums are what AWS charges for.
type sums struct{ reads, writes, messages, invocations, gbSeconds float64 }

func (s *sums) add(c count, times float64) {
	switch {
	case c.Service == "lambda":
		s.invocations += c.Requests * times
		s.gbSeconds += c.Requests * times * seconds(c.Function) * memoryGB
	case c.Service == "sqs":
		s.messages += c.Requests * times
	case strings.HasSuffix(c.Operation, "GetItem"), c.Operation == "Query":
		s.reads += c.Units * times
	default:
		s.writes += c.Units * times
	}
}
