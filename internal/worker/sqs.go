package worker

import (
	"context"
	"sync"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/entente-bot/entente/internal/action"
)

// ServeSQS does the actions that a batch of queue messages points at, several at
// once, and names the messages that failed: only those come again, and go to the
// dead letters after a few times. What is beyond a guild's share of the process is
// not done: its action stays due, and the scheduler sends another pointer.
func (w *Worker) ServeSQS(ctx context.Context, e events.SQSEvent) (events.SQSEventResponse, error) {
	failed := make([]bool, len(e.Records))
	ctx = action.WithHops(ctx, longest(e))
	places := make(map[string]chan struct{})
	var wg sync.WaitGroup
	for i, m := range e.Records {
		r, _, err := action.Decode(m.Body)
		if err != nil {
			failed[i] = w.fails(ctx, m, err)
			continue
		}
		if places[r.Guild] == nil {
			places[r.Guild] = make(chan struct{}, placesEach)
		}
		mine := places[r.Guild]
		wg.Go(func() {
			mine <- struct{}{}
			defer func() { <-mine }()
			failed[i] = w.fails(ctx, m, w.serve(ctx, r))
		})
	}
	wg.Wait()
	out := events.SQSEventResponse{BatchItemFailures: []events.SQSBatchItemFailure{}}
	for i, m := range e.Records {
		if failed[i] {
			out.BatchItemFailures = append(out.BatchItemFailures, events.SQSBatchItemFailure{ItemIdentifier: m.MessageId})
		}
	}
	return out, nil
}

// serve does r, unless its guild had its share, or there is no time left for it.
func (w *Worker) serve(ctx context.Context, r action.Ref) error {
	now := w.Actions.Now()
	end, ends := ctx.Deadline()
	if ends && time.Until(end) < action.Lease || !w.shares.open(r.Guild, now) {
		w.Log.DebugContext(ctx, "left to the scheduler", "action", r.Name, "guild", r.Guild)
		return nil
	}
	_, err := w.Do(ctx, r)
	w.shares.spend(r.Guild, w.Actions.Now().Sub(now))
	return err
}

// fails reports whether a message failed, and logs why.
func (w *Worker) fails(ctx context.Context, m events.SQSMessage, err error) bool {
	if err != nil {
		w.Log.ErrorContext(ctx, "queue message failed", "message", m.MessageId, "err", err)
	}
	return err != nil
}

// longest is how many messages in a row led to a batch. Whichever of its messages
// AWS takes an invocation to follow from, its chain is no longer.
func longest(e events.SQSEvent) (most int) {
	for _, m := range e.Records {
		if _, hops, err := action.Decode(m.Body); err == nil {
			most = max(most, hops)
		}
	}
	return most
}
