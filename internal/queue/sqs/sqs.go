// Package sqs sends action pointers through Amazon SQS.
package sqs

import (
	"context"
	"fmt"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"
	awssqs "github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"github.com/entente-bot/entente/internal/action"
)

// batch is how many messages SQS takes in one call.
const batch = 10

// A Queue is one SQS queue.
type Queue struct {
	client *awssqs.Client
	url    string
}

// New returns the queue with the given URL.
func New(client *awssqs.Client, url string) *Queue {
	return &Queue{client: client, url: url}
}

// Send sends a pointer for each of refs, ten a call, each the last of as many in a
// row as [action.Hops] says. Those that SQS refuses one
// by one are tried once more; if SQS cannot be reached at all, Send stops. The
// error says how many were not sent, or may not have been: the sweep sends a
// pointer again for each action that stays due.
func (q *Queue) Send(ctx context.Context, refs ...action.Ref) error {
	unsent := 0
	for rest := refs; len(rest) > 0; {
		some := rest[:min(batch, len(rest))]
		rest = rest[len(some):]
		left, err := q.some(ctx, some)
		if err == nil && len(left) > 0 {
			left, err = q.some(ctx, left)
		}
		unsent += len(left)
		if err != nil {
			return fmt.Errorf("send %d of %d action pointers: %w", unsent+len(rest), len(refs), err)
		}
	}
	if unsent > 0 {
		return fmt.Errorf("send %d of %d action pointers: refused by the queue, twice", unsent, len(refs))
	}
	return nil
}

// some sends at most [batch] pointers and returns those that were not sent:
// on an error, all of them.
func (q *Queue) some(ctx context.Context, refs []action.Ref) ([]action.Ref, error) {
	if len(refs) == 1 {
		_, err := q.client.SendMessage(ctx, &awssqs.SendMessageInput{
			QueueUrl: &q.url, MessageBody: aws.String(action.Encode(refs[0], action.Hops(ctx))),
		})
		if err != nil {
			return refs, err
		}
		return nil, nil
	}
	entries := make([]types.SendMessageBatchRequestEntry, len(refs))
	for i, r := range refs {
		entries[i] = types.SendMessageBatchRequestEntry{
			Id: aws.String(strconv.Itoa(i)), MessageBody: aws.String(action.Encode(r, action.Hops(ctx))),
		}
	}
	out, err := q.client.SendMessageBatch(ctx, &awssqs.SendMessageBatchInput{QueueUrl: &q.url, Entries: entries})
	if err != nil {
		return refs, err
	}
	var left []action.Ref
	for _, f := range out.Failed {
		i, err := strconv.Atoi(aws.ToString(f.Id))
		if err != nil || i < 0 || i >= len(refs) {
			return refs, fmt.Errorf("the queue answered for a message %q that was not sent", aws.ToString(f.Id))
		}
		left = append(left, refs[i])
	}
	return left, nil
}
