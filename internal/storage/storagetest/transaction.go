package storagetest

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/entente-bot/entente/internal/storage"
)

// A tally is a record that counts.
type tally struct {
	N int `json:"n"`
}

func (tally) Kind() (string, int) { return "tally", 2 }

// A lease is a record that ends.
type lease struct {
	Until time.Time `json:"until"`
}

func (lease) Kind() (string, int)    { return "lease", 1 }
func (l lease) ExpiresAt() time.Time { return l.Until }

// counting returns a tally of n to be written over version.
func counting(k storage.Key, version int64, n int) storage.Item {
	it := item(k, version, fmt.Sprintf(`{"n":%d}`, n))
	it.Kind, it.Schema = tally{}.Kind()
	return it
}

// update is storage.Update that must succeed.
func (b *bench) update(decide func(*storage.Tx) error, keys ...storage.Key) {
	b.Helper()
	if err := storage.Update(b.Context(), b.db, keys, decide); err != nil {
		b.Fatalf("Update: %v", err)
	}
}

func (b *bench) tallies(want map[storage.Key]int) {
	b.Helper()
	for k, n := range want {
		it := b.get(k)
		if n == 0 {
			if it.Version != 0 {
				b.Errorf("%v holds %s, want nothing", k, it.Value)
			}
			continue
		}
		if got, err := storage.Decode[tally](it); err != nil || got.N != n {
			b.Errorf("%v holds %+v, %v; want %d", k, got, err, n)
		}
	}
}

// transactions are the tests of storage.Tx and storage.Update on a DB.
func transactions() []test {
	k, other, index := record("p", "s"), action("p", "s"), action("index", "s")
	return []test{
		{"tx reads, sets, creates, indexes and deletes", func(b *bench) {
			b.update(func(tx *storage.Tx) error {
				if _, ok := storage.Read[tally](tx, k); ok {
					b.Error("read an item before there was one")
				}
				tx.Set(k, tally{1})
				if v, ok := storage.Read[tally](tx, k); !ok || v.N != 1 {
					b.Errorf("reads %+v, %v after Set", v, ok)
				}
				tx.Create(other, tally{1})
				tx.Index(index, tally{1})
				return nil
			}, k, k)
			b.tallies(map[storage.Key]int{k: 1, other: 1, index: 1})
			b.update(func(tx *storage.Tx) error {
				tx.Delete(k)
				if _, ok := storage.Read[tally](tx, k); ok {
					b.Error("reads what it deleted")
				}
				tx.Delete(k)
				tx.Index(index, tally{2})
				tx.Set(other, tally{2})
				return nil
			}, k, other)
			b.tallies(map[storage.Key]int{k: 0, other: 2, index: 2})
			b.update(func(tx *storage.Tx) error {
				tx.Unindex(index)
				tx.Delete(k) // there is none
				return nil
			}, k)
			b.tallies(map[storage.Key]int{index: 0, other: 2})
		}},
		{"several changes of one item are one", func(b *bench) {
			b.update(func(tx *storage.Tx) error {
				tx.Set(k, tally{1})
				tx.Delete(k)
				tx.Create(other, tally{1})
				tx.Set(other, tally{2})
				tx.Index(index, tally{1})
				tx.Unindex(index)
				return nil
			}, k)
			b.tallies(map[storage.Key]int{k: 0, other: 2, index: 0})
			b.update(func(tx *storage.Tx) error {
				tx.Delete(other)
				tx.Create(other, tally{3})
				return nil
			}, other)
			b.tallies(map[storage.Key]int{other: 3})
			stale, err := storage.Begin(b.Context(), b.db, other)
			if err != nil {
				b.Fatal(err)
			}
			b.put(counting(other, storage.Any, 4))
			stale.Set(other, tally{5})
			stale.Index(other, tally{6})
			items, err := stale.Changes()
			if err != nil || len(items) != 1 {
				b.Fatalf("Changes = %v, %v", items, err)
			}
			b.fails(storage.ErrConflict, items...)
		}},
		{"tx fails on a key it did not read", func(b *bench) {
			for name, misuse := range map[string]func(*storage.Tx){
				"Read":   func(tx *storage.Tx) { storage.Read[tally](tx, other) },
				"Set":    func(tx *storage.Tx) { tx.Set(other, tally{1}) },
				"Delete": func(tx *storage.Tx) { tx.Delete(other) },
			} {
				err := storage.Update(b.Context(), b.db, []storage.Key{k}, func(tx *storage.Tx) error {
					tx.Set(k, tally{1})
					misuse(tx)
					return nil
				})
				if err == nil || !strings.Contains(err.Error(), "not read") {
					b.Errorf("%s = %v", name, err)
				}
			}
			b.tallies(map[storage.Key]int{k: 0, other: 0})
		}},
		{"tx fails on another kind and on a later schema", func(b *bench) {
			for _, it := range []storage.Item{
				{Kind: "lease", Schema: 1}, {Kind: "tally", Schema: 3}, {Kind: "tally", Schema: 1},
			} {
				it.Key, it.Version, it.Value = k, storage.Any, []byte(`{"n":1}`)
				b.put(it)
				err := storage.Update(b.Context(), b.db, []storage.Key{k}, func(tx *storage.Tx) error {
					storage.Read[tally](tx, k)
					return nil
				})
				if fine := it.Kind == "tally" && it.Schema == 1; fine != (err == nil) {
					b.Errorf("kind %s schema %d: %v", it.Kind, it.Schema, err)
				}
			}
		}},
		{"an expiring record expires", func(b *bench) {
			b.update(func(tx *storage.Tx) error {
				tx.Create(k, lease{b.clock.Now().Add(time.Minute)})
				tx.Create(other, lease{})
				return nil
			})
			b.clock.Advance(time.Minute)
			b.update(func(tx *storage.Tx) error {
				if _, ok := storage.Read[lease](tx, k); ok {
					b.Error("reads an expired lease")
				}
				if _, ok := storage.Read[lease](tx, other); !ok {
					b.Error("a lease without an end has ended")
				}
				return nil
			}, k, other)
		}},
		{"update decides again, and gives up", func(b *bench) {
			b.put(counting(k, 0, 0))
			rival := func() { b.put(counting(k, storage.Any, 100)) }
			tries := 0
			b.update(func(tx *storage.Tx) error {
				it, _ := storage.Read[tally](tx, k)
				if tries++; tries < 4 {
					rival()
				}
				tx.Set(k, tally{it.N + 1})
				return nil
			}, k)
			if tries != 4 {
				b.Errorf("decided %d times, want 4", tries)
			}
			refusal := errors.New("no")
			err := storage.Update(b.Context(), b.db, []storage.Key{k}, func(tx *storage.Tx) error {
				tx.Set(k, tally{7})
				return refusal
			})
			if err != refusal {
				b.Errorf("Update = %v, want the error of decide as it is", err)
			}
			b.tallies(map[storage.Key]int{k: 101})
		}},
	}
}
