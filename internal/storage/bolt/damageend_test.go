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

// TestCutUnderWhoUsesIt cuts a file while it is read, written and copied: everybody
// gets an error, nobody waits for ever, and the file can be closed. bbolt's locks stay
// locked where a transaction begins on what is gone.
func TestCutUnderWhoUsesIt(t *testing.T) {
	t.Parallel()
	for range 10 {
		folder := t.TempDir()
		path := filepath.Join(folder, "db")
		full(t, path)
		db, err := bolt.Open(path, time.Now, bolt.Unsynced)
		if err != nil {
			t.Fatal(err)
		}
		list := func(int) error {
			_, err := db.List(t.Context(), storage.Query{Table: storage.Records, Part: "p", Limit: 1000})
			return err
		}
		put := func(n int) error {
			it := large(1000 + n)
			it.Version = storage.Any
			return db.Put(t.Context(), it)
		}
		backup := func(n int) error { return db.Backup(filepath.Join(folder, fmt.Sprint("copy", n))) }
		var users, began sync.WaitGroup
		for _, use := range []func(int) error{list, list, list, list, put, put, backup} {
			began.Add(1)
			users.Go(func() {
				err := use(0)
				began.Done()
				for n := 1; err == nil; n++ {
					err = use(n)
				}
				if !errors.Is(err, bolt.ErrDamaged) {
					t.Error(err)
				}
			})
		}
		began.Wait()
		if err := os.Truncate(path, 0); err != nil {
			t.Fatal(err)
		}
		users.Wait()
		if err := errors.Join(db.Trouble(), db.Close()); !errors.Is(err, bolt.ErrDamaged) {
			t.Errorf("closed, it says %v", err)
		}
	}
}
