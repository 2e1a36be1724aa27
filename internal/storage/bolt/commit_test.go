package bolt

import (
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/storage"
)

// TestGroupCommitPanics: of writes that share a transaction, none is reported as stored
// if that panics, and none after it; what was stored before can be read.
func TestGroupCommitPanics(t *testing.T) {
	t.Parallel()
	var block, broken atomic.Bool
	entered, release := make(chan struct{}), make(chan struct{})
	db, err := Open(filepath.Join(t.TempDir(), "db"), func() time.Time {
		switch {
		case block.Swap(false):
			close(entered)
			<-release
		case broken.Swap(false):
			panic("a damaged page")
		}
		return time.Now()
	})
	if err != nil {
		t.Fatal(err)
	}
	item := func(sort string) storage.Item {
		return storage.Item{Key: storage.Key{Table: storage.Records, Part: "p", Sort: sort}, Value: []byte(`{}`)}
	}
	var writers sync.WaitGroup
	errs := make([]error, 5)
	put := func(i int) {
		writers.Go(func() { errs[i] = db.Put(t.Context(), item(fmt.Sprint(i))) })
	}
	block.Store(true)
	put(0)
	<-entered // it has a transaction for itself
	for i := 1; i < len(errs); i++ {
		put(i)
	}
	for waiting := 0; waiting < len(errs)-1; runtime.Gosched() {
		db.mu.Lock()
		waiting = len(db.waiting)
		db.mu.Unlock()
	}
	broken.Store(true)
	close(release)
	writers.Wait()

	for i, err := range errs {
		items, got := db.Get(t.Context(), item(fmt.Sprint(i)).Key)
		if got != nil {
			t.Fatal(got)
		}
		if stored := items[0].Version != 0; stored != (i == 0) || (err == nil) != stored || err != nil && !errors.Is(err, ErrDamaged) {
			t.Errorf("%d: Put = %v; stored: %v", i, err, stored)
		}
	}
	if err := db.Put(t.Context(), item("later")); !errors.Is(err, ErrDamaged) || !errors.Is(db.Trouble(), ErrDamaged) {
		t.Errorf("after damage, Put = %v; Trouble = %v", err, db.Trouble())
	}
	if err := db.Close(); err != nil {
		t.Error(err)
	}
}
