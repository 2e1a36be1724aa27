// Command scheduler is the Lambda function that finds, every minute, the work
// whose time has come.
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

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/env"
	"github.com/entente-bot/entente/internal/queue/sqs"
	"github.com/entente-bot/entente/internal/scheduler"
	"github.com/entente-bot/entente/internal/storage/dynamo"
)

func main() {
	if err := run(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, "scheduler:", err)
		os.Exit(1)
	}
}

// run wires the scheduler to AWS and serves until the sandbox ends.
func run(ctx context.Context) error {
	r := env.Reader{Lookup: os.Getenv}
	records, actions := r.Text(env.RecordsTable, "a table's name"), r.Text(env.ActionsTable, "a table's name")
	queue := r.Text(env.QueueURL, "the queue's URL")
	log := r.Logger(os.Stdout)
	if err := r.Err(); err != nil {
		return err
	}
	cfg, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		return fmt.Errorf("AWS configuration: %w", err)
	}
	db := dynamo.New(dynamodb.NewFromConfig(cfg), records, actions, time.Now)
	s := &scheduler.Scheduler{
		Actions: &action.Holder{DB: db, Now: time.Now},
		Queue:   sqs.New(awssqs.NewFromConfig(cfg), queue),
		Log:     log,
	}
	lambda.Start(s.ServeSchedule)
	return nil
}
