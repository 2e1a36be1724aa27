// Command interactions is the Lambda function that Discord calls. It has no bot
// token: what faces the internet cannot act on Discord.
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

	"github.com/entente-bot/entente/internal/env"
	"github.com/entente-bot/entente/internal/interactions"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/queue/sqs"
	"github.com/entente-bot/entente/internal/storage/dynamo"
	"github.com/entente-bot/entente/internal/text"
)

func main() {
	if err := run(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, "interactions:", err)
		os.Exit(1)
	}
}

// run wires the handler to AWS and serves until the sandbox ends.
func run(ctx context.Context) error {
	r := env.Reader{Lookup: os.Getenv}
	key, err := interactions.ParseKey(r.Text(env.PublicKey, "64 hex digits from the developer portal"))
	if err != nil {
		r.Fail(env.PublicKey, err.Error())
	}
	s := &interactions.Server{Key: key, ApplicationID: r.ID(env.ApplicationID), Now: time.Now, Clock: time.Now}
	records, actions := r.Text(env.RecordsTable, "a table's name"), r.Text(env.ActionsTable, "a table's name")
	queue := r.Text(env.QueueURL, "the queue's URL")
	s.Limits = partnership.Limits(r.Limits(env.Limits(partnership.DefaultLimits())))
	s.Log = r.Logger(os.Stdout)
	if err := r.Err(); err != nil {
		return err
	}
	if s.Text, err = text.Load(); err != nil {
		return err
	}
	cfg, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		return fmt.Errorf("AWS configuration: %w", err)
	}
	s.DB = dynamo.New(dynamodb.NewFromConfig(cfg), records, actions, time.Now)
	s.Queue = sqs.New(awssqs.NewFromConfig(cfg), queue)
	lambda.Start(s.ServeLambda)
	return nil
}
