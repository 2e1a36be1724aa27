package poller_test

import (
	"context"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/fakediscord"
	"github.com/entente-bot/entente/internal/joins"
	"github.com/entente-bot/entente/internal/poll"
	"github.com/entente-bot/entente/internal/poller"
	"github.com/entente-bot/entente/internal/removal"
	"github.com/entente-bot/entente/internal/storage"
)

// TestRun: a run polls for most of a minute, each guild as often as the budget
// allows, and the next goes on from there.
func TestRun(t *testing.T) {
	t.Parallel()
	onBench(t, 3, func(b *bench, guilds []string) {
		b.use(guilds[1], "7", 2)
		n, took := b.run(b.Poller)
		if n < 3*10 || n > 3*11 || took < 45*time.Second || took > 55*time.Second {
			t.Errorf("%d polls in %v, want one in 5 s of each guild for 50 s", n, took)
		}
		if got := b.counted(guilds[1]); got != 2 {
			t.Errorf("%d joins are booked, want 2", got)
		}
		pass(time.Minute - took)
		if n, _ = b.run(b.Poller); n < 3*10 || n > 3*11 {
			t.Errorf("%d polls in the next run", n)
		}
	})
}

// TestRunEndsEarly: nobody's turn comes, or the function has only so long.
func TestRunEndsEarly(t *testing.T) {
	t.Parallel()
	onBench(t, 1, func(b *bench, guilds []string) {
		ctx, cancel := context.WithTimeout(b.Context(), 20*time.Second)
		defer cancel()
		began := time.Now()
		if n, err := b.Poller.Run(ctx); n != 3 || err != nil || time.Since(began) > 15*time.Second {
			t.Errorf("%d polls, %v, after %v", n, err, time.Since(began))
		}
		b.change(guilds[0], func(w poll.Watch) poll.Watch {
			w.Due = time.Now().Add(2 * time.Minute)
			return w
		})
		if n, took := b.run(b.Poller); n != 0 || took > time.Second {
			t.Errorf("nothing was due: %d polls, %v", n, took)
		}
	})
}

// TestBudget: no more requests a second than told, whoever is due.
func TestBudget(t *testing.T) {
	t.Parallel()
	onBench(t, 300, func(b *bench, guilds []string) {
		b.Budget = 5
		b.run(b.Poller)
		if n := len(b.discord.Requests()); n < 240 || n > 255 {
			t.Errorf("%d requests in 50 s with 5 a second", n)
		}
	})
}

// TestLate: a run says by how much it fell behind; an alarm is made of that.
func TestLate(t *testing.T) {
	t.Parallel()
	for budget, late := range map[int]string{5: "late=50", 20: "late=0"} {
		onBench(t, 300, func(b *bench, _ []string) {
			var log strings.Builder
			b.Budget, b.Log = budget, slog.New(slog.NewTextHandler(&log, nil))
			b.run(b.Poller)
			if !strings.Contains(log.String(), late+" ") {
				t.Errorf("300 guilds are due, %d a second: want %s in %s", budget, late, log.String())
			}
		})
	}
}

// TestSlowGuild: guilds that do not answer hold up nobody.
func TestSlowGuild(t *testing.T) {
	t.Parallel()
	onBench(t, 12, func(b *bench, guilds []string) {
		for _, g := range guilds[:10] {
			b.slow[g] = time.Hour
		}
		_, took := b.run(b.Poller)
		if took > 55*time.Second {
			t.Errorf("the run took %v", took)
		}
		for _, g := range guilds[10:] {
			if n := len(b.asked(g)); n < 10 {
				t.Errorf("a guild was polled %d times while others were slow", n)
			}
		}
	})
}

// TestTwoRuns (FAULTS R17): of two runs at once, one polls.
func TestTwoRuns(t *testing.T) {
	t.Parallel()
	onBench(t, 2, func(b *bench, guilds []string) {
		other := b.another(nil)
		var all sync.WaitGroup
		var polls [3]int
		for i, p := range []*poller.Poller{b.Poller, other, b.Poller} {
			all.Go(func() { polls[i], _ = b.run(p) })
		}
		all.Wait()
		if sum := polls[0] + polls[1] + polls[2]; sum != max(polls[0], polls[1], polls[2]) || sum > 2*11 {
			t.Errorf("polls: %v", polls)
		}
	})
}

