package local_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/fakediscord"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/storage"
)

// An act is one turn in the life of a listing, and the mode in which it then stands.
type act struct {
	name string
	do   func(*stage)
	mode settings.Mode // "" once it is over
	wait time.Duration // until it shows
}

// life is the life of a listing that begins in a mode and moves to the next one.
func life(m settings.Mode) []act {
	next := map[settings.Mode]settings.Mode{settings.Single: settings.Channels, settings.Channels: settings.Forum, settings.Forum: settings.Single}[m]
	return []act{
		{"published", (*stage).begins, m, 0},
		{"edited", func(s *stage) { s.edits("Now with tea") }, m, 0},
		{"bumped", (*stage).bumps, m, 0},
		{"deleted by hand", func(s *stage) {
			for _, l := range s.listings(s.Lighthouse) {
				s.DeleteMessage(l.Ref)
			}
		}, m, 25 * time.Hour},
		{"its home deleted by hand", func(s *stage) {
			if m == settings.Single {
				return
			}
			for _, l := range s.listings(s.Lighthouse) {
				s.DeleteChannel(l.Channel)
			}
		}, m, 25 * time.Hour},
		{"moved", func(s *stage) { s.turns(next) }, next, 0},
		{"ended", (*stage).ends, "", 0},
	}
}

// begins makes Lighthouse a partner, without an application.
func (s *stage) begins() {
	s.Helper()
	server := partnership.Server{ID: s.Lighthouse, Name: "Lighthouse", Members: 1204, Seen: s.Now()}
	s.update(partnership.StartKeys(s.Guild, s.Lighthouse), func(tx *storage.Tx) error {
		partnership.Start(tx, s.Guild, partnership.Partnership{
			Partner: s.Lighthouse, Application: "1", Server: server, Contact: s.Rio, Since: s.Now(), By: s.Max,
			Ad: partnership.Ad{Invite: s.Invite, Category: "Community", Description: "A calm place."},
		})
		return nil
	})
}

// turns chooses a mode, and does not yet do what follows.
func (s *stage) turns(m settings.Mode) {
	s.Helper()
	s.update(settings.Keys(s.Guild), func(tx *storage.Tx) error {
		c := settings.Of(tx, s.Guild)
		c.Mode, c.Showcase, c.Category, c.Forum = m, s.Showcase, s.Category, s.Forum
		settings.Save(tx, s.Guild, c, s.Now())
		return nil
	})
}

// lives plays the life of a listing that begins in a mode. heal is called after
// each act.
func (s *stage) lives(m settings.Mode, heal func()) {
	s.Helper()
	s.live(life(m), heal)
}

// live plays acts, and checks after each that exactly one listing stands, where it
// should. heal is called after each act.
func (s *stage) live(acts []act, heal func()) {
	s.Helper()
	for _, a := range acts {
		a.do(s)
		if a.wait > 0 {
			if err := s.Advance(s.Context(), a.wait); err != nil {
				s.Fatal(err)
			}
		}
		_, _ = s.Drain(s.Context()) // fails if the process dies
		heal()
		s.settle()
		if s.Failed() {
			s.Fatalf("after it was %s", a.name)
		}
		if a.mode != "" {
			s.listing(a.mode)
		}
		if n := s.left(); n.Pending+n.Blocked > 0 {
			s.Errorf("after it was %s, there is left to do: %+v", a.name, n)
		}
	}
	s.over()
}

// callsOf returns the requests that the life of a listing makes to Discord, each
// with how many of its kind came before.
func callsOf(t *testing.T, m settings.Mode) (list []fakediscord.Fault) {
	t.Helper()
	s := newStage(t)
	s.places(m)
	s.ResetRequests()
	s.lives(m, func() {})
	before := make(map[string]int)
	for _, r := range s.Requests() {
		kind := r.Method + r.Route
		list = append(list, fakediscord.Fault{Method: r.Method, Route: r.Route, Skip: before[kind]})
		before[kind]++
	}
	return list
}

// as returns how f fails, for the requests that are to strike.
func as(f, strikes fakediscord.Fault) fakediscord.Fault {
	f.Method, f.Route, f.Skip = strikes.Method, strikes.Route, strikes.Skip
	return f
}

// TestShowcaseFaults records the calls that the life of a listing makes to Discord,
// and has each fault that passes strike all of them, each once, in one life: in
// each mode with -every, else in one of them.
func TestShowcaseFaults(t *testing.T) {
	t.Parallel()
	for shift, m := range settings.Modes() {
		t.Run(string(m), func(t *testing.T) {
			t.Parallel()
			calls := callsOf(t, m)
			for n, f := range passing {
				if !*every && n%5 != shift {
					continue
				}
				t.Run(f.name, func(t *testing.T) {
					t.Parallel()
					s := newStage(t)
					s.places(m)
					for _, c := range calls {
						s.Scene.Fail(as(f.fault, c))
					}
					s.lives(m, func() {})
					for _, c := range calls { // whose effect is found later is not called as often
						if !slices.ContainsFunc(s.Requests(), func(r fakediscord.Request) bool {
							return r.Faulted && r.Method == c.Method && r.Route == c.Route
						}) {
							t.Errorf("no fault struck %s %s", c.Method, c.Route)
						}
					}
				})
			}
		})
	}
}

// TestShowcaseFault has faults that pass strike one call of the life of a listing
// each, as what strikes all of them may hide what one does: every fault at every call
// with -every, else one of the table at every fifth.
func TestShowcaseFault(t *testing.T) {
	t.Parallel()
	for shift, m := range settings.Modes() {
		t.Run(string(m), func(t *testing.T) {
			t.Parallel()
			for i, c := range callsOf(t, m) {
				for n, f := range passing {
					if !*every && (i%12 != shift || n != (i*4+shift*5)%len(passing)) {
						continue
					}
					t.Run(fmt.Sprintf("%d %s %s: %s", i, c.Method, c.Route, f.name), func(t *testing.T) {
						t.Parallel()
						s := newStage(t)
						s.places(m)
						s.Scene.Fail(as(f.fault, c))
						s.lives(m, func() {})
					})
				}
			}
		})
	}
}

// TestShowcaseCrashes kills the process at the steps of the life of a listing.
func TestShowcaseCrashes(t *testing.T) {
	t.Parallel()
	for _, m := range settings.Modes() {
		t.Run(string(m), func(t *testing.T) {
			t.Parallel()
			deaths(t, 60, func(t *testing.T, death *mortal) { newStage(t).dies(death, m) })
		})
	}
}

// dies plays the life of a listing in a process that dies with m and is started again.
func (s *stage) dies(m *mortal, mode settings.Mode) {
	s.places(mode)
	m.possess(s, true)
	s.restart()
	s.lives(mode, func() {
		if m.dead() == "" {
			return
		}
		s.Logf("died %s", m.dead())
		m = new(mortal).immortal()
		m.possess(s, true)
		s.restart()
	})
}
