package lambdahost_test

import (
	"context"
	"errors"
	"fmt"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"github.com/entente-bot/entente/internal/lambdahost"
)

// clock is a time the test moves.
type clock struct{ at time.Time }

func (c *clock) now() time.Time { return c.at }

// newClock returns a clock that stands.
func newClock() *clock { return &clock{time.Date(2026, 2, 3, 4, 5, 6, 0, time.UTC)} }

// queues returns a queue named work, whose messages go to the queue dead after
// two receives.
func queues(t *testing.T, now func() time.Time) *lambdahost.SQS {
	t.Helper()
	s, err := lambdahost.NewSQS(now,
		lambdahost.QueueConfig{Name: "work", Visibility: time.Minute, DeadLetters: "dead", MaxReceives: 2},
		lambdahost.QueueConfig{Name: "dead"})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// client serves s and returns Amazon's own client for it, with the URL of a queue.
func client(t *testing.T, s *lambdahost.SQS) (c *sqs.Client, queueURL func(string) *string) {
	t.Helper()
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	c = sqs.New(sqs.Options{
		Region: lambdahost.Region, BaseEndpoint: &server.URL, RetryMaxAttempts: 1,
		Credentials: credentials.NewStaticCredentialsProvider("id", "secret", ""),
	})
	return c, func(name string) *string { return aws.String(lambdahost.QueueURL(server.URL, name)) }
}

// bodies returns the bodies of what is in the queue.
func bodies(t *testing.T, s *lambdahost.SQS, queue string) []string {
	t.Helper()
	messages, err := s.Messages(queue)
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, m := range messages {
		list = append(list, m.Body)
	}
	return list
}

func put(t *testing.T, s *lambdahost.SQS, queue string, bodies ...string) {
	t.Helper()
	for _, b := range bodies {
		if _, err := s.Send(queue, b); err != nil {
			t.Fatal(err)
		}
	}
}

func TestAmazonsClientSendsReceivesAndDeletes(t *testing.T) {
	t.Parallel()
	ctx, s := t.Context(), queues(t, newClock().now)
	c, url := client(t, s)
	if _, err := c.SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: url("work"), MessageBody: aws.String("one")}); err != nil {
		t.Fatal(err)
	}
	s.Refuse = func(_, body string) bool { return body == "three" }
	sent, err := c.SendMessageBatch(ctx, &sqs.SendMessageBatchInput{QueueUrl: url("work"), Entries: []types.SendMessageBatchRequestEntry{
		{Id: aws.String("a"), MessageBody: aws.String("two")}, {Id: aws.String("b"), MessageBody: aws.String("three")},
	}})
	if err != nil {
		t.Fatal(err)
	}
	if len(sent.Successful) != 1 || len(sent.Failed) != 1 || *sent.Failed[0].Id != "b" || sent.Failed[0].SenderFault {
		t.Errorf("the batch: %+v and failed %+v; want only b refused, by SQS's fault", sent.Successful, sent.Failed)
	}

	got, err := c.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{QueueUrl: url("work"), MaxNumberOfMessages: 10})
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Messages) != 2 || *got.Messages[0].Body != "one" || got.Messages[0].Attributes["ApproximateReceiveCount"] != "1" {
		t.Fatalf("received %+v, want one and two, for the first time", got.Messages)
	}
	counts, err := c.GetQueueAttributes(ctx, &sqs.GetQueueAttributesInput{QueueUrl: url("work"), AttributeNames: []types.QueueAttributeName{"All"}})
	if err != nil {
		t.Fatal(err)
	}
	if a := counts.Attributes; a["ApproximateNumberOfMessages"] != "0" || a["ApproximateNumberOfMessagesNotVisible"] != "2" {
		t.Errorf("attributes = %v, want two messages, both invisible", a)
	}

	if _, err := c.DeleteMessage(ctx, &sqs.DeleteMessageInput{QueueUrl: url("work"), ReceiptHandle: got.Messages[0].ReceiptHandle}); err != nil {
		t.Fatal(err)
	}
	if left := bodies(t, s, "work"); !slices.Equal(left, []string{"two"}) {
		t.Errorf("left %q, want two", left)
	}
	_, err = c.DeleteMessageBatch(ctx, &sqs.DeleteMessageBatchInput{QueueUrl: url("work"), Entries: []types.DeleteMessageBatchRequestEntry{
		{Id: aws.String("a"), ReceiptHandle: got.Messages[1].ReceiptHandle},
	}})
	if left := bodies(t, s, "work"); err != nil || len(left) > 0 {
		t.Errorf("left %q, %v, want nothing", left, err)
	}
}

