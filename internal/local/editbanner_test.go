package local_test

import (
	"strings"
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/fakediscord"
	"github.com/entente-bot/entente/internal/settings"
)

// TestEditBannerAway has a contact ask that their ad goes without its banner:
// members see it until a manager approves, in a listing of any mode.
func TestEditBannerAway(t *testing.T) {
	t.Parallel()
	for _, mode := range settings.Modes() {
		t.Run(string(mode), func(t *testing.T) {
			t.Parallel()
			s := newStage(t)
			s.mode(mode)
			s.apply(s.Rio, s.withBanner("old.png", drawing(t, 800, 300)))
			s.press(s.Max, s.Review, "Approve")
			s.DeleteMessage(s.only(s.Review).Ref)
			without := s.command(s.Rio, "partner edit", fakediscord.Option{Name: "without-banner", Value: true})
			s.says(without.Modal.Text(), "banner will be removed")
			if _, ok := without.Modal.Field("banner"); ok {
				t.Error("the form asks for another banner")
			}
			sent := s.submit(s.Rio, without, nil)
			s.says(sent.Current().Text(), "is with the managers")
			s.says(s.only(s.Review).Text(), "No banner")
			s.says(s.only(s.Review).Text(), "The banner of the listing")
			if n := len(s.listing(mode).Attachments); n != 1 {
				t.Errorf("the listing shows %d pictures before a manager approved", n)
			}
			opened := s.command(s.Rio, "partner edit") // what waits stays as it is
			s.submit(s.Rio, opened, described("Bare"))
			s.press(s.Max, s.Review, "Approve")
			if m := s.listing(mode); len(m.Attachments) != 0 || !strings.Contains(m.Text(), "Bare") {
				t.Errorf("the listing shows %+v", m.Attachments)
			}
			s.DeleteMessage(s.only(s.Review).Ref)
			s.submit(s.Rio, s.command(s.Rio, "partner edit"), map[string]any{"banner": []string{s.Upload("new.png", drawing(t, 900, 300))}})
			s.press(s.Max, s.Review, "Approve")
			s.advance(24 * time.Hour)
			if n := len(s.listing(mode).Attachments); n != 1 {
				t.Errorf("the listing shows %d pictures, want the new one", n)
			}
			s.quietly()
		})
	}
}
