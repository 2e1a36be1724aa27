package discordrest

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/disgoorg/disgo/rest"

	"github.com/entente-bot/entente/internal/action"
)

// Why a request did not leave.
var (
	errShut    = errors.New("nothing is sent to Discord for now")
	errParked  = errors.New("nothing is sent to Discord for this guild for now: it was refused too often")
	errTooLong = errors.New("the rate limit lasts longer than there is time")
)

// A limiter lets requests leave when Discord allows. It implements
// [rest.RateLimiter].
//
// In one bucket, one request at a time is under way: so what an answer says of
// its bucket is always exact, and nothing has to be guessed. Buckets do not
// wait for each other.
type limiter struct {
	now func() time.Time
	log *slog.Logger

	mu      sync.Mutex
	names   map[string]string  // method and route → Discord's name of its bucket
	buckets map[string]*bucket // by name, or method and route while that is unknown, and major parameter
	held    map[*rest.CompiledEndpoint]*passage
	swept   time.Time   // when buckets that are no longer needed were dropped
	sent    []time.Time // when the last requests with the bot token left, as a ring
	next    int         // the oldest of sent
	global  time.Time   // no request with the bot token leaves before this time
	circuit circuit
}

// A bucket is one rate limit.
type bucket struct {
	until time.Time     // nothing leaves before this time
	busy  chan struct{} // closed when the request under way is answered; nil if there is none
}

func newLimiter(cfg Config) *limiter {
	l := &limiter{now: cfg.Now, log: cfg.Log, sent: make([]time.Time, cfg.PerSecond), circuit: circuit{limit: cfg.Invalid, dark: make(map[string]bool)}}
	l.Reset()
	return l
}

// MaxRetries implements [rest.RateLimiter]: disgo is not to try again by itself.
func (l *limiter) MaxRetries() int { return 1 }

// Close implements [rest.RateLimiter].
func (l *limiter) Close(context.Context) {}

// Reset implements [rest.RateLimiter]. It does not close the circuit.
func (l *limiter) Reset() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.names = make(map[string]string)
	l.buckets = make(map[string]*bucket)
	for _, p := range l.held {
		l.release(p)
	}
	l.held = make(map[*rest.CompiledEndpoint]*passage)
	l.global = time.Time{}
}

// Wait implements [rest.RateLimiter]: it returns when e may leave.
func (l *limiter) Wait(ctx context.Context, e *rest.CompiledEndpoint) error {
	for {
		if err := ctx.Err(); err != nil {
			return &action.Failure{Verdict: action.Again, Outage: true, Err: err}
		}
		wait, busy, err := l.leave(e, action.GuildOf(ctx))
		if err != nil || wait == 0 && busy == nil {
			return err
		}
		if err := pause(ctx, wait, busy); err != nil {
			return err
		}
	}
}

// leave lets e leave for a guild, or returns what it has to wait for: some time, or
// the answer to another request.
func (l *limiter) leave(e *rest.CompiledEndpoint, guild string) (wait time.Duration, busy <-chan struct{}, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	shut, probe := l.circuit.shut(now, e.Endpoint.BotAuth, guild)
	switch {
	case probe != nil:
		return 0, probe, nil
	case shut > 0 && l.circuit.parked(now, guild) > 0:
		return 0, nil, &action.Failure{Verdict: action.Again, Outage: true, After: shut, Err: errParked}
	case shut > 0:
		return 0, nil, &action.Failure{Verdict: action.Again, Outage: true, After: shut, Err: errShut}
	}
	b := l.bucket(e, now)
	until := b.until
	if e.Endpoint.BotAuth {
		until = latest(until, l.global, l.sent[l.next].Add(time.Second))
	}
	if now.Before(until) {
		return until.Sub(now), nil, nil
	}
	if b.busy != nil {
		return 0, b.busy, nil
	}
	b.busy = make(chan struct{})
	p := &passage{e, b, guild, make(chan struct{})}
	l.held[e] = p
	l.circuit.left(p)
	if e.Endpoint.BotAuth {
		l.sent[l.next] = now
		l.next = (l.next + 1) % len(l.sent)
	}
	return 0, nil, nil
}

// pause waits until wait is over or, if there is none, busy is closed.
func pause(ctx context.Context, wait time.Duration, busy <-chan struct{}) error {
	var over <-chan time.Time
	if wait > 0 {
		// Durations are compared, not times: our clock may not be the context's.
		if deadline, ok := ctx.Deadline(); ok && wait >= time.Until(deadline) {
			return &action.Failure{Verdict: action.Again, Outage: true, After: wait, Err: errTooLong}
		}
		timer := time.NewTimer(wait)
		defer timer.Stop()
		over = timer.C
	}
	select {
	case <-over:
	case <-busy:
	case <-ctx.Done():
		return &action.Failure{Verdict: action.Again, Outage: true, After: wait, Err: ctx.Err()}
	}
	return nil
}

