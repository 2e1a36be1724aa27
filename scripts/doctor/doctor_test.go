package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"github.com/entente-bot/entente/internal/discordrest"
	"github.com/entente-bot/entente/internal/env"
	"github.com/entente-bot/entente/internal/fakediscord"
	"github.com/entente-bot/entente/internal/interactions"
	"github.com/entente-bot/entente/internal/text"
)

// A ward is a deployment in good health that a test makes ill.
type ward struct {
	deployment
	discord *fakediscord.Server
	cloud   *cloud
	status  int               // of the interactions URL
	vars    map[string]string // the operator's environment
	region  string            // of that
}

func newWard(t *testing.T) *ward {
	t.Helper()
	d, err := fakediscord.New(fakediscord.Options{MembersIntent: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	w := &ward{discord: d, cloud: newCloud(d.Token()), status: http.StatusUnauthorized, region: "eu-central-1"}
	entry := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) { rw.WriteHeader(w.status) }))
	t.Cleanup(entry.Close)
	w.deployment = deployment{
		Stack: "Entente-test", URL: entry.URL + interactions.Path, Application: d.ApplicationID(), PublicKey: d.PublicKey(),
		Records: "records", Actions: "actions", Queue: "http://queue.invalid/1/queue", DeadLetters: "http://queue.invalid/1/dead",
		Secret: "arn:aws:secretsmanager:eu-central-1:1:secret:token", Topic: "arn:aws:sns:eu-central-1:1:alarms",
		Version: "v1.2.3", Mapping: "mapping", Interactions: "interactions", Worker: "worker", Scheduler: "scheduler", Poller: "poller",
		SchedulerMinute: "scheduler-minute", PollerMinute: "poller-minute",
	}
	w.cloud.run(w.deployment)
	w.vars = map[string]string{env.DiscordURL: d.URL()}
	d.SetInteractionsURL(w.URL)
	texts, err := text.Load()
	if err != nil {
		t.Fatal(err)
	}
	client := discordrest.New(discordrest.Config{Token: d.Token(), ApplicationID: d.ApplicationID(), URL: d.URL()})
	if err := client.SetCommands(t.Context(), "", interactions.Commands(texts)); err != nil {
		t.Fatal(err)
	}
	return w
}

// examine runs the doctor and returns what it printed.
func (w *ward) examine(t *testing.T) (string, error) {
	t.Helper()
	server := httptest.NewServer(w.cloud)
	t.Cleanup(server.Close)
	load := func(context.Context) (aws.Config, error) {
		return aws.Config{
			Region: w.region, BaseEndpoint: aws.String(server.URL), RetryMaxAttempts: 1,
			Credentials: credentials.NewStaticCredentialsProvider("key", "secret", ""),
		}, nil
	}
	raw, err := json.Marshal(map[string]deployment{w.Stack: w.deployment})
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "outputs.json")
	if err := os.WriteFile(file, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	err = run(t.Context(), []string{"-outputs", file}, func(name string) string { return w.vars[name] }, load, &out, &out)
	return out.String(), err
}

func TestHealthy(t *testing.T) {
	t.Parallel()
	out, err := newWard(t).examine(t)
	if err != nil || strings.Contains(out, "FAULT") {
		t.Errorf("a deployment in good health: %v\n%s", err, out)
	}
	if n := strings.Count(out, "ok "); n != 15 {
		t.Errorf("%d lines, want 15:\n%s", n, out)
	}
}

