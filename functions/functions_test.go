// Package functions_test runs the functions as Lambda would: the real binaries,
// with nothing but their environment.
package functions_test

import (
	"context"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/bundle"
	"github.com/entente-bot/entente/internal/env"
	"github.com/entente-bot/entente/internal/fakediscord"
	"github.com/entente-bot/entente/internal/interactions"
	"github.com/entente-bot/entente/internal/joins"
	"github.com/entente-bot/entente/internal/lambdahost"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/scene"
	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/storage"
	"github.com/entente-bot/entente/internal/storage/dynamo"
	"github.com/entente-bot/entente/internal/storage/dynamolocal"
)

// A cloud is a deployment on this machine.
type cloud struct {
	*testing.T
	*scene.Scene
	db        storage.DB
	sqs       *lambdahost.SQS
	queueURL  string
	dynamoURL string
	worker    lambdahost.Mapping
	scheduler lambdahost.Schedule
	poller    lambdahost.Schedule
	functions []*lambdahost.Function
}

// The names of what a deployment makes.
const (
	records, actions   = "entente-records", "entente-actions"
	queue, deadLetters = "entente-actions", "entente-dead"
)

func deploy(t *testing.T) *cloud {
	t.Helper()
	c := &cloud{T: t, dynamoURL: dynamolocal.Start(t).URL}
	client := dynamodb.NewFromConfig(aws.Config{
		Region: lambdahost.Region, BaseEndpoint: &c.dynamoURL,
		Credentials: credentials.NewStaticCredentialsProvider("AKIDLAMBDAHOST", "fake", "fake"), // as functions have them
	})
	if err := dynamo.CreateTables(t.Context(), client, records, actions); err != nil {
		t.Fatal(err)
	}
	c.db = dynamo.New(client, records, actions, time.Now)

	var err error
	c.sqs, err = lambdahost.NewSQS(time.Now,
		lambdahost.QueueConfig{Name: queue, Visibility: time.Hour, DeadLetters: deadLetters, MaxReceives: 3},
		lambdahost.QueueConfig{Name: deadLetters})
	if err != nil {
		t.Fatal(err)
	}
	sqs := httptest.NewServer(c.sqs)
	t.Cleanup(sqs.Close)
	c.queueURL = lambdahost.QueueURL(sqs.URL, queue)

	if c.Scene, err = scene.New(fakediscord.Options{OpenAPI: os.Getenv("DISCORD_OPENAPI"), ReplyWithin: time.Minute}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.settle)
	url := httptest.NewServer(lambdahost.FunctionURL(c.start("interactions", sqs.URL, map[string]string{
		env.PublicKey: c.PublicKey(), env.ApplicationID: c.ApplicationID(),
	})))
	t.Cleanup(url.Close)
	c.SetInteractionsURL(url.URL + interactions.Path)
	c.worker = lambdahost.Mapping{SQS: c.sqs, Queue: queue, Function: c.start("worker", sqs.URL, map[string]string{
		env.ApplicationID: c.ApplicationID(), env.Token: c.Token(), env.DiscordURL: c.URL(),
	})}
	c.scheduler = lambdahost.Schedule{Name: "minute", Function: c.start("scheduler", sqs.URL, map[string]string{
		env.ApplicationID: c.ApplicationID(),
	})}
	c.poller = lambdahost.Schedule{Name: "lane", Function: c.start("poller", sqs.URL, map[string]string{
		env.ApplicationID: c.ApplicationID(), env.Token: c.Token(), env.DiscordURL: c.URL(), env.PollBudget: "40",
	})}
	return c
}

// start builds a function for this machine and starts it.
func (c *cloud) start(name, sqsURL string, vars map[string]string) *lambdahost.Function {
	c.Helper()
	root, err := bundle.Root(".")
	if err != nil {
		c.Fatal(err)
	}
	b, err := bundle.Build(c.Context(), root, "./functions/"+name, filepath.Join(c.TempDir(), name), bundle.Target{OS: runtime.GOOS, Arch: runtime.GOARCH})
	if err != nil {
		c.Fatal(err)
	}
	vars[env.RecordsTable], vars[env.ActionsTable], vars[env.QueueURL] = records, actions, c.queueURL
	vars[env.DynamoURL], vars["AWS_ENDPOINT_URL_SQS"] = c.dynamoURL, sqsURL
	timeout := time.Minute // as in the stack
	if name == "poller" {
		timeout = 8 * time.Second // it goes on for as long as it may
	}
	f, err := lambdahost.Start(c.Context(), lambdahost.Config{Name: name, Bootstrap: b.Path, Env: vars, Timeout: timeout})
	if err != nil {
		c.Fatal(err)
	}
	c.Cleanup(f.Stop)
	c.functions = append(c.functions, f)
	return f
}

// settle ends the test: nothing may have been sent that Discord would refuse,
// and no log may hold a secret.
func (c *cloud) settle() {
	if v := c.Violations(); len(v) > 0 {
		c.Errorf("Discord would have refused:\n%s", strings.Join(v, "\n"))
	}
	for _, f := range c.functions {
		if strings.Contains(f.Logs(), c.Token()) || strings.Contains(f.Logs(), "build things") {
			c.Error("a log holds the bot token, or what somebody wrote")
		}
		if c.Failed() {
			c.Logf("logs:\n%s", f.Logs())
		}
	}
	_ = c.Scene.Close()
}

