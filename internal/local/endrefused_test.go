package local_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/fakediscord"
	"github.com/entente-bot/entente/internal/index"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/settings"
)

// An endStep is one of those that an end takes, all of them without the others.
type endStep struct {
	what         string // how the status names it
	method, path string // its call
	taken        func() bool
	gone         []int // codes by which Discord says that there is nothing to be done
}

// endSteps are the steps of the end of a partnership that stands, with an index in
// the given channel.
func (s *stage) endSteps(index string) map[string]endStep {
	s.Helper()
	listing, page := s.only(s.Showcase), s.only(index)
	return map[string]endStep{
		"listing": {"Ad of a partner", "DELETE", "/channels/" + s.Showcase + "/messages/" + listing.ID,
			func() bool { return len(s.Messages(s.Showcase)) == 0 }, []int{10003, 10008}},
		"word": {"Telling a contact that a partnership ended", "POST", "/channels/" + s.Review + "/messages",
			func() bool { return s.words(s.Review, "So long.") == 1 }, nil},
		"role": {"Contact role of a partner", "DELETE", "/guilds/" + s.Guild + "/members/" + s.Rio + "/roles/" + s.Contacts,
			func() bool { return !s.holder(s.Rio, s.Contacts) }, []int{10011}},
		"index": {"Index of partners", "PATCH", "/channels/" + index + "/messages/" + page.ID,
			func() bool { return s.words(index, "no partners yet") == 1 }, nil},
	}
}

// TestEndRefused (FAULTS R3) has Discord refuse one step of an end, with every code
// that it may. The other steps are taken all the same, managers read what is in the
// way, and the refused one is taken once it is mended.
func TestEndRefused(t *testing.T) {
	t.Parallel()
	codes := append(slices.Clone(refusals), []struct{ status, code int }{{404, 10003}, {404, 10008}, {400, 50035}}...)
	for i, step := range []string{"listing", "word", "role", "index"} {
		for n, r := range codes {
			if !*every && r.code != 50035 && (i+n)%4 != 0 {
				continue
			}
			t.Run(fmt.Sprintf("%s: %d", step, r.code), func(t *testing.T) {
				t.Parallel()
				endRefused(t, step, fakediscord.Fault{Status: r.status, Code: r.code, Times: -1})
			})
		}
	}
}

func endRefused(t *testing.T, step string, f fakediscord.Fault) {
	s := newStage(t)
	channel := s.indexed()
	s.chooses(func(c *settings.Settings) { c.Contact = s.Contacts })
	s.befriended()
	s.advance(index.Gather)
	steps := s.endSteps(channel)
	refused := steps[step]
	f.Method, f.Route = refused.method, refused.path
	s.ResetRequests()
	s.Scene.Fail(f)
	s.ended(s.Rio)
	s.advance(index.Gather)
	if n := s.struck(); n == 0 || n > 10 {
		t.Errorf("it was refused %d times", n)
	}
	for name, other := range steps {
		if name != step && !other.taken() {
			t.Errorf("the %s was not taken", name)
		}
	}
	nothing := slices.Contains(refused.gone, f.Code)
	if !nothing && !refused.taken() && s.left().Pending == 0 {
		s.says(s.status(), refused.what)
	}
	s.ClearFaults()
	s.retry()
	if !nothing && !refused.taken() {
		t.Errorf("the %s was not taken after all; status: %s", step, s.status())
	}
	if left, dead := s.left(), s.dead(); left != (action.Census{}) || len(dead) > 0 {
		t.Errorf("left to do: %+v, given up: %v", left, dead)
	}
	if list := s.endings(); len(list) != 1 || !list[0].Told || list[0].Why != partnership.WhyContact {
		t.Errorf("ended: %+v", list)
	}
	for _, prefix := range []string{"listing#", "home#", "bump#", "contact#", "end-post#"} {
		if left := s.items(prefix); len(left) > 0 {
			t.Errorf("left: %v", left[0].Key)
		}
	}
	s.silent(s.status(), "Blocked until")
}
