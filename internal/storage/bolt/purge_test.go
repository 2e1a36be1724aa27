package bolt_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"github.com/entente-bot/entente/internal/storage"
	"github.com/entente-bot/entente/internal/storage/bolt"
	"github.com/entente-bot/entente/internal/storage/storagetest"
)

// rows returns how many rows the buckets of a closed file have.
func rows(t *testing.T, path string) map[string]int {
	t.Helper()
	file, err := bbolt.Open(path, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	n := make(map[string]int)
	err = file.View(func(tx *bbolt.Tx) error {
		return tx.ForEach(func(name []byte, b *bbolt.Bucket) error {
			n[string(name)] = b.Stats().KeyN
			return nil
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestPurge(t *testing.T) {
	t.Parallel()
	clock := storagetest.NewClock()
	path := filepath.Join(t.TempDir(), "test.db")
	db, err := bolt.Open(path, clock.Now)
	if err != nil {
		t.Fatal(err)
	}
	put := func(items ...storage.Item) {
		t.Helper()
		if err := db.Put(t.Context(), items...); err != nil {
			t.Fatal(err)
		}
	}
	purge := func(limit, want int) {
		t.Helper()
		if n, err := db.Purge(t.Context(), limit); n != want || err != nil {
			t.Errorf("Purge(%d) = %d, %v; want %d", limit, n, err, want)
		}
	}
	until := func(sort string, in time.Duration) storage.Item {
		it := item(sort)
		it.Version, it.Expires = storage.Any, clock.Now().Add(in)
		return it
	}
	long := until("long", time.Hour)
	prolonged, cleared, deleted := until("prolonged", time.Second), until("cleared", time.Second), until("deleted", time.Second)
	other := until("brief", time.Second)
	other.Key.Table = storage.Actions
	put(item("for ever"), long, until("ancient", -200*365*24*time.Hour), other, prolonged, cleared, deleted)
	for i := range 5 {
		put(until(fmt.Sprint("brief", i), time.Second))
	}
	put(until("prolonged", time.Minute), storage.Item{Key: deleted.Key, Version: storage.Any})
	keep := item("cleared")
	keep.Version = storage.Any
	put(keep)

	purge(10, 1)
	clock.Advance(time.Second)
	purge(0, 0)
	purge(4, 4)
	purge(4, 2)
	purge(4, 0)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	want := map[string]int{"records": 4, "actions": 0, "expiry": 2, "store": 1} // for ever, long, prolonged, cleared
	if got := rows(t, path); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("rows %v, want %v", got, want)
	}
}

// TestManyWritersShareFlushes has 64 writers at once. One flush each, one after
// the other, would be as many transactions as writes.
func TestManyWritersShareFlushes(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "test.db")
	db, err := bolt.Open(path, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	const writers, each = 64, 4
	var done sync.WaitGroup
	for w := range writers {
		done.Go(func() {
			for i := range each {
				if err := db.Put(t.Context(), item(fmt.Sprint(w, i))); err != nil {
					t.Error(err)
				}
			}
		})
	}
	done.Wait()
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if n := rows(t, path)["records"]; n != writers*each {
		t.Errorf("%d rows, want %d", n, writers*each)
	}
	if n := transactions(t, path); n > writers*each/4 {
		t.Errorf("%d writes took %d transactions", writers*each, n)
	}
}

// transactions returns how many a file has seen, the one to look included.
func transactions(t *testing.T, path string) (n int) {
	t.Helper()
	file, err := bbolt.Open(path, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if err := file.Update(func(tx *bbolt.Tx) error { n = tx.ID(); return nil }); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestAfterClose(t *testing.T) {
	t.Parallel()
	db, err := bolt.Open(filepath.Join(t.TempDir(), "test.db"), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	_, get := db.Get(t.Context(), key("s"))
	_, list := db.List(t.Context(), storage.Query{Table: storage.Records, Part: "p"})
	_, purge := db.Purge(t.Context(), 1)
	for name, err := range map[string]error{"Get": get, "List": list, "Purge": purge, "Put": db.Put(t.Context(), item("s"))} {
		if err == nil || errors.Is(err, storage.ErrConflict) {
			t.Errorf("%s after Close = %v", name, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := db.Purge(ctx, 1); !errors.Is(err, context.Canceled) {
		t.Errorf("Purge = %v, want context.Canceled", err)
	}
}

func TestDamagedRow(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "test.db")
	for name, row := range map[string]string{"empty": "", "short": "\x01abc", "of a later format": "\x02" + strings.Repeat("x", 30), "cut in its kind": "\x01" + strings.Repeat("x", 20) + "\xff"} {
		db, err := bolt.Open(path, time.Now)
		if err != nil {
			t.Fatal(err)
		}
		it := item("s")
		it.Version = storage.Any
		if err := db.Put(t.Context(), it); err != nil {
			t.Fatal(err)
		}
		db.Close()
		damage(t, path, row)
		if db, err = bolt.Open(path, time.Now); err != nil {
			t.Fatal(err)
		}
		_, get := db.Get(t.Context(), it.Key)
		_, list := db.List(t.Context(), storage.Query{Table: storage.Records, Part: "p"})
		for _, err := range []error{get, list, db.Put(t.Context(), it)} {
			if err == nil || !strings.Contains(err.Error(), "damaged") {
				t.Errorf("%s: error %v", name, err)
			}
		}
		db.Close()
		damage(t, path, "\x01"+strings.Repeat("\x00", 21)+"{}")
	}
}

// damage replaces every record of a closed file.
func damage(t *testing.T, path, row string) {
	t.Helper()
	file, err := bbolt.Open(path, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	err = file.Update(func(tx *bbolt.Tx) error {
		b := tx.Bucket([]byte("records"))
		var keys []string
		err := b.ForEach(func(k, _ []byte) error { keys = append(keys, string(k)); return nil })
		for _, k := range keys {
			err = errors.Join(err, b.Put([]byte(k), []byte(row)))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
