// Command worker is the Lambda function that does actions: it takes pointers
// from the queue and brings Discord in line.
package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	awssqs "github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/entente-bot/entente/internal/discordrest"
	"github.com/entente-bot/entente/internal/env"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/queue/sqs"
	"github.com/entente-bot/entente/internal/secret"
	"github.com/entente-bot/entente/internal/storage/dynamo"
	"github.com/entente-bot/entente/internal/text"
	"github.com/entente-bot/entente/internal/worker"
)

func main() {
	if err := run(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, "worker:", err)
		os.Exit(1)
	}
}

// run wires the worker to AWS and Discord and serves until the sandbox ends.
func run(ctx context.Context) error {
	r := env.Reader{Lookup: os.Getenv}
	app, url := r.ID(env.ApplicationID), r.URL(env.DiscordURL, env.DefaultDiscordURL)
	token, arn := r.Credentials()
	records, actions, queue := r.Text(env.RecordsTable, "a table's name"), r.Text(env.ActionsTable, "a table's name"), r.Text(env.QueueURL, "the queue's URL")
	limits := partnership.Limits(r.Limits(env.Limits(partnership.DefaultLimits())))
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
	discord := discordrest.New(discordrest.Config{Token: token, ApplicationID: app, URL: url, Log: log})
	texts, err := text.Load()
	if err != nil {
		return err
	}
	w := worker.New(dynamo.New(dynamodb.NewFromConfig(cfg), records, actions, time.Now), discord, sqs.New(awssqs.NewFromConfig(cfg), queue), texts, log, time.Now)
	w.Limits = limits
	lambda.Start(w.ServeSQS)
	return nil
}
