package worker

import (
	"context"
	"sync"

	"github.com/aws/aws-lambda-go/events"

	"github.com/entente-bot/entente/internal/action"
)

// ServeSQS does the actions that a batch of queue messages points at, all at
// once, and names the messages that failed: only those come again, and go to
// the dead letters after a few times.
func (w *Worker) ServeSQS(ctx context.Context, e events.SQSEvent) (events.SQSEventResponse, error) {
	failed := make([]bool, len(e.Records))
	ctx = action.WithHops(ctx, longest(e))
	var wg sync.WaitGroup
	for i, m := range e.Records {
		wg.Go(func() {
			r, _, err := action.Decode(m.Body)
			if err == nil {
				_, err = w.Do(ctx, r)
			}
			if err != nil {
				w.Log.ErrorContext(ctx, "queue message failed", "message", m.MessageId, "err", err)
				failed[i] = true
			}
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
