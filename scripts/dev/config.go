package main

import (
	"flag"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"time"

	"github.com/entente-bot/entente/internal/env"
	"github.com/entente-bot/entente/internal/local"
	"github.com/entente-bot/entente/internal/poller"
)

// A config is what the command line and the environment say.
type config struct {
	local.Config
	addr  string
	demo  bool
	keep  bool // the store is not begun anew
	level slog.Level
}

// configure reads the command line, and of the environment what a simulation needs.
// It fails with one line that says what to mend.
func configure(args []string, lookup func(string) string, usage io.Writer) (config, error) {
	var c config
	flags := flag.NewFlagSet("dev", flag.ContinueOnError)
	flags.SetOutput(usage)
	flags.StringVar(&c.addr, "addr", "127.0.0.1:8080", "`address` to serve on")
	flags.StringVar(&c.Data, "data", "./.entente/dev.db", "`file` of the store, which is begun anew")
	flags.BoolVar(&c.keep, "keep", false, "go on with the store of the last time")
	flags.BoolVar(&c.demo, "demo", false, "play one application from the form to the showcase, print it, and exit")
	if err := flags.Parse(args); err != nil {
		return c, err
	}
	if flags.NArg() > 0 {
		return c, fmt.Errorf("%q is no flag: dev -h lists them", flags.Arg(0))
	}
	r := env.Reader{Lookup: lookup}
	c.level = r.Level()
	c.Poll, c.Budget = 5*time.Second, r.Count(env.PollBudget, poller.DefaultBudget, 1, poller.MaxBudget)
	return c, r.Err()
}

// warn says, if a variable names a real Discord, that nobody looks at it.
func warn(environ []string, to io.Writer) {
	for _, line := range environ {
		name, _, _ := strings.Cut(line, "=")
		if strings.HasPrefix(name, "DISCORD_") && name != env.OpenAPI {
			fmt.Fprintf(to, "%s is set, but this program only simulates Discord and does not look at it. For the real one: go run ./scripts/serve\n", name)
			return
		}
	}
}
