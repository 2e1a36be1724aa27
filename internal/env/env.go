// Package env names the environment variables of Entente's programs and reads
// them. Names are part of the contract with operators: see docs/deploy.md.
package env

import (
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"strconv"
	"strings"

	"github.com/entente-bot/entente/internal/version"
)

// The variables.
const (
	PublicKey     = "DISCORD_PUBLIC_KEY"
	ApplicationID = "DISCORD_APPLICATION_ID"
	Token         = "DISCORD_TOKEN"
	TokenSecret   = "DISCORD_TOKEN_SECRET"
	DiscordURL    = "DISCORD_API_URL"
	RecordsTable  = "ENTENTE_RECORDS_TABLE"
	ActionsTable  = "ENTENTE_ACTIONS_TABLE"
	QueueURL      = "ENTENTE_ACTION_QUEUE_URL"
	DynamoURL     = "AWS_ENDPOINT_URL_DYNAMODB"
	LogLevel      = "ENTENTE_LOG_LEVEL"
	PollBudget    = "ENTENTE_POLL_BUDGET"
	MaxPartners   = "ENTENTE_MAX_PARTNERS"
	MaxPending    = "ENTENTE_MAX_PENDING"
	MaxBlocked    = "ENTENTE_MAX_BLOCKED"

	// OpenAPI is the path of Discord's OpenAPI document, by which the simulated Discord
	// refuses what Discord would.
	OpenAPI = "DISCORD_OPENAPI"
)

// DefaultDiscordURL is what [DiscordURL] means when it is not set.
const DefaultDiscordURL = "https://discord.com/api/v10"

// A Reader reads variables and keeps the first thing that is wrong with them, so
// that a program reads all it needs and then asks Err once.
type Reader struct {
	Lookup func(name string) string // os.Getenv
	err    error
}

// Err returns the first thing that was wrong, in one line that names the
// variable and what it must look like.
func (r *Reader) Err() error { return r.err }

// Fail notes that the variable with the given name is wrong.
func (r *Reader) Fail(name, must string) {
	if r.err == nil {
		r.err = fmt.Errorf("%s %s", name, must)
	}
}

// Text returns a variable that must be set.
func (r *Reader) Text(name, what string) string {
	v := strings.TrimSpace(r.Lookup(name))
	if v == "" {
		r.Fail(name, "is not set: it must be "+what)
	}
	return v
}

// ID returns a variable that must be a snowflake.
func (r *Reader) ID(name string) string {
	v := r.Text(name, "an ID of Discord's, digits only")
	if strings.Trim(v, "0123456789") != "" || len(v) > 20 {
		r.Fail(name, "must be an ID of Discord's: 17 to 20 digits")
	}
	return v
}

// URL returns a variable that must be an absolute http or https URL, without a
// slash at its end, or fallback if it is not set.
func (r *Reader) URL(name, fallback string) string {
	v := strings.TrimSpace(r.Lookup(name))
	if v == "" {
		return fallback
	}
	u, err := url.Parse(v)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" || u.RawQuery != "" || u.Fragment != "" {
		r.Fail(name, "must be a URL like "+DefaultDiscordURL)
	}
	return strings.TrimRight(v, "/")
}

// Logger returns a log in JSON, of the level that is set. Every line of it says of
// which version it is.
func (r *Reader) Logger(w io.Writer) *slog.Logger {
	return slog.New(slog.NewJSONHandler(w, &slog.HandlerOptions{Level: r.Level()})).With("version", version.String())
}

// Level returns how much is logged: info unless the variable says otherwise.
func (r *Reader) Level() slog.Level {
	levels := map[string]slog.Level{
		"": slog.LevelInfo, "info": slog.LevelInfo, "debug": slog.LevelDebug, "warn": slog.LevelWarn, "error": slog.LevelError,
	}
	level, ok := levels[strings.ToLower(strings.TrimSpace(r.Lookup(LogLevel)))]
	if !ok {
		r.Fail(LogLevel, "must be debug, info, warn or error")
	}
	return level
}

// Count returns a variable that must be a whole number from least to most, or
// fallback if it is not set.
func (r *Reader) Count(name string, fallback, least, most int) int {
	v := strings.TrimSpace(r.Lookup(name))
	if v == "" {
		return fallback
	}
	n, err := strconv.Atoi(v)
	if err != nil || n < least || n > most {
		r.Fail(name, fmt.Sprintf("must be a whole number from %d to %d", least, most))
		return fallback
	}
	return n
}

// Limits are how much a guild may have.
type Limits struct{ Active, Pending, Blocks int }

// MostPartners is how many partners a deployment can let a guild have: each may need an
// invite, of which Discord gives a server 1,000, and some items name all of them.
const MostPartners = 1000

// Limits returns the limits that are set, and otherwise those that are given.
func (r *Reader) Limits(given Limits) Limits {
	const most = 9999
	return Limits{
		Active:  r.Count(MaxPartners, given.Active, 1, MostPartners),
		Pending: r.Count(MaxPending, given.Pending, 1, most),
		Blocks:  r.Count(MaxBlocked, given.Blocks, 1, most),
	}
}

// Credentials returns the bot token, or the ARN of the secret that holds it: one
// of the two must be set.
func (r *Reader) Credentials() (token, secret string) {
	token, secret = strings.TrimSpace(r.Lookup(Token)), strings.TrimSpace(r.Lookup(TokenSecret))
	if token == "" && secret == "" {
		r.Fail(Token, "is not set: it must be the bot token, or "+TokenSecret+" the ARN of the secret that holds it")
	}
	return strings.TrimPrefix(token, "Bot "), secret
}
