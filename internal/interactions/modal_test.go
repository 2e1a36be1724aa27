package interactions_test

import (
	"strings"
	"testing"

	"github.com/entente-bot/entente/internal/apply"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/view"
)

// TestLongestForm opens a form again whose every field is as long as Discord lets
// people write: nothing is lost, and Discord takes it. The stage checks that.
func TestLongestForm(t *testing.T) {
	t.Parallel()
	for name, part := range map[string]string{"letters": "x", "emoji": "🦆", "script": "港", "markup": "<", "quotes": `"`} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t)
			f := apply.Form{
				Invite:      "https://discord.gg/lighthouse" + strings.Repeat(" ", 100-len("https://discord.gg/lighthouse")),
				Category:    "Other",
				Description: strings.Repeat(part, partnership.MaxDescription), Highlights: strings.Repeat(part, partnership.MaxHighlights),
			}
			user := s.newcomer()
			sent := s.deliver(sendForm(s.As(user, s.Guild, s.Lobby), f))
			s.says(sent, "Entente is checking the invite")
			again := s.deliver(s.press(user, view.ID("apply/edit", sent.Interaction)))
			for field, want := range map[string]string{"invite": f.Invite, "description": f.Description, "highlights": f.Highlights} {
				if got, _ := again.Modal.Field(field); got.Value != want {
					t.Errorf("%s: it holds %d bytes, and held %d", field, len(got.Value), len(want))
				}
			}
			if got, _ := again.Modal.Field("category"); len(got.Values) != 1 || got.Values[0] != "Other" {
				t.Errorf("category: %v is chosen, want Other", got.Values)
			}
		})
	}
}

// TestFormFields looks at what each form asks for.
func TestFormFields(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	opened := s.did(s.As(s.newcomer(), s.Guild, s.Lobby).Command(t.Context(), "partner apply"))
	if want := "Apply for a partnership\nInvite link to your server *\nCategory *\nAbout your server *\nHighlights\nBanner"; opened.Text() != want {
		t.Errorf("the form asks for:\n%s\nwant:\n%s", opened.Text(), want)
	}
	id := onCard("apply/deny", s.pending(s.Guild))
	if opened := s.deliver(s.press(s.Max, id)); opened.Text() != "Deny this application\nReason\nNote" || opened.Modal.CustomID != id {
		t.Errorf("%s asks for:\n%s", opened.Modal.CustomID, opened.Text())
	}
	chosen := s.chosen(s.Guild)
	chosen.Minimum = settings.MaxMinimum
	s.choosing(chosen)
	if opened := s.deliver(s.press(s.Ada, "setup/minimum")); opened.Text() != "Who may apply\nMembers a partner must have *: 10000000\nHours between two applications *: 24\nMost partners at a time *: 0" {
		t.Errorf("it asks for:\n%s", opened.Text())
	}
}

// TestFormWithoutHighlights sends the form as people do who leave out what they may.
func TestFormWithoutHighlights(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	rio := s.As(s.Rio, s.Guild, s.Lobby)
	opened := s.did(rio.Command(t.Context(), "partner apply"))
	form := s.Form()
	delete(form, "highlights")
	s.says(s.did(rio.Submit(t.Context(), opened, form)), "Entente is checking the invite")
}

// TestLoneForms answers forms that were opened by nobody, with fields missing:
// they are refused, or take what is there as empty.
func TestLoneForms(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	for name, fields := range map[string][]filled{
		"That is not a Discord invite":        {{"category", "", "Community"}, {"description", "hello", ""}},
		"category you chose is no longer":     {{"invite", "discord.gg/abc", ""}, {"category", "", "Celebrities"}, {"description", "hello", ""}},
		"The text about your server is empty": {{"invite", "discord.gg/abc", ""}, {"category", "", "Community"}, {"description", "\u200b \n", ""}},
		"Your text holds more than":           {{"invite", "discord.gg/abc", ""}, {"category", "", "Community"}, {"description", "discord.gg/a1 discord.gg/b2 discord.gg/c3 discord.gg/d4 discord.gg/e5", ""}},
	} {
		s.says(s.deliver(s.submit(s.newcomer(), nil, "apply/send:slash", fields...)), name)
	}
	s.says(s.deliver(s.submit(s.Ada, nil, "setup/minimum", filled{"minimum", "many", ""})), "whole number from 0 to 10,000,000")
}
