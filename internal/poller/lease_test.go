package poller

import (
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/storage"
	"github.com/entente-bot/entente/internal/storage/bolt"
)

// TestReleaseIsOfOnesOwnLease: a run that was held up beyond its lease gives back
// nothing, for the lease is that of another run by then.
func TestReleaseIsOfOnesOwnLease(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)
	clock := func() time.Time { return now }
	db, err := bolt.Open(filepath.Join(t.TempDir(), "db"), clock, bolt.Unsynced)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	slow := &Poller{DB: db, Now: clock, Owner: "slow", Log: slog.New(slog.DiscardHandler)}
	next := &Poller{DB: db, Now: clock, Owner: "next", Log: slog.New(slog.DiscardHandler)}
	first, err := slow.take(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	now = now.Add(within)
	second, err := next.take(t.Context())
	if err != nil {
		t.Fatalf("the lease lapsed, and %v", err)
	}
	slow.release(t.Context(), first)
	if _, err := slow.take(t.Context()); err != errHeld {
		t.Errorf("after the late run was over, a third took the lease beside the second: %v", err)
	}
	next.release(t.Context(), second)
	tx, err := storage.Begin(t.Context(), db, leaseKey())
	if err != nil {
		t.Fatal(err)
	}
	if l, held := storage.Read[lease](tx, leaseKey()); held {
		t.Errorf("given back, and still kept: %+v", l)
	}
}
