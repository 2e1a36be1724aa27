package poller_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/fakediscord"
	"github.com/entente-bot/entente/internal/joins"
	"github.com/entente-bot/entente/internal/poll"
	"github.com/entente-bot/entente/internal/storage"
)

// A link is an invite as Discord knows it.
type link struct {
	partner string // whose it is; "" if it is no partner's
	code    string
	weight  float64
	came    []time.Time // joins by it
	gone    time.Time   // when it was deleted; zero while it stands
	remade  bool        // it has the code of one that was deleted
	base    int         // its uses when it was made
}

// A guild is one of the simulated Discord, and who comes to it.
type guild struct {
	id, role string
	rate     float64 // joins a second, when nobody bumped
	vanity   int     // joins by its vanity URL

	mu     sync.Mutex
	links  []*link // all there ever were
	bumped time.Time
	more   float64 // how much the bump brings at first
	hidden bool    // the next list of its invites is empty
	hid    bool    // one was
}

// A weather is how much goes wrong: shares of requests and of writes.
type weather struct{ discord, store float64 }

// A town is everything that a simulation plays in.
type town struct {
	*testing.T
	discord *fakediscord.Server
	db      storage.DB
	guilds  []*guild

	mu  sync.Mutex
	now weather
}

func (w *town) weather() weather {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

func (w *town) turns(now weather) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = now
}

// hides reports whether the list of a guild's invites is to be empty this once.
func (w *town) hides(id string) bool {
	for _, g := range w.guilds {
		if g.id == id {
			g.mu.Lock()
			defer g.mu.Unlock()
			was := g.hidden
			g.hidden = false
			return was
		}
	}
	return false
}

// What the bot may do in a guild: all it needs, all but to read the audit log, only
// that, or neither.
const (
	works  = fakediscord.ViewChannel | fakediscord.CreateInvite
	counts = works | fakediscord.ManageServer
	reads  = counts | fakediscord.ViewAuditLog
	looks  = works | fakediscord.ViewAuditLog
)

// settle makes a guild with some tracked invites, whose shares are Zipf's, some
// others, and a vanity URL.
func (w *town) settle(rng *rand.Rand, n int) *guild {
	g := &guild{id: w.discord.AddGuild(fakediscord.Guild{Name: fmt.Sprint("guild ", n)})}
	g.rate = 20.0 / 3600 * math.Exp(1.5*rng.NormFloat64()) // log-normal, 20 an hour in the middle
	g.rate = min(g.rate, 0.3)
	g.role = w.discord.InstallBot(g.id, []fakediscord.Permission{counts, reads}[rng.IntN(2)])
	w.discord.SetVanity(g.id, fmt.Sprint("vanity", n), 7)
	partners := 2 + rng.IntN(5)
	for i := range partners {
		l := &link{partner: fmt.Sprint(500 + i), weight: 1 / float64(i+1)}
		w.open(g, l, "")
	}
	for i := range 2 {
		l := &link{weight: 0.3 / float64(i+1), code: w.discord.AddInvite(g.id, fakediscord.Invite{Uses: rng.IntN(50)})}
		g.links = append(g.links, l)
	}
	w.update([]storage.Key{poll.Key(g.id)}, func(tx *storage.Tx) { tx.Set(poll.Key(g.id), poll.New(g.id, time.Now())) })
	return g
}

// open makes a tracked invite, and an account of it, as joins.sync does.
func (w *town) open(g *guild, l *link, code string) {
	l.code = w.discord.AddInvite(g.id, fakediscord.Invite{Code: code, Inviter: w.discord.ApplicationID()})
	made := time.Now().Truncate(time.Microsecond)
	g.mu.Lock()
	g.links = append(g.links, l)
	g.mu.Unlock()
	w.update([]storage.Key{joins.LedgerKey(g.id)}, func(tx *storage.Tx) {
		ledger := joins.LedgerOf(tx, g.id)
		a, ok := ledger.Account(l.partner)
		if !ok {
			a = joins.Account{Partner: l.partner, Since: made}
		}
		a.Code, a.Created, a.Seen, a.Uses, a.Missing = l.code, made, made, 0, time.Time{}
		tx.Set(joins.LedgerKey(g.id), ledger.With(a))
	})
}

func (w *town) update(keys []storage.Key, change func(*storage.Tx)) {
	err := storage.Update(w.Context(), w.db, keys, func(tx *storage.Tx) error {
		change(tx)
		return nil
	})
	if err != nil {
		w.Error(err)
	}
}

// join lets somebody come by an invite, or by the vanity URL.
func (w *town) join(rng *rand.Rand, g *guild) {
	user := w.discord.AddUser("somebody")
	if rng.Float64() < 0.1 {
		if err := w.discord.UseInvite(fmt.Sprint("vanity", slices.Index(w.guilds, g)), user); err == nil {
			g.vanity++
		}
		return
	}
	l := g.pick(rng)
	if l == nil {
		return
	}
	if err := w.discord.UseInvite(l.code, user); err != nil {
		w.Errorf("use %s: %v", l.code, err)
		return
	}
	l.came = append(l.came, time.Now())
}

// pick draws one of the links that stand, by their weights.
func (g *guild) pick(rng *rand.Rand) *link {
	g.mu.Lock()
	defer g.mu.Unlock()
	all := 0.0
	for _, l := range g.links {
		if l.gone.IsZero() {
			all += l.weight
		}
	}
	at := rng.Float64() * all
	for _, l := range g.links {
		if !l.gone.IsZero() {
			continue
		}
		if at -= l.weight; at <= 0 {
			return l
		}
	}
	return nil
}

// comes is how many joins a second there are now: after a bump, many more, for
// half an hour or so.
func (g *guild) comes(now time.Time) float64 {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.rate * (1 + g.more*math.Exp(-now.Sub(g.bumped).Minutes()/10))
}

// bump makes one partner's listing seen.
func (w *town) bump(rng *rand.Rand, g *guild) {
	g.mu.Lock()
	g.bumped, g.more = time.Now(), 20+30*rng.Float64()
	g.mu.Unlock()
	w.update([]storage.Key{poll.Key(g.id)}, func(tx *storage.Tx) {
		if watch, ok := storage.Read[poll.Watch](tx, poll.Key(g.id)); ok {
			tx.Set(poll.Key(g.id), watch.Excite(time.Now()))
		}
	})
}

// remove deletes one of the invites by hand, and makes it again under its code, if
// told to, as nobody's.
func (w *town) remove(rng *rand.Rand, g *guild, again bool) {
	l := g.pick(rng)
	if l == nil {
		return
	}
	g.mu.Lock()
	l.gone = time.Now()
	g.mu.Unlock()
	w.discord.DeleteInvite(l.code)
	if again {
		base := rng.IntN(5)
		code := w.discord.AddInvite(g.id, fakediscord.Invite{Code: l.code, Uses: base})
		g.mu.Lock()
		g.links = append(g.links, &link{weight: l.weight, code: code, remade: true, base: base})
		g.mu.Unlock()
	}
}
