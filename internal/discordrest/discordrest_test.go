package discordrest_test

import (
	"bytes"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/entente-bot/entente/internal/discordrest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// What must never be seen anywhere but in a request.
const (
	botToken   = "canary-bot-token"
	replyToken = "canary-reply-token"
	content    = "canary-content"
)

const base = "https://discord.test/api/v10"

// A trip answers requests in memory. It is Discord, as far as a test needs it.
type trip func(*http.Request) (*http.Response, error)

func (t trip) RoundTrip(rq *http.Request) (*http.Response, error) { return t(rq) }

// answer makes a response. Headers are name, value, name, value …
func answer(status int, body string, headers ...string) *http.Response {
	h := http.Header{"Content-Type": {"application/json"}}
	for i := 0; i+1 < len(headers); i += 2 {
		h.Set(headers[i], headers[i+1])
	}
	return &http.Response{StatusCode: status, Header: h, Body: io.NopCloser(strings.NewReader(body))}
}

// always answers everything alike.
func always(status int, body string, headers ...string) trip {
	return func(*http.Request) (*http.Response, error) { return answer(status, body, headers...), nil }
}

// open returns a client of an in-memory Discord.
func open(d http.RoundTripper, change ...func(*discordrest.Config)) *discordrest.Client {
	cfg := discordrest.Config{Token: botToken, ApplicationID: "99", URL: base, Version: "1.2.3", Transport: d}
	for _, f := range change {
		f(&cfg)
	}
	return discordrest.New(cfg)
}

// A tape records which requests left, and when.
type tape struct {
	mu    sync.Mutex
	began time.Time
	lines []string
	times []time.Time
	body  []byte
	head  http.Header
}

// on records what goes to d.
func (t *tape) on(d trip) trip {
	t.began = time.Now()
	return func(rq *http.Request) (*http.Response, error) {
		var body []byte
		if rq.Body != nil {
			body, _ = io.ReadAll(rq.Body)
		}
		t.mu.Lock()
		t.lines = append(t.lines, rq.Method+" "+strings.TrimPrefix(rq.URL.String(), base))
		t.times = append(t.times, time.Now())
		t.body, t.head = body, rq.Header
		t.mu.Unlock()
		return d(rq)
	}
}

// count returns how many requests left.
func (t *tape) count() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return len(t.lines)
}

// at returns how long after the start each request left.
func (t *tape) at() []time.Duration {
	t.mu.Lock()
	defer t.mu.Unlock()
	after := make([]time.Duration, len(t.times))
	for i, at := range t.times {
		after[i] = at.Sub(t.began)
	}
	return after
}

// A logbook keeps log lines of every level.
type logbook struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *logbook) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *logbook) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// to makes a client log to l.
func to(l *logbook) func(*discordrest.Config) {
	return func(cfg *discordrest.Config) {
		cfg.Log = slog.New(slog.NewTextHandler(l, &slog.HandlerOptions{Level: slog.LevelDebug - 100}))
	}
}
