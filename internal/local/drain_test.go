package local_test

import (
	"context"
	"sync"
	"testing"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/storage"
)

// A lateView is the store of a sweep that sees things only after look was called.
type lateView struct {
	storage.DB
	look func()
}

func (v lateView) List(ctx context.Context, q storage.Query) (storage.Page, error) {
	v.look()
	return v.DB.List(ctx, q)
}

// A nowhere is a queue that loses everything.
type nowhere struct{}

func (nowhere) Send(context.Context, ...action.Ref) error { return nil }

// TestDrainWaitsForAnotherSweep: what another sweep found is in hand, and so not
// due for the one of Drain, which waits for it all the same.
func TestDrainWaitsForAnotherSweep(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	queue := s.Interactions.Queue
	s.Interactions.Queue = nowhere{}
	if _, err := s.Apply(t.Context(), s.Rio, s.Form()); err != nil {
		t.Fatal(err)
	}

	inHand, ask := make(chan struct{}), s.Worker.Invites.Ask
	s.Worker.Invites.Ask = func(ctx context.Context, code string) (partnership.Invite, error) {
		close(inHand)
		return ask(ctx, code)
	}
	another := s.Worker.Actions
	late := *another
	late.DB = lateView{s.DB, sync.OnceFunc(func() {
		for shard := range action.Shards {
			if err := another.Sweep(t.Context(), shard, 0, func(ctx context.Context, refs []action.Ref) error {
				return queue.Send(ctx, refs...)
			}); err != nil {
				t.Error(err)
			}
		}
		<-inHand
	})}
	s.Scheduler.Actions = &late

	s.drain()
	if left := s.left(); left != (action.Census{}) {
		t.Errorf("left to do: %+v", left)
	}
	s.only(s.Review)
}
