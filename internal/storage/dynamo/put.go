package dynamo

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/entente-bot/entente/internal/storage"
)

// Put is [storage.DB.Put], in one round trip.
//
// An item that somebody else's transaction is writing right now counts as a
// conflict, too: DynamoDB does not let us wait for the outcome.
//
// A single item written, unlike a transaction, may end in doubt: the reply was
// lost, and by the time of the retry somebody else has written the item. Put
// then returns an error that is not [storage.ErrConflict].
func (db *DB) Put(ctx context.Context, items ...storage.Item) error {
	if err := storage.CheckPut(items); err != nil {
		return err
	}
	var err error
	switch {
	case len(items) == 0:
		return ctx.Err()
	case len(items) == 1 && items[0].Value != nil:
		err = db.putOne(ctx, items[0])
	default:
		// A deletion leaves no version by which a retry could know its own work,
		// so even a single one goes by transaction and its token.
		err = db.transact(ctx, items)
	}
	if err != nil {
		return fmt.Errorf("dynamo: put %v and %d more: %w", items[0].Key, len(items)-1, err)
	}
	return nil
}

func (db *DB) putOne(ctx context.Context, it storage.Item) error {
	version := storage.NewVersion()
	value, err := toAttributes(it, version)
	if err != nil {
		return err
	}
	c := db.condition(it.Version)
	r := &retryer{}
	_, err = db.client.PutItem(ctx, &dynamodb.PutItemInput{
		TableName:                           aws.String(db.names[it.Key.Table]),
		Item:                                value,
		ConditionExpression:                 c.expression,
		ExpressionAttributeNames:            c.names,
		ExpressionAttributeValues:           c.values,
		ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld,
	}, r.use)

	refused := new(types.ConditionalCheckFailedException)
	if errors.As(err, &refused) {
		if standing, _ := integer(refused.Item[attrVersion]); standing == version {
			return nil // by an attempt whose reply was lost
		}
	}
	if err = explain(err); errors.Is(err, storage.ErrConflict) && r.doubt {
		return errors.New("a reply was lost and the item has changed since: it is not known whether the write was applied")
	}
	return err
}

func (db *DB) transact(ctx context.Context, items []storage.Item) error {
	in := &dynamodb.TransactWriteItemsInput{
		ClientRequestToken: aws.String(rand.Text()),
		TransactItems:      make([]types.TransactWriteItem, len(items)),
	}
	for i, it := range items {
		w, err := db.transactItem(it)
		if err != nil {
			return err
		}
		in.TransactItems[i] = w
	}
	_, err := db.client.TransactWriteItems(ctx, in, (&retryer{}).use)
	return explain(err)
}

func (db *DB) transactItem(it storage.Item) (w types.TransactWriteItem, err error) {
	table, c := aws.String(db.names[it.Key.Table]), db.condition(it.Version)
	if it.Value == nil {
		w.Delete = &types.Delete{
			TableName:                 table,
			Key:                       keyAttributes(it.Key),
			ConditionExpression:       c.expression,
			ExpressionAttributeNames:  c.names,
			ExpressionAttributeValues: c.values,
		}
		return w, nil
	}
	value, err := toAttributes(it, storage.NewVersion())
	w.Put = &types.Put{
		TableName:                 table,
		Item:                      value,
		ConditionExpression:       c.expression,
		ExpressionAttributeNames:  c.names,
		ExpressionAttributeValues: c.values,
	}
	return w, err
}

// A condition is what must hold of the item that stands.
type condition struct {
	expression *string
	names      map[string]string
	values     attributes
}

// condition says that there must be an item of the given version. An expired
// item that DynamoDB has not deleted yet is none.
func (db *DB) condition(version int64) condition {
	now := number(db.now().Unix())
	switch version {
	case storage.Any:
		return condition{}
	case 0:
		return condition{
			aws.String("attribute_not_exists(pk) OR #expires <= :now"),
			map[string]string{"#expires": attrExpires},
			attributes{":now": now},
		}
	}
	return condition{
		aws.String("#version = :version AND (attribute_not_exists(#expires) OR #expires > :now)"),
		map[string]string{"#version": attrVersion, "#expires": attrExpires},
		attributes{":version": number(version), ":now": now},
	}
}
