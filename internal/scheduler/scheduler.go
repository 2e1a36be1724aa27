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
	"github.com/entente-bot/entente/internal/roll"
	"github.com/entente-bot/entente/internal/storage"
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

// How long one run may take, so that it ends before the next begins: after enough
// it begins no new page, after within what is still asked for is broken off.
const (
	enough = 50 * time.Second
	within = 55 * time.Second
)

// errEnough ends the sweep of a shard when the time of a run is over.
var errEnough = errors.New("scheduler: the rest is for the next run")

// Run sends a pointer to every action that has been due for at least grace and
// that nobody works on, and returns how many it sent. A shard that fails does
// not keep the others from being looked at. Two runs at once are harmless.
//
// A run takes 55 seconds at most. What it does not get to is found by the next
// one, earliest first: that is no failure.
func (s *Scheduler) Run(ctx context.Context, grace time.Duration) (sent int, err error) {
	began := time.Now() // the machine's time: how long it takes, not when it is
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	if err := s.call(ctx); err != nil { // what is due is due all the same
		s.Log.ErrorContext(ctx, "not looked whether the actions are all there", "err", err)
	}
	var n atomic.Int64
	failures := make(chan error, action.Shards)
	for shard := range action.Shards {
		go func() {
			failures <- s.Actions.Sweep(ctx, shard, grace, func(ctx context.Context, refs []action.Ref) error {
				if len(refs) > 0 {
					if err := s.Queue.Send(ctx, refs...); err != nil {
						return err
					}
				}
				n.Add(int64(len(refs)))
				if time.Since(began) >= enough {
					return errEnough
				}
				return nil
			})
		}()
	}
	left := 0
	for range action.Shards {
		failure := <-failures
		if errors.Is(failure, errEnough) {
			left++
			continue
		}
		err = errors.Join(err, failure)
	}
	sent = int(n.Load())
	if err != nil {
		s.Log.ErrorContext(ctx, "sweep failed", "sent", sent, "err", err)
		return sent, fmt.Errorf("sweep: %w", err)
	}
	if left > 0 {
		s.Log.WarnContext(ctx, "sweep goes on in the next run", "sent", sent, "shards", left)
		return sent, nil
	}
	s.Log.InfoContext(ctx, "sweep", "sent", sent)
	return sent, nil
}

// call has all guilds called if the actions table is new, or has lost what was due.
func (s *Scheduler) call(ctx context.Context) error {
	tx, err := storage.Begin(ctx, s.Actions.DB, roll.MarkKey())
	if err != nil {
		return err
	}
	missing := roll.Missing(tx)
	if _, err := tx.Changes(); err != nil || !missing {
		return err
	}
	s.Log.WarnContext(ctx, "the actions table is new, or was lost: all guilds are looked at")
	return storage.Update(ctx, s.Actions.DB, roll.Keys(), func(tx *storage.Tx) error {
		if roll.Missing(tx) {
			roll.Begin(tx, s.Actions.Now())
		}
		return nil
	})
}

// ServeSchedule is Run as a Lambda function that a schedule invokes: what it is
// given means nothing.
func (s *Scheduler) ServeSchedule(ctx context.Context) error {
	_, err := s.Run(ctx, action.Grace)
	return err
}