func TestSQSRefusesWhatAmazonRefuses(t *testing.T) {
	t.Parallel()
	c, url := client(t, queues(t, time.Now))
	entries := func(n int, body string) []types.SendMessageBatchRequestEntry {
		list := []types.SendMessageBatchRequestEntry{} // not nil: the client itself refuses that
		for i := range n {
			list = append(list, types.SendMessageBatchRequestEntry{Id: aws.String(fmt.Sprint(i)), MessageBody: &body})
		}
		return list
	}
	send := func(ctx context.Context, queue string, list []types.SendMessageBatchRequestEntry) error {
		_, err := c.SendMessageBatch(ctx, &sqs.SendMessageBatchInput{QueueUrl: url(queue), Entries: list})
		return err
	}
	twice := append(entries(1, "x"), entries(1, "y")...)
	ctx := t.Context()
	tests := []struct {
		name string
		err  error
		is   any
	}{
		{"no queue", send(ctx, "nowhere", entries(2, "x")), new(*types.QueueDoesNotExist)},
		{"empty", send(ctx, "work", entries(0, "x")), new(*types.EmptyBatchRequest)},
		{"eleven", send(ctx, "work", entries(11, "x")), new(*types.TooManyEntriesInBatchRequest)},
		{"same ID", send(ctx, "work", twice), new(*types.BatchEntryIdsNotDistinct)},
		{"too long", send(ctx, "work", entries(3, strings.Repeat("x", 400_000))), new(*types.BatchRequestTooLong)},
	}
	for _, tt := range tests {
		if !errors.As(tt.err, tt.is) {
			t.Errorf("%s: %v, want %T", tt.name, tt.err, tt.is)
		}
	}
}

func TestReceivedMessagesAreInvisibleForTheirTime(t *testing.T) {
	t.Parallel()
	clock := newClock()
	s := queues(t, clock.now)
	put(t, s, "work", "one")
	received := func(when string, want int) []lambdahost.Message {
		t.Helper()
		got, err := s.Receive("work", 10)
		if err != nil || len(got) != want {
			t.Fatalf("%s: received %d messages, %v, want %d", when, len(got), err, want)
		}
		return got
	}
	first := received("at once", 1)[0]
	clock.at = clock.at.Add(time.Minute - time.Nanosecond)
	received("before its time", 0)
	clock.at = clock.at.Add(time.Nanosecond)
	second := received("at its time", 1)[0]
	if second.Receives != 2 || !second.First.Equal(first.First) {
		t.Errorf("the second time: %+v after %+v", second, first)
	}
	if err := s.Delete("work", first.Receipt); err != nil || len(bodies(t, s, "work")) != 1 {
		t.Errorf("an old receipt deleted the message, or failed: %v", err)
	}
	s.Expire()
	received("for the third time", 0) // it is among the dead letters now
	if dead := bodies(t, s, "dead"); !slices.Equal(dead, []string{"one"}) {
		t.Errorf("dead letters = %q, want the message", dead)
	}
	if n, err := s.Redrive("dead"); n != 1 || err != nil || len(bodies(t, s, "dead")) > 0 {
		t.Errorf("redrove %d, %v, want 1", n, err)
	}
	if again := received("after the redrive", 1)[0]; again.Body != "one" || again.Receives != 1 {
		t.Errorf("after the redrive: %+v, want a new message", again)
	}
}

func TestDeadLettersNeedAQueue(t *testing.T) {
	t.Parallel()
	if _, err := lambdahost.NewSQS(time.Now, lambdahost.QueueConfig{Name: "work", DeadLetters: "dead", MaxReceives: 3}); err == nil {
		t.Error("a dead-letter queue that does not exist was taken")
	}
}
