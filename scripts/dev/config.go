package main

import (
	"flag"
	"io"
	"log/slog"
	"net"
	"net/url"
	"time"

	"github.com/entente-bot/entente/internal/env"
	"github.com/entente-bot/entente/internal/interactions"
	"github.com/entente-bot/entente/internal/local"
	"github.com/entente-bot/entente/internal/poller"
)

// A config is what the command line and the environment say.
type config struct {
	local.Config
	addr      string
	demo      bool
	controls  bool
	simulated bool // no Discord is named: ours is used
	keep      bool // Data was named, so it is not begun anew
	level     slog.Level
}

// configure reads the command line and the environment. It fails with one line
// that says what to mend.
func configure(args []string, lookup func(string) string, usage io.Writer) (config, error) {
	var c config
	flags := flag.NewFlagSet("dev", flag.ContinueOnError)
	flags.SetOutput(usage)
	flags.StringVar(&c.addr, "addr", "127.0.0.1:8080", "`address` to serve on")
	flags.StringVar(&c.Data, "data", "./.entente/dev.db", "`file` of the embedded store; unless named, begun anew with the simulated Discord")
	flags.BoolVar(&c.demo, "demo", false, "play one application from the form to the showcase, print it, and exit")
	flags.BoolVar(&c.controls, "dev-controls", false, "serve /dev/advance and /dev/drain to this machine (the default with the simulated Discord)")
	if err := flags.Parse(args); err != nil {
		return c, err
	}
	flags.Visit(func(f *flag.Flag) { c.keep = c.keep || f.Name == "data" })
	r := env.Reader{Lookup: lookup}
	c.level = r.Level()
	c.Poll, c.Budget = 5*time.Second, r.Count(env.PollBudget, poller.DefaultBudget, 1, poller.MaxBudget)
	c.simulated = lookup(env.DiscordURL) == "" && (lookup(env.Token) == "" || lookup(env.PublicKey) == "")
	if c.simulated || c.demo {
		c.simulated, c.controls = true, true
		return c, r.Err()
	}
	c.readDiscord(&r)
	c.readTables(&r)
	if c.controls && !loopback(c.DiscordURL) {
		r.Fail("-dev-controls", "is for a Discord on this machine: "+env.DiscordURL+" must be a loopback address")
	}
	return c, r.Err()
}

// readDiscord reads which Discord to talk to, and as whom.
func (c *config) readDiscord(r *env.Reader) {
	key, err := interactions.ParseKey(r.Text(env.PublicKey, "64 hex digits from the developer portal"))
	if err != nil {
		r.Fail(env.PublicKey, err.Error())
	}
	c.Key, c.ApplicationID = key, r.ID(env.ApplicationID)
	c.DiscordURL = r.URL(env.DiscordURL, env.DefaultDiscordURL)
	c.Token = r.Text(env.Token, "the bot token from the developer portal")
}

// readTables reads which DynamoDB to use, if one is named.
func (c *config) readTables(r *env.Reader) {
	if r.Lookup(env.DynamoURL) != "" {
		c.Records, c.Actions = r.Text(env.RecordsTable, "a table's name"), r.Text(env.ActionsTable, "a table's name")
	}
}

// loopback reports whether a URL leads to this machine.
func loopback(address string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return false
	}
	ip := net.ParseIP(u.Hostname())
	return u.Hostname() == "localhost" || ip != nil && ip.IsLoopback()
}
