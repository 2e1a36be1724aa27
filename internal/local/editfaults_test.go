package local_test

import (
	"strings"
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/edit"
	"github.com/entente-bot/entente/internal/fakediscord"
	"github.com/entente-bot/entente/internal/post"
)

// TestEditFaults has what is asked of Discord fail for a while, at each call that
// a change to an ad makes: one card in the end, and the listing as approved.
func TestEditFaults(t *testing.T) {
	t.Parallel()
	messages := "/channels/{channel}/messages"
	for name, f := range map[string]fakediscord.Fault{
		"posting the card":         {Method: "POST", Route: messages, Status: 503, Times: 2},
		"posting the card, unsure": {Method: "POST", Route: messages, Reset: true, After: true},
		"changing the card":        {Method: "PATCH", Route: messages + "/{message}", Status: 500, Times: 3},
		"limited":                  {Method: "PATCH", Route: messages + "/{message}", Status: 429, RetryAfter: 2.5, Times: 2},
		"the invite":               {Method: "GET", Route: "/invites/{code}", Status: 502, Times: 2},
		"the reply":                {Method: "PATCH", Route: "/webhooks/{application}/{token}/messages/{message}", Status: 500, Times: 2},
		"the file":                 {Method: "GET", Route: cdn, Status: 503, Times: 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t)
			s.allied()
			s.Scene.Fail(f)
			s.changesAd(s.Rio, map[string]any{
				"description": "After", "invite": s.AddInvite(s.Lighthouse, fakediscord.Invite{}),
				"banner": []string{s.Upload("new.png", drawing(t, 900, 300))},
			})
			s.settle()
			s.press(s.Max, s.Review, "Approve")
			s.settle()
			s.says(s.only(s.Review).Text(), "**Approved** by")
			listing := s.only(s.Showcase)
			s.says(listing.Text(), "After")
			if len(listing.Attachments) != 1 || !strings.HasPrefix(listing.Attachments[0].Name, "banner-") {
				t.Errorf("the listing shows %+v", listing.Attachments)
			}
			if s.struck() == 0 && f.Route != cdn {
				t.Error("no fault struck")
			}
			s.quietly()
		})
	}
}

// TestEditCardLost puts a card back that was deleted by hand, and goes by it.
func TestEditCardLost(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.allied()
	s.changesAd(s.Rio, described("Second"))
	s.DeleteMessage(s.only(s.Review).Ref)
	s.changesAd(s.Rio, described("Third"))
	s.says(s.only(s.Review).Text(), "Third")
	s.DeleteMessage(s.only(s.Review).Ref)
	s.retry()
	s.says(s.only(s.Review).Text(), "Third")
	s.DeleteMessage(s.only(s.Review).Ref)
	s.advance(25 * time.Hour)
	s.says(s.only(s.Review).Text(), "Third")
	s.press(s.Max, s.Review, "Approve")
	s.says(s.only(s.Showcase).Text(), "Third")
	s.quietly()
}

// TestEditBannerGone keeps the banner there is if the new one cannot be had, and says so.
func TestEditBannerGone(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.apply(s.Rio, s.withBanner("old.png", drawing(t, 800, 300)))
	s.press(s.Max, s.Review, "Approve")
	s.DeleteMessage(s.only(s.Review).Ref)
	s.Scene.Fail(fakediscord.Fault{Method: "GET", Route: cdn, Status: 404, Times: -1})
	s.changesAd(s.Rio, map[string]any{"description": "After", "banner": []string{s.Upload("new.png", drawing(t, 900, 300))}})
	s.settle()
	s.says(s.only(s.Review).Text(), "The ad keeps its old one")
	s.press(s.Max, s.Review, "Approve")
	s.settle()
	if listing := s.only(s.Showcase); !shows(listing) {
		t.Errorf("the listing shows %+v", listing.Attachments)
	}
	s.says(s.only(s.Showcase).Text(), "After")
	s.quietly()
}

// TestEditCrash kills the process at each step of a change, from the form to the
// listing. Whatever was confirmed holds after a restart: one card, one listing.
func TestEditCrash(t *testing.T) {
	t.Parallel()
	deaths(t, 12, func(t *testing.T, m *mortal) {
		s := newStage(t)
		s.allied()
		opened := s.command(s.Rio, "partner edit")
		m.possess(s, true)
		s.restart()
		revive := func() {
			if m.dead() != "" {
				new(mortal).immortal().possess(s, true)
				s.restart()
				s.drain()
			}
		}
		_, err := s.As(s.Rio, s.Guild, s.Lobby).Submit(t.Context(), opened, described("After"))
		_, _ = s.Drain(t.Context())
		revive()
		if err != nil && !s.editOf().Open() {
			s.changesAd(s.Rio, described("After"))
		}
		max := s.As(s.Max, s.Guild, s.Review)
		if !s.pressed(max) {
			revive()
			if !s.pressed(max) {
				t.Fatal("Approve cannot be pressed")
			}
		}
		_, _ = s.Drain(t.Context())
		revive()
		s.drain()
		s.says(s.only(s.Review).Text(), "**Approved** by")
		s.says(s.only(s.Showcase).Text(), "After")
		if e := s.editOf(); e.Status != edit.Approved || len(e.Cards) != 0 {
			t.Errorf("died %s: %+v", m.dead(), e)
		}
		if cards := kept[post.Post](s, "edit-card#"); len(cards) != 1 {
			t.Errorf("died %s: %d cards are kept", m.dead(), len(cards))
		}
		s.quietly()
	})
}
