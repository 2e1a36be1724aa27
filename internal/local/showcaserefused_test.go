package local_test

import (
	"fmt"
	"testing"

	"github.com/entente-bot/entente/internal/fakediscord"
	"github.com/entente-bot/entente/internal/settings"
)

// refusals are what Discord says no with for as long as nobody mends it. That
// something is gone is no refusal, and that our body is invalid nobody mends here.
var refusals = []struct{ status, code int }{
	{403, 50001}, {403, 50013}, {404, 10004}, {404, 10011},
	{400, 30005}, {400, 30013}, {400, 30016}, {400, 160006}, {400, 200000}, {400, 240000},
}

// TestShowcaseRefused has Discord refuse one kind of call for as long as an act in
// the life of a listing lasts, and then, mended, not. Meanwhile managers read why,
// or the listing stands all the same. Afterwards exactly one stands.
func TestShowcaseRefused(t *testing.T) {
	t.Parallel()
	for shift, m := range settings.Modes() {
		t.Run(string(m), func(t *testing.T) {
			t.Parallel()
			for i, c := range callsOf(t, m) {
				if c.Skip > 0 {
					continue
				}
				for n, r := range refusals {
					if !*every && (i+n+shift)%11 != 0 {
						continue
					}
					t.Run(fmt.Sprintf("%s %s: %d", c.Method, c.Route, r.code), func(t *testing.T) {
						t.Parallel()
						s := newStage(t)
						s.places(m)
						s.refused(m, fakediscord.Fault{Method: c.Method, Route: c.Route, Times: -1, Status: r.status, Code: r.code})
					})
				}
			}
		})
	}
}

// refused plays the life of a listing, each act with a fault that is mended after it.
func (s *stage) refused(m settings.Mode, f fakediscord.Fault) {
	s.Helper()
	acts := life(m)
	for i, a := range acts {
		acts[i].do = func(s *stage) {
			s.ResetRequests()
			s.Scene.Fail(f)
			a.do(s)
		}
	}
	at := 0
	s.live(acts, func() {
		a := acts[at]
		at++
		s.settle()
		struck, said := s.struck(), s.status()
		s.ClearFaults()
		if struck > 0 && f.Method != "GET" { // what may not be looked at is taken on trust
			s.told(a, said)
		}
		s.retry()
	})
}

// told fails the test unless managers read that something is blocked, or all is
// as it should be.
func (s *stage) told(a act, status string) {
	s.Helper()
	if s.left().Blocked > 0 {
		s.says(status, "Blocked until somebody fixes it")
		s.silent(status, "discord.")
		s.silent(status, "{")
		return
	}
	want := 1
	if a.mode == "" {
		want = 0
	}
	if n := len(s.listings(s.Lighthouse)); n != want {
		s.Errorf("when it was %s, %d listings stand, and nobody is told why; status: %s", a.name, n, status)
	}
}

// TestTagRefused has Discord refuse a tag that it has just shown: it is tried again
// after a while, and not at once for ever.
func TestTagRefused(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.places(settings.Forum)
	s.Scene.Fail(fakediscord.Fault{Method: "POST", Route: "/channels/{channel}/threads", Times: -1, Status: 400, Code: 10087})
	s.begins()
	s.drain()
	if n := s.struck(); n == 0 || n > 3 {
		t.Errorf("%d posts were tried at once", n)
	}
	s.ClearFaults()
	s.settle()
	s.listing(settings.Forum)
}
