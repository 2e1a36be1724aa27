package local_test

import (
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/fakediscord"
	"github.com/entente-bot/entente/internal/removal"
	"github.com/entente-bot/entente/internal/storage"
)

// looked has it looked now whether the bot is in each of guilds.
func (s *stage) looked(guilds ...string) {
	s.Helper()
	for _, g := range guilds {
		s.update(action.Keys(removal.Check(g)), func(tx *storage.Tx) error {
			action.Cause(tx, removal.Check(g), s.Now())
			return nil
		})
	}
	s.drain()
}

// TestManyLostAtOnce: that the bot is out of most guilds on one day is a fault that is
// alarmed on, and nothing is deleted until somebody says so.
func TestManyLostAtOnce(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.befriended()
	guilds := []string{s.Guild}
	for range 3 {
		g := s.AddGuild(fakediscord.Guild{Name: "Elsewhere", Owner: s.Ada})
		s.InstallBot(g, fakediscord.Administrator)
		guilds = append(guilds, g)
	}
	for _, g := range guilds {
		s.RemoveBot(g)
	}
	s.looked(guilds...)
	s.says(s.logs.String(), "many guilds are lost at once")
	s.advance(removal.Grace + 25*time.Hour)
	s.says(s.logs.String(), "deletion held: many guilds were lost at once")
	if n := len(s.items("partnership#")); n != 1 {
		t.Fatalf("%d partnerships are left of 1", n)
	}

	page, err := s.DB.List(t.Context(), removal.AllLosses())
	if err != nil {
		t.Fatal(err)
	}
	for _, it := range page.Items {
		s.update([]storage.Key{it.Key}, func(tx *storage.Tx) error {
			removal.Release(tx, it.Key)
			return nil
		})
	}
	s.advance(25 * time.Hour)
	s.settle()
	if n := len(s.items("")); n != 0 {
		t.Errorf("released, %d records are left", n)
	}
}

// TestFewLostAtOnce: what people do is done.
func TestFewLostAtOnce(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		lost, left int
		unusual    bool
	}{{1, 0, false}, {2, 0, false}, {3, 0, true}, {3, 10, true}, {3, 57, false}, {3, 56, true}, {500, 9500, false}, {501, 9499, true}} {
		if got := removal.Unusual(tt.lost, tt.left); got != tt.unusual {
			t.Errorf("%d lost and %d left: unusual is %v", tt.lost, tt.left, got)
		}
	}
}

// TestLossUnderDoubt: while Discord does not say that the token is the right one, no
// guild is taken for lost, nor is one deleted.
func TestLossUnderDoubt(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.befriended()
	s.RemoveBot(s.Guild)
	doubt := func() {
		s.Scene.Fail(fakediscord.Fault{Method: "GET", Route: "/applications/@me", Status: 500, Times: -1})
	}
	doubt()
	s.looked(s.Guild)
	if _, out := s.out(); out {
		t.Error("it is taken for lost")
	}
	s.ClearFaults()
	s.advance(49 * time.Hour)
	r, out := s.out()
	if !out {
		t.Fatal("not noticed")
	}
	doubt()
	s.advance(r.Until.Sub(s.Now()) + 2*time.Hour)
	if n := len(s.items("partnership#")); n != 1 {
		t.Errorf("%d partnerships are left of 1", n)
	}
}

// TestBackInTheLastMinute: the bot comes back after the last daily look of the grace
// period, and nothing is deleted.
func TestBackInTheLastMinute(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.befriended()
	s.RemoveBot(s.Guild)
	s.advance(49 * time.Hour)
	r, out := s.out()
	if !out {
		t.Fatal("not noticed")
	}
	s.advance(r.Until.Sub(s.Now()) - time.Minute)
	s.install()
	s.advance(2 * time.Minute)
	s.settle()
	if n := len(s.items("partnership#")); n != 1 {
		t.Errorf("%d partnerships are left of 1", n)
	}
}
