// Command clock runs a command by another clock: what it builds and runs with Go
// takes the time for another one, and so do the processes that this starts.
//
//	go run ./scripts/clock -ahead 8760h go test -count=1 ./...
//	go run ./scripts/clock -at 2028-02-29 go test -count=1 ./...
//
// Go asks the kernel for the time itself, so what fools other programs does not fool
// it. Here the standard library is built with a time.Now that adds what the variable
// CLOCK_AHEAD says. Everything is built anew once, and then kept for every clock.
// Go does not know that a test depends on the clock: without -count=1 it may show
// the result of another one.
//
// The time of files, of other programs, and in a synctest bubble stays as it is.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"time"
)

// variable says how far ahead the clock is, as a [time.Duration].
const variable = "CLOCK_AHEAD"

func main() {
	ahead := flag.Duration("ahead", 0, "how far ahead the clock is: 8760h is a year")
	at := flag.String("at", "", "what the clock shows instead, as 2028-02-29 (at noon, UTC) or 2028-02-29T23:59:00Z")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	by, err := shift(*ahead, *at, time.Now())
	if err == nil {
		err = run(ctx, by, flag.Args())
	}
	if failed := new(exec.ExitError); errors.As(err, &failed) {
		os.Exit(max(failed.ExitCode(), 1)) // it has said why itself
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "clock:", err)
		os.Exit(1)
	}
}

// shift is how far ahead of now the clock is to be.
func shift(ahead time.Duration, at string, now time.Time) (time.Duration, error) {
	if at == "" {
		return ahead, nil
	}
	if day, err := time.Parse(time.DateOnly, at); err == nil {
		return day.Add(12 * time.Hour).Sub(now), nil
	}
	t, err := time.Parse(time.RFC3339, at)
	if err != nil {
		return 0, fmt.Errorf("-at %s is no time: write it as 2028-02-29 or 2028-02-29T23:59:00Z", at)
	}
	return t.Sub(now), nil
}

// run runs a command by a clock that is so far ahead.
func run(ctx context.Context, ahead time.Duration, command []string) error {
	if len(command) == 0 {
		return errors.New("no command was given: try go test -count=1 ./internal/local")
	}
	dir, err := os.MkdirTemp("", "clock-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	root, err := exec.CommandContext(ctx, "go", "env", "GOROOT").Output()
	if err != nil {
		return fmt.Errorf("go env GOROOT: %w", err)
	}
	overlay, err := write(dir, strings.TrimSpace(string(root)))
	if err != nil {
		return err
	}
	above, _ := time.ParseDuration(os.Getenv(variable)) // of a clock by which this one runs
	cmd := exec.CommandContext(ctx, command[0], command[1:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	cmd.Env = append(os.Environ(), variable+"="+(above+ahead).String(), "GOFLAGS="+strings.TrimSpace(os.Getenv("GOFLAGS")+" -overlay="+overlay))
	return cmd.Run()
}
