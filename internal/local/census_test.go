package local_test

import (
	"context"
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/fakediscord"
	"github.com/entente-bot/entente/internal/forget"
	"github.com/entente-bot/entente/internal/joins"
	"github.com/entente-bot/entente/internal/poller"
)

// newHall is a stage where Lighthouse brings members who get a marker role, and
// Discord lists them.
func newHall(t *testing.T, intent bool) *stage {
	t.Helper()
	s := newStage(t)
	s.SetMembersIntent(intent)
	s.tracks(true)
	s.befriended()
	s.drain()
	return s
}

// passes lets time go by, with a poll every quarter of an hour of it, or, if it is
// less, at its end.
func (s *stage) passes(by time.Duration) {
	s.Helper()
	for by > 0 {
		step := min(by, 15*time.Minute)
		s.advance(step)
		by -= step
	}
}

// sums are what Lighthouse brought on all days; Here is that of the latest.
func (s *stage) sums() (sum joins.Books, here int) {
	s.Helper()
	here = -1
	for _, d := range kept[joins.Day](s, "joins-day#") {
		b := d.Books[s.Lighthouse]
		sum.Counted += b.Counted
		sum.Identified += b.Identified
		sum.Early += b.Early
		sum.Returned += b.Returned
		sum.Young += b.Young
		if b.Here != nil {
			here = *b.Here
		}
	}
	return sum, here
}

// tells fails the test unless Lighthouse brought so much.
func (s *stage) tells(what string, want joins.Books, here int) {
	s.Helper()
	if got, n := s.sums(); got != want || n != here {
		s.Errorf("%s: %+v, %d here; want %+v, %d here", what, got, n, want, here)
	}
}

// TestCensus follows members who come by a partner, leave early or late, and return.
// A month after they left, nothing tells who they were, and the numbers stay.
func TestCensus(t *testing.T) {
	t.Parallel()
	s := newHall(t, true)
	came := s.joined(s.account().Code, 3)
	s.passes(2 * time.Hour)
	s.tells("three came", joins.Books{Counted: 3, Identified: 3}, 3)
	late := s.joined(s.account().Code, 1)[0]
	s.passes(5 * time.Minute)
	s.passes(2 * time.Minute) // a poll counts them, a look a minute later sees who they are
	s.RemoveMember(s.Guild, late)
	s.RemoveMember(s.Guild, came[0])
	s.passes(6 * time.Minute)
	s.passes(2 * time.Hour)
	s.tells("one left early, one late", joins.Books{Counted: 4, Identified: 4, Early: 1}, 2)
	if err := s.UseInvite(s.account().Code, came[0]); err != nil {
		t.Fatal(err)
	}
	s.passes(2 * time.Hour)
	s.tells("one returned", joins.Books{Counted: 5, Identified: 5, Early: 1, Returned: 1}, 3)
	for range 32 * 24 / 3 { // nobody comes or goes: a poll every three hours is enough
		s.advance(3 * time.Hour)
	}
	s.tells("a month later", joins.Books{Counted: 5, Identified: 5, Early: 1, Returned: 1}, 3)
	if keys := s.naming(late); len(keys) > 0 {
		t.Errorf("who left is named in %v", keys)
	}
	if list := kept[joins.Member](s, "joins-member#"); len(list) != 3 {
		t.Errorf("%d members are known, want 3", len(list))
	}
}

// TestCensusExisting: somebody who was a member before they used the invite gets the
// role, and is here, but is no join.
func TestCensusExisting(t *testing.T) {
	t.Parallel()
	s := newHall(t, true)
	if err := s.UseInvite(s.account().Code, s.Nora); err != nil {
		t.Fatal(err)
	}
	s.passes(2 * time.Hour)
	s.tells("an existing member", joins.Books{}, 1)
}

// TestCensusForget: who has their data deleted is not known any more, and not again,
// while the numbers stay; not even one who had not been seen yet.
func TestCensusForget(t *testing.T) {
	t.Parallel()
	s := newHall(t, true)
	code := s.account().Code
	who := s.joined(code, 1)[0]
	s.passes(2 * time.Hour)
	other := s.AddUser("Other")
	s.AddMember(s.Guild, other)
	s.forgetMe(who)
	s.forgetMe(other)
	s.drain()
	s.RemoveMember(s.Guild, other)
	if err := s.UseInvite(code, other); err != nil {
		t.Fatal(err)
	}
	s.joined(code, 1) // and somebody else, for whom there is room all the same
	s.passes(forget.Every + time.Hour)
	s.passes(25 * time.Hour)
	s.tells("forgotten", joins.Books{Counted: 3, Identified: 2}, 3)
	for _, user := range []string{who, other} {
		if keys := s.naming(user); len(keys) > 0 {
			t.Errorf("they are named in %v", keys)
		}
	}
}

