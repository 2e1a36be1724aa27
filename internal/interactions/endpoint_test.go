package interactions_test

import (
	"bytes"
	"crypto/ed25519"
	"encoding/hex"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/interactions"
	"github.com/entente-bot/entente/internal/partnership"
)

// An endpoint answers requests that the test signs by hand, at a time that
// stands still.
type endpoint struct {
	testing.TB
	*interactions.Server
	store  *watched
	queue  *queue
	logs   *logs
	secret ed25519.PrivateKey
	now    time.Time
}

// application is the ID of the endpoint's application.
const application = "100000000000000001"

// The bodies that most tests sign.
const (
	ping    = `{"id":"300000000000000001","application_id":"100000000000000001","type":1,"token":"t","version":1}`
	command = `{"id":"300000000000000002","application_id":"100000000000000001","type":2,"token":"canary-token",` +
		`"guild_id":"200000000000000001","locale":"en-US","guild_locale":"en-US",` +
		`"member":{"user":{"id":"400000000000000001"},"roles":[],"permissions":"32"},` +
		`"data":{"id":"1","type":1,"name":"partnerships","options":[{"type":1,"name":"setup"}]}}`
)

func newEndpoint(t testing.TB) *endpoint {
	t.Helper()
	e := &endpoint{
		TB: t, queue: new(queue), logs: new(logs), now: time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC),
		secret: ed25519.NewKeyFromSeed(bytes.Repeat([]byte{7}, ed25519.SeedSize)),
	}
	now := func() time.Time { return e.now }
	e.store = newStore(t, now)
	key, err := interactions.ParseKey(hex.EncodeToString(e.secret.Public().(ed25519.PublicKey)))
	if err != nil {
		t.Fatal(err)
	}
	catalog, err := texts()
	if err != nil {
		t.Fatal(err)
	}
	e.Server = &interactions.Server{
		Key: key, ApplicationID: application, DB: e.store, Queue: e.queue, Text: catalog,
		Limits: partnership.DefaultLimits(), Log: e.logs.logger(), Now: now, Clock: now,
	}
	return e
}

// sign returns the signature of a timestamp and a body, as 128 hex digits.
func (e *endpoint) sign(timestamp, body string) string {
	return hex.EncodeToString(ed25519.Sign(e.secret, []byte(timestamp+body)))
}

// signed returns a request with the body, properly signed at the given time.
func (e *endpoint) signed(body string, at time.Time) interactions.Request {
	timestamp := strconv.FormatInt(at.Unix(), 10)
	return request(body, e.sign(timestamp, body), timestamp)
}

// request returns a request with one value for each header of the signature.
func request(body, signature, timestamp string) interactions.Request {
	return interactions.Request{
		Method: http.MethodPost, Path: interactions.Path, Body: []byte(body),
		Header: http.Header{"X-Signature-Ed25519": {signature}, "X-Signature-Timestamp": {timestamp}},
	}
}

// post sends a body that is properly signed now.
func (e *endpoint) post(body string) interactions.Response {
	return e.Serve(e.Context(), e.signed(body, e.now))
}

// wants fails the test unless the response to r has the status; only a 200 says anything.
func (e *endpoint) wants(status int, r interactions.Request) interactions.Response {
	e.Helper()
	out := e.Serve(e.Context(), r)
	if out.Status != status {
		e.Errorf("status %d, want %d", out.Status, status)
	}
	if out.Status != http.StatusOK && len(out.Body) > 0 {
		e.Errorf("a %d tells %q", out.Status, out.Body)
	}
	return out
}

// untouched fails the test if the store was asked for anything.
func (e *endpoint) untouched() {
	e.Helper()
	if n := e.store.asked.Load(); n > 0 {
		e.Errorf("the store was asked %d times, want never", n)
	}
}

// logs are what was logged, as JSON lines.
type logs struct {
	mu sync.Mutex
	b  bytes.Buffer
}

// logger returns a logger of all levels.
func (l *logs) logger() *slog.Logger {
	return slog.New(slog.NewJSONHandler(l, &slog.HandlerOptions{Level: slog.LevelDebug}))
}

func (l *logs) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

// take returns the lines logged since it was called last.
func (l *logs) take() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	lines := strings.Split(strings.TrimSpace(l.b.String()), "\n")
	l.b.Reset()
	if len(lines) == 1 && lines[0] == "" {
		return nil
	}
	return lines
}
