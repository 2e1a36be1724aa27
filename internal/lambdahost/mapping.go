package lambdahost

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"sync"

	"github.com/aws/aws-lambda-go/events"
)

// A Mapping connects a queue with a function, as an event source mapping with
// ReportBatchItemFailures does.
type Mapping struct {
	SQS         *SQS
	Queue       string
	Function    Invoker
	Batch       int // messages an invocation, at most 10; 0 means 10
	Concurrency int // invocations at once; 0 means 1
}

// Pump delivers what is visible, also what becomes so meanwhile, until nothing
// is. A message the function dealt with is deleted. One that it failed, or whose
// whole invocation failed, stays invisible until its time, or [SQS.Expire]; so
// Pump returns. It returns how many messages it delivered; a failing function is
// no error of Pump.
func (m Mapping) Pump(ctx context.Context) (delivered int, err error) {
	for {
		n, err := m.round(ctx)
		delivered += n
		if err != nil || n == 0 {
			return delivered, err
		}
	}
}

// round receives as many batches as can be worked on at once, and delivers them.
func (m Mapping) round(ctx context.Context) (delivered int, err error) {
	var working sync.WaitGroup
	defer working.Wait()
	for range cmp.Or(m.Concurrency, 1) {
		if err := ctx.Err(); err != nil {
			return delivered, fmt.Errorf("pump queue %s: %w", m.Queue, err)
		}
		batch, err := m.SQS.Receive(m.Queue, min(cmp.Or(m.Batch, 10), 10))
		if err != nil {
			return delivered, fmt.Errorf("pump queue %s: %w", m.Queue, err)
		}
		if len(batch) == 0 {
			break
		}
		delivered += len(batch)
		working.Go(func() { m.deliver(ctx, batch) })
	}
	return delivered, nil
}

// deliver invokes the function with a batch and deletes what it dealt with.
func (m Mapping) deliver(ctx context.Context, batch []Message) {
	nth := chain(batch)
	if nth > MaxChain {
		m.SQS.bury(m.Queue, batch)
		return
	}
	event, err := json.Marshal(batchEvent(m.Queue, batch))
	if err != nil {
		panic(err) // plain fields always marshal
	}
	response, err := m.Function.Invoke(withChain(ctx, nth), event)
	if err != nil {
		return
	}
	failed, ok := failures(response, batch)
	if !ok {
		return
	}
	for _, msg := range batch {
		if !failed[msg.ID] {
			_ = m.SQS.Delete(m.Queue, msg.Receipt) // it has just been received, so the queue exists
		}
	}
}

// batchEvent is the event that a batch becomes.
func batchEvent(queue string, batch []Message) events.SQSEvent {
	var event events.SQSEvent
	for _, msg := range batch {
		event.Records = append(event.Records, events.SQSMessage{
			MessageId: msg.ID, ReceiptHandle: msg.Receipt, Body: msg.Body, Md5OfBody: digest(msg.Body),
			Attributes: msg.attributes(), MessageAttributes: map[string]events.SQSMessageAttribute{},
			EventSource: "aws:sqs", EventSourceARN: queueARN(queue), AWSRegion: Region,
		})
	}
	return event
}

// failures reads which messages of a batch a function reports as failed. ok is
// false if that cannot be read, or names what is not in the batch: Lambda takes
// the whole batch as failed then. An empty response means that all went well.
func failures(response []byte, batch []Message) (failed map[string]bool, ok bool) {
	known := map[string]bool{}
	for _, msg := range batch {
		known[msg.ID] = true
	}
	if len(bytes.TrimSpace(response)) == 0 {
		return nil, true
	}
	var report struct {
		BatchItemFailures []struct {
			ItemIdentifier string `json:"itemIdentifier"`
		} `json:"batchItemFailures"`
	}
	if err := json.Unmarshal(response, &report); err != nil {
		return nil, false
	}
	failed = map[string]bool{}
	for _, f := range report.BatchItemFailures {
		if !known[f.ItemIdentifier] {
			return nil, false
		}
		failed[f.ItemIdentifier] = true
	}
	return failed, true
}
