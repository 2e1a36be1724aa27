package poller_test

import (
	"context"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"path/filepath"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/discordrest"
	"github.com/entente-bot/entente/internal/fakediscord"
	"github.com/entente-bot/entente/internal/joins"
	"github.com/entente-bot/entente/internal/poll"
	"github.com/entente-bot/entente/internal/poller"
	"github.com/entente-bot/entente/internal/storage"
	"github.com/entente-bot/entente/internal/storage/bolt"
)

var (
	every = flag.Bool("every", false, "simulate 200 towns, and not only some")
	one   = flag.Uint64("seed", 0, "simulate the town of this seed only")
)

// TestSimulation lets towns of guilds play for forty minutes each, with all that
// can go wrong: joins that come as they do, bumps, invites deleted by hand, lost
// permissions, a Discord and a store that fail, pollers that crash, freeze, overlap
// and stay away. Afterwards the books have to be those of Discord.
func TestSimulation(t *testing.T) {
	t.Parallel()
	seeds := 20
	if *every {
		seeds = 200
	}
	var mu sync.Mutex
	var all tally
	t.Run("towns", func(t *testing.T) {
		for seed := uint64(1); seed <= uint64(seeds); seed++ {
			if *one != 0 && seed != *one {
				continue
			}
			t.Run(fmt.Sprint(seed), func(t *testing.T) {
				t.Parallel()
				got := simulate(t, seed)
				mu.Lock()
				defer mu.Unlock()
				all = all.plus(got)
			})
		}
	})
	t.Logf("%d towns: %+v", seeds, all)
}

// A tally is what a simulation came to.
type tally struct{ Requests, Joins, Counted, Unknown, Gaps, Deaths int }

func (a tally) plus(b tally) tally {
	return tally{
		a.Requests + b.Requests, a.Joins + b.Joins, a.Counted + b.Counted, a.Unknown + b.Unknown, a.Gaps + b.Gaps, a.Deaths + b.Deaths,
	}
}

// How long a simulation has trouble.
const trouble = 40 * time.Minute

func simulate(t *testing.T, seed uint64) (got tally) {
	discord, err := fakediscord.New(fakediscord.Options{Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = discord.Close() })
	file := filepath.Join(t.TempDir(), "db")
	synctest.Test(t, func(t *testing.T) {
		db, err := bolt.Open(file, time.Now, bolt.Unsynced)
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		rng := rand.New(rand.NewPCG(seed, 1))
		pass(time.Duration(rng.Int64N(int64(24 * time.Hour)))) // some towns play at midnight
		w := &town{T: t, discord: discord, db: db}
		for n := range 1 + rng.IntN(4) {
			w.guilds = append(w.guilds, w.settle(rng, n))
		}
		pass(time.Second)
		w.poll() // so that what others have at first is known
		w.turns(weather{0.02, 0.02})
		deaths := w.play(rng)
		w.rest()
		got = w.check()
		got.Deaths, got.Requests = deaths, len(discord.Requests())
	})
	return got
}

// play lets everything happen at once, until the trouble is over.
func (w *town) play(rng *rand.Rand) (deaths int) {
	ctx, cancel := context.WithTimeout(w.Context(), trouble)
	defer cancel()
	var all sync.WaitGroup
	for _, g := range w.guilds {
		crowd, hand, boss := rand.New(rand.NewPCG(rng.Uint64(), 2)), rand.New(rand.NewPCG(rng.Uint64(), 3)), rand.New(rand.NewPCG(rng.Uint64(), 7))
		all.Go(func() { w.crowd(ctx, crowd, g) })
		all.Go(func() { w.hand(ctx, hand, g) })
		all.Go(func() { w.boss(ctx, boss, g) })
	}
	sky, clock := rand.New(rand.NewPCG(rng.Uint64(), 4)), rand.New(rand.NewPCG(rng.Uint64(), 5))
	all.Go(func() { w.sky(ctx, sky) })
	all.Go(func() { w.clerk(ctx) })
	all.Go(func() { deaths = w.minutes(ctx, clock) })
	all.Wait()
	return deaths
}

// crowd lets people join a guild.
func (w *town) crowd(ctx context.Context, rng *rand.Rand, g *guild) {
	for {
		most := g.rate * 51
		if pause(ctx, time.Duration(rng.ExpFloat64()/most*float64(time.Second))) != nil {
			return
		}
		if rng.Float64() < g.comes(time.Now())/most {
			w.join(rng, g)
		}
	}
}

// hand does what people do behind the bot's back, and bumps.
func (w *town) hand(ctx context.Context, rng *rand.Rand, g *guild) {
	for {
		if pause(ctx, time.Duration(rng.ExpFloat64()*float64(8*time.Minute))) != nil {
			return
		}
		switch rng.IntN(5) {
		case 0, 1:
			w.bump(rng, g)
		case 2:
			w.remove(rng, g, false)
		case 3:
			w.remove(rng, g, true)
		case 4:
			g.mu.Lock()
			g.hidden, g.hid = !g.hid, true // once: two within ten minutes, and no other between them, are taken for the truth
			g.mu.Unlock()
		}
	}
}

