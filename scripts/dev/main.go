// Command dev is the whole of Entente in one process, to try it: every function's
// handler, with a simulated Discord and a store of its own. For a real Discord there
// is scripts/serve.
//
//	go run ./scripts/dev          try it out
//	go run ./scripts/dev -demo    watch one application from the form to the showcase
//
// The store is begun anew at each start, unless -keep: the simulated Discord begins
// anew, too, with new IDs. It opens no store that it did not make.
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
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	warn(os.Environ(), os.Stderr)
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
		return fmt.Errorf("%w: name another address with -addr", err)
	}
	return serveScene(ctx, c, l, out)
}
