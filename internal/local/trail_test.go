package local_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/audit"
	"github.com/entente-bot/entente/internal/fakediscord"
	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/storage"
)

// trailOf is what the trail has of a kind of entry, oldest first: "who was>is".
func (s *stage) trailOf(what string) (list []string) {
	s.Helper()
	for _, it := range s.items(audit.Prefix) {
		e, err := storage.Decode[audit.Entry](it)
		if err != nil {
			s.Fatal(err)
		}
		if e.What != what {
			continue
		}
		line := e.By
		for _, c := range e.Changes {
			line += " " + c.Was + ">" + c.Is
		}
		list = append(list, line)
	}
	return list
}

// trails fails the test unless the trail holds exactly these turns of a kind.
func (s *stage) trails(what string, want ...string) {
	s.Helper()
	if got := s.trailOf(what); !slices.Equal(got, want) {
		s.Errorf("the trail has of %s %q, want %q", what, got, want)
	}
}

// TestTrailOfContacts follows the role of contacts in the trail: who was given which, and
// from whom it was taken back; not that it was given again, which somebody keeps taking.
func TestTrailOfContacts(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	log := s.withLog()
	role, other := "<@&"+s.Contacts+">", s.AddRole(s.Guild, fakediscord.Role{Name: "Friends"})
	s.greeted()
	s.trails("contact.role-given", s.Rio+" >"+role)
	for range 3 {
		s.RevokeRole(s.Guild, s.Rio, s.Contacts)
		s.advance(25 * time.Hour)
		if !s.holder(s.Rio, s.Contacts) {
			t.Fatal("it was not given again")
		}
	}
	s.trails("contact.role-given", s.Rio+" >"+role)
	s.handsTo(s.Nora)
	s.trails("contact.change", s.Max+" <@"+s.Rio+">><@"+s.Nora+">")
	s.trails("contact.role-taken", s.Rio+" "+role+">")
	s.chooses(func(c *settings.Settings) { c.Contact = other })
	s.blocks(s.Nora)
	s.trails("contact.role-given", s.Rio+" >"+role, s.Nora+" >"+role, s.Nora+" ><@&"+other+">")
	s.trails("contact.role-taken", s.Rio+" "+role+">", s.Nora+" "+role+">", s.Nora+" <@&"+other+">>")
	for _, part := range []string{"<@" + s.Nora + ">, the contact of a partner, was given the contact role", "none → <@&" + other + ">", "<@" + s.Rio + "> → <@" + s.Nora + ">"} {
		if s.posted(log, part) == 0 {
			t.Errorf("the log does not say: %s", part)
		}
	}
	s.forgetMe(s.Rio)
	for _, key := range s.naming(s.Rio) {
		if strings.HasPrefix(key, audit.Prefix) || strings.HasPrefix(key, "trail#") {
			t.Errorf("%s names who is forgotten", key)
		}
	}
}

// TestTrailOfMarkers names the marker role that a partner's invite gives, and that it went.
func TestTrailOfMarkers(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.tracks(true)
	s.allied()
	role := "<@&" + s.tracked(true).Role + ">"
	s.trails("joins.make", audit.System+" >"+role)
	s.ended(s.Max)
	s.settle()
	s.trails("joins.end", audit.System+" "+role+">")
	s.trails("joins.unmarked")
}

// TestTrailOfLostMarkers says once that somebody deleted the marker role.
func TestTrailOfLostMarkers(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.tracks(true)
	s.allied()
	role := s.tracked(true).Role
	s.DeleteRole(s.Guild, role)
	s.advance(49 * time.Hour)
	s.trails("joins.unmarked", audit.System+" <@&"+role+">>")
}
