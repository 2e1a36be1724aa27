package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path"
	"strings"

	"github.com/aws/smithy-go/encoding/cbor"
)

// A cloud stands in for the parts of AWS that the doctor asks.
type cloud struct {
	token         string
	table         map[string]any
	ttl, recovery string
	queue         map[string]string
	alarms        []alarm
	subscriptions []string
	fail          map[string]bool // operations
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
	}
}

func (c *cloud) ServeHTTP(w http.ResponseWriter, r *http.Request) {
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
	switch op {
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
