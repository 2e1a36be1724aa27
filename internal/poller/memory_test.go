package poller

import (
	"fmt"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/poll"
	"github.com/entente-bot/entente/internal/storage"
	"github.com/entente-bot/entente/internal/storage/bolt"
)

// BenchmarkMemory measures what a run keeps of each guild: with the memory of the
// function, that is how many one poller can look after.
//
//	go test -run '^$' -bench BenchmarkMemory -benchtime 1x ./internal/poller
func BenchmarkMemory(b *testing.B) {
	for _, guilds := range []int{1_000, 20_000} {
		b.Run(fmt.Sprint(guilds), func(b *testing.B) {
			p := withWatches(b, guilds)
			for b.Loop() {
				before := heap()
				watches, err := p.watches(b.Context())
				if err != nil || len(watches) != guilds {
					b.Fatalf("%d watches, %v", len(watches), err)
				}
				r := p.newRun(watches, "token")
				b.ReportMetric(float64(heap()-before)/float64(guilds), "B/guild")
				runtime.KeepAlive(watches)
				runtime.KeepAlive(r)
			}
		})
	}
}

// heap is how much is in use, once what is not is gone.
func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// withWatches returns a poller of so many guilds that count the joins of ten invites.
func withWatches(b *testing.B, guilds int) *Poller {
	b.Helper()
	now := time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)
	db, err := bolt.Open(filepath.Join(b.TempDir(), "db"), func() time.Time { return now }, bolt.Unsynced)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = db.Close() })
	for first := 0; first < guilds; first += 50 {
		var watches []poll.Watch
		var keys []storage.Key
		for i := first; i < min(first+50, guilds); i++ {
			w := poll.Watch{Guild: fmt.Sprintf("1%017d", i), Due: now, Polled: now, Census: now, Shares: poll.Shares{}}
			for j := range 10 {
				w.Shares[fmt.Sprintf("invite%d-%d", i, j)] = 0.1
			}
			watches, keys = append(watches, w), append(keys, poll.Key(w.Guild))
		}
		err := storage.Update(b.Context(), db, keys, func(tx *storage.Tx) error {
			for i, w := range watches {
				tx.Set(keys[i], w)
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	return New(db, nil, nil, func() time.Time { return now })
}