func TestFaults(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		harm func(*ward)
		says string
		do   string
	}{
		{"accepts everything", func(w *ward) { w.status = 200 }, "accepts a bad signature", "not Entente"},
		{"forbidden", func(w *ward) { w.status = 403 }, "AWS forbids", "--revert-drift"},
		{"wrong path", func(w *ward) { w.status = 404 }, "nothing (status 404)", "/interactions"},
		{"crashes", func(w *ward) { w.status = 502 }, "status 502", "logs"},
		{"no server", func(w *ward) { w.URL = "http://127.0.0.1:1/interactions" }, "no answer", "deployed"},
		{"no token", func(w *ward) { w.cloud.token = " " }, "the secret is empty", "put the bot token"},
		{"wrong token", func(w *ward) { w.cloud.token = "wrong" }, "the token is not valid", "reset it"},
		{"malformed variable", func(w *ward) { w.vars[env.DiscordURL] = "discord" }, env.DiscordURL, "mend the variable"},
		{"another application", func(w *ward) { w.Application = "4711"; w.cloud.run(w.deployment) }, "and the stack is for 4711", "right application"},
		{"another key", func(w *ward) { w.PublicKey = strings.Repeat("0", 64) }, "not that of the application", "deploy with"},
		{"no URL registered", func(w *ward) { w.discord.SetInteractionsURL("") }, "no interactions URL", "enter it"},
		{"another URL registered", func(w *ward) { w.discord.SetInteractionsURL("https://old.example") }, "https://old.example", "enter http"},
		{"Discord is down", func(w *ward) { w.vars[env.DiscordURL] = "http://127.0.0.1:1" }, "read the application", "discordstatus"},
		{"table gone", func(w *ward) { w.cloud.fail["DescribeTable"] = true }, "records: ", "may describe"},
		{"table being made", func(w *ward) { w.cloud.table["TableStatus"] = "CREATING" }, "is CREATING", "wait"},
		{"no TTL", func(w *ward) { w.cloud.ttl = "DISABLED" }, "TTL is off", "TTL on"},
		{"unprotected", func(w *ward) { w.cloud.table["DeletionProtectionEnabled"] = false }, "deleted by mistake", "protection on"},
		{"no recovery", func(w *ward) { w.cloud.recovery = "DISABLED" }, "cannot be restored", "recovery on"},
		{"queue gone", func(w *ward) { w.cloud.fail["GetQueueAttributes"] = true }, "the action queue: ", "may describe"},
		{"no redrive", func(w *ward) { delete(w.cloud.queue, "RedrivePolicy") }, "no dead-letter queue", "--revert-drift"},
		{"dead letters", func(w *ward) { w.cloud.queue["ApproximateNumberOfMessages"] = "3" }, "3 dead letters", "Redrive"},
		{"no alarms", func(w *ward) { w.cloud.alarms = nil }, "begin with Entente-test-", "--revert-drift"},
		{"alarms of another stage", func(w *ward) { w.cloud.alarms = []alarm{{"Entente-test-eu-Errors-1A2B", "OK", true}} }, "begin with Entente-test-", "--revert-drift"},
		{"alarm off", func(w *ward) { w.cloud.alarms[0].on = false }, "Entente-test-Errors tells nobody", "enable-alarm-actions"},
		{"alarm rings", func(w *ward) { w.cloud.alarms[0].state = "ALARM" }, "Entente-test-Errors rings", "runbook"},
		{"alarms unreadable", func(w *ward) { w.cloud.fail["DescribeAlarms"] = true }, "the alarms: ", "may describe"},
		{"throttled", func(w *ward) { w.status = 429 }, "status 429", "concurrent runs"},
		{"not logged in", func(w *ward) { w.cloud.fail["GetCallerIdentity"] = true }, "AWS does not know you", "log in"},
		{"another account", func(w *ward) { w.cloud.account = "2" }, "you are in account 2, and the stack is in 1", "AWS_PROFILE"},
		{"function gone", func(w *ward) { delete(w.cloud.paths, function("worker")) }, "worker was deleted", "--revert-drift"},
		{"function unreadable", func(w *ward) { w.cloud.paths[function("worker")] = nil }, "worker: status 403 (AccessDeniedException)", "may describe"},
		{"function stopped", func(w *ward) { w.cloud.of(function("interactions"), "Concurrency")["ReservedConcurrentExecutions"] = 0 }, "interactions is stopped", "delete-function-concurrency"},
		{"function inactive", func(w *ward) { w.cloud.of(function("poller"), "Configuration")["State"] = "Inactive" }, "poller is Inactive", "console"},
		{"update failed", func(w *ward) { w.cloud.of(function("poller"), "Configuration")["LastUpdateStatus"] = "Failed" }, "the last update of poller is Failed", "deploy again"},
		{"update under way", func(w *ward) { w.cloud.of(function("poller"), "Configuration")["LastUpdateStatus"] = "InProgress" }, "poller is being updated", "wait"},
		{"another application by hand", func(w *ward) { w.cloud.of(function("worker"), "Configuration")["Environment"] = map[string]any{} }, `worker is for application ""`, "--revert-drift"},
		{"schedule gone", func(w *ward) { delete(w.cloud.paths, "/schedules/poller-minute") }, "the schedule of poller was deleted", "--revert-drift"},
		{"schedule off", func(w *ward) { w.cloud.paths["/schedules/scheduler-minute"]["State"] = "DISABLED" }, "the schedule of scheduler is disabled", "enable it"},
		{"schedule of another function", func(w *ward) {
			w.cloud.of("/schedules/poller-minute", "Target")["Arn"] = "arn:aws:lambda:eu-central-1:1:function:old-poller"
		}, "invokes arn:aws:lambda", "--revert-drift"},
		{"schedule of another time", func(w *ward) { w.cloud.paths["/schedules/poller-minute"]["ScheduleExpression"] = "rate(1 hour)" }, "is rate(1 hour)", "--revert-drift"},
		{"mapping gone", func(w *ward) { delete(w.cloud.paths, feeds) }, "its event source mapping was deleted", "--revert-drift"},
		{"mapping off", func(w *ward) { w.cloud.paths[feeds]["State"] = "Disabled" }, "its event source mapping is disabled", "--enabled"},
		{"mapping of another queue", func(w *ward) { w.cloud.paths[feeds]["EventSourceArn"] = "arn:aws:sqs:eu-central-1:1:old" }, "leads from arn:aws:sqs", "--revert-drift"},
		{"whole batches fail", func(w *ward) { w.cloud.paths[feeds]["FunctionResponseTypes"] = nil }, "ReportBatchItemFailures is off", "--revert-drift"},
		{"unconfirmed by one", func(w *ward) { w.cloud.subscriptions = append(w.cloud.subscriptions, "PendingConfirmation") }, "1 get it, and 1 did not confirm", "press the link"},
		{"unconfirmed", func(w *ward) { w.cloud.subscriptions = []string{"PendingConfirmation"} }, "nobody confirmed", "press the link"},
		{"unsubscribed", func(w *ward) { w.cloud.subscriptions = []string{"Deleted"} }, "nobody is subscribed", "subscribe"},
		{"no subscriber", func(w *ward) { w.cloud.subscriptions = nil }, "nobody is subscribed", "subscribe"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := newWard(t)
			tt.harm(w)
			out, err := w.examine(t)
			if !errors.Is(err, errFaults) {
				t.Errorf("err = %v, want faults", err)
			}
			_, after, found := strings.Cut(out, "FAULT")
			if !found || !strings.Contains(after, tt.says) || !strings.Contains(after, tt.do) {
				t.Errorf("printed\n%swant a fault that says %q and to do %q", out, tt.says, tt.do)
			}
		})
	}
}

