// Package discordrest talks to Discord's REST API for everything that must
// happen there: messages, replies, roles, invites and commands.
//
// A request leaves only through the [limiter], which waits as Discord tells it
// to and stops everything before Discord would ban us, and through the [guard],
// which holds back whatever could mention people. Every error is an
// [action.Failure]: the table in failures.go says what becomes of it.
//
// IDs are decimal strings here, as Discord writes them.
package discordrest

import (
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/disgoorg/disgo/rest"

	"github.com/entente-bot/entente/internal/version"
)

// A Config says whom a [Client] talks to, and as whom. Token, ApplicationID and
// URL are needed, all else has a default.
type Config struct {
	Token         string // of the bot, without "Bot " before it
	ApplicationID string // a snowflake
	URL           string // of the API, up to its version; everything sent goes below it
	Version       string // of Entente, for the User-Agent; default that of the program

	Transport http.RoundTripper // default [http.DefaultTransport]
	Log       *slog.Logger      // default: none
	Now       func() time.Time  // default [time.Now]

	Timeout   time.Duration // for one request, to the last byte of its answer; default 10 s
	PerSecond int           // requests a second with the bot token, from this process; default 45, below Discord's 50
	Invalid   int           // answers of 401, 403 and 429 in 10 minutes that stop everything; default 1,900 of Discord's 10,000
}

// A Client is one bot's access to Discord. It may be used by many goroutines at
// once, and runs none itself.
//
// Its methods wait for rate limits as long as their context allows. If it has a
// deadline and the wait would outlast it, they fail at once, with
// [action.Again] and After set to the wait. Give every context a deadline:
// some limits last ten minutes.
type Client struct {
	rest    rest.Client
	limiter *limiter
	app     string
	log     *slog.Logger
	now     func() time.Time

	api     *url.URL      // that everything with our token goes below
	files   *http.Client  // for files, which need no token
	timeout time.Duration // for one of them
	agent   string

	mu    sync.Mutex
	me    string    // the bot's user ID, once asked for
	quiet time.Time // until when nobody is sent direct messages
}

// New returns a client. It sends nothing.
func New(cfg Config) *Client {
	cfg = cfg.withDefaults()
	l := newLimiter(cfg)
	agent := "DiscordBot (https://github.com/entente-bot/entente, " + cfg.Version + ")"
	api, _ := url.Parse(cfg.URL) // checked where it is read; nil reaches nothing
	// Discord redirects nobody. Whoever does is not to get our token, nor us.
	stay := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &Client{
		limiter: l,
		app:     cfg.ApplicationID,
		log:     cfg.Log,
		now:     cfg.Now,
		api:     api,
		files:   &http.Client{Transport: cfg.Transport, CheckRedirect: stay},
		timeout: cfg.Timeout,
		agent:   agent,
		rest: rest.NewClient(cfg.Token,
			rest.WithURL(cfg.URL),
			rest.WithUserAgent(agent),
			rest.WithRateLimiter(l),
			rest.WithLogger(slog.New(slog.DiscardHandler)), // disgo's log lines hold bodies and tokens
			rest.WithHTTPClient(&http.Client{
				Transport:     &guard{next: cfg.Transport, base: cfg.URL, timeout: cfg.Timeout},
				CheckRedirect: stay,
			}),
		),
	}
}

// withDefaults returns cfg with all that was left out filled in.
func (cfg Config) withDefaults() Config {
	cfg.URL = strings.TrimRight(cfg.URL, "/")
	if cfg.Version == "" {
		cfg.Version = version.String()
	}
	if cfg.Transport == nil {
		cfg.Transport = http.DefaultTransport
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Timeout <= 0 {
		cfg.Timeout = 10 * time.Second
	}
	if cfg.PerSecond <= 0 {
		cfg.PerSecond = 45
	}
	if cfg.Invalid <= 0 {
		cfg.Invalid = 1900
	}
	return cfg
}

// Close lets go of connections that are idle. The client can still be used.
func (c *Client) Close() { c.rest.HTTPClient().CloseIdleConnections() }
