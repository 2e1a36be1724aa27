package local_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/roll"
	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/storage"
	"github.com/entente-bot/entente/internal/worker"
)

// A tally counts what is asked of a store.
type tally struct {
	storage.DB
	mu     sync.Mutex
	lists  []storage.Query
	gets   int
	strict int // lists that may not be a second old
}

func (c *tally) List(ctx context.Context, q storage.Query) (storage.Page, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.lists = append(c.lists, q); !q.Stale {
		c.strict++
	}
	return c.DB.List(ctx, q)
}

func (c *tally) Get(ctx context.Context, keys ...storage.Key) ([]storage.Item, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.gets++
	return c.DB.Get(ctx, keys...)
}

// TestLookIsCheap: the daily look at a guild in which all is well lists each range of
// its records once, however many kinds there are.
func TestLookIsCheap(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.chooses(func(c *settings.Settings) { c.Cooldown = 0 })
	s.befriended()
	s.apply(s.Rio, s.formOf("Waits"))
	s.advance(time.Hour)
	s.update(action.Keys(roll.Look(s.Guild)), func(tx *storage.Tx) error {
		action.Cause(tx, roll.Look(s.Guild), s.Now())
		return nil
	})
	asked := &tally{DB: s.DB}
	w := worker.New(asked, s.Worker.Discord, s.Worker.Queue, s.Worker.Text, s.Worker.Log, s.Now)
	if _, err := w.Do(t.Context(), roll.Look(s.Guild)); err != nil {
		t.Fatal(err)
	}
	if n := len(asked.lists); n > 11 || asked.strict > 0 {
		t.Errorf("%d lists, of which %d may not be a second old, want 11 and none: %v", n, asked.strict, asked.lists)
	}
	if asked.gets > 12 {
		t.Errorf("%d reads, want 12", asked.gets)
	}
	if left := s.left(); left.Pending > 0 || left.Blocked > 0 {
		t.Errorf("of a guild in which all is well, %+v is planned", left)
	}
}

// TestSettingsAreSeenAtOnce: what stands by settings that were changed is looked for
// among the records as they are, not as they were a second ago.
func TestSettingsAreSeenAtOnce(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.update(action.Keys(settings.Retry(s.Guild)), func(tx *storage.Tx) error {
		action.Cause(tx, settings.Retry(s.Guild), s.Now())
		return nil
	})
	asked := &tally{DB: s.DB}
	w := worker.New(asked, s.Worker.Discord, s.Worker.Queue, s.Worker.Text, s.Worker.Log, s.Now)
	if _, err := w.Do(t.Context(), settings.Retry(s.Guild)); err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, q := range asked.lists {
		seen[q.From] = seen[q.From] || !q.Stale
	}
	for _, from := range []string{"panel#", "ticket#", "listing#", "contact#"} {
		if !seen[from] {
			t.Errorf("the records from %s are not listed as they are: %v", from, asked.lists)
		}
	}
}
