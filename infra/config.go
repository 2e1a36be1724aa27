package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/entente-bot/entente/internal/env"
)

// exact is how many digits a number may have that passes through Node, which the
// CDK's command line runs on, and comes out as it was.
const exact = 15

// contextVariable is where the CDK's command line leaves the context: what
// cdk.json says, overruled by what -c says.
const contextVariable = "CDK_CONTEXT_JSON"

// A config is what can be told from outside.
type config struct {
	stage         string
	applicationID string
	publicKey     string
	alarmEmail    string // "" if nobody is written to
	logLevel      string
	entry         string // "url" or "api"
	domain        string // of the HTTP API; "" for the one that AWS gives
	certificate   string // of the domain, an ARN
	recordsTable  string // a table that was restored; "" for one of the stack's own

	pollBudget  string // requests a second
	concurrency string // of interactions, reserved; "0" for none
	maxReads    string // request units a second, of each table
	maxWrites   string
	budget      string // US dollars a month; "0" for none

	maxPartners, maxPending, maxBlocked string // of each guild
}

// A key is one thing that can be told.
type key struct {
	name     string
	field    func(*config) *string
	fallback string // "" if it can be left out
	needed   bool
	pattern  string
	must     string // what it must be, for whoever got it wrong
}

// keys lists everything that can be told of a stage.
func keys() []key {
	return []key{
		{"applicationId", func(c *config) *string { return &c.applicationID }, "", true, `\d{17,20}`,
			"the application ID, 17 to 20 digits in quotes, from General Information in Discord's developer portal"},
		{"publicKey", func(c *config) *string { return &c.publicKey }, "", true, `[0-9a-fA-F]{64}`,
			"the public key, 64 hex digits, from General Information in Discord's developer portal"},
		{"alarmEmail", func(c *config) *string { return &c.alarmEmail }, "", false, `[^@\s]+@[^@\s]+\.[^@\s]+`,
			"the address that alarms are sent to"},
		{"logLevel", func(c *config) *string { return &c.logLevel }, "info", false, `debug|info`,
			"debug or info: alarms are made of lines of that level"},
		{"entry", func(c *config) *string { return &c.entry }, entryURL, false, entryURL + `|` + entryAPI,
			"url for a Lambda Function URL, or api for an HTTP API"},
		{"domainName", func(c *config) *string { return &c.domain }, "", false, `[a-z0-9-]+(\.[a-z0-9-]+)+`,
			"a host name such as bot.example.org"},
		{"certificateArn", func(c *config) *string { return &c.certificate }, "", false, `arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate/[0-9a-zA-Z-]+`,
			"the ARN of a certificate for the domain, in the stack's region"},
		{"recordsTable", func(c *config) *string { return &c.recordsTable }, "", false, `[a-zA-Z0-9_.-]{3,255}`,
			"the name of the table that was restored"},
		{"pollBudget", func(c *config) *string { return &c.pollBudget }, "20", false, `[1-9]|[1-3]\d|4[0-5]`,
			"a whole number of requests a second, from 1 to 45"},
		{"interactionsConcurrency", func(c *config) *string { return &c.concurrency }, "0", false, `\d{1,4}`,
			"how many calls of Discord's may be answered at once, or 0 for no limit of their own"},
		{"maxReads", func(c *config) *string { return &c.maxReads }, "1000", false, `[1-9]\d{0,5}`,
			"a whole number of read request units a second"},
		{"maxWrites", func(c *config) *string { return &c.maxWrites }, "500", false, `[1-9]\d{0,5}`,
			"a whole number of write request units a second"},
		{"budget", func(c *config) *string { return &c.budget }, "50", false, `0|[1-9]\d{0,6}`,
			"a whole number of US dollars a month, or 0 for no budget"},
		{"maxPartners", func(c *config) *string { return &c.maxPartners }, "100", false, `[1-9]\d{0,2}|1000`,
			"how many partners a server may have, from 1 to 1000"},
		{"maxPending", func(c *config) *string { return &c.maxPending }, "250", false, `[1-9]\d{0,3}`,
			"how many applications may wait in a server, from 1 to 9999"},
		{"maxBlocked", func(c *config) *string { return &c.maxBlocked }, "500", false, `[1-9]\d{0,3}`,
			"how many entries the blocklist of a server may have, from 1 to 9999"},
	}
}

