package scheduler_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/scheduler"
	"github.com/entente-bot/entente/internal/storage"
)

// A slow store takes its time for every page.
type slow struct {
	*counting
	page time.Duration
}

func (s slow) List(ctx context.Context, q storage.Query) (storage.Page, error) {
	select {
	case <-ctx.Done():
		return storage.Page{}, ctx.Err()
	case <-time.After(s.page):
		return s.counting.List(ctx, q)
	}
}

// finish takes what was sent and does it, and returns how much there was to do.
func (b *bench) finish() (done int) {
	b.Helper()
	for r := range b.sent {
		a, err := b.Actions.Take(b.Context(), r)
		if errors.Is(err, action.ErrNotYours) {
			continue
		}
		if err == nil {
			_, _, err = b.Actions.Finish(b.Context(), a, nil)
		}
		if err != nil {
			b.Fatal(err)
		}
		done++
	}
	clear(b.sent)
	return done
}

// TestRunIsBounded (FAULTS R17): the store takes 17 seconds a page. A run stops
// before the next one begins, without a failure; the next ones do what is left.
func TestRunIsBounded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		const due = 6_000 // nearly four pages a shard: a run gets to three
		b.cause(0, due, b.now)
		b.Actions.DB = slow{b.db, 17 * time.Second}
		for done, runs := 0, 0; done < due; runs++ {
			began := time.Now()
			sent, err := b.Scheduler.Run(t.Context(), 0)
			if took := time.Since(began); err != nil || took > 55*time.Second {
				t.Fatalf("run %d: %v, after %v", runs, err, took)
			}
			if sent == 0 || runs == 0 && sent != 3*100*action.Shards {
				t.Fatalf("run %d sent %d", runs, sent)
			}
			done += b.finish()
		}
	})
}

// TestRunEnds: the store does not answer at all. The run is broken off, and says so.
func TestRunEnds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		b.cause(0, 10, b.now)
		b.Actions.DB = slow{b.db, time.Hour}
		began := time.Now()
		_, err := b.Scheduler.Run(t.Context(), 0)
		if took := time.Since(began); !errors.Is(err, context.DeadlineExceeded) || took > 55*time.Second {
			t.Errorf("Run = %v, after %v", err, took)
		}
		b.Actions.DB = b.db
		if sent, err := b.Scheduler.Run(t.Context(), 0); err != nil || sent != 10 {
			t.Errorf("the next run: %d, %v", sent, err)
		}
	})
}

// A gate lets nobody have the page they read until it opens.
type gate struct {
	*counting
	read chan struct{} // one for every page that was read
	open chan struct{}
}

func (g gate) List(ctx context.Context, q storage.Query) (storage.Page, error) {
	page, err := g.counting.List(ctx, q)
	g.read <- struct{}{}
	<-g.open
	return page, err
}

// TestOverlappingRuns (FAULTS R17): a run hangs with what it read, another one
// comes and all is done meanwhile. What the first then sends leads to nothing.
func TestOverlappingRuns(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.cause(0, 200, b.now)
	g := gate{b.db, make(chan struct{}), make(chan struct{})}
	hanging := &scheduler.Scheduler{Actions: &action.Holder{DB: g, Now: b.clock, Owner: "b"}, Queue: b, Log: b.Scheduler.Log}
	ended := make(chan error)
	go func() {
		_, err := hanging.Run(t.Context(), 0)
		ended <- err
	}()
	for range action.Shards {
		<-g.read
	}
	b.run()
	if done := b.finish(); done != 200 {
		t.Fatalf("%d were done, want 200", done)
	}
	close(g.open)
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if again := b.finish(); again != 0 {
		t.Errorf("%d were done twice", again)
	}
}

// daily does what was sent as a daily check does: it causes itself for a day later.
// A pointer of some earlier time comes, too.
func (b *bench) daily() (done int) {
	b.Helper()
	b.run()
	b.sent[action.Ref{Name: "showcase.sync", Guild: "0", Subject: "7"}]++
	for r := range b.sent {
		a, err := b.Actions.Take(b.Context(), r)
		if errors.Is(err, action.ErrNotYours) {
			continue
		}
		if err != nil {
			b.Fatal(err)
		}
		err = b.Actions.Save(b.Context(), a, nil, func(tx *storage.Tx) error {
			action.Cause(tx, r, b.now.Add(24*time.Hour))
			return nil
		})
		if err == nil {
			_, _, err = b.Actions.Finish(b.Context(), a, nil)
		}
		if err != nil {
			b.Fatal(err)
		}
		done++
	}
	clear(b.sent)
	return done
}

// TestClock (FAULTS R17, R19): a daily check is done once a day, on a leap day and
// over the ends of daylight saving time, too; not again when the clock goes back
// an hour, and once when the scheduler was away for days.
func TestClock(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.now = time.Date(2028, 2, 27, 12, 0, 0, 0, time.UTC)
	b.cause(0, 1, b.now)
	steps := []struct {
		name string
		by   time.Duration
		done int
	}{
		{"at its time", 0, 1},
		{"the same minute again", 0, 0},
		{"an hour back", -time.Hour, 0},
		{"to where it was", time.Hour, 0},
		{"a moment before the next", 24*time.Hour - time.Millisecond, 0},
		{"28 February", time.Millisecond, 1},
		{"an hour back, after it", -time.Hour, 0},
		{"forward again", time.Hour, 0},
		{"29 February", 24 * time.Hour, 1},
		{"29 February, once more", time.Minute, 0},
		{"1 March, ten minutes late", 24*time.Hour + 9*time.Minute, 1},
		{"away for three days", 3 * 24 * time.Hour, 1},
		{"and there again", time.Minute, 0},
		{"into daylight saving time", 23 * time.Hour, 0},
		{"a day is 24 hours", time.Hour, 1},
	}
	for _, s := range steps {
		b.now = b.now.Add(s.by)
		if done := b.daily(); done != s.done {
			t.Errorf("%s (%v): done %d times, want %d", s.name, b.now, done, s.done)
		}
	}
}

// TestGoneEarly (FAULTS R16): actions are gone, and their pointers are not. They
// lead nowhere, and keep nothing else from being found.
func TestGoneEarly(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.cause(0, 30, b.now)
	for n := range 20 {
		r := action.Ref{Name: "showcase.sync", Guild: fmt.Sprint(n), Subject: "7"}
		if err := b.db.Put(t.Context(), storage.Item{Key: r.Key(), Version: storage.Any}); err != nil {
			t.Fatal(err)
		}
	}
	b.run()
	if n := len(b.sent); n != 10 || b.finish() != 10 {
		t.Errorf("%d were sent, want 10", n)
	}
}
