package bolt_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/storage"
	"github.com/entente-bot/entente/internal/storage/bolt"
)

// busily writes to a store until end is called, which returns how often it did.
func busily(t *testing.T, db *bolt.DB) (end func() int) {
	stop, writes := make(chan struct{}), 0
	var writer sync.WaitGroup
	writer.Go(func() {
		for ; ; writes++ {
			select {
			case <-stop:
				return
			default:
			}
			var items []storage.Item
			for i := range 20 {
				it := large((writes*7919 + i*104729) % 2000)
				it.Version = storage.Any
				items = append(items, it)
			}
			if err := db.Put(t.Context(), items...); err != nil {
				t.Error(err)
				return
			}
		}
	})
	return func() int { close(stop); writer.Wait(); return writes }
}

// TestBackupUnderWrites: each of 25 backups of a store that is written to all the time
// can be opened and read, and is its owner's.
func TestBackupUnderWrites(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	db, err := bolt.Open(filepath.Join(dir, "db"), time.Now, bolt.Of("1"), bolt.Unsynced)
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Put(t.Context(), item("first")); err != nil {
		t.Fatal(err)
	}
	end := busily(t, db)
	for n := range 25 {
		path := filepath.Join(dir, fmt.Sprint("backup", n))
		if err := db.Backup(path); err != nil {
			t.Fatal(err)
		}
		if err := db.Backup(path); err == nil {
			t.Error("a backup took the place of another file")
		}
		copied, err := bolt.Open(path, time.Now, bolt.Of("1"))
		if err != nil {
			t.Fatal(err)
		}
		items, err := copied.Get(t.Context(), key("first"))
		if err = errors.Join(err, copied.Check(), copied.Close()); err != nil || items[0].Version == 0 {
			t.Errorf("backup %d: %v", n, err)
		}
	}
	t.Logf("%d writes meanwhile", end())
	if err := db.Close(); err != nil {
		t.Error(err)
	}
}

// TestCompact makes a store smaller while it is written to; what it holds stays.
func TestCompact(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "db")
	clock := time.Now
	db, err := bolt.Open(path, clock, bolt.Of("1"))
	if err != nil {
		t.Fatal(err)
	}
	brief := item("brief")
	brief.Expires = clock().Add(-time.Hour)
	if err := db.Put(t.Context(), item("first"), brief); err != nil {
		t.Fatal(err)
	}
	for from := 0; from < 2000; from += 50 {
		var items, gone []storage.Item
		for i := range 50 {
			it := large(from + i)
			items, gone = append(items, it), append(gone, storage.Item{Key: it.Key, Version: storage.Any})
		}
		if err := errors.Join(db.Put(t.Context(), items...), db.Put(t.Context(), gone...)); err != nil {
			t.Fatal(err)
		}
	}
	before, after, err := db.Compact()
	if info, _ := os.Stat(path); err != nil || after >= before || info.Size() != after {
		t.Errorf("from %d to %d bytes, %v", before, after, err)
	}
	end := busily(t, db)
	for range 5 {
		if _, _, err := db.Compact(); err != nil {
			t.Error(err)
		}
	}
	end()
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if db, err = bolt.Open(path, clock, bolt.Of("1")); err != nil {
		t.Fatal(err)
	}
	items, err := db.Get(t.Context(), key("first"))
	n, purged := db.Purge(t.Context(), 10)
	if err = errors.Join(err, purged, db.Check(), db.Close()); err != nil || items[0].Version == 0 || n != 1 {
		t.Errorf("after it: %+v, %d purged, %v", items, n, err)
	}
	if left, _ := filepath.Glob(path + ".*"); len(left) > 0 {
		t.Errorf("left: %v", left)
	}
}

// TestBackupOfDamaged: what cannot be read is not backed up.
func TestBackupOfDamaged(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "db")
	full(t, path)
	db, err := bolt.Open(path, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(path, 100_000); err != nil {
		t.Fatal(err)
	}
	backup := path + ".backup"
	if err := db.Backup(backup); !errors.Is(err, bolt.ErrDamaged) {
		t.Errorf("Backup = %v", err)
	}
	if _, err := os.Stat(backup); err == nil {
		t.Error("there is a backup")
	}
	if err := db.Close(); err != nil {
		t.Error(err)
	}
}