// Unlock implements [rest.RateLimiter]: e was answered with rs, or with nothing
// if that is nil.
func (l *limiter) Unlock(e *rest.CompiledEndpoint, rs *http.Response) error {
	if rs == nil {
		if alarm := l.forget(e); alarm != "" {
			l.log.Error(alarm, "circuit", "open", "route", e.Endpoint.Route)
		}
		return nil
	}
	var body []byte
	if rs.StatusCode >= http.StatusBadRequest {
		body = reread(rs)
	}
	a := read(rs, body, e.Endpoint.BotAuth)
	alarm, parked := l.learn(e, a)
	if alarm != "" {
		l.log.Error(alarm, "circuit", "open", "status", a.status, "code", a.code, "route", e.Endpoint.Route)
	}
	if parked != "" {
		l.log.Warn("Discord refused too much for this guild: nothing is sent for it for now", "parked", parked, "status", a.status, "code", a.code, "route", e.Endpoint.Route)
	}
	if a.status == http.StatusTooManyRequests {
		l.log.Warn("rate limited by Discord", "route", e.Endpoint.Route, "wait", a.retry, "global", a.global, "shared", a.shared)
	}
	return nil
}

// reread returns the body of rs and leaves rs readable. A body that breaks off
// is left as it is up to there: that Discord refused is worth more than why.
func reread(rs *http.Response) []byte {
	body, _ := io.ReadAll(rs.Body)
	if bytes.Equal(bytes.TrimSpace(body), []byte("null")) {
		body = []byte("{}") // of null, disgo would make an error that is nil
	}
	rs.Body = io.NopCloser(bytes.NewReader(body))
	return body
}

// forget records that e got no answer. It returns an alarm if nothing is sent from
// now on.
func (l *limiter) forget(e *rest.CompiledEndpoint) (alarm string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	p := l.held[e]
	if p == nil {
		return "" // the limiter was reset meanwhile
	}
	defer l.release(p)
	return l.circuit.lost(l.now(), p)
}

// learn records what the answer to e says of rate limits, and lets the next one
// in its bucket go. It returns an alarm if nothing is sent from now on, and the guild
// for which nothing is.
func (l *limiter) learn(e *rest.CompiledEndpoint, a answer) (alarm, parked string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now, p := l.now(), l.held[e]
	if p == nil {
		return "", ""
	}
	before := l.circuit.parked(now, p.guild)
	alarm = l.circuit.saw(now, p, a)
	if before == 0 && l.circuit.parked(now, p.guild) > 0 {
		parked = p.guild
	}
	l.release(p)
	if a.bucket != "" {
		l.names[route(e)] = a.bucket
	}
	b := l.bucket(e, now)
	if a.spent {
		b.until = latest(b.until, now.Add(a.reset))
	}
	if a.status != http.StatusTooManyRequests || a.retry == 0 {
		return alarm, parked
	}
	if a.global && e.Endpoint.BotAuth {
		l.global = latest(l.global, now.Add(a.retry))
	} else {
		b.until = latest(b.until, now.Add(a.retry))
	}
	return alarm, parked
}

// release ends the hold of p on its bucket, and has those go on that waited for it.
func (l *limiter) release(p *passage) {
	close(p.bucket.busy)
	close(p.over)
	p.bucket.busy = nil
	delete(l.held, p.CompiledEndpoint)
}

// route names e without its parameters.
func route(e *rest.CompiledEndpoint) string { return e.Endpoint.Method + " " + e.Endpoint.Route }

// bucket returns the bucket of e, as far as is known by now.
func (l *limiter) bucket(e *rest.CompiledEndpoint, now time.Time) *bucket {
	l.sweep(now)
	key := route(e)
	if name, ok := l.names[key]; ok {
		key = name
	}
	key += " " + e.MajorParams
	b := l.buckets[key]
	if b == nil {
		b = new(bucket)
		l.buckets[key] = b
	}
	return b
}

// sweep drops the buckets that say nothing any more, once a minute: so there are
// never more than what a minute can bring and what must be waited for.
func (l *limiter) sweep(now time.Time) {
	if now.Sub(l.swept) < time.Minute {
		return
	}
	l.swept = now
	for key, b := range l.buckets {
		if b.busy == nil && !now.Before(b.until) {
			delete(l.buckets, key)
		}
	}
}

// shut returns for how long nothing is sent with the bot token: 0 if it is.
func (l *limiter) shut() time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	wait, _ := l.circuit.shut(l.now(), true, "")
	return wait
}

// latest returns the latest of times.
func latest(first time.Time, others ...time.Time) time.Time {
	for _, t := range others {
		if t.After(first) {
			first = t
		}
	}
	return first
}
