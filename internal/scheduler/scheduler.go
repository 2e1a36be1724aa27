// Package scheduler finds, once a minute, the work whose time has come: delays
// that are over, pointers that were lost, actions whose worker crashed. What a
// run costs depends on what is due, not on how many guilds there are.
package scheduler

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/entente-bot/entente/internal/action"
)

// A Queue takes pointers to actions that are due.
type Queue interface {
	Send(ctx context.Context, refs ...action.Ref) error
}

// A Scheduler sends pointers to what is due. All fields must be set.
type Scheduler struct {
	Actions *action.Holder
	Queue   Queue
	Log     *slog.Logger
}

// within is how long one run may take: it ends before the next begins.
const within = 55 * time.Second

// Run sends a pointer to every action that has been due for at least grace and
// that nobody works on, and returns how many it sent. A shard that fails does
// not keep the others from being looked at. Two runs at once are harmless.
func (s *Scheduler) Run(ctx context.Context, grace time.Duration) (sent int, err error) {
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	var n atomic.Int64
	failures := make(chan error, action.Shards)
	for shard := range action.Shards {
		go func() {
			failures <- s.Actions.Sweep(ctx, shard, grace, func(ctx context.Context, refs []action.Ref) error {
				n.Add(int64(len(refs)))
				return s.Queue.Send(ctx, refs...)
			})
		}()
	}
	for range action.Shards {
		err = errors.Join(err, <-failures)
	}
	sent = int(n.Load())
	if err != nil {
		s.Log.ErrorContext(ctx, "sweep failed", "sent", sent, "err", err)
		return sent, fmt.Errorf("sweep: %w", err)
	}
	s.Log.InfoContext(ctx, "sweep", "sent", sent)
	return sent, nil
}

// ServeSchedule is Run as a Lambda function that a schedule invokes: what it is
// given means nothing.
func (s *Scheduler) ServeSchedule(ctx context.Context) error {
	_, err := s.Run(ctx, action.Grace)
	return err
}