// TestCensusBlind: without the members intent Discord is asked for the members once
// a day; joins, and who is still here, are counted. Once it is there, who came lately
// is identified.
func TestCensusBlind(t *testing.T) {
	t.Parallel()
	s := newHall(t, false)
	s.joined(s.account().Code, 2)
	for range 6 {
		s.passes(time.Hour)
	}
	s.tells("blind", joins.Books{Counted: 2}, 2)
	if n := s.CountRequests("GET", "/guilds/{guild}/members"); n != 1 {
		t.Errorf("asked for the members %d times in six hours", n)
	}
	if l, _ := recordOf[joins.Ledger](s, joins.LedgerKey(s.Guild)); l.Census.Blind.IsZero() {
		t.Error("it is not noted that the intent is missing")
	}
	s.SetMembersIntent(true)
	s.passes(25 * time.Hour)
	s.tells("seeing", joins.Books{Counted: 2, Identified: 2}, 2)
}

// TestCensusCut: a list of members that Discord cuts short is no look: nobody is
// taken to have left.
func TestCensusCut(t *testing.T) {
	t.Parallel()
	s := newHall(t, true)
	s.joined(s.account().Code, 2)
	s.passes(2 * time.Hour)
	s.Scene.Fail(fakediscord.Fault{Route: "/guilds/{guild}/members", Status: 500, Times: 1000})
	s.passes(25 * time.Hour)
	for _, m := range kept[joins.Member](s, "joins-member#") {
		if !m.Left.IsZero() {
			t.Errorf("%s left: %+v", m.User, m)
		}
	}
}

// TestCensusVanity: joins by the vanity URL are counted from when it is first seen.
func TestCensusVanity(t *testing.T) {
	t.Parallel()
	s := newHall(t, true)
	s.SetVanity(s.Guild, "harbour", 40)
	s.passes(25 * time.Hour)
	s.SetVanity(s.Guild, "harbour", 43)
	s.passes(2 * time.Hour)
	s.SetVanity(s.Guild, "haven", 90)
	s.passes(2 * time.Hour)
	s.SetVanity(s.Guild, "haven", 91)
	s.passes(2 * time.Hour)
	if n := s.booked()[joins.ByVanity]; n != 4 {
		t.Errorf("%d by the vanity URL, want 4", n)
	}
}

// An endless Discord lists members for ever, and none of the ones that there are.
type endless struct{ poller.Discord }

func (endless) MembersPage(context.Context, string, string) ([]joins.Person, string, error) {
	return nil, "1", nil
}

// TestCensusEndless: a list that is longer than what is read is no look either.
func TestCensusEndless(t *testing.T) {
	t.Parallel()
	s := newHall(t, true)
	s.joined(s.account().Code, 2)
	s.passes(2 * time.Hour)
	s.Poller.Discord = endless{s.Poller.Discord}
	s.passes(25 * time.Hour)
	list := kept[joins.Member](s, "joins-member#")
	for _, m := range list {
		if !m.Left.IsZero() {
			t.Errorf("%s left: %+v", m.User, m)
		}
	}
	if l, _ := recordOf[joins.Ledger](s, joins.LedgerKey(s.Guild)); len(list) != 2 || l.Census.Blind.IsZero() {
		t.Errorf("%d members, census %+v", len(list), l.Census)
	}
}

// TestCensusWithoutVanity counts members whatever Discord answers about the vanity
// URL, which few guilds have: that is optional, and comes last.
func TestCensusWithoutVanity(t *testing.T) {
	t.Parallel()
	for name, f := range map[string]fakediscord.Fault{
		"there is none":       {Status: 400, Code: 50020},
		"it is unknown":       {Status: 404, Code: 10057},
		"no access":           {Status: 403, Code: 50001},
		"a code of tomorrow":  {Status: 400, Code: 59999},
		"out of order":        {Status: 503},
		"gone with its route": {Status: 404},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newHall(t, true)
			f.Method, f.Route, f.Times = "GET", "/guilds/"+s.Guild+"/vanity-url", -1
			s.Scene.Fail(f)
			s.passes(time.Hour)
			s.joined(s.tracked(true).Code, 3)
			s.passes(3 * time.Hour)
			s.tells("without a vanity URL", joins.Books{Counted: 3, Identified: 3}, 3)
		})
	}
}
