package local_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/fakediscord"
	"github.com/entente-bot/entente/internal/settings"
)

// withdraws applies and takes it back.
func (s *stage) withdraws(user string) {
	s.Helper()
	form := s.apply(user, s.Form())
	s.says(form.Current().Text(), "with the managers")
	ask := s.on(user, form.Message, "Withdraw")
	s.on(user, ask.Message, "Withdraw")
}

// TestStrangersLockNobodyOut has somebody use a server's public invite in every
// way that leaves a trace: who speaks for the server can apply all the same.
func TestStrangersLockNobodyOut(t *testing.T) {
	t.Parallel()
	for name, does := range map[string]func(*stage){
		"withdrawn": func(s *stage) { s.withdraws(s.Nora) },
		"waiting":   func(s *stage) { s.apply(s.Nora, s.Form()) },
		"denied": func(s *stage) {
			s.apply(s.Nora, s.Form())
			s.submit(s.Max, s.press(s.Max, s.Review, "Deny"), map[string]any{"reason": "Who are you?"})
		},
		"blocked": func(s *stage) {
			s.command(s.Ada, "partnerships block", fakediscord.Option{Name: "user", Value: s.Nora, Type: 6})
			s.apply(s.Nora, s.Form())
		},
		"blocked while waiting": func(s *stage) {
			s.apply(s.Nora, s.Form())
			s.command(s.Ada, "partnerships block", fakediscord.Option{Name: "user", Value: s.Nora, Type: 6})
		},
		"expired": func(s *stage) {
			s.apply(s.Nora, s.Form())
			s.advance(31 * 24 * time.Hour)
		},
		"forgotten": func(s *stage) {
			s.apply(s.Nora, s.Form())
			s.forgetMe(s.Nora)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t)
			s.chooses(func(c *settings.Settings) { c.Cooldown = 8760 })
			does(s)
			s.says(s.apply(s.Rio, s.Form()).Current().Text(), "with the managers")
			again := s.apply(s.Nora, s.Form()).Current().Text()
			if name != "expired" && strings.Contains(again, "with the managers") {
				t.Errorf("the stranger passed their own pause: %s", again)
			}
			s.balanced()
		})
	}
}

// TestRivals lets two people apply for one server: both cards say so, one becomes
// the contact, and the other reads why theirs is over.
func TestRivals(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	theirs := s.apply(s.Nora, s.Form())
	s.apply(s.Rio, s.Form())
	cards := s.Messages(s.Review)
	if len(cards) != 2 {
		t.Fatalf("%d cards, want 2", len(cards))
	}
	s.says(cards[0].Text(), "Also applied for this server: <@"+s.Rio+">")
	s.says(cards[1].Text(), "Also applied for this server: <@"+s.Nora+">")
	s.on(s.Max, cards[1].Ref, "Approve")
	s.only(s.Showcase)
	for _, card := range s.Messages(s.Review) {
		s.quiet(card.Text(), "Also applied")
	}
	s.says(s.Messages(s.Review)[0].Text(), "the server became a partner by another application")
	s.says(theirs.Current().Text(), "by the application of somebody else")
	if n := s.counts(); n.Pending != 0 || n.Active != 1 {
		t.Errorf("counts %+v", n)
	}
	s.balanced()
	s.quietly()
}

// TestRivalsOfAPartnerByHand closes what waits for a server that a manager adds.
func TestRivalsOfAPartnerByHand(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	theirs := s.apply(s.Nora, s.Form())
	s.submit(s.Max, s.adds("discord.gg/"+s.Invite, s.Rio), handmade())
	s.says(theirs.Current().Text(), "by the application of somebody else")
	if n := s.counts(); n.Pending != 0 || n.Active != 1 {
		t.Errorf("counts %+v", n)
	}
}

// TestCardSaysWhoMadeTheInvite shows the hint that Discord gives.
func TestCardSaysWhoMadeTheInvite(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"the applicant": "Invite made by the applicant", "another": "Invite made by somebody else: Kim", "nobody": "Who made the invite is not known",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t)
			by := map[string]string{"the applicant": s.Rio, "another": s.AddUser("Kim")}[name]
			form := s.Form()
			form["invite"] = s.AddInvite(s.Lighthouse, fakediscord.Invite{Inviter: by})
			s.apply(s.Rio, form)
			s.says(s.only(s.Review).Text(), want)
			s.press(s.Max, s.Review, "Approve")
			s.quiet(s.only(s.Review).Text(), "nvite made") // it is of no use any more, and of a third person
			for _, it := range s.items("apply#") {
				s.quiet(string(it.Value), "Kim")
			}
		})
	}
}

// TestOwnApproval marks a manager's approval of what they sent themselves.
func TestOwnApproval(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	log := s.AddChannel(s.Guild, fakediscord.Channel{Name: "log"})
	s.chooses(func(c *settings.Settings) { c.Log = log })
	s.apply(s.Max, s.Form())
	s.press(s.Max, s.Review, "Approve")
	s.says(s.only(s.Review).Text(), "approved their own application")
	if s.posted(log, "<@"+s.Max+"> approved their own application") != 1 {
		t.Error("the log does not say so")
	}
	s.says(s.command(s.Ada, "partnerships info", fakediscord.Opt("partner", s.Lighthouse)).Text(), "approved their own application")

	_, invite := s.AddPartner("Second", 500)
	s.submit(s.Max, s.adds(invite, s.Max), handmade())
	if s.posted(log, "with themself as its contact") != 1 {
		t.Error("the log does not say that Max added a partner of his own")
	}
	s.quietly()
}

// TestWrongInvitesLockNobodyOut sends invites that are no good, and then a good one.
func TestWrongInvitesLockNobodyOut(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	for i := range 12 {
		form := s.Form()
		form["invite"] = fmt.Sprint("discord.gg/mistake-", i)
		s.says(s.apply(s.Rio, form).Current().Text(), "Edit and resend")
	}
	s.says(s.apply(s.Rio, s.Form()).Current().Text(), "with the managers")
	for i := range 30 { // but nobody goes on for ever
		form := s.Form()
		form["invite"] = fmt.Sprint("discord.gg/noise-", i)
		s.apply(s.Nora, form)
	}
	s.says(s.apply(s.Nora, s.Form()).Current().Text(), "in a short time")
}