// TestCrash (FAULTS R17): a poller dies holding the lease. Until that lapses nobody
// polls, but the run of the next minute does. The only process need not wait.
func TestCrash(t *testing.T) {
	t.Parallel()
	onBench(t, 1, func(b *bench, guilds []string) {
		crash := func() {
			p := b.another(nil)
			p.DB = &dying{DB: b.db}
			if _, err := p.Run(b.Context()); err == nil {
				b.Fatal("it lives")
			}
		}
		crash()
		died := time.Now()
		b.use(guilds[0], "7", 3)
		if n, took := b.run(b.Poller); n != 0 || took > time.Second {
			t.Errorf("%d polls while the dead one has the lease", n)
		}
		pass(time.Minute)
		if n, _ := b.run(b.Poller); n == 0 || b.counted(guilds[0]) != 3 {
			t.Errorf("%v after the crash: %d polls, %d joins booked", time.Since(died), n, b.counted(guilds[0]))
		}
		crash()
		b.Sole = true
		if n, _ := b.run(b.Poller); n == 0 {
			t.Error("the only process waits for a lease of a dead one")
		}
	})
}

// A dying store is that of a process that dies right after its first write.
type dying struct {
	storage.DB
	dead atomic.Bool
}

func (d *dying) Put(ctx context.Context, items ...storage.Item) error {
	if d.dead.Swap(true) {
		return errDead
	}
	return d.DB.Put(ctx, items...)
}

func (d *dying) List(ctx context.Context, q storage.Query) (storage.Page, error) {
	if d.dead.Load() {
		return storage.Page{}, errDead
	}
	return d.DB.List(ctx, q)
}

func (d *dying) Get(ctx context.Context, keys ...storage.Key) ([]storage.Item, error) {
	if d.dead.Load() {
		return nil, errDead
	}
	return d.DB.Get(ctx, keys...)
}

// TestExcitedMeanwhile: a bump during a run is not lost when the run saves what it
// learned. A watch that was taken away meanwhile does not come back.
func TestExcitedMeanwhile(t *testing.T) {
	t.Parallel()
	onBench(t, 2, func(b *bench, guilds []string) {
		b.discord.Fail(fakediscord.Fault{Route: "/guilds/" + guilds[0] + "/invites", Status: 503, Skip: 1, Times: -1})
		var all sync.WaitGroup
		var bumped time.Time
		all.Go(func() {
			pass(40 * time.Second)
			bumped = time.Now()
			b.change(guilds[0], func(w poll.Watch) poll.Watch { return w.Excite(bumped) })
			b.update([]storage.Key{poll.Key(guilds[1])}, func(tx *storage.Tx) { tx.Delete(poll.Key(guilds[1])) })
		})
		b.run(b.Poller)
		all.Wait()
		if w := b.watch(guilds[0]); w.Due.After(bumped) || w.Polled.IsZero() {
			t.Errorf("bumped at %v; due at %v, polled at %v", bumped, w.Due, w.Polled)
		}
		if _, ok := storage.Read[poll.Watch](b.read(poll.Key(guilds[1])), poll.Key(guilds[1])); ok {
			t.Error("a watch that was taken away is back")
		}
	})
}

// TestTooMany (FAULTS R1): after a 429 nothing is asked of the guild until its time
// is over, and others go on.
func TestTooMany(t *testing.T) {
	t.Parallel()
	onBench(t, 2, func(b *bench, guilds []string) {
		b.discord.Fail(fakediscord.Fault{Route: "/guilds/" + guilds[0] + "/invites", Status: 429, RetryAfter: 90.5, Scope: "shared"})
		for range 3 {
			_, took := b.run(b.Poller)
			pass(time.Minute - took)
		}
		at := b.asked(guilds[0])
		if len(at) < 5 || at[1].Sub(at[0]) < 90500*time.Millisecond || at[1].Sub(at[0]) > 100*time.Second {
			t.Errorf("asked at %v", at)
		}
		if n := len(b.asked(guilds[1])); n < 30 {
			t.Errorf("the other guild was polled %d times in three minutes", n)
		}
	})
}

