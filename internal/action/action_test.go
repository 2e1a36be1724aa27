package action_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/storage"
	"github.com/entente-bot/entente/internal/storage/bolt"
)

// A bench is a store and a clock that tests turn by hand.
type bench struct {
	*testing.T
	db  storage.DB
	now time.Time
}

func newBench(t *testing.T) *bench {
	t.Helper()
	b := &bench{T: t, now: time.Date(2026, 2, 28, 23, 0, 0, 0, time.UTC)}
	db, err := bolt.Open(filepath.Join(t.TempDir(), "db"), b.clock, bolt.Unsynced)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	b.db = db
	return b
}

func (b *bench) clock() time.Time { return b.now }

// holder is a process with a name of its own.
func (b *bench) holder(name string) *action.Holder {
	return &action.Holder{DB: b.db, Now: b.clock, Owner: name}
}

var listing = action.Ref{Name: "showcase.sync", Guild: "1", Subject: "2"}

func (b *bench) cause(r action.Ref, at time.Time) {
	b.Helper()
	b.update(func(tx *storage.Tx) { action.Cause(tx, r, at) }, r)
}

func (b *bench) update(write func(*storage.Tx), refs ...action.Ref) {
	b.Helper()
	err := storage.Update(b.Context(), b.db, action.Keys(refs...), func(tx *storage.Tx) error {
		write(tx)
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
}

func (b *bench) take(h *action.Holder) action.Action {
	b.Helper()
	a, err := h.Take(b.Context(), listing)
	if err != nil {
		b.Fatalf("Take = %v", err)
	}
	return a
}

func (b *bench) notYours(h *action.Holder) {
	b.Helper()
	if a, err := h.Take(b.Context(), listing); !errors.Is(err, action.ErrNotYours) {
		b.Fatalf("Take = %+v, %v; want ErrNotYours", a, err)
	}
}

func (b *bench) finish(h *action.Holder, a action.Action, outcome error) (action.Action, bool) {
	b.Helper()
	left, ok, err := h.Finish(b.Context(), a, outcome)
	if err != nil {
		b.Fatalf("Finish = %v", err)
	}
	return left, ok
}

// swept is what a scheduler would send pointers for.
func (b *bench) swept(h *action.Holder, grace time.Duration) []action.Ref {
	b.Helper()
	var all []action.Ref
	for shard := range action.Shards {
		err := h.Sweep(b.Context(), shard, grace, func(_ context.Context, refs []action.Ref) error {
			all = append(all, refs...)
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	return all
}

func TestDoneActionIsGone(t *testing.T) {
	b := newBench(t)
	h := b.holder("a")
	b.notYours(h)
	b.cause(listing, b.now)
	a := b.take(h)
	if left, ok := b.finish(h, a, nil); ok {
		t.Errorf("done, but %+v is left", left)
	}
	b.notYours(h)
	if refs := b.swept(h, 0); len(refs) > 0 {
		t.Errorf("done, but %v would be sent", refs)
	}
}

func TestSecondCauseIsAbsorbedAndDoneAgain(t *testing.T) {
	b := newBench(t)
	h := b.holder("a")
	b.cause(listing, b.now)
	b.cause(listing, b.now)
	if refs := b.swept(h, 0); len(refs) != 1 {
		t.Fatalf("two causes made %v", refs)
	}
	a := b.take(h)
	b.cause(listing, b.now) // while it is being done: what was read may be old
	left, ok := b.finish(h, a, nil)
	if !ok || left.State != action.Due || left.Due.After(b.now) || left.Attempts != 0 {
		t.Fatalf("after a cause in between: %+v, %v; want it due at once", left, ok)
	}
	a = b.take(h)
	if _, ok := b.finish(h, a, nil); ok {
		t.Error("done twice, but something is left")
	}
}

func TestEarlierTimeStands(t *testing.T) {
	b := newBench(t)
	h := b.holder("a")
	b.cause(listing, b.now.Add(time.Hour))
	b.notYours(h)
	b.cause(listing, b.now.Add(2*time.Hour))
	b.cause(listing, b.now.Add(time.Minute))
	b.now = b.now.Add(time.Minute)
	if refs := b.swept(h, 0); !slices.Equal(refs, []action.Ref{listing}) {
		t.Fatalf("at its earliest time: %v", refs)
	}
	b.take(h)
}

func TestLeaseIsExclusiveUntilItLapses(t *testing.T) {
	b := newBench(t)
	first, second := b.holder("a"), b.holder("b")
	b.cause(listing, b.now)
	a := b.take(first)
	b.notYours(second)
	if refs := b.swept(second, 0); len(refs) > 0 {
		t.Errorf("held, but %v would be sent", refs)
	}
	b.now = b.now.Add(action.Lease)
	if refs := b.swept(second, 0); len(refs) != 1 {
		t.Errorf("lapsed, but %v would be sent", refs)
	}
	again := b.take(second)
	if again.Attempts != 2 {
		t.Errorf("Attempts = %d after a crash, want 2", again.Attempts)
	}

	// The first one wakes up: it can neither save nor finish.
	err := first.Save(t.Context(), a, nil, func(*storage.Tx) error { return nil })
	if !errors.Is(err, action.ErrNotYours) {
		t.Errorf("Save under a lost lease = %v, want ErrNotYours", err)
	}
	b.finish(first, a, nil)
	if err := second.Save(t.Context(), again, nil, func(*storage.Tx) error { return nil }); err != nil {
		t.Errorf("the lease of the second is gone too: %v", err)
	}
}

func TestSaveExtendsTheLease(t *testing.T) {
	b := newBench(t)
	h := b.holder("a")
	b.cause(listing, b.now)
	a := b.take(h)
	b.now = b.now.Add(action.Lease - time.Second)
	if err := h.Save(t.Context(), a, nil, func(*storage.Tx) error { return nil }); err != nil {
		t.Fatal(err)
	}
	b.now = b.now.Add(action.Lease - time.Second)
	b.notYours(b.holder("b"))
}

func TestOnlyProcessTakesOverWhatACrashLeft(t *testing.T) {
	b := newBench(t)
	b.cause(listing, b.now)
	b.take(b.holder("before the crash"))
	after := b.holder("after the crash")
	after.Sole = true
	if refs := b.swept(after, 0); len(refs) != 1 {
		t.Errorf("left by a crash, but %v would be sent", refs)
	}
	b.take(after)
	b.notYours(after)
}

func TestCancelledActionStopsItsWorker(t *testing.T) {
	b := newBench(t)
	h := b.holder("a")
	b.cause(listing, b.now)
	a := b.take(h)
	b.update(func(tx *storage.Tx) { action.Cancel(tx, listing) }, listing)
	err := h.Save(t.Context(), a, nil, func(*storage.Tx) error { return nil })
	if !errors.Is(err, action.ErrNotYours) {
		t.Errorf("Save of a cancelled action = %v, want ErrNotYours", err)
	}
	b.finish(h, a, errors.New("whatever"))
	b.notYours(h)
}

func TestFailures(t *testing.T) {
	again := &action.Failure{Verdict: action.Again, After: time.Hour, Err: errors.New("slow down")}
	tests := []struct {
		name    string
		outcome error
		state   action.State
		within  time.Duration // of when it is tried again
	}{
		{"unknown error", errors.New("reset"), action.Due, 2 * time.Second},
		{"wrapped, told how long", fmt.Errorf("post: %w", again), action.Due, time.Hour},
		{"blocked", action.Blocking("worker.no-review-channel"), action.Blocked, action.Recheck},
		{"a bug", &action.Failure{Verdict: action.Bury, Err: errors.New("bad body")}, action.Dead, action.Revive},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := newBench(t)
			h := b.holder("a")
			b.cause(listing, b.now)
			left, ok := b.finish(h, b.take(h), tt.outcome)
			if !ok || left.State != tt.state || left.Error == "" {
				t.Fatalf("left %+v, %v; want it %s", left, ok, tt.state)
			}
			if refs := b.swept(h, 0); len(refs) > 0 {
				t.Errorf("would be sent at once: %v", refs)
			}
			b.now = b.now.Add(tt.within)
			if refs := b.swept(h, 0); len(refs) != 1 {
				t.Errorf("after %v: %d would be sent, want 1", tt.within, len(refs))
			}
			b.take(h) // what is sent by hand is always tried
		})
	}
}

func TestActionThatFailsForADayIsBuried(t *testing.T) {
	b := newBench(t)
	h := b.holder("a")
	b.cause(listing, b.now)
	began, tries := b.now, 0
	for {
		left, _ := b.finish(h, b.take(h), errors.New("down"))
		tries++
		if left.State == action.Dead {
			break
		}
		if wait := left.Due.Sub(b.now); wait <= 0 || wait > 15*time.Minute {
			t.Fatalf("try %d: waits %v", tries, wait)
		}
		b.now = left.Due
	}
	if d := b.now.Sub(began); d < action.GiveUp || d > action.GiveUp+15*time.Minute {
		t.Errorf("given up after %v, want %v", d, action.GiveUp)
	}
	if tries > 200 {
		t.Errorf("%d tries in a day: the wait does not grow", tries)
	}
}

// TestOutageIsWaitedFor: three days without Discord end no action, and when it is back,
// what waited is tried within minutes.
func TestOutageIsWaitedFor(t *testing.T) {
	b := newBench(t)
	h := b.holder("a")
	b.cause(listing, b.now)
	for over := b.now.Add(72 * time.Hour); b.now.Before(over); {
		left, _ := b.finish(h, b.take(h), &action.Failure{Verdict: action.Again, Outage: true, Err: errors.New("no answer")})
		if wait := left.Due.Sub(b.now); left.State != action.Due || wait > 5*time.Minute {
			t.Fatalf("%s, waits %v", left.State, wait)
		}
		b.now = left.Due
	}
	if left, _ := b.finish(h, b.take(h), errors.New("another trouble")); left.State != action.Due {
		t.Errorf("%s for what only began now", left.State)
	}
}

func TestBlockedIsShownUntilItIsMended(t *testing.T) {
	b := newBench(t)
	h := b.holder("a")
	stops := func() []action.Stop {
		page, err := b.db.List(t.Context(), action.BlockedQuery("1"))
		if err != nil {
			t.Fatal(err)
		}
		list, err := action.BlockedIn(page)
		if err != nil {
			t.Fatal(err)
		}
		return list
	}
	b.cause(listing, b.now)
	b.finish(h, b.take(h), action.Blocking("first"))
	if got := stops(); len(got) != 1 || got[0].Reason.Key != "first" || got[0].Ref != listing {
		t.Fatalf("blocked: %+v", got)
	}
	b.update(func(tx *storage.Tx) { action.Retry(tx, listing, b.now) }, listing)
	if got := stops(); len(got) != 0 {
		t.Fatalf("to be tried again, but shown as blocked: %+v", got)
	}
	b.finish(h, b.take(h), action.Blocking("second", "channel", "7"))
	if got := stops(); len(got) != 1 || got[0].Reason.Key != "second" {
		t.Fatalf("blocked for another reason: %+v", got)
	}
	if c, err := h.Count(t.Context()); err != nil || c != (action.Census{Blocked: 1}) {
		t.Errorf("Count = %+v, %v", c, err)
	}
	b.now = b.now.Add(action.Recheck) // nobody does anything: it is tried again
	b.finish(h, b.take(h), nil)
	if got := stops(); len(got) != 0 {
		t.Fatalf("mended, but shown as blocked: %+v", got)
	}
}

func TestClockSetBackDoesNothingTwice(t *testing.T) {
	b := newBench(t)
	h := b.holder("a")
	b.cause(listing, b.now)
	a := b.take(h)
	b.now = b.now.Add(-time.Hour)
	b.notYours(b.holder("b"))
	if _, ok := b.finish(h, a, nil); ok {
		t.Error("something is left")
	}
	if refs := b.swept(h, 0); len(refs) > 0 {
		t.Errorf("would be sent: %v", refs)
	}
}

// TestOneOfManyTakes lets 32 workers race for one action, 20 times over.
func TestOneOfManyTakes(t *testing.T) {
	b := newBench(t)
	for round := range 20 {
		b.cause(listing, b.now)
		var wg sync.WaitGroup
		taken := make(chan action.Action, 32)
		for i := range 32 {
			wg.Go(func() {
				h := b.holder(fmt.Sprint(i))
				if a, err := h.Take(t.Context(), listing); err == nil {
					taken <- a
				}
			})
		}
		wg.Wait()
		if len(taken) != 1 {
			t.Fatalf("round %d: %d workers took the action", round, len(taken))
		}
		b.finish(b.holder("x"), <-taken, nil)
	}
}

func TestParse(t *testing.T) {
	r := action.Ref{Name: "apply.card", Guild: "12", Subject: "a#b"}
	for _, hops := range []int{0, 3} {
		if got, n, err := action.Decode(action.Encode(r, hops)); err != nil || got != r || n != hops {
			t.Errorf("Decode(Encode(%v, %d)) = %v, %d, %v", r, hops, got, n, err)
		}
	}
	for _, body := range []string{
		"", "{}", "null", "[]", "x", `{"schema":2,"action":"a#b#c"}`, `{"schema":1,"action":"a#b"}`,
		`{"schema":1,"action":"##"}`, `{"schema":"1","action":"a#b#c"}`,
	} {
		if r, _, err := action.Decode(body); err == nil {
			t.Errorf("Decode(%s) = %v, want an error", body, r)
		}
	}
}
