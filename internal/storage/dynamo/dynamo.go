// Package dynamo keeps the tables in DynamoDB.
//
// An item has these attributes; whoever reads the tables by other means (console,
// export, Athena) may rely on them:
//
//	pk, sk    S  Part and Sort
//	kind      S  what value is
//	schema    N  the version of its fields
//	version   N  random, new with every write
//	expires   N  epoch seconds, the TTL attribute; absent when never
//	value     M  the fields, as native attributes
//
// # Retries
//
// The SDK retries what throttling, server errors and the network made fail, at
// most [MaxAttempts] times in all with random pauses that come to at most two
// seconds, and never beyond the end of ctx. It does not bound one attempt: give
// ctx a deadline. A write that was applied though its reply was lost is known
// again when it is retried: a transaction by its request token, a single item by
// its random version.
package dynamo

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/entente-bot/entente/internal/storage"
)

// A DB is a [storage.DB] in two tables of DynamoDB, made like [CreateTables] does.
// It may be used by any number of goroutines and processes.
type DB struct {
	client *dynamodb.Client
	names  map[storage.Table]string
	now    func() time.Time
}

// New returns the DB in the tables of the given names. What has expired goes by now.
func New(client *dynamodb.Client, records, actions string, now func() time.Time) *DB {
	return &DB{
		client: client,
		names:  map[storage.Table]string{storage.Records: records, storage.Actions: actions},
		now:    now,
	}
}

// Get is [storage.DB.Get]: one round trip, unless DynamoDB answers in parts.
func (db *DB) Get(ctx context.Context, keys ...storage.Key) ([]storage.Item, error) {
	if err := storage.CheckGet(keys); err != nil {
		return nil, err
	}
	var found []storage.Item
	var err error
	switch len(keys) {
	case 0:
		return []storage.Item{}, ctx.Err()
	case 1:
		found, err = db.getOne(ctx, keys[0])
	default:
		found, err = db.getMany(ctx, keys)
	}
	if err != nil {
		return nil, fmt.Errorf("dynamo: get %v and %d more: %w", keys[0], len(keys)-1, err)
	}
	return arrange(keys, found, db.now()), nil
}

// arrange puts what was found in the order of keys, without what has expired.
func arrange(keys []storage.Key, found []storage.Item, now time.Time) []storage.Item {
	at := make(map[storage.Key]int, len(keys))
	items := make([]storage.Item, len(keys))
	for i, k := range keys {
		at[k], items[i].Key = i, k
	}
	for _, it := range found {
		if i, asked := at[it.Key]; asked && storage.Live(it.Expires, now) {
			items[i] = it
		}
	}
	return items
}

func (db *DB) getOne(ctx context.Context, k storage.Key) ([]storage.Item, error) {
	out, err := db.client.GetItem(ctx, &dynamodb.GetItemInput{
		TableName:      aws.String(db.names[k.Table]),
		Key:            keyAttributes(k),
		ConsistentRead: aws.Bool(true),
	}, (&retryer{}).use)
	if err != nil || len(out.Item) == 0 {
		return nil, err
	}
	it, err := fromAttributes(k.Table, out.Item)
	return []storage.Item{it}, err
}

func (db *DB) getMany(ctx context.Context, keys []storage.Key) ([]storage.Item, error) {
	asked := make(map[string]types.KeysAndAttributes, len(db.names))
	for _, k := range keys {
		of := asked[db.names[k.Table]]
		of.ConsistentRead = aws.Bool(true)
		of.Keys = append(of.Keys, keyAttributes(k))
		asked[db.names[k.Table]] = of
	}
	var found []storage.Item
	for idle := 0; len(asked) > 0; {
		out, err := db.client.BatchGetItem(ctx, &dynamodb.BatchGetItemInput{RequestItems: asked}, (&retryer{}).use)
		if err != nil {
			return nil, err
		}
		before := count(asked)
		asked = out.UnprocessedKeys
		if count(asked) == before {
			idle++
		}
		if idle == MaxAttempts {
			return nil, fmt.Errorf("%d keys remained unprocessed", before)
		}
		for table, name := range db.names {
			for _, a := range out.Responses[name] {
				it, err := fromAttributes(table, a)
				if err != nil {
					return nil, err
				}
				found = append(found, it)
			}
		}
		if len(asked) == 0 {
			break
		}
		if err := storage.Pause(ctx, idle+2); err != nil {
			return nil, err
		}
	}
	return found, nil
}

func count(asked map[string]types.KeysAndAttributes) (n int) {
	for _, of := range asked {
		n += len(of.Keys)
	}
	return n
}
