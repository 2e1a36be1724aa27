package local_test

import (
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/fakediscord"
)

// listed brings Lighthouse into the showcase.
func listed(t *testing.T) *stage {
	t.Helper()
	s := newStage(t)
	s.apply(s.Rio, s.Form())
	s.press(s.Max, s.Review, "Approve")
	s.only(s.Showcase)
	return s
}

// FAULTS S33: a code that lapsed is used again by strangers.
func TestInviteOfAListingLeadsElsewhere(t *testing.T) {
	t.Parallel()
	s := listed(t)
	s.DeleteInvite(s.Invite)
	stranger := s.AddGuild(fakediscord.Guild{Name: "Stranger"})
	s.AddInvite(stranger, fakediscord.Invite{Code: s.Invite})
	s.advance(7 * time.Hour) // what is known of the invite grows old
	s.sync()
	if left := s.Messages(s.Showcase); len(left) != 0 {
		t.Errorf("people are still sent to a stranger's server: %s", left[0].Text())
	}
	s.says(s.panel().Text(), "the invite of Lighthouse now leads to another server")

	s.DeleteInvite(s.Invite)
	s.AddInvite(s.Lighthouse, fakediscord.Invite{Code: s.Invite})
	s.advance(7 * time.Hour) // looked at again by itself
	s.says(s.only(s.Showcase).Text(), "Lighthouse")
}

func TestInviteOfAListingIsGone(t *testing.T) {
	t.Parallel()
	s := listed(t)
	s.DeleteInvite(s.Invite)
	s.advance(7 * time.Hour) // what is known of the invite grows old
	s.sync()
	if left := s.Messages(s.Showcase); len(left) != 0 {
		t.Errorf("people are still sent nowhere: %s", left[0].Text())
	}
	s.says(s.panel().Text(), "the invite of Lighthouse no longer works")
}
