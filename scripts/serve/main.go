// Command serve is the whole of Entente in one process, for one machine of your own:
// every function's handler, with the store in a file. It works for a real Discord, and
// simulates nothing: to try Entente, there is scripts/dev.
//
//	go build -o entente ./scripts/serve
//	./entente -addr 127.0.0.1:8080 -data entente.db
//	./entente -data entente.db -backup today.db    copy the store, while it runs or not
//	./entente -data entente.db -compact            make it smaller, while it runs or not
//
// DISCORD_PUBLIC_KEY, DISCORD_APPLICATION_ID and DISCORD_TOKEN say for which
// application. Built, it can be a service: on SIGTERM it finishes what is in hand.
// Under go run, the signal would end go and leave the program behind.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"os/signal"
	"syscall"

	"github.com/entente-bot/entente/internal/discordrest"
	"github.com/entente-bot/entente/internal/interactions"
	"github.com/entente-bot/entente/internal/local"
	"github.com/entente-bot/entente/internal/version"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	err := run(ctx, os.Args[1:], os.Environ(), os.Stdout, os.Stderr)
	if errors.Is(err, flag.ErrHelp) {
		return
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "serve:", err)
		os.Exit(1)
	}
}

// run serves until ctx ends.
func run(ctx context.Context, args, environ []string, out, logs io.Writer) error {
	c, err := configure(args, environ, logs)
	if errors.Is(err, errVersion) {
		fmt.Fprintln(out, "entente", version.String())
		return nil
	}
	if err != nil {
		return err
	}
	if c.task != (local.Task{}) {
		line, err := c.task.Do(ctx, c.Data)
		if err == nil {
			fmt.Fprintln(out, line)
		}
		return err
	}
	c.Log = slog.New(slog.NewTextHandler(logs, &slog.HandlerOptions{Level: c.level}))
	l, err := net.Listen("tcp", c.addr)
	if err != nil {
		return fmt.Errorf("%w: name another address with -addr", err)
	}
	s, err := open(ctx, c)
	if err != nil {
		return errors.Join(err, l.Close())
	}
	c.Log.InfoContext(ctx, "start", "version", version.String())
	end, err := s.Upkeep()
	if err != nil {
		c.Log.WarnContext(ctx, "-backup and -compact work only after this program ended", "err", err)
		end = func() {}
	}
	defer end()
	fmt.Fprintf(out, "Entente serves interactions at http://%s%s for application %s\n", l.Addr(), interactions.Path, c.ApplicationID)
	return s.Serve(ctx, l, s.Handler(c.controls))
}

// open opens the store, after Discord said that the token is the application's: else
// it might become another application's. A Discord that does not answer is asked again
// later.
func open(ctx context.Context, c config) (*local.System, error) {
	if err := local.Identify(ctx, c.Config); errors.Is(err, discordrest.ErrToken) {
		return nil, err
	}
	return local.Open(ctx, c.Config)
}
