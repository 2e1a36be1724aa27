package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/url"
	"path/filepath"
	"strings"
	"time"

	"github.com/entente-bot/entente/internal/env"
	"github.com/entente-bot/entente/internal/interactions"
	"github.com/entente-bot/entente/internal/local"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/poller"
)

// A config is what the command line and the environment say.
type config struct {
	local.Config
	addr     string
	controls bool
	task     local.Task // to be done instead of serving
	level    slog.Level
}

// errVersion means that nothing is wanted but the version.
var errVersion = errors.New("only the version is wanted")

// configure reads the command line and the environment. It fails with one line
// that says what to mend.
func configure(args, environ []string, usage io.Writer) (config, error) {
	var c config
	flags := flag.NewFlagSet("serve", flag.ContinueOnError)
	flags.SetOutput(usage)
	flags.StringVar(&c.addr, "addr", "127.0.0.1:8080", "`address` to serve on, behind a web server that speaks HTTPS")
	flags.StringVar(&c.Data, "data", "entente.db", "`file` of the embedded store")
	flags.BoolVar(&c.controls, "dev-controls", false, "serve /dev/advance and /dev/drain to this machine; only with a Discord on this machine")
	told := flags.Bool("version", false, "print the version, and exit")
	flags.StringVar(&c.task.Backup, "backup", "", "copy the store to this new `file`, whether or not the program runs, and exit")
	flags.BoolVar(&c.task.Compact, "compact", false, "write the store anew without the room that deleted items left, whether or not the program runs, and exit")
	flags.StringVar(&c.task.Release, "release", "", "have servers deleted that were lost on a `day` on which too many were, and exit")
	if err := flags.Parse(args); err != nil {
		return c, err
	}
	if *told {
		return c, errVersion
	}
	if flags.NArg() > 0 {
		return c, fmt.Errorf("%q is no flag: serve -h lists them", flags.Arg(0))
	}
	if c.task != (local.Task{}) {
		return c, c.absolute()
	}
	if err := env.Misspelt(environ); err != nil {
		return c, err
	}
	r := env.Reader{Lookup: lookup(environ)}
	c.read(&r)
	return c, r.Err()
}

// absolute has the backup mean the same file to a program that runs elsewhere.
func (c *config) absolute() (err error) {
	if c.task.Backup != "" {
		c.task.Backup, err = filepath.Abs(c.task.Backup)
	}
	return err
}

// lookup returns what os.Getenv returns, of the given lines.
func lookup(environ []string) func(string) string {
	values := make(map[string]string, len(environ))
	for _, line := range environ {
		name, value, _ := strings.Cut(line, "=")
		values[name] = value
	}
	return func(name string) string { return values[name] }
}

// read reads the variables: which Discord to talk to and as whom, and which DynamoDB
// to use, if one is named.
func (c *config) read(r *env.Reader) {
	key, err := interactions.ParseKey(r.Text(env.PublicKey, "64 hex digits from the developer portal"))
	if err != nil {
		r.Fail(env.PublicKey, err.Error())
	}
	c.Key, c.ApplicationID = key, r.ID(env.ApplicationID)
	c.Token = strings.TrimPrefix(r.Text(env.Token, "the bot token from the developer portal"), "Bot ")
	c.DiscordURL = r.URL(env.DiscordURL, env.DefaultDiscordURL)
	if r.Lookup(env.DynamoURL)+r.Lookup(env.RecordsTable)+r.Lookup(env.ActionsTable) != "" { // half of it was meant to be all
		_ = r.Text(env.DynamoURL, "the URL of the DynamoDB that has the tables")
		c.Records, c.Actions = r.Text(env.RecordsTable, "a table's name"), r.Text(env.ActionsTable, "a table's name")
	}
	c.level, c.Limits = r.Level(), partnership.Limits(r.Limits(env.Limits(partnership.DefaultLimits())))
	c.Poll, c.Budget = 5*time.Second, r.Count(env.PollBudget, poller.DefaultBudget, 1, poller.MaxBudget)
	if c.controls && !loopback(c.DiscordURL) {
		r.Fail("-dev-controls", "is for a Discord on this machine: "+env.DiscordURL+" must be a loopback address")
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
