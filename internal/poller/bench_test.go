package poller_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/entente-bot/entente/internal/discordrest"
	"github.com/entente-bot/entente/internal/fakediscord"
	"github.com/entente-bot/entente/internal/joins"
	"github.com/entente-bot/entente/internal/poll"
	"github.com/entente-bot/entente/internal/poller"
	"github.com/entente-bot/entente/internal/storage"
	"github.com/entente-bot/entente/internal/storage/bolt"
)

// A bench is a poller on a store that counts how it is asked, and the simulated
// Discord, in a bubble of time.
type bench struct {
	*testing.T
	*poller.Poller
	discord *fakediscord.Server
	db      *counting
	slow    map[string]time.Duration // how long requests take that are about a guild
}

// onBench runs test in a bubble of time, with so many guilds that are tracked.
func onBench(t *testing.T, guilds int, test func(b *bench, guilds []string)) {
	t.Helper()
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
		b := &bench{T: t, discord: discord, db: &counting{DB: db}, slow: map[string]time.Duration{}}
		b.Poller = b.another(nil)
		var list []string
		for n := range guilds {
			list = append(list, b.guild(n))
		}
		test(b, list)
		if v := discord.Violations(); len(v) > 0 {
			t.Errorf("Discord would have refused:\n%s", strings.Join(v, "\n"))
		}
	})
}

// pass lets time pass, which takes none in a bubble.
func pass(d time.Duration) { <-time.After(d) }

// another is the poller of another process, which reaches Discord through front.
func (b *bench) another(front func(http.RoundTripper) http.RoundTripper) *poller.Poller {
	var to http.RoundTripper = slowly{inProcess(b.discord), b}
	if front != nil {
		to = front(to)
	}
	rest := discordrest.New(discordrest.Config{
		Token: b.discord.Token(), ApplicationID: b.discord.ApplicationID(), URL: b.discord.URL(), Transport: to,
	})
	return poller.New(b.db, rest, slog.New(slog.NewTextHandler(io.Discard, nil)), time.Now)
}

// guild makes a guild with one tracked invite, of partner 7.
func (b *bench) guild(n int) string {
	id := b.discord.AddGuild(fakediscord.Guild{Name: fmt.Sprint("guild ", n)})
	b.discord.InstallBot(id, reads)
	b.track(id, "7")
	b.change(id, func(poll.Watch) poll.Watch { return poll.New(id, time.Now()) })
	return id
}

// track makes a tracked invite and its account.
func (b *bench) track(guild, partner string) (code string) {
	code = b.discord.AddInvite(guild, fakediscord.Invite{Inviter: b.discord.ApplicationID()})
	all := b.discord.Invites(guild)
	made := all[slices.IndexFunc(all, func(v fakediscord.InviteState) bool { return v.Code == code })].Created
	b.update([]storage.Key{joins.LedgerKey(guild)}, func(tx *storage.Tx) {
		a := joins.Account{Partner: partner, Since: made, Code: code, Created: made, Seen: made}
		tx.Set(joins.LedgerKey(guild), joins.LedgerOf(tx, guild).With(a))
	})
	return code
}

// use lets so many people join by the tracked invite of a partner.
func (b *bench) use(guild, partner string, n int) {
	b.Helper()
	a, _ := b.ledger(guild).Account(partner)
	for range n {
		if err := b.discord.UseInvite(a.Code, b.discord.AddUser("somebody")); err != nil {
			b.Fatal(err)
		}
	}
}

func (b *bench) update(keys []storage.Key, change func(*storage.Tx)) {
	b.Helper()
	err := storage.Update(b.Context(), b.db.DB, keys, func(tx *storage.Tx) error {
		change(tx)
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
}

// change changes the watch of a guild.
func (b *bench) change(guild string, to func(poll.Watch) poll.Watch) {
	b.Helper()
	b.update([]storage.Key{poll.Key(guild)}, func(tx *storage.Tx) {
		w, _ := storage.Read[poll.Watch](tx, poll.Key(guild))
		tx.Set(poll.Key(guild), to(w))
	})
}

func (b *bench) read(k storage.Key) *storage.Tx {
	b.Helper()
	tx, err := storage.Begin(b.Context(), b.db.DB, k)
	if err != nil {
		b.Fatal(err)
	}
	return tx
}

func (b *bench) ledger(guild string) joins.Ledger {
	b.Helper()
	return joins.LedgerOf(b.read(joins.LedgerKey(guild)), guild)
}

func (b *bench) watch(guild string) poll.Watch {
	b.Helper()
	w, ok := storage.Read[poll.Watch](b.read(poll.Key(guild)), poll.Key(guild))
	if !ok {
		b.Fatalf("nobody watches guild %s", guild)
	}
	return w
}

// counted returns the joins booked for partner 7.
func (b *bench) counted(guild string) int {
	b.Helper()
	a, _ := b.ledger(guild).Account("7")
	return a.Counted
}

// run lets p run, and returns how many polls there were and how long it took.
func (b *bench) run(p *poller.Poller) (int, time.Duration) {
	b.Helper()
	began := time.Now()
	n, err := p.Run(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	return n, time.Since(began)
}

// once polls what is due, and returns how many polls there were.
func (b *bench) once() int {
	b.Helper()
	n, err := b.Once(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	return n
}

// asked returns when Discord was asked for the invites of a guild.
func (b *bench) asked(guild string) (at []time.Time) {
	for _, r := range b.discord.Requests() {
		if r.Path == "/guilds/"+guild+"/invites" {
			at = append(at, r.At)
		}
	}
	return at
}

// A counting store counts the requests that DynamoDB would be sent.
type counting struct {
	storage.DB
	gets, puts, lists atomic.Int64
}

func (c *counting) Get(ctx context.Context, keys ...storage.Key) ([]storage.Item, error) {
	c.gets.Add(1)
	return c.DB.Get(ctx, keys...)
}

func (c *counting) Put(ctx context.Context, items ...storage.Item) error {
	c.puts.Add(1)
	return c.DB.Put(ctx, items...)
}

func (c *counting) List(ctx context.Context, q storage.Query) (storage.Page, error) {
	c.lists.Add(1)
	return c.DB.List(ctx, q)
}

// slowly takes its time for some guilds.
type slowly struct {
	to http.RoundTripper
	b  *bench
}

func (s slowly) RoundTrip(r *http.Request) (*http.Response, error) {
	for guild, d := range s.b.slow {
		if strings.Contains(r.URL.Path, guild) {
			if err := pause(r.Context(), d); err != nil {
				return nil, err
			}
		}
	}
	return s.to.RoundTrip(r)
}
