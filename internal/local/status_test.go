package local_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/entente-bot/entente/internal/fakediscord"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/storage"
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

// TestStatusGroups: what is blocked for many partners for one reason is one line, which
// names them.
func TestStatusGroups(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.forbids(s.Showcase)
	for i, name := range []string{"Harbor", "Mill *House*", "Lighthouse"} {
		id, invite := s.AddPartner(name, 500)
		s.update(partnership.StartKeys(s.Guild, id), func(tx *storage.Tx) error {
			partnership.Start(tx, s.Guild, partnership.Partnership{
				Partner: id, Application: strconv.Itoa(i + 1), Server: partnership.Server{ID: id, Name: name}, Contact: s.Rio, Since: s.Now(), By: s.Max,
				Ad: partnership.Ad{Invite: invite, Category: "Community", Description: "A calm place."},
			})
			return nil
		})
	}
	s.drain()
	for _, text := range []string{s.command(s.Max, "partnerships status").Text(), s.open(s.Ada).panel.Text(), s.open(s.Ada).shows()} {
		s.says(text, `Ad of a partner × 3 (`)
		for _, name := range []string{"Harbor", `Mill \*House\*`, "Lighthouse"} {
			s.says(text, name)
		}
		if n := strings.Count(text, "Ad of a partner"); n != 1 {
			t.Errorf("%d lines on what is one:\n%s", n, text)
		}
	}
}

// forbids takes from the bot that it may write in a channel.
func (s *stage) forbids(channel string) {
	s.Helper()
	s.SetOverwrite(channel, fakediscord.Overwrite{ID: s.ApplicationID(), Type: fakediscord.OverwriteMember, Deny: fakediscord.SendMessages})
}