// readConfig reads the context. Its errors say what to mend, and where.
func readConfig(context string) (config, error) {
	if context == "" {
		return config{}, errors.New("there is no context: run this as npx cdk synth, in the folder that holds cdk.json")
	}
	all, err := decode([]byte(context))
	if err != nil {
		return config{}, fmt.Errorf("%s is not JSON: %w", contextVariable, err)
	}
	c := config{stage: text(all["stage"])}
	if !regexp.MustCompile(`^[a-z][a-z0-9-]{0,19}$`).MatchString(c.stage) {
		return c, fmt.Errorf("the stage is %q, and must be up to 20 lower-case letters, digits and dashes: pass -c stage=prod", c.stage)
	}
	told, err := toldOf(all, c.stage)
	if err != nil {
		return c, err
	}
	for _, k := range keys() {
		if *k.field(&c), err = k.read(told, c.stage); err != nil {
			return c, err
		}
	}
	return c, c.agree()
}

// toldOf returns what is told of a stage: what stands under its name in cdk.json,
// overruled by what was passed with -c.
func toldOf(all map[string]any, stage string) (map[string]any, error) {
	stages, _ := all["stages"].(map[string]any) // may be left out: all can be passed with -c
	told, _ := stages[stage].(map[string]any)
	told = maps.Clone(told)
	if told == nil {
		told = map[string]any{}
	}
	for name, value := range all {
		// Those with a colon are the CDK's own.
		if name != "stage" && name != "stages" && !strings.Contains(name, ":") {
			told[name] = value
		}
	}
	var known []string
	for _, k := range keys() {
		known = append(known, k.name)
	}
	for _, name := range slices.Sorted(maps.Keys(told)) {
		if !slices.Contains(known, name) {
			return nil, fmt.Errorf("stage %s has %s, which nothing reads: there are %s", stage, name, strings.Join(known, ", "))
		}
	}
	return told, nil
}

// read returns what is told under k.
func (k key) read(told map[string]any, stage string) (string, error) {
	value := text(told[k.name])
	where := fmt.Sprintf("write it into cdk.json under stages.%s, or pass -c %s=…", stage, k.name)
	if _, unquoted := told[k.name].(json.Number); unquoted && len(value) > exact {
		return "", fmt.Errorf("%s of stage %s is a number, and Node rounds those: here it became %s; put it in quotes in cdk.json", k.name, stage, value)
	}
	switch {
	case value == "" && k.needed:
		return "", fmt.Errorf("stage %s has no %s: it is %s; %s", stage, k.name, k.must, where)
	case value == "":
		return k.fallback, nil
	case !regexp.MustCompile(`^(?:` + k.pattern + `)$`).MatchString(value):
		return "", fmt.Errorf("%s of stage %s is %q, and must be %s; %s", k.name, stage, value, k.must, where)
	}
	return value, nil
}

// agree fails if two things that were told do not go together, or a key is none.
func (c config) agree() error {
	if err := env.CheckPublicKey(c.publicKey); err != nil {
		return fmt.Errorf("publicKey of stage %s %w", c.stage, err)
	}
	switch {
	case c.domain != "" && c.entry != entryAPI:
		return fmt.Errorf("stage %s has a domainName, which only an HTTP API can have: add entry with the value %s", c.stage, entryAPI)
	case (c.domain == "") != (c.certificate == ""):
		return fmt.Errorf("stage %s has only one of domainName and certificateArn: give both, or none", c.stage)
	}
	return nil
}

// number is a number that the patterns of keys let through.
func number(s string) *float64 {
	n, err := strconv.ParseFloat(s, 64)
	if err != nil {
		panic(err)
	}
	return &n
}

// decode reads JSON and leaves numbers as they are written: an ID has more
// digits than a float holds.
func decode(data []byte) (all map[string]any, err error) {
	d := json.NewDecoder(strings.NewReader(string(data)))
	d.UseNumber()
	err = d.Decode(&all)
	return all, err
}

// text writes a value of the context.
func text(value any) string {
	if value == nil {
		return ""
	}
	return strings.TrimSpace(fmt.Sprint(value))
}