// TestNoToken (FAULTS R5): Discord takes the token no more. One request, and no other.
func TestNoToken(t *testing.T) {
	t.Parallel()
	onBench(t, 1, func(b *bench, guilds []string) {
		b.discord.Fail(fakediscord.Fault{Status: 401, Times: -1})
		b.run(b.Poller)
		if n := len(b.discord.Requests()); n != 1 {
			t.Errorf("%d requests", n)
		}
	})
}

// TestLost: the bot may no longer see what it needs. In the end it is asked
// hourly, and at once when managers want that, and nothing is booked or closed meanwhile.
func TestLost(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		lose    func(b *bench, guild string)
		loss    poll.Loss
		suspect bool // that the bot is out of the guild
	}{
		"manage server": {func(b *bench, g string) { b.discord.InstallBot(g, works) }, poll.Permission, false},
		"uses untold":   {func(b *bench, g string) { b.discord.InstallBot(g, looks) }, poll.Permission, false},
		"out":           {func(b *bench, g string) { b.discord.RemoveBot(g) }, poll.Permission, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			onBench(t, 1, func(b *bench, guilds []string) {
				g := guilds[0]
				b.once()
				b.use(g, "7", 1)
				pass(10 * time.Second)
				tt.lose(b, g)
				lost := time.Now()
				b.once()
				w := b.watch(g)
				if w.Lost != tt.loss || !w.LostSince.Equal(lost) || !w.Due.After(lost) {
					t.Errorf("lost %q at %v; it is %+v", tt.loss, lost, w)
				}
				_, checked := storage.Read[action.Action](b.read(removal.Check(g).Key()), removal.Check(g).Key())
				if checked != tt.suspect {
					t.Errorf("suspected to be out: %v", checked)
				}
				for range 12 {
					pass(time.Hour)
					b.once()
				}
				b.discord.ResetRequests()
				for range 600 {
					pass(time.Minute)
					b.once()
				}
				if n := len(b.asked(g)); n < 9 || n > 11 {
					t.Errorf("asked %d times in ten hours", n)
				}
				if w := b.watch(g); !w.LostSince.Equal(lost) || b.counted(g) != 0 {
					t.Errorf("lost since %v, %d booked", w.LostSince, b.counted(g))
				}
				b.discord.InstallBot(g, reads)
				b.change(g, func(w poll.Watch) poll.Watch { return w.Excite(time.Now()) })
				b.once()
				if w := b.watch(g); w.Lost != "" || b.counted(g) != 1 {
					t.Errorf("back, and %+v, %d booked", w, b.counted(g))
				}
				if a, _ := b.ledger(g).Account("7"); a.Code == "" || len(a.Gaps) > 0 {
					t.Errorf("the account: %+v", a)
				}
			})
		})
	}
}

// TestPanic: a guild whose poll is a bug keeps nobody else from being polled.
func TestPanic(t *testing.T) {
	t.Parallel()
	onBench(t, 2, func(b *bench, guilds []string) {
		b.Discord = buggy{b.Discord, guilds[0]}
		b.use(guilds[1], "7", 1)
		pass(time.Second)
		if n := b.once(); n != 2 || b.counted(guilds[1]) != 1 {
			t.Errorf("%d were polled, and %d joins are booked of the other one", n, b.counted(guilds[1]))
		}
		if w := b.watch(guilds[0]); !w.Due.After(time.Now()) {
			t.Errorf("it is tried again at once: %+v", w)
		}
	})
}

type buggy struct {
	poller.Discord
	guild string
}

func (d buggy) GuildInvites(ctx context.Context, guild string) ([]joins.Invite, error) {
	if guild == d.guild {
		panic("a bug")
	}
	return d.Discord.GuildInvites(ctx, guild)
}
