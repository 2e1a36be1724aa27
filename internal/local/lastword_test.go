package local_test

import (
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/fakediscord"
	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/showcase"
)

// TestWhoWaitsReadsALastWord (FAULTS R40): what Discord refuses to show, or to look
// at, is not promised for ever in the reply to who asked.
func TestWhoWaitsReadsALastWord(t *testing.T) {
	t.Parallel()
	once := fakediscord.Fault{Method: "PATCH", Route: replyRoute, Status: 400, Code: 50035, Times: 1}
	strange := once
	strange.Code = 98765
	for name, refusal := range map[string]fakediscord.Fault{"malformed": once, "unforeseen": strange} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t)
			s.counting()
			for _, tt := range []struct{ user, command, says string }{
				{s.Max, "partnerships export", "This could not be shown"},
				{s.Rio, "partner stats", "This could not be shown"},
			} {
				s.Scene.Fail(refusal)
				ex := s.command(tt.user, tt.command)
				s.advance(time.Minute)
				s.says(ex.Current().Text(), tt.says)
			}
			s.advance(15 * time.Minute) // then nobody can be told any more
			s.advance(25 * time.Hour)
			if dead := s.dead(); len(dead) > 0 || s.left().Blocked > 0 {
				t.Errorf("%v, %+v: want nothing left to do a day later", dead, s.left())
			}
		})
	}
}

// TestFormThatCannotBeLookedAt: the applicant reads that their invite is tried again,
// and the application goes on when it can be looked at.
func TestFormThatCannotBeLookedAt(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.Scene.Fail(fakediscord.Fault{Method: "GET", Route: "/invites/" + s.Invite, Status: 403, Code: 98765, Times: 1})
	ex := s.apply(s.Rio, s.Form())
	s.says(ex.Current().Text(), "does not let Entente look at your invite")
	s.advance(7 * time.Hour)
	s.only(s.Review)
}

// TestBannedWhereTheInviteLeads: that is an answer for the applicant, and no reason to
// hide an ad that stands.
func TestBannedWhereTheInviteLeads(t *testing.T) {
	t.Parallel()
	banned := func(s *stage, times int) {
		s.Scene.Fail(fakediscord.Fault{Method: "GET", Route: "/invites/" + s.Invite, Status: 403, Code: 40007, Times: times})
	}
	t.Run("application", func(t *testing.T) {
		t.Parallel()
		s := newStage(t)
		banned(s, -1)
		ex := s.apply(s.Rio, s.Form())
		s.says(ex.Current().Text(), "Entente is banned from that server")
		s.says(ex.Current().Text(), "Edit and resend")
	})
	t.Run("ad", func(t *testing.T) {
		t.Parallel()
		s := listed(t)
		banned(s, -1)
		s.advance(31 * time.Hour)
		s.only(s.Showcase)
		s.says(s.command(s.Ada, "partnerships status").Text(), "Entente is banned from **Lighthouse**")
		s.DeleteMessage(s.only(s.Showcase).Ref)
		s.advance(31 * time.Hour)
		s.only(s.Showcase)
		s.ClearFaults()
		s.advance(7 * time.Hour)
		s.says(s.command(s.Ada, "partnerships status").Text(), "Nothing is blocked")
	})
}

// TestNameThatDiscordRefuses: Server Discovery has words that no channel may be called.
func TestNameThatDiscordRefuses(t *testing.T) {
	t.Parallel()
	for mode, route := range map[settings.Mode]string{settings.Channels: "/guilds/{guild}/channels", settings.Forum: "/channels/{channel}/threads"} {
		t.Run(string(mode), func(t *testing.T) {
			t.Parallel()
			s := newStage(t)
			s.mode(mode)
			s.Scene.Fail(fakediscord.Fault{Method: "POST", Route: route, Status: 400, Code: 50035, Times: -1})
			s.apply(s.Rio, s.Form())
			s.press(s.Max, s.Review, "Approve")
			if left, dead := s.left(), s.dead(); left.Blocked != 1 || len(dead) > 0 {
				t.Fatalf("%+v, given up: %v; want it blocked", left, dead)
			}
			s.says(s.command(s.Ada, "partnerships status").Text(), "under its own name and under a plain one")
			s.ClearFaults()
			s.advance(7 * time.Hour)
			home := s.homeOf()
			if want := "partner-" + s.Lighthouse[len(s.Lighthouse)-4:]; home.Name != want {
				t.Errorf("it is called %q, want %q", home.Name, want)
			}
			s.advance(25 * time.Hour)
			if again := s.homeOf(); again.Place != home.Place || again.Name != home.Name {
				t.Errorf("it did not stay: %+v, then %+v", home, again)
			}
		})
	}
}

// homeOf returns the home of the only listing.
func (s *stage) homeOf() showcase.Home {
	s.Helper()
	list := kept[showcase.Home](s, "home#")
	if len(list) != 1 {
		s.Fatalf("%d homes are kept, want 1", len(list))
	}
	return list[0]
}
