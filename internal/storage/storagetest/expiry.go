package storagetest

import (
	"slices"
	"time"

	"github.com/entente-bot/entente/internal/storage"
)

// expiring returns an item that exists for the given time from now.
func (b *bench) expiring(k storage.Key, version int64, in time.Duration) storage.Item {
	it := item(k, version, `{"brief":true}`)
	it.Expires = b.clock.Now().Add(in)
	return it
}

// expiry are the tests of items with an end, which adapters may keep for longer.
func expiry() []test {
	k, other := record("p", "s"), record("p", "other")
	return []test{
		{"an expired item is not read, on the second", func(b *bench) {
			b.put(b.expiring(k, 0, 10*time.Second))
			b.clock.Advance(9 * time.Second)
			b.holds(map[storage.Key]string{k: `{"brief":true}`})
			b.clock.Advance(time.Second)
			b.holds(map[storage.Key]string{k: ""})
			items, err := b.db.Get(b.Context(), k, other)
			if err != nil || items[0].Version != 0 || items[0].Value != nil {
				b.Errorf("Get of several = %+v, %v", items, err)
			}
			if got := b.list(storage.Query{Table: k.Table, Part: k.Part}); len(got.Items) != 0 {
				b.Errorf("listed %v", got.Items)
			}
		}},
		{"an expired item can be made again", func(b *bench) {
			b.put(b.expiring(k, 0, time.Second), b.expiring(other, 0, time.Second))
			b.clock.Advance(time.Second)
			b.put(item(k, 0, `{"n":2}`))
			b.put(item(other, 0, `{"n":2}`), deletion(record("p", "none"), 0))
			b.holds(map[storage.Key]string{k: `{"n":2}`, other: `{"n":2}`})
			b.clock.Advance(time.Hour)
			b.holds(map[storage.Key]string{k: `{"n":2}`})
		}},
		{"an expired item cannot be changed, as if it were gone", func(b *bench) {
			b.put(b.expiring(k, 0, time.Second))
			v := b.get(k).Version
			b.clock.Advance(time.Second)
			b.fails(storage.ErrConflict, item(k, v, `{"n":2}`))
			b.fails(storage.ErrConflict, deletion(k, v))
			b.put(deletion(k, 0))
			b.put(deletion(k, storage.Any))
			b.holds(map[storage.Key]string{k: ""})
		}},
		{"the end can be put off, and taken away", func(b *bench) {
			b.put(b.expiring(k, 0, time.Second))
			b.put(b.expiring(k, b.get(k).Version, time.Minute))
			b.clock.Advance(2 * time.Second)
			b.holds(map[storage.Key]string{k: `{"brief":true}`})
			b.put(item(k, b.get(k).Version, `{"n":1}`))
			b.clock.Advance(time.Hour)
			b.holds(map[storage.Key]string{k: `{"n":1}`})
			if e := b.get(k).Expires; !e.IsZero() {
				b.Errorf("Expires = %v, want never", e)
			}
		}},
		{"written after its end", func(b *bench) {
			b.put(b.expiring(k, 0, -time.Second))
			b.put(b.expiring(k, 0, -100*365*24*time.Hour))
			b.holds(map[storage.Key]string{k: ""})
		}},
		{"pages are full in spite of expired items", func(b *bench) {
			var want []string
			for i, s := range letters(20) {
				if i%5 == 2 {
					want = append(want, s)
					b.put(item(record("p", s), 0, `{}`))
				} else {
					b.put(b.expiring(record("p", s), 0, time.Second))
				}
			}
			b.clock.Advance(time.Second)
			q := storage.Query{Table: storage.Records, Part: "p", Limit: 2}
			for _, q.Descending = range []bool{false, true} {
				if got := b.pages(q); !slices.Equal(got, want) {
					b.Errorf("descending %v: %q, want %q", q.Descending, got, want)
				}
				slices.Reverse(want)
			}
		}},
	}
}

// letters returns n short strings in order.
func letters(n int) []string {
	s := make([]string, n)
	for i := range s {
		s[i] = string(rune('a' + i))
	}
	return s
}
