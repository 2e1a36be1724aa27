// Command dev is the whole of Entente in one process: every function's handler,
// with the store in a file. With nothing set up it brings a Discord of its own;
// with a real one named in the environment it is the self-hosted Entente.
//
//	go run ./scripts/dev          try it out
//	go run ./scripts/dev -demo    watch one application from the form to the showcase
//
// A Discord of its own begins anew at each start, with new IDs, so the default
// store does too; a file named with -data is kept. What a real Discord left in
// the default store is never removed: see beginAnew.
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

	"github.com/entente-bot/entente/internal/interactions"
	"github.com/entente-bot/entente/internal/local"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	err := run(ctx, os.Args[1:], os.Getenv, os.Stdout, os.Stderr)
	if errors.Is(err, flag.ErrHelp) {
		return
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "dev:", err)
		os.Exit(1)
	}
}

// run serves until ctx ends, or plays the demo.
func run(ctx context.Context, args []string, lookup func(string) string, out, logs io.Writer) error {
	c, err := configure(args, lookup, logs)
	if err != nil {
		return err
	}
	if c.demo {
		c.Log = slog.New(slog.DiscardHandler)
		return demo(ctx, c, out)
	}
	c.Log = slog.New(slog.NewTextHandler(logs, &slog.HandlerOptions{Level: c.level}))
	l, err := net.Listen("tcp", c.addr)
	if err != nil {
		return err
	}
	if c.simulated {
		return serveScene(ctx, c, l, out)
	}
	return selfHost(ctx, c, l, out)
}

// selfHost serves the Discord that c names.
func selfHost(ctx context.Context, c config, l net.Listener, out io.Writer) error {
	if err := forgetSimulated(c.Data); err != nil {
		return errors.Join(err, l.Close())
	}
	s, err := local.Open(ctx, c.Config)
	if err != nil {
		return errors.Join(err, l.Close())
	}
	fmt.Fprintf(out, "Entente serves interactions at http://%s%s for the Discord at %s\n", l.Addr(), interactions.Path, c.DiscordURL)
	return s.Serve(ctx, l, s.Handler(c.controls))
}
