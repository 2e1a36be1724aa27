package poller_test

import (
	"os"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/entente-bot/entente/internal/fakediscord"
	"github.com/entente-bot/entente/internal/halves"
	"github.com/entente-bot/entente/internal/joins"
	"github.com/entente-bot/entente/internal/poll"
	"github.com/entente-bot/entente/internal/storage"
)

func TestMain(m *testing.M) {
	halves.Tell(os.Stderr, halves.OnDynamoDB())
	goleak.VerifyTestMain(m)
}

// TestCost: a poll that brings nothing is one request to Discord, and none to the
// store, but for the first of its run, which reads the books. What a run asks of
// the store besides does not grow with its polls.
func TestCost(t *testing.T) {
	t.Parallel()
	onBench(t, 2, func(b *bench, guilds []string) {
		b.once() // others are seen for the first time
		pass(time.Minute)
		b.discord.ResetRequests()
		b.db.gets.Store(0)
		b.db.puts.Store(0)
		n, took := b.run(b.Poller)
		if asked := len(b.discord.Requests()); n < 20 || asked != n {
			t.Errorf("%d polls took %d requests", n, asked)
		}
		// The lease is taken and given back: two reads and two writes. Each guild's
		// books are read once. That nothing happened is not saved.
		if gets, puts := b.db.gets.Load(), b.db.puts.Load(); gets != int64(2+len(guilds)) || puts != 2 {
			t.Errorf("%d polls took %d reads and %d writes", n, gets, puts)
		}
		for range 5 {
			pass(time.Minute - took)
			_, took = b.run(b.Poller)
		}
		// But once in five minutes: for all guilds in one write.
		if puts := b.db.puts.Load(); puts != 6*2+1 {
			t.Errorf("in six runs without joins, there were %d writes", puts)
		}

		b.use(guilds[0], "7", 1)
		pass(5 * time.Second)
		b.db.gets.Store(0)
		b.db.puts.Store(0)
		b.once()
		// And a join: the books are read again to be written, at their version.
		if gets, puts := b.db.gets.Load(), b.db.puts.Load(); gets != int64(3+len(guilds)+1) || puts != 3+1 || b.counted(guilds[0]) != 1 {
			t.Errorf("with a join: %d reads, %d writes, %d booked", gets, puts, b.counted(guilds[0]))
		}
	})
}

// TestManyOthers: a guild with very many invites that are no partner's is polled as
// any other. Its books take one more request to be read, and each join is booked once.
func TestManyOthers(t *testing.T) {
	t.Parallel()
	onBench(t, 1, func(b *bench, guilds []string) {
		g, used := guilds[0], ""
		for range 200 {
			used = b.discord.AddInvite(g, fakediscord.Invite{Inviter: b.discord.ApplicationID()})
		}
		b.once() // all are seen for the first time
		for n := range 3 {
			pass(2 * time.Minute)
			b.change(g, func(w poll.Watch) poll.Watch {
				w.Due = time.Now()
				return w
			})
			if err := b.discord.UseInvite(used, b.discord.AddUser("somebody")); err != nil {
				t.Fatal(err)
			}
			b.db.gets.Store(0)
			b.once()
			if gets := b.db.gets.Load(); gets > 7 {
				t.Errorf("a poll took %d reads", gets)
			}
			day, _ := storage.Read[joins.Day](b.read(joins.DayKey(g, time.Now())), joins.DayKey(g, time.Now()))
			if got := day.Books[joins.ByOther].Counted; got != n+1 {
				t.Errorf("%d joins are booked, want %d", got, n+1)
			}
		}
	})
}
