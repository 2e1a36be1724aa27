package dynamo_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/entente-bot/entente/internal/storage"
	"github.com/entente-bot/entente/internal/storage/dynamo"
	"github.com/entente-bot/entente/internal/storage/dynamo/dynamotest"
)

// readFaults are the tests of Get and List when DynamoDB or the network fails them.
func readFaults() []faultTest {
	return []faultTest{
		{"keys left unprocessed are asked for again", func(f *faulty) {
			var keys []storage.Key
			for i := range 4 {
				k, l := key(fmt.Sprint(i)), act(fmt.Sprint(i))
				f.put(item(k, 0, fmt.Sprintf(`{"k":%d}`, i)), item(l, 0, fmt.Sprintf(`{"l":%d}`, i)))
				keys = append(keys, k, l)
			}
			f.seen.Reset()
			f.faults.Always("BatchGetItem", dynamotest.OnePerTable)
			items, err := f.db.Get(f.Context(), keys...)
			if err != nil {
				f.Fatal(err)
			}
			f.calls("BatchGetItem", "BatchGetItem", "BatchGetItem", "BatchGetItem")
			for i, it := range items {
				if it.Key != keys[i] || it.Version == 0 {
					f.Errorf("item %d is %+v", i, it)
				}
			}
		}},
		{"keys left unprocessed for good are an error", func(f *faulty) {
			f.faults.Always("BatchGetItem", dynamotest.Unprocessed)
			if _, err := f.db.Get(f.Context(), key("s"), key("t")); err == nil {
				f.Error("Get succeeded")
			}
			if n := len(f.seen.Calls()); n != dynamo.MaxAttempts {
				f.Errorf("%d attempts, want %d", n, dynamo.MaxAttempts)
			}
			ctx, cancel := context.WithCancel(f.Context())
			f.faults.Always("BatchGetItem", dynamotest.Then(dynamotest.Unprocessed, cancel))
			if _, err := f.db.Get(ctx, key("s"), key("t")); !errors.Is(err, context.Canceled) {
				f.Errorf("Get = %v, want context.Canceled", err)
			}
		}},
		{"a page cut short is filled up", func(f *faulty) {
			for i := range 5 {
				it := item(key(fmt.Sprint(i)), 0, `{}`)
				if i == 1 || i == 2 {
					it.Expires = time.Unix(0, 0)
				}
				f.put(it)
			}
			f.faults.Always("Query", dynamotest.OneAPage)
			q := storage.Query{Table: storage.Records, Part: "p", Limit: 2}
			for _, want := range []string{"[0 3]", "[4]"} {
				page, err := f.db.List(f.Context(), q)
				if err != nil {
					f.Fatal(err)
				}
				var got []string
				for _, it := range page.Items {
					got = append(got, it.Key.Sort)
				}
				if fmt.Sprint(got) != want || (page.Cursor == "") != (want == "[4]") {
					f.Errorf("page %v, cursor %q; want %s", got, page.Cursor, want)
				}
				q.Cursor = page.Cursor
			}
		}},
		{"failing reads come back, and give up", func(f *faulty) {
			f.put(item(key("s"), 0, `{}`))
			f.seen.Reset()
			reads := map[string]func() error{
				"GetItem":      func() error { _, err := f.db.Get(f.Context(), key("s")); return err },
				"BatchGetItem": func() error { _, err := f.db.Get(f.Context(), key("s"), act("s")); return err },
				"Query": func() error {
					_, err := f.db.List(f.Context(), storage.Query{Table: storage.Records, Part: "p"})
					return err
				},
			}
			for op, read := range reads {
				for _, fault := range []dynamotest.Fault{dynamotest.Throttled, dynamotest.Broken, dynamotest.Unreached, dynamotest.ReplyLost} {
					f.faults.Next(op, 1, fault)
				}
				if err := read(); err != nil {
					f.Errorf("%s: %v", op, err)
				}
				f.calls(op, op, op, op, op)
				f.faults.Always(op, dynamotest.Broken)
				if err := read(); err == nil {
					f.Errorf("%s succeeded without a server", op)
				}
				if n := len(f.seen.Calls()); n != dynamo.MaxAttempts {
					f.Errorf("%s: %d attempts, want %d", op, n, dynamo.MaxAttempts)
				}
				f.seen.Reset()
			}
		}},
	}
}