// boss takes rights from the bot, and gives them back.
func (w *town) boss(ctx context.Context, rng *rand.Rand, g *guild) {
	for pause(ctx, time.Duration(rng.ExpFloat64()*float64(20*time.Minute))) == nil {
		w.discord.SetRole(g.id, g.role, []fakediscord.Permission{works, looks, looks}[rng.IntN(3)], 10)
		_ = pause(ctx, time.Duration(rng.Int64N(int64(10*time.Minute))))
		w.mend(rng, g)
	}
}

// mend gives the bot back what it needs, as managers do who then have it retried.
func (w *town) mend(rng *rand.Rand, g *guild) {
	w.discord.SetRole(g.id, g.role, []fakediscord.Permission{counts, reads}[rng.IntN(2)], 10)
	w.excite(g)
}

func (w *town) excite(g *guild) {
	w.update([]storage.Key{poll.Key(g.id)}, func(tx *storage.Tx) {
		if watch, ok := storage.Read[poll.Watch](tx, poll.Key(g.id)); ok {
			tx.Set(poll.Key(g.id), watch.Excite(time.Now()))
		}
	})
}

// sky lets storms come and go, in which nothing of Discord or of the store is to be had.
func (w *town) sky(ctx context.Context, rng *rand.Rand) {
	for {
		if pause(ctx, time.Duration(rng.ExpFloat64()*float64(12*time.Minute))) != nil {
			return
		}
		w.turns([]weather{{0.9, 0.02}, {0.3, 0.02}, {0.02, 0.5}}[rng.IntN(3)])
		_ = pause(ctx, time.Duration(rng.Int64N(int64(4*time.Minute))))
		w.turns(weather{0.02, 0.02})
	}
}

// clerk makes anew what was deleted by hand, as the worker does.
func (w *town) clerk(ctx context.Context) {
	for pause(ctx, 20*time.Second) == nil {
		w.renew()
	}
}

// renew gives every account an invite that has lost its own.
func (w *town) renew() {
	for _, g := range w.guilds {
		renew := joins.Renew(g.id)
		tx, err := storage.Begin(w.Context(), w.db, joins.LedgerKey(g.id), renew.Key())
		if err != nil {
			w.Error(err)
			return
		}
		_, wanted := storage.Read[action.Action](tx, renew.Key())
		for _, a := range joins.LedgerOf(tx, g.id).Accounts {
			if a.Code == "" {
				w.open(g, &link{partner: a.Partner, weight: 0.5}, "")
				if !wanted {
					w.Errorf("guild %s: the invite of %s is gone, and nobody is told", g.id, a.Partner)
				}
			}
		}
		w.update(action.Keys(renew), func(tx *storage.Tx) { action.Cancel(tx, renew) })
	}
}

// minutes starts a poller every minute, as a schedule does: now and then two, and
// now and then none for a while. It returns how many of them died.
func (w *town) minutes(ctx context.Context, rng *rand.Rand) (deaths int) {
	var runs sync.WaitGroup
	var mu sync.Mutex
	var p *poller.Poller
	var in *process
	for pause(ctx, time.Minute) == nil {
		if rng.Float64() < 0.02 {
			_ = pause(ctx, 10*time.Minute)
		}
		for range 1 + rng.IntN(10)/9 {
			if in == nil || in.over() || rng.IntN(5) == 0 {
				in = &process{rng: rand.New(rand.NewPCG(rng.Uint64(), 6)), at: -1, town: w}
				if rng.IntN(4) == 0 {
					in.at = rng.IntN(80)
				}
				p = w.poller(in)
			}
			p, in := p, in
			runs.Go(func() {
				if _, err := p.Run(w.Context()); in.over() && err != nil {
					mu.Lock()
					defer mu.Unlock()
					deaths++
				}
			})
		}
	}
	runs.Wait()
	return deaths
}

// over reports whether p died.
func (p *process) over() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.dead
}

// poller is a poller in a process.
func (w *town) poller(in *process) *poller.Poller {
	rest := discordrest.New(discordrest.Config{
		Token: w.discord.Token(), ApplicationID: w.discord.ApplicationID(), URL: w.discord.URL(), Transport: wire{inProcess(w.discord), in},
	})
	p := poller.New(memory{w.db, in}, rest, slog.New(slog.NewTextHandler(io.Discard, nil)), time.Now)
	p.Budget = 1
	return p
}

// rest ends all trouble, and lets the books be brought up to date.
func (w *town) rest() {
	w.turns(weather{})
	rng := rand.New(rand.NewPCG(0, 0))
	for _, g := range w.guilds {
		g.hidden = false
		w.mend(rng, g)
	}
	for _, wait := range []time.Duration{5 * time.Minute, 2 * time.Minute, 10 * time.Minute, 2 * time.Minute} {
		pass(wait)
		for _, g := range w.guilds {
			w.excite(g)
		}
		w.poll()
		w.renew()
	}
}

// poll polls everybody once, in good weather.
func (w *town) poll() {
	p := w.poller(&process{rng: rand.New(rand.NewPCG(0, 0)), at: -1, town: w})
	if n, err := p.Once(w.Context()); err != nil || n < len(w.guilds) {
		w.Errorf("in good weather: %d polled of %d, %v", n, len(w.guilds), err)
	}
}

func inProcess(s *fakediscord.Server) http.RoundTripper { return s.Transport() }
