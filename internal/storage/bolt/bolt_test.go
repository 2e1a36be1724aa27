package bolt_test

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/storage"
	"github.com/entente-bot/entente/internal/storage/bolt"
	"github.com/entente-bot/entente/internal/storage/storagetest"
)

// open opens a DB in a temporary folder, for as long as the test lasts.
func open(t *testing.T, now func() time.Time) *bolt.DB {
	t.Helper()
	db, err := bolt.Open(filepath.Join(t.TempDir(), "new", "test.db"), now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

func TestConformance(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, now func() time.Time) storage.DB { return open(t, now) })
}

func TestAgreesWithModel(t *testing.T) {
	clock := storagetest.NewClock()
	storagetest.Agree(t, clock, map[string]storage.DB{"bolt": open(t, clock.Now)})
}
