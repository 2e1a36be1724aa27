// Command rebuild has everything that is due made again from the records of all
// guilds, and what was given up tried again: after one of the tables was restored.
// It only leaves word for the scheduler and the worker, who begin within a minute.
//
//	ENTENTE_RECORDS_TABLE=… ENTENTE_ACTIONS_TABLE=… go run ./scripts/rebuild
//
// It needs AWS credentials that may read and write the actions table.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"time"

	awsconfig "github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/entente-bot/entente/internal/env"
	"github.com/entente-bot/entente/internal/roll"
	"github.com/entente-bot/entente/internal/storage"
	"github.com/entente-bot/entente/internal/storage/dynamo"
)

func main() {
	err := run(context.Background(), os.Args[1:], os.Getenv)
	if errors.Is(err, flag.ErrHelp) {
		return
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "rebuild:", err)
		os.Exit(1)
	}
	fmt.Println("All guilds are looked at from now on: see the worker's log for guild.call and guild.look.")
}

// run reads which tables are meant, and begins.
func run(ctx context.Context, args []string, lookup func(string) string) error {
	flags := flag.NewFlagSet("rebuild", flag.ContinueOnError)
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("it takes no arguments, and got %q", flags.Arg(0))
	}
	r := env.Reader{Lookup: lookup}
	records, actions := r.Text(env.RecordsTable, "a table's name"), r.Text(env.ActionsTable, "a table's name")
	if err := r.Err(); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	cfg, err := awsconfig.LoadDefaultConfig(ctx)
	if err != nil {
		return fmt.Errorf("AWS configuration: %w", err)
	}
	return begin(ctx, dynamo.New(dynamodb.NewFromConfig(cfg), records, actions, time.Now), time.Now())
}

// begin has all guilds called.
func begin(ctx context.Context, db storage.DB, now time.Time) error {
	return storage.Update(ctx, db, roll.Keys(), func(tx *storage.Tx) error {
		roll.Begin(tx, now)
		return nil
	})
}
