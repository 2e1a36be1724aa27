package worker_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/disgoorg/disgo/discord"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/discordrest"
	"github.com/entente-bot/entente/internal/fakediscord"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/roll"
	"github.com/entente-bot/entente/internal/scene"
	"github.com/entente-bot/entente/internal/scheduler"
	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/storage"
	"github.com/entente-bot/entente/internal/storage/bolt"
	"github.com/entente-bot/entente/internal/text"
	"github.com/entente-bot/entente/internal/worker"
)

// A bench is a worker on a store and on the simulated Discord, with no queue but
// the test.
type bench struct {
	*testing.T
	*scene.Scene
	*worker.Worker
	db    storage.DB
	ahead atomic.Int64 // nanoseconds that the clock was moved on
	sent  *lossy
	logs  *buffer
}

func newBench(t *testing.T) *bench {
	t.Helper()
	b := &bench{T: t, sent: new(lossy), logs: new(buffer)}
	var err error
	if b.Scene, err = scene.New(fakediscord.Options{Now: b.Now}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Scene.Close() })
	file, err := bolt.Open(filepath.Join(t.TempDir(), "db"), b.Now, bolt.Unsynced)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = file.Close() })
	b.db = file
	rest := discordrest.New(discordrest.Config{Token: b.Token(), ApplicationID: b.ApplicationID(), URL: b.URL(), Now: b.Now})
	texts, err := text.Load()
	if err != nil {
		t.Fatal(err)
	}
	b.Worker = worker.New(b.db, rest, b.sent, texts, slog.New(slog.NewTextHandler(b.logs, nil)), b.Now)
	b.update([]storage.Key{settings.Key(b.Guild), roll.MarkKey()}, func(tx *storage.Tx) {
		tx.Set(roll.MarkKey(), roll.Mark{At: b.Now()}) // nothing was lost
		s := settings.Default()
		s.Review, s.Showcase = b.Review, b.Showcase
		tx.Set(settings.Key(b.Guild), s)
	})
	return b
}

// Now is the clock of all on the bench.
func (b *bench) Now() time.Time { return time.Now().Add(time.Duration(b.ahead.Load())).UTC() }

// later moves the clock on.
func (b *bench) later(by time.Duration) { b.ahead.Add(int64(by)) }

func (b *bench) update(keys []storage.Key, change func(*storage.Tx)) {
	b.Helper()
	err := storage.Update(context.Background(), b.db, keys, func(tx *storage.Tx) error { change(tx); return nil })
	if err != nil {
		b.Fatal(err)
	}
}

// partners makes n partnerships whose listings are not published yet, and
// returns the actions that will.
func (b *bench) partners(n int) (refs []action.Ref) {
	b.Helper()
	for i := range n {
		name := fmt.Sprintf("Server %02d", i)
		id, code := b.AddPartner(name, 300)
		b.update(partnership.StartKeys(b.Guild, id), func(tx *storage.Tx) {
			partnership.Start(tx, b.Guild, partnership.Partnership{
				Partner: id, Contact: b.Rio, Since: b.Now(), Server: partnership.Server{ID: id, Name: name},
				Ad: partnership.Ad{Invite: code, Category: "Music", Description: "A place."},
			})
		})
		refs = append(refs, partnership.Sync(b.Guild, id))
	}
	return refs
}

// listed returns the names of the servers whose listings stand, sorted.
func (b *bench) listed() (names []string) {
	for _, m := range b.Messages(b.Showcase) {
		name, _, _ := strings.Cut(strings.TrimPrefix(m.Text(), "## "), "\n")
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// wantListed fails the test unless exactly the listings of n servers stand, once each.
func (b *bench) wantListed(n int) {
	b.Helper()
	var want []string
	for i := range n {
		want = append(want, fmt.Sprintf("Server %02d", i))
	}
	if got := b.listed(); !slices.Equal(got, want) {
		b.Errorf("listed are %v, want %v", got, want)
	}
}

// sweep does what the scheduler finds, until it finds nothing.
func (b *bench) sweep(grace time.Duration) {
	b.Helper()
	s := scheduler.Scheduler{Actions: b.Actions, Queue: b.sent, Log: b.Log}
	for {
		n, err := s.Run(b.Context(), grace)
		if err != nil {
			b.Fatal(err)
		}
		if n == 0 {
			return
		}
		for _, r := range b.sent.take() {
			if _, err := b.Do(b.Context(), r); err != nil {
				b.Fatal(err)
			}
		}
	}
}

// A lossy queue keeps pointers for the test to deliver, or to lose.
type lossy struct {
	mu   sync.Mutex
	refs []action.Ref
}

func (q *lossy) Send(_ context.Context, refs ...action.Ref) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.refs = append(q.refs, refs...)
	return nil
}

func (q *lossy) take() []action.Ref {
	q.mu.Lock()
	defer q.mu.Unlock()
	refs := q.refs
	q.refs = nil
	return refs
}

// A touchy Discord does something else as well when a listing that holds a text
// is posted: before it is, or after. The post then fails as that does.
type touchy struct {
	worker.Discord
	about string
	after bool
	do    func(ctx context.Context) error
}

func (d touchy) CreateMessage(ctx context.Context, channel string, m discord.MessageCreate) (posted discord.Message, err error) {
	touched := strings.Contains(fmt.Sprint(m.Components), d.about)
	if touched && !d.after {
		err = d.do(ctx)
	}
	if err == nil {
		posted, err = d.Discord.CreateMessage(ctx, channel, m)
	}
	if touched && d.after && err == nil {
		err = d.do(ctx)
	}
	return posted, err
}

// A buffer is a [bytes.Buffer] for many goroutines.
type buffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}
