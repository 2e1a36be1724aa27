package poller_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"net/http"
	"path"
	"strings"
	"sync"
	"time"

	"github.com/entente-bot/entente/internal/storage"
)

var (
	errDead  = errors.New("the process is dead")
	errReset = errors.New("connection reset by peer")
	errDown  = errors.New("the store is throttled")
)

// A process is what a poller runs in. It may die before any of its steps; from
// then on nothing of it gets out.
type process struct {
	mu    sync.Mutex
	rng   *rand.Rand
	steps int
	at    int // the step it dies before; -1 for never
	dead  bool
	late  bool  // it was frozen, and does not know yet how late it is
	town  *town // whose weather it has
}

// lives reports whether the process gets to its next step.
func (p *process) lives() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.dead = p.dead || p.steps == p.at
	p.steps++
	return !p.dead
}

// chance is true so often.
func (p *process) chance(of float64) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.rng.Float64() < of
}

// between draws a time.
func (p *process) between(least, most time.Duration) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	return least + time.Duration(p.rng.Int64N(int64(most-least)+1))
}

// freezes stops the process for minutes, now and then, after which it goes on as if
// nothing had been. It returns a context for what it then does.
func (p *process) freezes(ctx context.Context, of float64) context.Context {
	frozen := p.chance(of)
	if frozen {
		pass(p.between(30*time.Second, 3*time.Minute))
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.late = p.late || frozen; p.late {
		return context.WithoutCancel(ctx)
	}
	return ctx
}

// A memory is the store as a process reaches it. Some writes are refused, some are
// done without being confirmed, and some come minutes late.
type memory struct {
	storage.DB
	*process
}

func (m memory) Get(ctx context.Context, keys ...storage.Key) ([]storage.Item, error) {
	if !m.lives() {
		return nil, errDead
	}
	return m.DB.Get(m.freezes(ctx, m.town.weather().store/4), keys...)
}

func (m memory) List(ctx context.Context, q storage.Query) (storage.Page, error) {
	if !m.lives() {
		return storage.Page{}, errDead
	}
	return m.DB.List(ctx, q)
}

func (m memory) Put(ctx context.Context, items ...storage.Item) error {
	if !m.lives() {
		return errDead
	}
	bad := m.town.weather().store
	if m.chance(bad) {
		return errDown
	}
	if err := m.DB.Put(m.freezes(ctx, bad/4), items...); err != nil {
		return err
	}
	if m.chance(bad) {
		return errDown
	}
	if !m.lives() {
		return errDead
	}
	return nil
}

// A wire is Discord as a process reaches it.
type wire struct {
	to http.RoundTripper
	*process
}

func (w wire) RoundTrip(r *http.Request) (*http.Response, error) {
	if !w.lives() {
		return nil, errDead
	}
	bad := w.town.weather().discord
	if err := pause(r.Context(), w.between(20*time.Millisecond, 300*time.Millisecond)); err != nil {
		return nil, err
	}
	switch {
	case w.chance(bad):
		return made(r, http.StatusBadGateway, `{"message":"502: Bad Gateway","code":0}`, nil), nil
	case w.chance(bad):
		return nil, errReset
	case w.chance(bad):
		wait := []string{"0.4", "7.5", "65"}[int(w.between(0, 2))]
		return made(r, http.StatusTooManyRequests, `{"message":"You are being rate limited.","retry_after":`+wait+`,"global":false}`,
			http.Header{"Retry-After": {wait}, "X-Ratelimit-Scope": {"shared"}, "X-Ratelimit-Bucket": {"weather"}}), nil
	case w.chance(bad):
		if err := pause(r.Context(), time.Minute); err != nil { // no answer
			return nil, err
		}
	}
	answer, err := w.to.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	if err := pause(r.Context(), w.between(20*time.Millisecond, 300*time.Millisecond)); err != nil {
		return nil, err
	}
	if !w.lives() {
		return nil, errDead
	}
	guild, listed := strings.CutSuffix(r.URL.Path, "/invites")
	switch {
	case !listed || answer.StatusCode != http.StatusOK:
	case w.chance(bad):
		return cutShort(answer)
	case w.town.hides(path.Base(guild)):
		return made(r, http.StatusOK, "[]", nil), nil
	}
	return answer, nil
}

// made is an answer that Discord did not give.
func made(r *http.Request, status int, body string, header http.Header) *http.Response {
	if header == nil {
		header = http.Header{}
	}
	header.Set("Content-Type", "application/json")
	return &http.Response{
		StatusCode: status, Status: http.StatusText(status), Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: header, Body: io.NopCloser(strings.NewReader(body)), ContentLength: int64(len(body)), Request: r,
	}
}

// cutShort returns an answer whose body breaks off.
func cutShort(answer *http.Response) (*http.Response, error) {
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		return nil, err
	}
	answer.Body = io.NopCloser(io.MultiReader(bytes.NewReader(body[:len(body)/2]), broken{}))
	return answer, nil
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

// pause waits, unless the request is given up.
func pause(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