// feeds is where the mapping of the queue to the worker is described.
const feeds = "/2015-03-31/event-source-mappings/mapping"

// TestFirstFaultIsTheCause has one cause bring faults elsewhere, or none at all: the
// first thing that is said is what to mend first.
func TestFirstFaultIsTheCause(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		harm   func(*ward)
		first  string
		others int // faults after it
	}{
		{"nobody whom AWS knows, who can read no secret", func(w *ward) { w.cloud.fail["GetCallerIdentity"], w.cloud.fail["GetSecretValue"] = true, true }, "AWS does not know you", 0},
		{"a stopped function, which answers nobody", func(w *ward) {
			w.cloud.of(function("interactions"), "Concurrency")["ReservedConcurrentExecutions"] = 0
			w.status = 429
			w.cloud.alarms[0].state = "ALARM"
		}, "interactions is stopped", 2},
		{"a schedule that is off, of which an alarm rings", func(w *ward) {
			w.cloud.paths["/schedules/scheduler-minute"]["State"] = "DISABLED"
			w.cloud.alarms[0].state = "ALARM"
		}, "the schedule of scheduler is disabled", 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := newWard(t)
			tt.harm(w)
			out, _ := w.examine(t)
			found := strings.Split(out, "FAULT")
			if len(found) != tt.others+2 || !strings.Contains(found[1], tt.first) {
				t.Errorf("printed\n%swant first that %s, and %d others", out, tt.first, tt.others)
			}
		})
	}
}

// TestRegionIsTheStacks has the shell be in another region, or in none: the doctor
// looks where the stack is, and says so.
func TestRegionIsTheStacks(t *testing.T) {
	t.Parallel()
	for _, shell := range []string{"us-east-1", ""} {
		w := newWard(t)
		w.region = shell
		out, err := w.examine(t)
		if err != nil || !strings.Contains(out, "set AWS_REGION=eu-central-1") {
			t.Errorf("in %q: %v\n%s", shell, err, out)
		}
		if len(w.cloud.regions) != 1 || !w.cloud.regions["eu-central-1"] {
			t.Errorf("in %q, it asks in %v", shell, w.cloud.regions)
		}
	}
}

func TestStrayArgument(t *testing.T) {
	t.Parallel()
	if err := run(t.Context(), []string{"outputs.json"}, nil, nil, io.Discard, io.Discard); err == nil || !strings.Contains(err.Error(), "behind -outputs") {
		t.Errorf("err = %v", err)
	}
}

func TestCommandsOfAnotherVersion(t *testing.T) {
	t.Parallel()
	w := newWard(t)
	client := discordrest.New(discordrest.Config{Token: w.discord.Token(), ApplicationID: w.Application, URL: w.discord.URL()})
	if err := client.SetCommands(t.Context(), "", nil); err != nil {
		t.Fatal(err)
	}
	if out, err := w.examine(t); !errors.Is(err, errFaults) || !strings.Contains(out, "→ go run ./scripts/register") {
		t.Errorf("%v\n%s", err, out)
	}
}

func TestOutputsMustBeComplete(t *testing.T) {
	t.Parallel()
	w := newWard(t)
	w.Topic = ""
	if _, err := w.examine(t); err == nil || !strings.Contains(err.Error(), "no output AlarmTopic") {
		t.Errorf("err = %v, want it to name the output", err)
	}
}
