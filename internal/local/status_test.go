package local_test

import (
	"testing"

	"github.com/entente-bot/entente/internal/fakediscord"
)

// TestStatus shows what is blocked, and tries it again when it was mended.
func TestStatus(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.says(s.command(s.Max, "partnerships status").Text(), "Nothing is blocked")
	s.says(s.command(s.Nora, "partnerships status").Text(), "Only staff of this server")

	s.SetOverwrite(s.Review, fakediscord.Overwrite{ID: s.Guild, Deny: fakediscord.ViewChannel | fakediscord.SendMessages})
	for _, r := range s.Roles(s.Guild) {
		if r.Name == "Entente" {
			s.SetOverwrite(s.Review, fakediscord.Overwrite{ID: r.ID, Deny: fakediscord.SendMessages})
		}
	}
	s.apply(s.Rio, s.Form())
	ex := s.command(s.Max, "partnerships status")
	s.says(ex.Text(), "Pending applications: 1 of 250")
	s.says(ex.Text(), "⚠️ Review card, since <t:")
	s.says(ex.Text(), "Send Messages")

	for _, r := range s.Roles(s.Guild) {
		if r.Name == "Entente" {
			s.SetOverwrite(s.Review, fakediscord.Overwrite{ID: r.ID, Allow: fakediscord.ViewChannel | fakediscord.SendMessages})
		}
	}
	retried := s.on(s.Max, ex.Message, "Retry")
	s.says(retried.Text(), "trying everything again")
	s.says(s.only(s.Review).Text(), "Lighthouse")
	s.says(s.command(s.Max, "partnerships status").Text(), "Nothing is blocked")
}

// TestStatusRetryIsForManagers wants the right checked at the button.
func TestStatusRetryIsForManagers(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	ex := s.command(s.Max, "partnerships status")
	forged, err := s.As(s.Nora, s.Guild, s.Lobby).ForgePress(t.Context(), ex.Message, "status/retry")
	if err != nil {
		t.Fatal(err)
	}
	s.says(forged.Text(), "Only partnership managers")
}

// TestStatusWithoutChannel: the review channel was deleted. Once that is known the
// status says so, as the panel does.
func TestStatusWithoutChannel(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.says(s.command(s.Max, "partnerships status").Text(), "Applications are open")
	s.DeleteChannel(s.Review)
	s.panel()
	s.drain()
	s.says(s.panel().Text(), "Not ready")
	s.says(s.command(s.Max, "partnerships status").Text(), "Not ready: a manager has to choose a review channel")
}
