package storagetest

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/entente-bot/entente/internal/storage"
)

// contention are the tests with many writers at once.
func contention() []test {
	return []test{
		{"64 writers reach a limit and never pass it", upToALimit},
		{"64 creators of one item", func(b *bench) {
			var made atomic.Int64
			b.crowd(64, func(i int) {
				err := b.db.Put(b.Context(), item(record("p", "s"), 0, fmt.Sprintf(`{"n":%d}`, i)))
				if err == nil {
					made.Add(1)
				} else if !errors.Is(err, storage.ErrConflict) {
					b.Errorf("Put = %v", err)
				}
			})
			if n := made.Load(); n != 1 {
				b.Errorf("made %d times", n)
			}
		}},
		{"64 writers of their own items", func(b *bench) {
			b.crowd(64, func(i int) {
				k := record("p", fmt.Sprint("sort", i))
				if err := b.db.Put(b.Context(), item(k, 0, `{}`), item(action("p", k.Sort), 0, `{}`)); err != nil {
					b.Errorf("Put = %v", err)
				}
				if err := b.db.Put(b.Context(), item(k, 0, `{}`)); !errors.Is(err, storage.ErrConflict) {
					b.Errorf("second Put = %v", err)
				}
			})
			if page := b.list(storage.Query{Table: storage.Actions, Part: "p"}); len(page.Items) != 64 {
				b.Errorf("%d items", len(page.Items))
			}
		}},
		{"no update is lost", func(b *bench) {
			k := record("p", "s")
			b.crowd(8, func(int) {
				for range 4 {
					err := storage.Update(b.Context(), b.db, []storage.Key{k}, func(tx *storage.Tx) error {
						it, _ := storage.Read[tally](tx, k)
						tx.Set(k, tally{it.N + 1})
						return nil
					})
					if err != nil {
						b.Errorf("Update = %v", err)
					}
				}
			})
			b.tallies(map[storage.Key]int{k: 32})
		}},
		{"reads see what was written before", readsSeeWrites},
	}
}

// crowd runs do n times at once.
func (b *bench) crowd(n int, do func(i int)) {
	var ready, done sync.WaitGroup
	ready.Add(n)
	for i := range n {
		done.Go(func() {
			ready.Done()
			ready.Wait()
			do(i)
		})
	}
	done.Wait()
}

// upToALimit is how the limits of a guild are kept: a counter that is written
// together with every item it counts.
func upToALimit(b *bench) {
	const start, limit = 95, 100
	counts := record("guild#1", "counts")
	full := errors.New("full")
	b.put(counting(counts, 0, start))
	var passed atomic.Int64
	b.crowd(64, func(i int) {
		mine := record("guild#1", fmt.Sprintf("partnership#%d", i))
		err := storage.Update(b.Context(), b.db, []storage.Key{counts, mine}, func(tx *storage.Tx) error {
			c, _ := storage.Read[tally](tx, counts)
			if c.N >= limit {
				return full
			}
			tx.Set(counts, tally{c.N + 1})
			tx.Create(mine, tally{i + 1})
			return nil
		})
		if err == nil {
			passed.Add(1)
		} else if !errors.Is(err, full) {
			b.Errorf("Update = %v", err)
		}
	})
	b.tallies(map[storage.Key]int{counts: limit})
	page := b.list(storage.Query{Table: storage.Records, Part: "guild#1", Prefix: "partnership#"})
	if n := passed.Load(); n != limit-start || len(page.Items) != limit-start {
		b.Errorf("%d passed and %d items stand, want %d", n, len(page.Items), limit-start)
	}
}

// readsSeeWrites checks that a read which begins after a Put returned finds it,
// or something later.
func readsSeeWrites(b *bench) {
	const writes = 40
	k, l := record("p", "s"), action("p", "s")
	var written atomic.Int64
	read := func(it storage.Item, least int64, how string) {
		got := tally{}
		if it.Version != 0 {
			got, _ = storage.Decode[tally](it)
		}
		if int64(got.N) < least {
			b.Errorf("%s reads %d after %d was written", how, got.N, least)
		}
	}
	b.crowd(4, func(i int) {
		for n := 1; i == 0 && n <= writes; n++ {
			err := b.db.Put(b.Context(), counting(k, storage.Any, n), counting(l, storage.Any, n))
			if err != nil {
				b.Errorf("Put = %v", err)
			}
			written.Store(int64(n))
		}
		for i > 0 && written.Load() < writes && !b.Failed() {
			least := written.Load()
			items, err := b.db.Get(b.Context(), k, l)
			if err != nil {
				b.Errorf("Get = %v", err)
				return
			}
			read(items[0], least, "Get")
			read(items[1], least, "Get")
			least = written.Load()
			page, err := b.db.List(b.Context(), storage.Query{Table: l.Table, Part: "p"})
			if err != nil {
				b.Errorf("List = %v", err)
				return
			}
			read(append(page.Items, storage.Item{})[0], least, "List")
		}
	})
}
