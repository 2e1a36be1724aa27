package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path"
	"strings"
	"sync"

	"github.com/aws/smithy-go/encoding/cbor"
)

// A cloud stands in for the parts of AWS that the doctor asks.
type cloud struct {
	mu            sync.Mutex
	token         string
	table         map[string]any
	ttl, recovery string
	queue         map[string]string
	alarms        []alarm
	subscriptions []string
	fail          map[string]bool // operations
	account       string
	paths         map[string]map[string]any // what a GET of a path answers
	regions       map[string]bool           // that requests were signed for
}

type alarm struct {
	name, state string
	on          bool
}

// newCloud returns a cloud in good health.
func newCloud(token string) *cloud {
	return &cloud{
		token: token, table: map[string]any{"TableStatus": "ACTIVE", "DeletionProtectionEnabled": true}, ttl: "ENABLED", recovery: "ENABLED",
		queue:         map[string]string{"RedrivePolicy": "{}", "ApproximateNumberOfMessages": "0"},
		alarms:        []alarm{{"Entente-test-Errors", "OK", true}, {"Entente-test-Quiet", "INSUFFICIENT_DATA", true}},
		subscriptions: []string{"arn:aws:sns:eu-central-1:1:alarms:1"}, fail: map[string]bool{},
		account: "1", paths: map[string]map[string]any{}, regions: map[string]bool{},
	}
}

func (c *cloud) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if signed := strings.Split(r.Header.Get("Authorization"), "/"); len(signed) > 3 {
		c.signed(signed[2])
	}
	body, _ := io.ReadAll(r.Body)
	form, _ := url.ParseQuery(string(body))
	_, op, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	switch {
	case form.Get("Action") != "":
		op = form.Get("Action")
	case op == "":
		op = path.Base(r.URL.Path) // rpc-v2-cbor
	}
	if c.fail[op] {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	answers := map[string]any{
		"GetSecretValue":            map[string]any{"SecretString": c.token},
		"DescribeTable":             map[string]any{"Table": c.table},
		"DescribeTimeToLive":        map[string]any{"TimeToLiveDescription": map[string]any{"TimeToLiveStatus": c.ttl}},
		"GetQueueAttributes":        map[string]any{"Attributes": c.queue},
		"DescribeContinuousBackups": map[string]any{"ContinuousBackupsDescription": map[string]any{"ContinuousBackupsStatus": "ENABLED", "PointInTimeRecoveryDescription": map[string]any{"PointInTimeRecoveryStatus": c.recovery}}},
	}
	if r.Method == http.MethodGet {
		c.answer(w, r.URL.Path)
		return
	}
	switch op {
	case "GetCallerIdentity":
		w.Header().Set("Content-Type", "text/xml")
		fmt.Fprintf(w, "<GetCallerIdentityResponse><GetCallerIdentityResult><Account>%s</Account></GetCallerIdentityResult></GetCallerIdentityResponse>", c.account)
	case "DescribeAlarms":
		w.Header().Set("Content-Type", "application/cbor")
		w.Header().Set("Smithy-Protocol", "rpc-v2-cbor")
		_, _ = w.Write(cbor.Encode(cbor.Map{"MetricAlarms": c.list()}))
	case "ListSubscriptionsByTopic":
		w.Header().Set("Content-Type", "text/xml")
		fmt.Fprint(w, "<ListSubscriptionsByTopicResponse><ListSubscriptionsByTopicResult><Subscriptions>")
		for _, s := range c.subscriptions {
			fmt.Fprintf(w, "<member><SubscriptionArn>%s</SubscriptionArn></member>", s)
		}
		fmt.Fprint(w, "</Subscriptions></ListSubscriptionsByTopicResult></ListSubscriptionsByTopicResponse>")
	default:
		w.Header().Set("Content-Type", "application/x-amz-json-1.0")
		_ = json.NewEncoder(w).Encode(answers[op])
	}
}

// signed notes the region that a request was signed for.
func (c *cloud) signed(region string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.regions[region] = true
}

// answer answers a GET.
func (c *cloud) answer(w http.ResponseWriter, path string) {
	body, ok := c.paths[path]
	switch {
	case !ok:
		w.WriteHeader(http.StatusNotFound)
	case body == nil:
		w.Header().Set("X-Amzn-Errortype", "AccessDeniedException")
		w.WriteHeader(http.StatusForbidden)
	default:
		_ = json.NewEncoder(w).Encode(body)
	}
}

// run has the functions, their schedules and the mapping of a deployment run.
func (c *cloud) run(d deployment) {
	minute := func(function string) map[string]any {
		return map[string]any{"State": "ENABLED", "ScheduleExpression": "rate(1 minute)", "Target": map[string]any{"Arn": "arn:aws:lambda:eu-central-1:1:function:" + function}}
	}
	for _, name := range []string{d.Interactions, d.Worker, d.Scheduler, d.Poller} {
		c.paths[function(name)] = map[string]any{
			"Configuration": map[string]any{"State": "Active", "LastUpdateStatus": "Successful",
				"Environment": map[string]any{"Variables": map[string]any{"DISCORD_APPLICATION_ID": d.Application}}},
			"Concurrency": map[string]any{},
		}
	}
	c.paths["/schedules/"+d.SchedulerMinute], c.paths["/schedules/"+d.PollerMinute] = minute(d.Scheduler), minute(d.Poller)
	c.paths["/2015-03-31/event-source-mappings/"+d.Mapping] = map[string]any{
		"State": "Enabled", "EventSourceArn": "arn:aws:sqs:eu-central-1:1:queue", "FunctionArn": "arn:aws:lambda:eu-central-1:1:function:" + d.Worker,
		"FunctionResponseTypes": []string{"ReportBatchItemFailures"},
	}
}

// of returns a part of what a GET answers.
func (c *cloud) of(path, part string) map[string]any {
	fields, _ := c.paths[path][part].(map[string]any)
	return fields
}

// function is where a function is described.
func function(name string) string { return "/2015-03-31/functions/" + name }

func (c *cloud) list() cbor.List {
	list := cbor.List{}
	for _, a := range c.alarms {
		list = append(list, cbor.Map{
			"AlarmName": cbor.String(a.name), "StateValue": cbor.String(a.state), "ActionsEnabled": cbor.Bool(a.on),
			"AlarmActions": cbor.List{cbor.String("arn:aws:sns:eu-central-1:1:alarms")},
		})
	}
	return list
}
