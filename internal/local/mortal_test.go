package local_test

import (
	"context"
	"net/http"
	"sync"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/discordrest"
	"github.com/entente-bot/entente/internal/storage"
)

// A mortal is all through which a system reaches the world outside its process:
// its store, its queue and Discord. At a given step it dies; from then on
// nothing gets through, as if the process had been killed there.
type mortal struct {
	mu    sync.Mutex
	steps int    // so far
	at    int    // the step it dies before; -1 for never
	dying string // what it was about to do, or had just done, when it died
}

// step reports whether the process still lives to do what.
func (m *mortal) step(what string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.dying != "" {
		return errDead
	}
	if m.steps == m.at {
		m.dying = what
		return errDead
	}
	m.steps++
	return nil
}

// dead returns what the process was at when it died; "" while it lives.
func (m *mortal) dead() string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.dying
}

// immortal makes m never die.
func (m *mortal) immortal() *mortal {
	m.at = -1
	return m
}

// possess makes m all through which the system of a stage reaches the world, from
// its next start on. A caller whose request was in hand when it dies gets no
// answer. Sole says that the system knows of no other process.
func (m *mortal) possess(s *stage, sole bool) {
	s.tamper = func(s *stage) {
		s.Worker.Actions.Sole, s.Poller.Sole = sole, sole
		db := mortalDB{s.DB, m}
		s.Interactions.DB, s.Worker.Actions.DB, s.Worker.Invites.DB, s.Poller.DB = db, db, db, db
		queue := mortalQueue{s.Worker.Queue, m}
		s.Interactions.Queue, s.Worker.Queue, s.Scheduler.Queue = queue, queue, queue
		rest := discordrest.New(discordrest.Config{
			Token: s.Token(), ApplicationID: s.ApplicationID(), URL: s.URL(), Now: s.Now, Transport: mortalWire{m},
		})
		s.Worker.Discord, s.Worker.Invites.Ask, s.Poller.Discord = rest, rest.Ask, rest
	}
	s.front = func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			answer := newHeld()
			next.ServeHTTP(answer, r)
			if m.dead() != "" {
				panic(http.ErrAbortHandler)
			}
			answer.send(w)
		})
	}
}

type mortalDB struct {
	storage.DB
	m *mortal
}

func (d mortalDB) Get(ctx context.Context, keys ...storage.Key) ([]storage.Item, error) {
	if d.m.dead() != "" {
		return nil, errDead
	}
	return d.DB.Get(ctx, keys...)
}

func (d mortalDB) List(ctx context.Context, q storage.Query) (storage.Page, error) {
	if d.m.dead() != "" {
		return storage.Page{}, errDead
	}
	return d.DB.List(ctx, q)
}

func (d mortalDB) Put(ctx context.Context, items ...storage.Item) error {
	what := "write"
	for _, it := range items {
		what += " " + it.Key.Part + "/" + it.Key.Sort
	}
	if err := d.m.step("before " + what); err != nil {
		return err
	}
	if err := d.DB.Put(ctx, items...); err != nil {
		return err
	}
	return d.m.step("after " + what)
}

// A mortalQueue loses what it holds with its process, so it is enough to die
// before it has it.
type mortalQueue struct {
	to interface {
		Send(ctx context.Context, refs ...action.Ref) error
	}
	m *mortal
}

func (q mortalQueue) Send(ctx context.Context, refs ...action.Ref) error {
	if err := q.m.step("before sending a pointer"); err != nil {
		return err
	}
	return q.to.Send(ctx, refs...)
}

type mortalWire struct{ m *mortal }

func (w mortalWire) RoundTrip(r *http.Request) (*http.Response, error) {
	what := r.Method + " " + r.URL.Path
	if err := w.m.step("before " + what); err != nil {
		return nil, err
	}
	answer, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	if err := w.m.step("after " + what); err != nil {
		_ = answer.Body.Close()
		return nil, err
	}
	return answer, nil
}
