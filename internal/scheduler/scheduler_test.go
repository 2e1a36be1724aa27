package scheduler_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/roll"
	"github.com/entente-bot/entente/internal/scheduler"
	"github.com/entente-bot/entente/internal/storage"
	"github.com/entente-bot/entente/internal/storage/bolt"
)

// A bench is a scheduler on a store that counts how it is asked.
type bench struct {
	testing.TB
	*scheduler.Scheduler
	db  *counting
	now time.Time

	mu   sync.Mutex
	sent map[action.Ref]int
}

func newBench(t testing.TB) *bench {
	t.Helper()
	b := &bench{TB: t, now: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC), sent: make(map[action.Ref]int)}
	file, err := bolt.Open(filepath.Join(t.TempDir(), "db"), b.clock, bolt.Unsynced)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = file.Close() })
	if err := storage.Update(t.Context(), file, []storage.Key{roll.MarkKey()}, func(tx *storage.Tx) error {
		tx.Set(roll.MarkKey(), roll.Mark{At: b.now}) // nothing was lost
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	b.db = &counting{DB: file}
	b.Scheduler = &scheduler.Scheduler{
		Actions: &action.Holder{DB: b.db, Now: b.clock, Owner: "a"}, Queue: b, Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
	}
	return b
}

func (b *bench) clock() time.Time { return b.now }

// Send counts what is sent.
func (b *bench) Send(_ context.Context, refs ...action.Ref) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, r := range refs {
		b.sent[r]++
	}
	return nil
}

// cause records actions of as many guilds, due at the given time.
func (b *bench) cause(from, to int, at time.Time) {
	b.Helper()
	const together = 33 // an action is two or three items of the 100 that go in one write
	for ; from < to; from += together {
		var refs []action.Ref
		for n := from; n < min(from+together, to); n++ {
			refs = append(refs, action.Ref{Name: "showcase.sync", Guild: fmt.Sprint(n), Subject: "7"})
		}
		err := storage.Update(b.Context(), b.db.DB, action.Keys(refs...), func(tx *storage.Tx) error {
			for _, r := range refs {
				action.Cause(tx, r, at)
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}

// run runs the scheduler once, and returns how often it asked the store.
func (b *bench) run() int64 {
	b.Helper()
	b.db.asked.Store(0)
	if _, err := b.Scheduler.Run(b.Context(), 0); err != nil {
		b.Fatal(err)
	}
	return b.db.asked.Load()
}

// A counting store counts the requests that DynamoDB would be sent.
type counting struct {
	storage.DB
	asked atomic.Int64
	fails func(storage.Query) bool
}

func (c *counting) Get(ctx context.Context, keys ...storage.Key) ([]storage.Item, error) {
	c.asked.Add(1)
	return c.DB.Get(ctx, keys...)
}

func (c *counting) Put(ctx context.Context, items ...storage.Item) error {
	c.asked.Add(1)
	return c.DB.Put(ctx, items...)
}

func (c *counting) List(ctx context.Context, q storage.Query) (storage.Page, error) {
	c.asked.Add(1)
	if c.fails != nil && c.fails(q) {
		return storage.Page{}, errors.New("this shard is out of order")
	}
	return c.DB.List(ctx, q)
}

// TestCostIsOfWhatIsDue: a run costs one request a shard, and one for the mark of the
// roll, however much waits for
// times to come, and two for each hundred that are due in a shard.
func TestCostIsOfWhatIsDue(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	waiting := 0
	for _, n := range []int{10, 1_000, 20_000} {
		b.cause(waiting, n, b.now.Add(time.Hour))
		waiting = n
		if asked := b.run(); asked != action.Shards+1 || len(b.sent) > 0 {
			t.Errorf("%d actions wait for later: %d requests and %d sent, want one a shard, and one", n, asked, len(b.sent))
		}
	}
	due := 0
	for _, n := range []int{1, 100, 2_000} {
		b.cause(waiting+due, waiting+n, b.now)
		due = n
		clear(b.sent)
		most := int64(2*(n/100) + 3*action.Shards)
		if asked := b.run(); asked > most || len(b.sent) != n {
			t.Errorf("%d are due: %d requests and %d sent, want at most %d requests", n, asked, len(b.sent), most)
		}
	}
}

func TestRunsAtOnceAreHarmless(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.cause(0, 300, b.now)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			if _, err := b.Scheduler.Run(t.Context(), 0); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if len(b.sent) != 300 {
		t.Errorf("%d were sent, want 300", len(b.sent))
	}
	for r := range b.sent { // however often it was sent, one may take it
		taken := 0
		for range b.sent[r] {
			if _, err := b.Actions.Take(t.Context(), r); err == nil {
				taken++
			}
		}
		if taken != 1 {
			t.Fatalf("%v was taken %d times", r, taken)
		}
		if len(b.sent) > 20 {
			delete(b.sent, r)
		}
	}
}

// TestOneShardDown: the others are looked at all the same, and the run fails.
func TestOneShardDown(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.cause(0, 320, b.now)
	b.db.fails = func(q storage.Query) bool { return q.Part == "due#03" }
	sent, err := b.Scheduler.Run(t.Context(), 0)
	if err == nil || sent < 250 || sent >= 320 {
		t.Errorf("Run = %d, %v; want an error, and what the other shards have", sent, err)
	}
	b.db.fails = nil
	if sent, err = b.Scheduler.Run(t.Context(), 0); err != nil || sent != 320 {
		t.Errorf("the next run: %d, %v", sent, err)
	}
}

// TestLateRun: the scheduler was not run for ten minutes. It catches up at once.
func TestLateRun(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.cause(0, 50, b.now.Add(time.Minute))
	b.now = b.now.Add(10 * time.Minute)
	if err := b.ServeSchedule(t.Context()); err != nil || len(b.sent) != 50 {
		t.Errorf("%d were sent, %v; want 50", len(b.sent), err)
	}
}

func TestGrace(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.cause(0, 1, b.now)
	for _, tt := range []struct {
		after time.Duration
		sent  int
	}{{0, 0}, {action.Grace - time.Second, 0}, {action.Grace, 1}} {
		start := b.now
		b.now = b.now.Add(tt.after)
		if err := b.ServeSchedule(t.Context()); err != nil || len(b.sent) != tt.sent {
			t.Errorf("%v after it was due: %d sent, %v", tt.after, len(b.sent), err)
		}
		b.now = start
	}
}

// TestLostTableIsNoticed: a table without the mark has lost what was due. That is
// noticed once, however many runs overlap.
func TestLostTableIsNoticed(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	if err := storage.Update(t.Context(), b.db, []storage.Key{roll.MarkKey()}, func(tx *storage.Tx) error {
		tx.Delete(roll.MarkKey())
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if _, err := b.Run(t.Context(), 0); err != nil {
			t.Fatal(err)
		}
	}
	tx, err := storage.Begin(t.Context(), b.db, roll.Call().Key())
	if err != nil {
		t.Fatal(err)
	}
	if a, _ := storage.Read[action.Action](tx, roll.Call().Key()); a.Generation != 1 || b.sent[roll.Call()] == 0 {
		t.Errorf("called %d times, sent %d times", a.Generation, b.sent[roll.Call()])
	}
}
