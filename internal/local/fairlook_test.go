package local_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/fakediscord"
)

// floods has so many people of the stage's guild send so many forms each, all with
// other invites, and returns what their replies were.
func (s *stage) floods(people, each int) (replies []*fakediscord.Exchange) {
	s.Helper()
	for i := range people {
		who := s.AddUser(fmt.Sprintf("Many %d", i))
		s.AddMember(s.Guild, who)
		for n := range each {
			form := s.Form()
			form["invite"] = fmt.Sprintf("discord.gg/many-%d-%d", i, n)
			ex, err := s.Apply(s.Context(), who, form)
			if err != nil {
				s.Fatal(err)
			}
			replies = append(replies, ex)
		}
	}
	return replies
}

// TestLookUpsOfOneGuild (FAULTS S43): 200 people of one guild send 1,000 forms. In
// another guild an application is answered, reviewed and listed without delay, and so
// is somebody else's in the same guild once it is their turn; Discord is never asked
// more often than it bears.
func TestLookUpsOfOneGuild(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	guild, lobby, review, place := s.innocent()
	replies := s.floods(outOf(40, 200), 5)
	s.drain()
	asked := func() int { return s.CountRequests("GET", "/invites/{code}") }
	if n := asked(); n < 60 || n > 67 {
		t.Errorf("a guild alone had %d look-ups at once, want 67", n)
	}
	s.serves(guild, lobby, review, place)
	before := asked()
	for range 5 {
		s.advance(2 * time.Minute)
	}
	s.advance(2 * time.Second)
	if n := asked() - before; n > 70 {
		t.Errorf("%d look-ups in the ten minutes after", n)
	}
	answered := 0
	for _, ex := range replies {
		if !strings.Contains(ex.Current().Text(), "checking the invite") {
			answered++
		}
	}
	if answered < 90 {
		t.Errorf("%d forms are answered", answered)
	}
	if dead := s.dead(); len(dead) > 0 {
		t.Errorf("given up: %v", dead)
	}
}

// TestLookUpsOfFewPeople: six of the staff add 50 servers each by hand. Rio, who
// applies in the same guild, is answered at once.
func TestLookUpsOfFewPeople(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	for i := range 6 {
		who := s.AddUser(fmt.Sprintf("Busy %d", i))
		s.AddMember(s.Guild, who, s.Reviewers)
		p := s.As(who, s.Guild, s.Lobby)
		for n := range outOf(20, 50) {
			opened, err := p.Command(t.Context(), "partnerships add", fakediscord.Opt("invite", fmt.Sprintf("busy-%d-%d", i, n)), fakediscord.Option{Name: "contact", Value: s.Nora, Type: 6})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := p.Submit(t.Context(), opened, handmade()); err != nil {
				t.Fatal(err)
			}
		}
	}
	s.drain()
	s.says(s.apply(s.Rio, s.Form()).Current().Text(), "with the managers")
}

// TestKeysOfOneGuild (FAULTS S43): members of a guild with many partners type 50 keys
// a second for half a minute. In another guild all goes on.
func TestKeysOfOneGuild(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	guild, lobby, review, place := s.innocent()
	s.befriend(12)
	for range outOf(150, 1500) {
		if got := s.suggested(s.Nora, "partner info", "partner", "server"); len(got) != 12 {
			t.Fatalf("%d partners are suggested", len(got))
		}
	}
	s.serves(guild, lobby, review, place)
}
