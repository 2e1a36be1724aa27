package view_test

import (
	"strings"
	"testing"

	"github.com/entente-bot/entente/internal/apply"
	"github.com/entente-bot/entente/internal/audit"
	"github.com/entente-bot/entente/internal/export"
	"github.com/entente-bot/entente/internal/forget"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/view"
)

// TestForgetting shows all that a deletion and an export say, in every language:
// with the largest numbers, and the card and the trail without the user.
func TestForgetting(t *testing.T) {
	t.Parallel()
	const most = 1_000_000_000
	gone := forget.Gone{Forms: most, Applications: most, Ended: most, Tickets: most, Entries: most}
	var made export.Made
	for _, table := range export.Tables() {
		made.Files = append(made.Files, export.File{Name: table + ".csv"})
	}
	for _, s := range export.Sections() {
		made.Cut = append(made.Cut, export.Cut{Section: s.Name, Kept: most})
	}
	server, _ := full("*")
	a := apply.Application{
		ID: longest, Status: apply.Denied, Applicant: partnership.Nobody, Server: server, Sent: noon(),
		Settled: noon(), By: partnership.Nobody, Ad: partnership.Ad{Category: "Music"},
	}
	for locale, s := range newShows(t) {
		for _, staff := range []bool{false, true} {
			s.shown(t, view.Whisper(view.Forget(s.Speaker, staff)...))
			s.shown(t, view.Forgotten(s.Speaker, gone, staff))
		}
		s.shown(t, view.Forgetting(s.Speaker))
		s.shown(t, view.Whisper(view.Exporting(s.Speaker)))
		s.shown(t, view.Export(s.Speaker, made))
		s.shown(t, view.ExportTooLarge(s.Speaker))
		s.shown(t, view.ExportElsewhere(s.Speaker))
		card := s.shown(t, view.Card(s.Speaker, a, settings.Settings{Minimum: settings.MaxMinimum}))
		trail := s.shown(t, view.Trail(s.Speaker, "", []audit.Entry{{At: noon(), By: partnership.Nobody, What: "apply.send", Surface: "form"}}, true, ""))
		for _, text := range []string{card, trail} {
			if strings.Contains(text, "<@") || !strings.Contains(text, s.Say("forget.nobody")) {
				t.Errorf("%s: it shows\n%s", locale, text)
			}
		}
	}
}
