package local_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/discordrest"
	"github.com/entente-bot/entente/internal/fakediscord"
	"github.com/entente-bot/entente/internal/text"
)

func TestEveryReasonIsASentence(t *testing.T) {
	t.Parallel()
	catalog, err := text.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range discordrest.Reasons() {
		if !catalog.Has(key) {
			t.Errorf("the text catalog has no %s: managers would read the key", key)
		}
	}
}

// TestBlocked has Discord refuse each step for a reason that managers can mend.
// They read it in the setup panel, the other steps are taken all the same, and
// the refused one is taken when it is mended.
func TestBlocked(t *testing.T) {
	t.Parallel()
	steps := []struct{ name, method, route, what string }{
		{"card", "POST", "/channels/{channel}/messages", "Review card: "},
		{"edit", "PATCH", "/channels/{channel}/messages/{message}", "Review card: "},
		{"listing", "POST", "/channels/{channel}/messages", "Ad of a partner (Lighthouse): "},
	}
	refusals := []fakediscord.Fault{
		{Status: 403, Code: 50001}, {Status: 403, Code: 50013}, {Status: 400, Code: 50008}, {Status: 400, Code: 50024},
		{Status: 400, Code: 200000}, {Status: 400, Code: 240000}, {Status: 400, Code: 50083}, {Status: 404, Code: 10004},
	}
	mend := map[string]func(*stage){
		"a setting changes": func(s *stage) { s.choose(s.panel(), "setup/managers", s.Reviewers) },
		"six hours pass":    func(s *stage) { s.advance(action.Recheck) },
	}
	for _, step := range steps {
		for i, refusal := range refusals {
			how := []string{"a setting changes", "six hours pass"}[i%2]
			t.Run(fmt.Sprintf("%s/%d/%s", step.name, refusal.Code, how), func(t *testing.T) {
				t.Parallel()
				s := newStage(t)
				refusal.Method, refusal.Route, refusal.Times = step.method, step.route, -1
				if step.name != "card" {
					s.apply(s.Rio, s.Form())
				}
				s.Scene.Fail(refusal)
				if step.name == "card" {
					s.says(s.apply(s.Rio, s.Form()).Current().Text(), "with the managers")
				} else {
					s.press(s.Max, s.Review, "Approve")
				}
				if left := s.left(); left != (action.Census{Blocked: 1}) {
					t.Fatalf("left to do: %+v, want one blocked", left)
				}
				s.says(s.panel().Text(), step.what)
				s.says(s.panel().Text(), "Needs your help")
				s.ClearFaults()
				s.drain()
				if left := s.left(); left.Blocked != 1 {
					t.Errorf("left to do: %+v: it did not wait", left)
				}
				mend[how](s)
				if step.name == "card" {
					s.press(s.Max, s.Review, "Approve")
				}
				s.finished()
			})
		}
	}
}

// choose picks something in the setup panel.
func (s *stage) choose(panel *fakediscord.Exchange, menu string, values ...string) {
	s.Helper()
	if _, err := s.As(s.Ada, s.Guild, s.Lobby).Choose(s.Context(), panel.Message, menu, values...); err != nil {
		s.Fatal(err)
	}
	s.drain()
}

// blockedAfter applies, lets Max approve after spoil, and fails the test unless
// the listing is blocked and the panel holds why.
func blockedAfter(t *testing.T, why string, spoil func(*stage)) *stage {
	t.Helper()
	s := newStage(t)
	s.apply(s.Rio, s.Form())
	spoil(s)
	s.press(s.Max, s.Review, "Approve")
	if left := s.left(); left != (action.Census{Blocked: 1}) {
		t.Fatalf("left to do: %+v, want one blocked", left)
	}
	s.says(s.panel().Text(), why)
	return s
}

func TestPermissionTakenAndGivenBack(t *testing.T) {
	t.Parallel()
	bot := func(s *stage) string { return s.ApplicationID() }
	for _, tt := range []struct {
		name string
		deny fakediscord.Permission
	}{{"Send Messages", fakediscord.SendMessages}, {"View Channel", fakediscord.ViewChannel}} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := blockedAfter(t, "Entente cannot write in <#", func(s *stage) {
				s.SetOverwrite(s.Showcase, fakediscord.Overwrite{ID: bot(s), Type: 1, Deny: tt.deny})
			})
			s.SetOverwrite(s.Showcase, fakediscord.Overwrite{ID: bot(s), Type: 1, Allow: tt.deny})
			s.advance(action.Recheck)
			s.finished()
		})
	}
}

func TestShowcaseDeletedAndChosenAnew(t *testing.T) {
	t.Parallel()
	s := blockedAfter(t, "Ad of a partner (Lighthouse): the channel is gone.", func(s *stage) { s.DeleteChannel(s.Showcase) })
	s.Showcase = s.AddChannel(s.Guild, fakediscord.Channel{Name: "partners-2"})
	s.choose(s.panel(), "setup/showcase", s.Showcase)
	s.finished()
}

func TestBotRemovedAndInstalledAgain(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.apply(s.Rio, s.Form())
	card := s.only(s.Review)
	if _, err := s.As(s.Max, s.Guild, s.Review).Press(t.Context(), card.Ref, "Approve"); err != nil {
		t.Fatal(err)
	}
	s.RemoveBot(s.Guild)
	s.settle()
	s.AddMember(s.Guild, s.ApplicationID())
	s.InstallBot(s.Guild, fakediscord.Administrator)
	s.AddMember(s.Guild, s.ApplicationID(), s.botRole())
	s.advance(24 * time.Hour) // by then it is looked whether it is back
	s.finished()
}

// TestBlockedForDaysThenDiscordIsDown: what waited for people is not given up
// because Discord happens to be down when they have mended it.
func TestBlockedForDaysThenDiscordIsDown(t *testing.T) {
	t.Parallel()
	s := blockedAfter(t, "Give it *View Channel* and *Send Messages* in that channel.", func(s *stage) {
		s.Scene.Fail(fakediscord.Fault{Method: "POST", Route: "/channels/{channel}/messages", Status: 403, Code: 50013, Times: -1})
	})
	for range 16 {
		s.advance(action.Recheck)
	}
	s.ClearFaults()
	s.Scene.Fail(fakediscord.Fault{Method: "POST", Route: "/channels/{channel}/messages", Status: 500, Times: 3})
	s.choose(s.panel(), "setup/managers", s.Reviewers)
	s.settle()
	s.finished()
}
