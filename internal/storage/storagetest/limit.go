package storagetest

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/entente-bot/entente/internal/storage"
)

// limits are the tests of how much is too much, and of misuse.
func limits() []test {
	k := record("p", "s")
	return []test{
		{"a hundred items together, not one more", func(b *bench) {
			b.put(many(storage.MaxPut, 1)...)
			b.fails(storage.ErrTooLarge, append(many(storage.MaxPut, 1), item(k, 0, `{}`))...)
			b.holds(map[storage.Key]string{k: ""})
			var keys []storage.Key
			for _, it := range many(storage.MaxGet, 1) {
				keys = append(keys, it.Key)
			}
			items, err := b.db.Get(b.Context(), keys...)
			if err != nil {
				b.Fatal(err)
			}
			for i, it := range items {
				if it.Key != keys[i] || it.Version == 0 {
					b.Errorf("item %d = %+v", i, it)
				}
			}
			if _, err := b.db.Get(b.Context(), append(keys, k)...); err == nil {
				b.Error("Get of 101 succeeded")
			}
		}},
		{"400 KB an item", func(b *bench) {
			const canary = "canary"
			large := `{"text":"` + canary + strings.Repeat("x", 399<<10) + `"}`
			b.put(item(k, 0, large))
			b.holds(map[storage.Key]string{k: large})
			for name, value := range map[string]string{
				"one string":   `{"text":"` + canary + strings.Repeat("x", 401<<10) + `"}`,
				"many strings": `{"` + canary + `":["` + strings.Repeat(`x","`, 210<<10) + `"]}`,
			} {
				for _, others := range [][]storage.Item{nil, {item(record("p", "t"), 0, `{}`)}} {
					err := b.db.Put(b.Context(), append(others, item(record("guild#1", "settings"), 0, value))...)
					if !errors.Is(err, storage.ErrTooLarge) {
						b.Fatalf("%s: Put = %v, want ErrTooLarge", name, err)
					}
					if s := err.Error(); !strings.Contains(s, "guild#1 settings") || strings.Contains(s, canary) {
						b.Errorf("%s: %q should name the key, and not the content", name, s)
					}
				}
			}
			b.holds(map[storage.Key]string{record("guild#1", "settings"): "", record("p", "t"): ""})
		}},
		{"4 MB together", func(b *bench) {
			b.put(many(10, 390<<10)...)
			b.fails(storage.ErrTooLarge, many(12, 390<<10)...)
			// More than DynamoDB answers at once:
			page := b.list(storage.Query{Table: storage.Records, Part: "p"})
			if len(page.Items) != 10 {
				b.Errorf("listed %d of 10 large items", len(page.Items))
			}
		}},
		{"no key twice", func(b *bench) {
			if err := b.db.Put(b.Context(), item(k, 0, `{}`), deletion(k, storage.Any)); err == nil || errors.Is(err, storage.ErrConflict) {
				b.Errorf("Put of a key twice = %v, want an error that is no conflict", err)
			}
			if _, err := b.db.Get(b.Context(), k, k); err == nil {
				b.Error("Get of a key twice succeeded")
			}
			b.holds(map[storage.Key]string{k: ""})
		}},
		{"versions and queries that are none", func(b *bench) {
			if err := b.db.Put(b.Context(), item(k, -2, `{}`)); err == nil || errors.Is(err, storage.ErrConflict) {
				b.Errorf("Put at version -2 = %v, want an error that is no conflict", err)
			}
			for _, q := range []storage.Query{
				{}, {Table: storage.Records}, {Part: "p"}, {Table: storage.Records, Part: "p", Limit: -1},
				{Table: storage.Records, Part: "p", Limit: storage.MaxLimit + 1},
				{Table: storage.Records, Part: "p", Prefix: "\xff"}, {Table: storage.Records, Part: "p", From: "\xff"},
			} {
				if _, err := b.db.List(b.Context(), q); err == nil {
					b.Errorf("List %+v succeeded", q)
				}
			}
		}},
		{"nothing once the context has ended", func(b *bench) {
			ctx, cancel := context.WithCancel(b.Context())
			cancel()
			_, get := b.db.Get(ctx, k)
			_, list := b.db.List(ctx, storage.Query{Table: storage.Records, Part: "p"})
			put := b.db.Put(ctx, item(k, 0, `{}`))
			for _, err := range []error{get, list, put} {
				if !errors.Is(err, context.Canceled) {
					b.Errorf("error %v, want context.Canceled", err)
				}
			}
			b.holds(map[storage.Key]string{k: ""})
		}},
	}
}

// many returns n new items of about the given size, in both tables.
func many(n, size int) []storage.Item {
	items := make([]storage.Item, n)
	for i := range items {
		k := record("p", fmt.Sprintf("%03d", i))
		if size < 1000 && i%2 == 1 {
			k.Table = storage.Actions
		}
		items[i] = item(k, 0, `{"text":"`+strings.Repeat("x", size)+`"}`)
	}
	return items
}