// pump delivers what is in the queue until nothing is.
func (c *cloud) pump() {
	c.Helper()
	if _, err := c.worker.Pump(c.Context()); err != nil {
		c.Fatal(err)
	}
}

// overdue moves an action into the past, as if its pointer had been lost a while ago.
func (c *cloud) overdue(r action.Ref) {
	c.Helper()
	err := storage.Update(c.Context(), c.db, action.Keys(r), func(tx *storage.Tx) error {
		action.Cause(tx, r, time.Now().Add(-time.Minute))
		return nil
	})
	if err != nil {
		c.Fatal(err)
	}
}

// tracks has the joins of the guild tracked, and the partner's invite made.
func (c *cloud) tracks() {
	c.Helper()
	sync := joins.Sync(c.Guild, c.Lighthouse)
	err := storage.Update(c.Context(), c.db, append(settings.Keys(c.Guild), sync.Key()), func(tx *storage.Tx) error {
		chosen := settings.Of(tx, c.Guild)
		chosen.Track = true
		settings.Save(tx, c.Guild, chosen, time.Now())
		action.Cause(tx, sync, time.Now().Add(-time.Minute))
		return nil
	})
	if err != nil {
		c.Fatal(err)
	}
	if err := c.scheduler.Fire(c.Context(), time.Now()); err != nil {
		c.Fatal(err)
	}
}

func TestFunctions(t *testing.T) {
	c := deploy(t)
	if err := c.SetUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	c.pump()

	sent, err := c.Apply(t.Context(), c.Rio, c.Form())
	if err != nil {
		t.Fatal(err)
	}
	c.pump()
	if text := sent.Current().Text(); !strings.Contains(text, "with the managers") {
		t.Fatalf("the applicant reads: %s", text)
	}
	cards := c.Messages(c.Review)
	if len(cards) != 1 {
		t.Fatalf("%d review cards", len(cards))
	}
	if _, err := c.As(c.Max, c.Guild, c.Review).Press(t.Context(), cards[0].Ref, "Approve"); err != nil {
		t.Fatal(err)
	}

	// The pointers are lost. The scheduler finds what they pointed at.
	if err := c.sqs.Purge(queue); err != nil {
		t.Fatal(err)
	}
	c.overdue(partnership.Sync(c.Guild, c.Lighthouse))
	if err := c.scheduler.Fire(t.Context(), time.Now()); err != nil {
		t.Fatal(err)
	}
	c.pump()
	listings := c.Messages(c.Showcase)
	if len(listings) != 1 || !strings.Contains(listings[0].Text(), "Lighthouse") {
		t.Fatalf("%d listings: %+v", len(listings), listings)
	}

	// Somebody joins by the partner's invite.
	c.InstallBot(c.Guild, scene.BotPermissions|fakediscord.ManageServer|fakediscord.CreateInvite)
	c.tracks()
	c.pump()
	joined := func() joins.Account {
		tx, err := storage.Begin(t.Context(), c.db, joins.LedgerKey(c.Guild))
		if err != nil {
			t.Fatal(err)
		}
		a, _ := joins.LedgerOf(tx, c.Guild).Account(c.Lighthouse)
		return a
	}
	if err := c.UseInvite(joined().Code, c.AddUser("Somebody")); err != nil {
		t.Fatal(err)
	}
	if err := c.poller.Fire(t.Context(), time.Now()); err != nil {
		t.Fatal(err)
	}
	if n := joined().Counted; n != 1 {
		t.Errorf("%d joins are counted, want 1", n)
	}

	// A message that is none goes to the dead letters, and holds nothing up.
	if _, err := c.sqs.Send(queue, "not a pointer"); err != nil {
		t.Fatal(err)
	}
	for range 4 {
		c.pump()
		c.sqs.Expire()
	}
	if dead, err := c.sqs.Messages(deadLetters); err != nil || len(dead) != 1 {
		t.Errorf("dead letters: %v, %v", dead, err)
	}
	if left, err := c.sqs.Messages(queue); err != nil || len(left) != 0 {
		t.Errorf("left in the queue: %v, %v", left, err)
	}
}

// TestFunctionsNameWhatIsMissing starts each function with an empty environment:
// it must say in one line what it needs.
func TestFunctionsNameWhatIsMissing(t *testing.T) {
	root, err := bundle.Root(".")
	if err != nil {
		t.Fatal(err)
	}
	for name, variable := range map[string]string{
		"interactions": env.PublicKey, "worker": env.ApplicationID, "scheduler": env.RecordsTable, "poller": env.ApplicationID,
	} {
		t.Run(name, func(t *testing.T) {
			b, err := bundle.Build(t.Context(), root, "./functions/"+name, t.TempDir(), bundle.Target{OS: runtime.GOOS, Arch: runtime.GOARCH})
			if err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
			defer cancel()
			f, err := lambdahost.Start(ctx, lambdahost.Config{Name: name, Bootstrap: b.Path})
			if err == nil {
				f.Stop()
				t.Fatal("it starts")
			}
			if !strings.Contains(err.Error(), name+": "+variable+" is not set: it must be ") {
				t.Errorf("it says: %v", err)
			}
		})
	}
}
