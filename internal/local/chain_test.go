package local_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/storage"
	"github.com/entente-bot/entente/internal/worker"
)

// A tracer notes how many messages in a row lead to what is sent.
type tracer struct {
	queue worker.Queue
	mu    sync.Mutex
	most  int
	sent  int
}

// Send implements [worker.Queue].
func (c *tracer) Send(ctx context.Context, refs ...action.Ref) error {
	c.mu.Lock()
	c.most, c.sent = max(c.most, action.Hops(ctx)), c.sent+len(refs)
	c.mu.Unlock()
	return c.queue.Send(ctx, refs...)
}

// traced starts the system anew, and has what is sent from now on noted.
func (s *stage) traced() *tracer {
	c := new(tracer)
	s.tamper = func(s *stage) {
		c.queue = s.Worker.Queue
		s.Worker.Queue, s.Interactions.Queue, s.Scheduler.Queue = c, c, c
	}
	s.restart()
	return c
}

// TestForgetIsNoLongChain (FAULTS R45): work that goes on for 25,000 records goes on
// by the scheduler, not by ever more messages in a row.
func TestForgetIsNoLongChain(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	for from := 0; from < 25_000; from += 100 {
		var items []storage.Item
		for n := from; n < from+100; n++ {
			key := storage.Key{Table: storage.Records, Part: "guild#" + s.Guild, Sort: fmt.Sprintf("joins-member#9%017d", n)}
			items = append(items, storage.Item{Key: key, Kind: "member", Schema: 1, Value: []byte(`{"partner":"1"}`)})
		}
		if err := s.DB.Put(t.Context(), items...); err != nil {
			t.Fatal(err)
		}
	}
	c := s.traced()
	began := time.Now()
	s.forgetMe(s.Rio)
	s.settle()
	t.Logf("%d pointers, %v", c.sent, time.Since(began))
	if c.most < 2 || c.most > action.MaxHops {
		t.Errorf("%d messages in a row, want 2 to %d", c.most, action.MaxHops)
	}
}

// TestMoveIsNoLongChain: partners that wait for what they share, and that for them.
func TestMoveIsNoLongChain(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.places(settings.Single)
	s.partners(12)
	s.settle()
	c := s.traced()
	s.mode(settings.Channels)
	s.settle()
	if channels, _ := s.homes(); channels != 12 || c.most > action.MaxHops {
		t.Errorf("%d of 12 moved, with %d messages in a row", channels, c.most)
	}
}
