// Command poller is the Lambda function that reads, from minute to minute, the
// invites of the guilds that track their joins.
package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/entente-bot/entente/internal/discordrest"
	"github.com/entente-bot/entente/internal/env"
	"github.com/entente-bot/entente/internal/poller"
	"github.com/entente-bot/entente/internal/secret"
	"github.com/entente-bot/entente/internal/storage/dynamo"
)

func main() {
	if err := run(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, "poller:", err)
		os.Exit(1)
	}
}

// run wires the poller to AWS and Discord and serves until the sandbox ends.
func run(ctx context.Context) error {
	r := env.Reader{Lookup: os.Getenv}
	app, url := r.ID(env.ApplicationID), r.URL(env.DiscordURL, env.DefaultDiscordURL)
	token, arn := r.Credentials()
	records, actions := r.Text(env.RecordsTable, "a table's name"), r.Text(env.ActionsTable, "a table's name")
	budget := r.Count(env.PollBudget, poller.DefaultBudget, 1, poller.MaxBudget)
	log := r.Logger(os.Stdout)
	if err := r.Err(); err != nil {
		return err
	}
	cfg, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		return fmt.Errorf("AWS configuration: %w", err)
	}
	if token, err = secret.Token(ctx, token, arn, cfg); err != nil {
		return err
	}
	db := dynamo.New(dynamodb.NewFromConfig(cfg), records, actions, time.Now)
	discord := discordrest.New(discordrest.Config{Token: token, ApplicationID: app, URL: url, Log: log})
	p := poller.New(db, discord, log, time.Now)
	p.Budget = budget
	lambda.Start(p.ServeSchedule)
	return nil
}
