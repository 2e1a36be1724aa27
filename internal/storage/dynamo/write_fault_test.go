package dynamo_test

import (
	"context"
	"errors"

	"github.com/entente-bot/entente/internal/storage"
	"github.com/entente-bot/entente/internal/storage/dynamo"
	"github.com/entente-bot/entente/internal/storage/dynamo/dynamotest"
)

// writeFaults are the tests of Put when DynamoDB or the network fails it.
func writeFaults() []faultTest {
	const one, several = "PutItem", "TransactWriteItems"
	return []faultTest{
		{"a throttled write comes back", func(f *faulty) {
			f.faults.Next(one, 3, dynamotest.Throttled)
			f.put(item(key("s"), 0, `{"n":1}`))
			f.calls(one, one, one, one)
			f.holds(key("s"), `{"n":1}`)
			f.faults.Next(several, 1, dynamotest.Throttled)
			f.faults.Next(several, 1, dynamotest.Cancelled("ThrottlingError"))
			f.faults.Next(several, 1, dynamotest.Cancelled("ProvisionedThroughputExceeded"))
			f.faults.Next(several, 1, dynamotest.Broken)
			f.put(item(key("s"), f.version(key("s")), `{"n":2}`), item(act("s"), 0, `{"n":1}`))
			f.calls(several, several, several, several, several)
			f.holds(key("s"), `{"n":2}`)
		}},
		{"a write that is throttled for good gives up", func(f *faulty) {
			f.faults.Always(one, dynamotest.Throttled)
			f.faults.Always(several, dynamotest.Cancelled("ThrottlingError"))
			for _, items := range [][]storage.Item{{item(key("s"), 0, `{}`)}, {item(key("s"), 0, `{}`), item(act("s"), 0, `{}`)}} {
				if err := f.db.Put(f.Context(), items...); err == nil || errors.Is(err, storage.ErrConflict) {
					f.Errorf("Put = %v, want an error that is no conflict", err)
				}
			}
			if n := len(f.seen.Calls()); n != 2*dynamo.MaxAttempts {
				f.Errorf("%d attempts, want %d", n, 2*dynamo.MaxAttempts)
			}
		}},
		{"a write ends with its context", func(f *faulty) {
			ctx, cancel := context.WithCancel(f.Context())
			f.faults.Always(one, dynamotest.Then(dynamotest.Throttled, cancel))
			if err := f.db.Put(ctx, item(key("s"), 0, `{}`)); !errors.Is(err, context.Canceled) {
				f.Errorf("Put = %v, want context.Canceled", err)
			}
			f.calls(one)
		}},
		{"a conflict of transactions is a conflict", func(f *faulty) {
			f.faults.Next(several, 1, dynamotest.Cancelled("TransactionConflict"))
			if err := f.db.Put(f.Context(), item(key("s"), 0, `{}`), item(act("s"), 0, `{}`)); !errors.Is(err, storage.ErrConflict) {
				f.Errorf("Put of several = %v, want ErrConflict", err)
			}
			f.calls(several)
			f.faults.Next(one, 1, dynamotest.Contended)
			if err := f.db.Put(f.Context(), item(key("s"), 0, `{}`)); !errors.Is(err, storage.ErrConflict) {
				f.Errorf("Put of one = %v, want ErrConflict", err)
			}
			f.calls(one)
			f.holds(key("s"), "")
		}},
		{"an update outlasts conflicts and throttling", func(f *faulty) {
			f.faults.Next(several, 3, dynamotest.Cancelled("TransactionConflict"))
			f.faults.Next(several, 1, dynamotest.Cancelled("ThrottlingError"))
			f.faults.Next(several, 2, dynamotest.Cancelled("TransactionConflict"))
			f.faults.Next(several, 1, dynamotest.ReplyLost)
			err := storage.Update(f.Context(), f.db, []storage.Key{key("s")}, func(tx *storage.Tx) error {
				n, _ := storage.Read[tally](tx, key("s"))
				tx.Set(key("s"), tally{n.N + 1})
				tx.Create(act("s"), tally{1})
				return nil
			})
			if err != nil {
				f.Errorf("Update = %v", err)
			}
			f.holds(key("s"), `{"n":1}`)
		}},
		{"a refused size is too large", func(f *faulty) {
			f.faults.Next(several, 1, dynamotest.Refused("ValidationError", "Item size to update has exceeded the maximum allowed size"))
			if err := f.db.Put(f.Context(), item(key("s"), 0, `{}`), item(act("s"), 0, `{}`)); !errors.Is(err, storage.ErrTooLarge) {
				f.Errorf("Put = %v, want ErrTooLarge", err)
			}
		}},
		{"the reply to a single write is lost", func(f *faulty) {
			for _, step := range []struct {
				version int64
				value   string
			}{{0, `{"n":1}`}, {-2, `{"n":2}`}, {storage.Any, `{"n":3}`}} {
				if step.version == -2 {
					step.version = f.version(key("s"))
				}
				f.faults.Next(one, 2, dynamotest.ReplyLost)
				f.put(item(key("s"), step.version, step.value))
				f.calls(one, one, one)
				f.holds(key("s"), step.value)
			}
		}},
		{"the reply to a transaction is lost", func(f *faulty) {
			f.faults.Next(several, 2, dynamotest.ReplyLost)
			f.put(item(key("s"), 0, `{"n":1}`), item(act("s"), 0, `{}`))
			f.calls(several, several, several)
			f.holds(key("s"), `{"n":1}`)
			f.faults.Next(several, 1, dynamotest.ReplyLost)
			f.put(storage.Item{Key: key("s"), Version: f.version(key("s"))})
			f.calls(several, several)
			f.holds(key("s"), "")
		}},
		{"a request that never arrived is sent again", func(f *faulty) {
			f.faults.Next(one, 2, dynamotest.Unreached)
			f.put(item(key("s"), 0, `{"n":1}`))
			f.holds(key("s"), `{"n":1}`)
			f.faults.Next(several, 2, dynamotest.Unreached)
			f.put(item(key("s"), storage.Any, `{"n":2}`), item(act("s"), 0, `{}`))
			f.holds(key("s"), `{"n":2}`)
		}},
		{"a reply is lost and another writes: in doubt, no conflict", func(f *faulty) {
			overwrite := func() { f.interfere(item(key("s"), storage.Any, `{"rival":true}`)) }
			f.faults.Next(one, 1, dynamotest.Then(dynamotest.ReplyLost, overwrite))
			if err := f.db.Put(f.Context(), item(key("s"), 0, `{"n":1}`)); err == nil || errors.Is(err, storage.ErrConflict) {
				f.Errorf("Put = %v, want an error that does not claim nothing was written", err)
			}
			f.holds(key("s"), `{"rival":true}`)
		}},
		{"throttled and another writes: a conflict, no doubt", func(f *faulty) {
			overwrite := func() { f.interfere(item(key("s"), 0, `{"rival":true}`)) }
			f.faults.Next(one, 1, dynamotest.Then(dynamotest.Throttled, overwrite))
			if err := f.db.Put(f.Context(), item(key("s"), 0, `{"n":1}`)); !errors.Is(err, storage.ErrConflict) {
				f.Errorf("Put = %v, want ErrConflict", err)
			}
		}},
		{"a transaction's reply is lost and another writes: applied once", func(f *faulty) {
			overwrite := func() { f.interfere(item(key("s"), storage.Any, `{"rival":true}`)) }
			f.faults.Next(several, 1, dynamotest.Then(dynamotest.ReplyLost, overwrite))
			f.put(item(key("s"), 0, `{"n":1}`), item(act("s"), 0, `{}`))
			f.holds(key("s"), `{"rival":true}`)
		}},
	}
}

type tally struct {
	N int `json:"n"`
}

func (tally) Kind() (string, int) { return "tally", 1 }
