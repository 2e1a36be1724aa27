// Command register tells Discord Entente's slash commands: it shows what would
// change, and changes it. Run again, it finds nothing to do.
//
//	go run ./scripts/register                  for all servers; Discord shows them within the hour
//	go run ./scripts/register -guild 1234      for one server, at once
//	go run ./scripts/register -dry-run         only show
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsconfig "github.com/aws/aws-sdk-go-v2/config"

	"github.com/entente-bot/entente/internal/commands"
	"github.com/entente-bot/entente/internal/discordrest"
	"github.com/entente-bot/entente/internal/env"
	"github.com/entente-bot/entente/internal/interactions"
	"github.com/entente-bot/entente/internal/secret"
	"github.com/entente-bot/entente/internal/text"
)

func main() {
	err := run(context.Background(), os.Args[1:], os.Getenv, os.Stdout, os.Stderr)
	if errors.Is(err, flag.ErrHelp) {
		return
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "register:", err)
		os.Exit(1)
	}
}

// run shows the difference between Discord's commands and ours, and mends it.
func run(ctx context.Context, args []string, lookup func(string) string, out, usage io.Writer) error {
	flags := flag.NewFlagSet("register", flag.ContinueOnError)
	flags.SetOutput(usage)
	guild := flags.String("guild", "", "`ID` of the one server to register for; all servers without")
	dry := flags.Bool("dry-run", false, "only show what would change")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("it takes no %q: the ID of a server goes behind -guild", flags.Arg(0))
	}
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	client, err := connect(ctx, lookup)
	if err != nil {
		return err
	}
	texts, err := text.Load()
	if err != nil {
		return err
	}
	want := interactions.Commands(texts)
	have, err := client.Commands(ctx, *guild)
	if err != nil {
		return fmt.Errorf("read the commands: %w", err)
	}
	changes, err := commands.Compare(have, want)
	if err != nil {
		return err
	}
	for _, c := range changes {
		fmt.Fprintln(out, c)
	}
	switch {
	case len(changes) == 0:
		fmt.Fprintln(out, "Nothing to do: Discord has these commands already.")
		return nil
	case *dry:
		fmt.Fprintln(out, "Nothing was changed: this was a dry run.")
		return nil
	}
	if err := client.SetCommands(ctx, *guild, want); err != nil {
		return fmt.Errorf("write the commands: %w", err)
	}
	fmt.Fprintf(out, "Done: %d commands are registered.\n", len(want))
	return nil
}

// connect makes a client of what the environment says.
func connect(ctx context.Context, lookup func(string) string) (*discordrest.Client, error) {
	r := env.Reader{Lookup: lookup}
	app, url := r.ID(env.ApplicationID), r.URL(env.DiscordURL, env.DefaultDiscordURL)
	token, arn := r.Credentials()
	if err := r.Err(); err != nil {
		return nil, err
	}
	var cfg aws.Config
	if token == "" {
		var err error
		if cfg, err = awsconfig.LoadDefaultConfig(ctx); err != nil {
			return nil, fmt.Errorf("AWS configuration: %w", err)
		}
	}
	token, err := secret.Token(ctx, token, arn, cfg)
	if err != nil {
		return nil, err
	}
	return discordrest.New(discordrest.Config{Token: token, ApplicationID: app, URL: url}), nil
}
