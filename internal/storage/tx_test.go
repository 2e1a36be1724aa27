package storage_test

import (
	"context"
	"errors"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"github.com/entente-bot/entente/internal/storage"
	"github.com/entente-bot/entente/internal/storage/bolt"
)

type note struct{}

func (note) Kind() (string, int) { return "note", 1 }

func TestUpdateIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		db, err := bolt.Open(filepath.Join(t.TempDir(), "test.db"), time.Now, bolt.Unsynced)
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		k := storage.Key{Table: storage.Records, Part: "p", Sort: "s"}
		tries := 0
		tooLate := func(tx *storage.Tx) error { // somebody else is always faster
			tries++
			tx.Set(k, note{})
			return db.Put(context.Background(), storage.Item{Key: k, Version: storage.Any, Value: []byte(`{}`)})
		}
		begin := time.Now()
		if err := storage.Update(t.Context(), db, []storage.Key{k}, tooLate); !errors.Is(err, storage.ErrConflict) {
			t.Errorf("Update = %v, want ErrConflict", err)
		}
		if d := time.Since(begin); tries != 40 || d > 8*time.Second {
			t.Errorf("gave up after %d tries and %v", tries, d)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer cancel()
		if err := storage.Update(ctx, db, []storage.Key{k}, tooLate); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Update = %v, want context.DeadlineExceeded", err)
		}
	})
}

// TestListed writes items that a list returned under the version it returned, and
// where it returned none, only where there is none.
func TestListed(t *testing.T) {
	t.Parallel()
	there, absent := storage.Key{Table: storage.Records, Part: "p", Sort: "a"}, storage.Key{Table: storage.Records, Part: "p", Sort: "b"}
	tx := storage.Of()
	tx.Listed(storage.Item{Key: there, Version: 7, Kind: "note", Schema: 1, Value: []byte(`{}`)}, storage.Item{Key: absent})
	if _, ok := storage.Read[note](tx, there); !ok {
		t.Error("what was listed is not there")
	}
	if _, ok := storage.Read[note](tx, absent); ok {
		t.Error("what was not listed is there")
	}
	tx.Set(there, note{})
	tx.Set(absent, note{})
	changes, err := tx.Changes()
	if err != nil || len(changes) != 2 || changes[0].Version != 7 || changes[1].Version != 0 {
		t.Errorf("%+v, %v", changes, err)
	}
}

// TestWant: an update reads what it learns of while it decides, and writes once.
func TestWant(t *testing.T) {
	t.Parallel()
	db, err := bolt.Open(filepath.Join(t.TempDir(), "test.db"), time.Now, bolt.Unsynced)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	first, second := storage.Key{Table: storage.Records, Part: "p", Sort: "a"}, storage.Key{Table: storage.Records, Part: "p", Sort: "b"}
	tries := 0
	err = storage.Update(t.Context(), db, []storage.Key{first}, func(tx *storage.Tx) error {
		if tries++; !tx.Want(first, second) {
			tx.Set(first, note{})
			return errors.New("decided without it")
		}
		tx.Set(second, note{})
		return nil
	})
	items, _ := db.Get(t.Context(), first, second)
	if err != nil || tries != 2 || items[0].Value != nil || items[1].Value == nil {
		t.Errorf("%v after %d tries: %v", err, tries, items)
	}
	tx := storage.Of()
	if _, err := tx.Changes(); tx.Want(first) || err != nil {
		t.Error("what was not read is there")
	}
	if _, err := tx.Changes(); err == nil {
		t.Error("a transaction that wants more has changes")
	}
}
