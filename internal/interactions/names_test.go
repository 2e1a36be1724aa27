package interactions_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/entente-bot/entente/internal/fakediscord"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/storage"
)

// A meter is a store that counts what reading costs, in DynamoDB's read units.
type meter struct {
	storage.DB
	mu    sync.Mutex
	units float64
}

func (m *meter) read(stale bool, items ...storage.Item) {
	m.mu.Lock()
	defer m.mu.Unlock()
	size := 0
	for _, it := range items {
		size += len(it.Key.Part) + len(it.Key.Sort) + len(it.Value) + 60 // the other attributes
	}
	units := float64(max(1, (size+4095)/4096))
	if stale {
		units /= 2
	}
	m.units += units
}

func (m *meter) Get(ctx context.Context, keys ...storage.Key) ([]storage.Item, error) {
	items, err := m.DB.Get(ctx, keys...)
	for _, it := range items {
		m.read(false, it)
	}
	return items, err
}

func (m *meter) List(ctx context.Context, q storage.Query) (storage.Page, error) {
	page, err := m.DB.List(ctx, q)
	m.read(q.Stale, page.Items...)
	return page, err
}

// record stores a partnership as an earlier version did: nothing but its record.
func (s *stage) record(n int, name string) partnership.Partnership {
	s.Helper()
	id := fmt.Sprint(900_000_000_000_000_000 + n)
	wide := strings.Repeat("界", partnership.MaxDescription)
	p := partnership.Partnership{
		Partner: id, Application: id, Contact: s.Rio, Server: partnership.Server{ID: id, Name: name, Features: manyFeatures()},
		Ad: partnership.Ad{Invite: "abcdefgh", Category: "Community", Description: wide, Highlights: wide[:3*partnership.MaxHighlights]},
	}
	s.update([]storage.Key{partnership.Key(s.Guild, id), partnership.CountsKey(s.Guild)}, func(tx *storage.Tx) error {
		c := partnership.CountsOf(tx, s.Guild)
		c.Active++
		tx.Set(partnership.CountsKey(s.Guild), c)
		tx.Set(partnership.Key(s.Guild, id), p)
		return nil
	})
	return p
}

// TestKeystrokeReadsLittle types in a guild that has as many partners as it can have,
// with the longest ads and long names: after the first key, which makes the names
// from the records, a key costs next to nothing.
func TestKeystrokeReadsLittle(t *testing.T) {
	t.Parallel()
	for name, most := range map[string]float64{"x": 2.5, "界": 4} {
		s := newStage(t)
		for i := range partnership.DefaultLimits().Active {
			s.record(i, fmt.Sprintf("%03d%s", i, strings.Repeat(name, 30)))
		}
		m := &meter{DB: s.store.DB}
		s.server.DB = m
		for key, typed := range []string{"0", "09", "099"} {
			m.units = 0
			choices, err := s.As(s.Nora, s.Guild, s.Lobby).Autocomplete(t.Context(), "partner info", "partner", typed)
			if err != nil || len(choices) == 0 {
				t.Fatalf("%v, %v", choices, err)
			}
			if key > 0 && m.units > most {
				t.Errorf("a key among names of %q costs %.1f read units, want at most %.1f", name, m.units, most)
			}
		}
	}
}

// TestNamesMadeMeanwhile: the names are made from the records once. A partner that
// comes or goes meanwhile is not missed.
func TestNamesMadeMeanwhile(t *testing.T) {
	t.Parallel()
	come := partnership.Partnership{Partner: "900000000000000003", Application: "3", Server: partnership.Server{ID: "900000000000000003", Name: "Third"}}
	for want, act := range map[string]func(*stage){
		"First Second Third": func(s *stage) {
			s.update(partnership.StartKeys(s.Guild, come.Partner), func(tx *storage.Tx) error {
				partnership.Start(tx, s.Guild, come)
				return nil
			})
		},
		"Second": func(s *stage) {
			s.update(partnership.EndKeys(s.Guild, "900000000000000001", ""), func(tx *storage.Tx) error {
				partnership.End(tx, s.Guild, "900000000000000001", partnership.Ending{Why: partnership.WhyManager})
				return nil
			})
		},
	} {
		s := newStage(t)
		s.record(1, "First")
		s.record(2, "Second")
		s.server.DB = &between{DB: s.store.DB, act: sync.OnceFunc(func() { act(s) })}
		for range 2 { // the first key reads the records, and somebody is faster
			if _, err := s.As(s.Nora, s.Guild, s.Lobby).Autocomplete(t.Context(), "partner info", "partner", ""); err != nil {
				t.Fatal(err)
			}
		}
		var got []string
		n, _ := read[partnership.Names](s, partnership.NamesKey(s.Guild))
		for _, name := range n.List {
			got = append(got, name.Name)
		}
		slices.Sort(got)
		if !n.Whole || strings.Join(got, " ") != want {
			t.Errorf("the names are %q (whole: %v), want %s", got, n.Whole, want)
		}
	}
}

// A between is a store where something happens after the partnerships were listed.
type between struct {
	storage.DB
	act func()
}

func (b *between) List(ctx context.Context, q storage.Query) (storage.Page, error) {
	page, err := b.DB.List(ctx, q)
	if q.Prefix == partnership.Prefix {
		b.act()
	}
	return page, err
}

// TestTypedNames types the name of a partner and picks no suggestion.
func TestTypedNames(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	for i, name := range []string{"Lighthouse", "Light", "Moon Base", "Moon Café", "1984"} {
		s.record(i, name)
	}
	for typed, want := range map[string]string{
		"lighthouse":         "Lighthouse",
		" Light ":            "Light", // its whole name, and a part of another's
		"café":               "Moon Café",
		"moon":               "Several partners have “moon” in their names",
		"1984":               "1984",
		"Sun":                "no such partner",
		"900000000000000002": "Moon Base",
	} {
		ex := s.deliver(s.As(s.Nora, s.Guild, s.Lobby).BuildCommand("partner info", fakediscord.Opt("partner", typed)))
		s.says(ex, want)
	}
	for _, route := range []string{"end", "edit", "info"} {
		options := []fakediscord.Option{fakediscord.Opt("partner", "moon base")}
		if route == "edit" {
			options = append(options, fakediscord.Option{Name: "contact", Value: s.Nora, Type: 6})
		}
		if ex := s.deliver(s.ada(route, options...)); strings.Contains(ex.Text(), "no such partner") {
			t.Errorf("/partnerships %s: %s", route, ex.Text())
		}
	}
	for _, route := range []string{"partner bump", "partner edit", "partner end", "partner stats"} {
		ex := s.deliver(s.As(s.Rio, s.Guild, s.Lobby).BuildCommand(route, fakediscord.Opt("partner", "moon base")))
		if strings.Contains(ex.Text(), "no such partner") {
			t.Errorf("/%s: %s", route, ex.Text())
		}
	}
	s.says(s.deliver(s.ada("block", fakediscord.Opt("server", "moon"))), "server") // a part of a name blocks nobody
	s.says(s.deliver(s.ada("block", fakediscord.Opt("server", "MOON BASE"))), "Moon Base")
}
