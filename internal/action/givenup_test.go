package action_test

import (
	"errors"
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/storage"
)

// bug is what an action is given up for.
func bug() error { return &action.Failure{Verdict: action.Bury, Err: errors.New("bad body")} }

// TestGivenUpIsShown: managers see what was given up, and can have it tried again.
func TestGivenUpIsShown(t *testing.T) {
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
	for _, ends := range []func(){
		func() { b.finish(h, b.take(h), nil) },
		func() { b.update(func(tx *storage.Tx) { action.Cancel(tx, listing) }, listing) },
	} {
		b.cause(listing, b.now)
		b.finish(h, b.take(h), bug())
		if got := stops(); len(got) != 1 || got[0].Ref != listing || got[0].Reason.Key != "worker.given-up" {
			t.Fatalf("given up: %+v", got)
		}
		if c, err := h.Count(t.Context()); err != nil || c != (action.Census{}) {
			t.Errorf("Count = %+v, %v", c, err)
		}
		b.update(func(tx *storage.Tx) { action.Retry(tx, listing, b.now) }, listing)
		if refs := b.swept(h, 0); len(refs) != 1 || len(stops()) != 0 {
			t.Fatalf("to be tried again: %v, shown: %+v", refs, stops())
		}
		b.finish(h, b.take(h), bug())
		ends()
		if got := stops(); len(got) != 0 {
			t.Fatalf("over, but shown: %+v", got)
		}
	}
}

// TestCauseWhileGivenUp: what comes while an action fails may be what mends it, so it
// is done once more; what is for later is not waited for.
func TestCauseWhileGivenUp(t *testing.T) {
	for _, tt := range []struct {
		later time.Duration
		want  action.State
	}{{0, action.Due}, {time.Hour, action.Dead}} {
		b := newBench(t)
		h := b.holder("a")
		b.cause(listing, b.now)
		a := b.take(h)
		b.cause(listing, b.now.Add(tt.later))
		if left, _ := b.finish(h, a, bug()); left.State != tt.want || left.Due.After(b.now.Add(tt.later)) {
			t.Errorf("caused for %v later: %+v, want it %s", tt.later, left, tt.want)
		}
		if left, _ := b.finish(h, b.take(h), bug()); left.State != action.Dead {
			t.Errorf("caused for %v later, and failed again: %+v", tt.later, left)
		}
	}
}
