package view_test

import (
	"testing"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/contact"
	"github.com/entente-bot/entente/internal/edit"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/post"
	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/showcase"
	"github.com/entente-bot/entente/internal/view"
)

func waiting() edit.Edit {
	after := ad()
	after.Description, after.Highlights = "A calm place, now with a **library**.", ""
	return edit.Edit{
		ID: "900000000000000009", Card: "900000000000000009", Partner: "811111111111111111", Application: "900000000000000001",
		Server: "The *Lighthouse*", By: "700000000000000001", Status: edit.Waiting, Sent: noon(), Ad: after, Before: ad(),
	}
}

func settledAs(status edit.Status, reason string) edit.Edit {
	e := waiting()
	e.Status, e.Settled, e.Decided, e.Reason = status, noon(), "700000000000000002", reason
	return e
}

// TestEditCard shows a changed ad to managers: while it waits, and decided.
func TestEditCard(t *testing.T) {
	t.Parallel()
	s := newShow(t)
	another := waiting()
	another.Ad.Invite, another.Ad.Category = "newcode", "Music"
	another.Ad.Banner = partnership.Banner{Type: "image/png", Edit: "9"}
	over := settledAs(edit.Dropped, "")
	over.Before = partnership.Ad{}
	var shown []string
	for _, e := range []edit.Edit{waiting(), another, settledAs(edit.Approved, ""), settledAs(edit.Denied, "Too loud."), settledAs(edit.Withdrawn, ""), over} {
		shown = append(shown, s.shown(t, view.EditCard(s.Speaker, e)))
	}
	golden(t, "edit-card", lines(shown...))
}

// TestEditAnswer tells who sent a changed ad what became of it.
func TestEditAnswer(t *testing.T) {
	t.Parallel()
	s := newShow(t)
	d := edit.Draft{ID: "900000000000000009", Checked: true, Server: "The *Lighthouse*", Card: "900000000000000009"}
	direct, refused, checking := d, d, edit.Draft{ID: d.ID}
	direct.Direct = true
	refused.Refused = action.Reason{Key: "edit.no-change", Args: []string{"server", "Lighthouse"}}
	var shown []string
	for _, d := range []edit.Draft{checking, refused, direct} {
		shown = append(shown, s.shown(t, view.EditAnswer(s.Speaker, d, edit.Edit{})))
	}
	for _, e := range []edit.Edit{waiting(), settledAs(edit.Approved, ""), settledAs(edit.Denied, "Too loud."), settledAs(edit.Withdrawn, ""), settledAs(edit.Dropped, "")} {
		shown = append(shown, s.shown(t, view.EditAnswer(s.Speaker, d, e)))
	}
	denied := settledAs(edit.Denied, "Too loud.")
	shown = append(shown, s.shown(t, view.EditNotice(s.Speaker, "900000000000000001", "Harbour", denied)), s.shown(t, view.EditStopped(s.Speaker, denied)))
	golden(t, "edit-answer", lines(shown...))
}

// TestLongestEdits shows changed ads whose every text is as long as it can be.
func TestLongestEdits(t *testing.T) {
	t.Parallel()
	for name, part := range fillers() {
		for locale, s := range newShows(t) {
			t.Run(locale+"/"+name, func(t *testing.T) {
				t.Parallel()
				server, before := full(part)
				_, after := full("y" + part)
				after.Invite, after.Banner = "other", partnership.Banner{Type: "image/png", Edit: longest}
				e := edit.Edit{
					ID: longest, Card: longest, Partner: longest, Application: longest, Server: server.Name, By: longest,
					Status: edit.Waiting, Sent: noon(), Ad: after, Before: before, Lost: true,
				}
				s.shown(t, view.EditCard(s.Speaker, e))
				e.Ad.Banner.Bare = true
				s.shown(t, view.EditCard(s.Speaker, e))
				e.Status, e.Settled, e.Decided, e.Reason = edit.Denied, noon(), longest, fill(part, edit.MaxReason)
				s.shown(t, view.EditCard(s.Speaker, e))
				d := edit.Draft{ID: longest, Server: server.Name, Checked: true, Card: longest}
				s.shown(t, view.EditAnswer(s.Speaker, d, e))

				p := partnership.Partnership{Partner: longest, Application: longest, Server: server, Ad: before, Contact: longest, Since: noon(), By: longest}
				s.shown(t, view.Whisper(
					view.Info(s.Speaker, longest, p, post.Post{Channel: longest, Message: longest}, view.Bumps{Contact: true, Manager: true, Now: noon()}),
					view.Text(view.EditState(s.Speaker, p, e)...)))
				s.shown(t, view.History(s.Speaker, longest, view.Known{
					Partner: longest, Active: true, Partnership: p, Listing: post.Post{Channel: longest, Message: longest}, Edit: e,
					Held: contact.Contact{Server: server.Name, User: longest, Gone: noon()},
				}))

				var left []contact.Contact
				for range 100 {
					left = append(left, contact.Contact{Server: server.Name, User: longest, Gone: noon()})
				}
				for _, n := range []int{0, 1, 100} {
					s.shown(t, view.Status(s.Speaker, settings.Default(), partnership.Counts{}, partnership.DefaultLimits(), showcase.Move{}, stops(n), partnership.Names{}, true, true, left...))
				}
			})
		}
	}
}

// TestEmptyEdit shows what an older version, or a hand, may have kept.
func TestEmptyEdit(t *testing.T) {
	t.Parallel()
	s := newShow(t)
	s.shown(t, view.EditCard(s.Speaker, edit.Edit{ID: "1", Card: "1", Partner: "1", Status: edit.Waiting}))
	if got := view.EditState(s.Speaker, partner(), edit.Edit{}); len(got) != 0 {
		t.Errorf("no edit, and it says %q", got)
	}
}
