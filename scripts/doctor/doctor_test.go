package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
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
}

func newWard(t *testing.T) *ward {
	t.Helper()
	d, err := fakediscord.New(fakediscord.Options{MembersIntent: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	w := &ward{discord: d, cloud: newCloud(d.Token()), status: http.StatusUnauthorized}
	entry := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) { rw.WriteHeader(w.status) }))
	t.Cleanup(entry.Close)
	w.deployment = deployment{
		Stack: "Entente-test", URL: entry.URL + interactions.Path, Application: d.ApplicationID(), PublicKey: d.PublicKey(),
		Records: "records", Actions: "actions", Queue: "http://queue.invalid/1/queue", DeadLetters: "http://queue.invalid/1/dead",
		Secret: "arn:aws:secretsmanager:eu-central-1:1:secret:token", Topic: "arn:aws:sns:eu-central-1:1:alarms",
	}
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
			Region: "eu-central-1", BaseEndpoint: aws.String(server.URL), RetryMaxAttempts: 1,
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
	if n := strings.Count(out, "ok "); n != 11 {
		t.Errorf("%d lines, want 11:\n%s", n, out)
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
		{"another application", func(w *ward) { w.Application = "4711" }, "and the stack is for 4711", "right application"},
		{"another key", func(w *ward) { w.PublicKey = strings.Repeat("0", 64) }, "not that of the application", "deploy with"},
		{"no URL registered", func(w *ward) { w.discord.SetInteractionsURL("") }, "no interactions URL", "enter it"},
		{"another URL registered", func(w *ward) { w.discord.SetInteractionsURL("https://old.example") }, "https://old.example", "enter http"},
		{"Discord is down", func(w *ward) { w.vars[env.DiscordURL] = "http://127.0.0.1:1" }, "read the application", "discordstatus"},
		{"table gone", func(w *ward) { w.cloud.fail["DescribeTable"] = true }, "records: ", "credentials"},
		{"table being made", func(w *ward) { w.cloud.table["TableStatus"] = "CREATING" }, "is CREATING", "wait"},
		{"no TTL", func(w *ward) { w.cloud.ttl = "DISABLED" }, "TTL is off", "TTL on"},
		{"unprotected", func(w *ward) { w.cloud.table["DeletionProtectionEnabled"] = false }, "deleted by mistake", "protection on"},
		{"no recovery", func(w *ward) { w.cloud.recovery = "DISABLED" }, "cannot be restored", "recovery on"},
		{"queue gone", func(w *ward) { w.cloud.fail["GetQueueAttributes"] = true }, "the action queue: ", "credentials"},
		{"no redrive", func(w *ward) { delete(w.cloud.queue, "RedrivePolicy") }, "no dead-letter queue", "--revert-drift"},
		{"dead letters", func(w *ward) { w.cloud.queue["ApproximateNumberOfMessages"] = "3" }, "3 dead letters", "Redrive"},
		{"no alarms", func(w *ward) { w.cloud.alarms = nil }, "begin with Entente-test-", "--revert-drift"},
		{"alarms of another stage", func(w *ward) { w.cloud.alarms = []alarm{{"Entente-test-eu-Errors-1A2B", "OK", true}} }, "begin with Entente-test-", "--revert-drift"},
		{"alarm off", func(w *ward) { w.cloud.alarms[0].on = false }, "Entente-test-Errors tells nobody", "enable-alarm-actions"},
		{"alarm rings", func(w *ward) { w.cloud.alarms[0].state = "ALARM" }, "Entente-test-Errors rings", "runbook"},
		{"alarms unreadable", func(w *ward) { w.cloud.fail["DescribeAlarms"] = true }, "the alarms: ", "credentials"},
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
