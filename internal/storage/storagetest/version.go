package storagetest

import (
	"testing"

	"github.com/entente-bot/entente/internal/storage"
)

// versions are the tests of who may write over what.
func versions() []test {
	k, other := record("p", "s"), action("p", "s")
	return []test{
		{"get answers in the order of the keys, missing ones too", func(b *bench) {
			second := record("q", "s")
			b.put(item(k, 0, `{"n":1}`), item(other, 0, `{"n":2}`), item(second, 0, `{"n":3}`))
			keys := []storage.Key{second, record("p", "none"), other, k, action("none", "s")}
			items, err := b.db.Get(b.Context(), keys...)
			if err != nil {
				b.Fatal(err)
			}
			want := []string{`{"n":3}`, "", `{"n":2}`, `{"n":1}`, ""}
			for i, it := range items {
				missing := want[i] == ""
				if it.Key != keys[i] || missing != (it.Version == 0) || missing != (it.Value == nil) ||
					!missing && !equal(it.Value, []byte(want[i])) {
					b.Errorf("item %d = %+v, want %s under %v", i, it, want[i], keys[i])
				}
			}
		}},
		{"get of nothing", func(b *bench) {
			if items, err := b.db.Get(b.Context()); err != nil || len(items) != 0 {
				b.Errorf("Get() = %v, %v", items, err)
			}
			b.put()
		}},
		{"create twice", func(b *bench) {
			b.put(item(k, 0, `{"n":1}`))
			b.fails(storage.ErrConflict, item(k, 0, `{"n":2}`))
			b.fails(storage.ErrConflict, item(other, 0, `{}`), item(k, 0, `{"n":2}`))
			b.holds(map[storage.Key]string{k: `{"n":1}`, other: ""})
		}},
		{"second writer loses", func(b *bench) {
			b.put(item(k, 0, `{"n":1}`))
			v := b.get(k).Version
			b.put(item(k, v, `{"n":2}`))
			b.fails(storage.ErrConflict, item(k, v, `{"n":3}`))
			b.fails(storage.ErrConflict, deletion(k, v))
			b.fails(storage.ErrConflict, deletion(k, 0))
			b.holds(map[storage.Key]string{k: `{"n":2}`})
		}},
		{"update of what is not there", func(b *bench) {
			b.fails(storage.ErrConflict, item(k, 7, `{}`))
			b.fails(storage.ErrConflict, deletion(k, 7))
			b.holds(map[storage.Key]string{k: ""})
		}},
		{"every write changes the version", func(b *bench) {
			seen := map[int64]bool{0: true}
			for range 5 {
				b.put(item(k, b.get(k).Version, `{"same":true}`))
				v := b.get(k).Version
				if seen[v] || v < 0 {
					b.Fatalf("version %d after %v", v, seen)
				}
				seen[v] = true
			}
		}},
		{"delete", func(b *bench) {
			b.put(item(k, 0, `{}`))
			b.put(deletion(k, b.get(k).Version))
			b.holds(map[storage.Key]string{k: ""})
			b.put(deletion(k, 0)) // asserts that there is none
			b.put(deletion(k, storage.Any))
			b.put(item(k, 0, `{"again":true}`))
			b.holds(map[storage.Key]string{k: `{"again":true}`})
		}},
		{"deleted and made again is another item", func(b *bench) {
			b.put(item(k, 0, `{"n":1}`))
			v := b.get(k).Version
			b.put(deletion(k, v))
			b.put(item(k, 0, `{"n":1}`))
			b.fails(storage.ErrConflict, item(k, v, `{"stale":true}`))
			b.fails(storage.ErrConflict, deletion(k, v))
			b.holds(map[storage.Key]string{k: `{"n":1}`})
		}},
		{"any", func(b *bench) {
			b.put(item(k, storage.Any, `{"n":1}`))
			b.put(item(k, storage.Any, `{"n":2}`))
			b.holds(map[storage.Key]string{k: `{"n":2}`})
			b.put(deletion(k, storage.Any))
			b.holds(map[storage.Key]string{k: ""})
			b.put(item(k, storage.Any, `{"n":3}`), item(other, 0, `{}`))
			b.fails(storage.ErrConflict, item(k, storage.Any, `{"n":4}`), item(other, 0, `{}`))
			b.holds(map[storage.Key]string{k: `{"n":3}`})
		}},
		{"all or none over both tables", func(b *bench) {
			third := record("q", "t")
			b.put(item(k, 0, `{"n":1}`), item(other, 0, `{"n":1}`))
			v, w := b.get(k).Version, b.get(other).Version
			b.fails(storage.ErrConflict, item(third, 0, `{}`), deletion(k, v), item(other, w+1, `{"n":2}`))
			b.holds(map[storage.Key]string{k: `{"n":1}`, other: `{"n":1}`, third: ""})
			b.put(item(third, 0, `{}`), deletion(k, v), item(other, w, `{"n":2}`))
			b.holds(map[storage.Key]string{k: "", other: `{"n":2}`, third: `{}`})
		}},
		{"tables and parts are apart", func(b *bench) {
			keys := []storage.Key{record("a", "bc"), record("ab", "c"), action("a", "bc"), record("a\x00b", "c"), record("a", "\x00b\x00c")}
			want := make(map[storage.Key]string)
			for i, k := range keys {
				want[k] = `{"n":` + string(rune('0'+i)) + `}`
				b.put(item(k, 0, want[k]))
			}
			b.holds(want)
			if got := b.list(storage.Query{Table: storage.Records, Part: "a"}); len(got.Items) != 2 {
				b.Errorf("part a lists %q", sorts(got.Items))
			}
		}},
		{"what was written is what is read", whatIsWritten},
	}
}

func whatIsWritten(b *bench) {
	it := item(record("guild#1", "settings"), 0, `{"a":1}`)
	it.Kind, it.Schema, it.Expires = "settings", 7, b.clock.Now().Add(1500*1e6)
	b.put(it)
	page := b.list(storage.Query{Table: storage.Records, Part: "guild#1"})
	if len(page.Items) != 1 {
		b.Fatalf("listed %d items", len(page.Items))
	}
	for name, got := range map[string]storage.Item{"Get": b.get(it.Key), "List": page.Items[0]} {
		b.Run(name, func(t *testing.T) {
			if got.Kind != "settings" || got.Schema != 7 || got.Version == 0 || !equal(got.Value, it.Value) {
				t.Errorf("got %+v, want %+v", got, it)
			}
			if want := b.clock.Now().Add(1e9); !got.Expires.Equal(want) {
				t.Errorf("expires %v, want %v: the second, without the fraction", got.Expires, want)
			}
		})
	}
	forever := b.get(record("guild#1", "none"))
	if !forever.Expires.IsZero() {
		b.Errorf("an item that never expires expires %v", forever.Expires)
	}
}
