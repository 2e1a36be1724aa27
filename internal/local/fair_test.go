package local_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/apply"
	"github.com/entente-bot/entente/internal/audit"
	"github.com/entente-bot/entente/internal/fakediscord"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/scene"
	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/storage"
)

// waiting has n applications wait in the stage's guild, whose cards do not stand yet.
func (s *stage) waiting(n int) {
	s.Helper()
	for i := range n {
		partner := fmt.Sprintf("11788766425%08d", i)
		d := apply.Draft{ID: fmt.Sprintf("15760537432%08d", i), Applicant: fmt.Sprintf("15398149566%08d", i), Sent: s.Now(), Source: apply.Slash,
			Form: apply.Form{Invite: "discord.gg/abc", Category: "Gaming", Description: "x"}}
		found := partnership.Invite{Code: "abc", Permanent: true, Server: partnership.Server{ID: partner, Name: "S", Members: 50}}
		s.update(append(apply.QueueKeys(s.Guild, d, partner), audit.Keys(s.Guild)...), func(tx *storage.Tx) error {
			tx.Set(apply.DraftKey(s.Guild, d.ID), d)
			if did := apply.Queue(tx, s.Guild, d.ID, found, partnership.DefaultLimits(), s.Now()); did == "" {
				s.Fatal("not queued")
			}
			return nil
		})
	}
}

// innocent is another guild, set up, in which Rio is a member.
func (s *stage) innocent() (guild, lobby, review, place string) {
	s.Helper()
	guild = s.AddGuild(fakediscord.Guild{Name: "Innocent", MemberCount: 500, Owner: s.Nora})
	s.InstallBot(guild, scene.BotPermissions)
	s.AddMember(guild, s.Rio)
	lobby = s.AddChannel(guild, fakediscord.Channel{Name: "lobby"})
	review = s.AddChannel(guild, fakediscord.Channel{Name: "review"})
	place = s.AddChannel(guild, fakediscord.Channel{Name: "partners"})
	s.update(slices.Concat(settings.Keys(guild), action.Keys()), func(tx *storage.Tx) error {
		c := settings.Of(tx, guild)
		c.Review, c.Showcase = review, place
		settings.Save(tx, guild, c, s.Now())
		return nil
	})
	s.drain()
	return guild, lobby, review, place
}

// serves has Rio apply in the innocent guild: they are answered, reviewed and listed
// without delay.
func (s *stage) serves(guild, lobby, review, place string) {
	s.Helper()
	p := s.As(s.Rio, guild, lobby)
	opened, err := p.Command(s.Context(), "partner apply")
	if err != nil {
		s.Fatal(err)
	}
	answer, err := p.Submit(s.Context(), opened, s.Form())
	if err != nil {
		s.Fatal(err)
	}
	s.drain()
	s.says(answer.Current().Text(), "with the managers")
	if _, err := s.As(s.Nora, guild, review).Press(s.Context(), s.only(review).Ref, "Approve"); err != nil {
		s.Fatal(err)
	}
	s.drain()
	s.only(place)
}

// TestOneGuildsTroubleIsItsOwn (FAULTS S43): the bot is shut out of a channel in which
// 250 cards are to stand, and staff press Retry ten times. In another guild an
// application is answered, reviewed and listed without delay; and when the channel is
// open again, the first card that stands brings all others.
func TestOneGuildsTroubleIsItsOwn(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	guild, lobby, review, place := s.innocent()
	shut := fakediscord.Overwrite{ID: s.botRole(), Deny: fakediscord.SendMessages}
	s.SetOverwrite(s.Review, shut)
	cards := outOf(60, 250)
	s.waiting(cards)
	s.drain()
	asked := s.CountRequests("POST", "/channels/{channel}/messages")
	for range 10 {
		s.on(s.Ada, s.command(s.Ada, "partnerships status").Message, "Retry")
		s.advance(3 * time.Second)
	}
	if n := s.CountRequests("POST", "/channels/{channel}/messages") - asked; n > 10 {
		t.Errorf("ten presses within a minute tried %d cards, want one or two", n)
	}
	s.serves(guild, lobby, review, place)
	if logs := s.logs.String(); strings.Contains(logs, "circuit=open") {
		t.Error("one guild stopped everything for all")
	}

	shut.Deny, shut.Allow = 0, fakediscord.ViewChannel|fakediscord.SendMessages
	s.SetOverwrite(s.Review, shut)
	for range 4 { // until what Discord refused is not held against the guild any more
		s.advance(5 * time.Minute)
	}
	if n := len(s.Messages(s.Review)); n != cards {
		t.Errorf("%d of %d cards stand after the channel was opened", n, cards)
	}
}

// outOf is how many of something a story plays: few, or as many as there can be where
// every step is asked for.
func outOf(few, all int) int {
	if *every {
		return all
	}
	return few
}
