package local_test

import (
	"strings"
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/fakediscord"
	"github.com/entente-bot/entente/internal/settings"
)

// driftedCard is the one card about a partner in the review channel; it is empty if there
// is none.
func (s *stage) driftedCard() (card fakediscord.Message) {
	s.Helper()
	n := 0
	for _, m := range s.Messages(s.Review) {
		if _, ok := m.Button("drift/end:" + s.Lighthouse); ok {
			card = m
			n++
		}
	}
	if n > 1 {
		s.Errorf("%d cards about one partner", n)
	}
	return card
}

// onDrift presses a button of that card as Max.
func (s *stage) onDrift(button string) *fakediscord.Exchange {
	s.Helper()
	ex := s.on(s.Max, s.driftedCard().Ref, button)
	s.drain()
	return ex
}

// renames gives Lighthouse another name, which is looked at.
func (s *stage) renames(name string) {
	s.Helper()
	s.EditGuild(s.Lighthouse, func(g *fakediscord.Guild) { g.Name = name })
	s.advance(31 * time.Hour)
}

// FAULTS S44: what became of a server after it was accepted is not published unreviewed.
func TestDriftIsHeld(t *testing.T) {
	t.Parallel()
	s := listed(t)
	log := s.withLog()
	s.EditGuild(s.Lighthouse, func(g *fakediscord.Guild) {
		g.Name, g.NSFWLevel, g.MemberCount = "FREE GIFTS https://evil.example", 1, 12
	})
	s.advance(48 * time.Hour)
	for _, text := range []string{s.only(s.Showcase).Text(), s.command(s.Nora, "partner list").Text(),
		s.command(s.Nora, "partner info", fakediscord.Opt("partner", s.Lighthouse)).Text()} {
		s.says(text, "Lighthouse")
		s.says(text, "1,204 members")
		s.silent(text, "evil")
	}
	card := s.driftedCard().Text()
	s.says(card, "`Lighthouse ` → `FREE GIFTS https://evil.example `")
	s.says(card, "for adults only")
	s.says(card, "1,204 members → 12 members")
	s.says(strings.Join(s.logged(log), "\n"), "a partner changed. Members see what you accepted")

	s.says(s.onDrift("Accept").Text(), "You accepted the change")
	shown := s.only(s.Showcase).Text()
	s.says(shown, "## FREE GIFTS\n")
	s.says(shown, "12 members")
	s.silent(shown, "evil.example")
	if card := s.driftedCard(); card.ID != "" {
		t.Errorf("the card stands after the decision: %s", card.Text())
	}
	s.advance(5 * 24 * time.Hour)
	if card := s.driftedCard(); card.ID != "" {
		t.Errorf("what was accepted is held again: %s", card.Text())
	}
}

// One card at a time: it follows what changes once more, and goes when all is as before.
func TestDriftCardFollows(t *testing.T) {
	t.Parallel()
	s := listed(t)
	s.renames("Lightbringer")
	first := s.driftedCard()
	s.says(first.Text(), "Lightbringer")
	s.renames("Lightweight")
	s.says(s.driftedCard().Text(), "Lightweight")
	old, err := s.As(s.Max, s.Guild, s.Review).ForgePress(t.Context(), first.Ref, "drift/accept:"+s.Lighthouse+":1")
	if err != nil {
		t.Fatal(err)
	}
	s.says(old.Text(), "changed once more")
	s.DeleteMessage(s.driftedCard().Ref) // by hand
	s.advance(49 * time.Hour)
	s.says(s.driftedCard().Text(), "Lightweight")
	s.renames("Lighthouse")
	if card := s.driftedCard(); card.ID != "" {
		t.Errorf("nothing changed, and a card stands: %s", card.Text())
	}
	s.says(s.only(s.Showcase).Text(), "Lighthouse")
}

// Managers hide the ad of a partner that changed: it is on offer nowhere, until they
// accept the change or it is as it was.
func TestDriftIsHidden(t *testing.T) {
	t.Parallel()
	for _, again := range []func(*stage){
		func(s *stage) { s.onDrift("Accept") },
		func(s *stage) { s.renames("Lighthouse") },
	} {
		s := listed(t)
		s.renames("Lightbringer")
		s.says(s.onDrift("Hide the ad").Text(), "is hidden until somebody accepts")
		s.offered(false)
		s.advance(49 * time.Hour)
		s.offered(false)
		again(s)
		s.advance(25 * time.Hour)
		s.offered(true)
	}
}

// The card ends the partnership, too, and goes with it.
func TestDriftEnds(t *testing.T) {
	t.Parallel()
	s := listed(t)
	s.renames("Lightbringer")
	form := s.onDrift("End the partnership")
	s.submit(s.Max, form, map[string]any{"reason": "Not what we agreed on"})
	s.drain()
	if card := s.driftedCard(); card.ID != "" || len(s.Messages(s.Showcase)) != 0 {
		t.Errorf("it is over, and stands: %s", card.Text())
	}
}

// offered fails the test unless members are sent to Lighthouse everywhere, or nowhere.
func (s *stage) offered(want bool) {
	s.Helper()
	for place, text := range map[string]string{
		"/partner list": s.command(s.Nora, "partner list").Text(),
		"/partner info": s.command(s.Nora, "partner info", fakediscord.Opt("partner", s.Lighthouse)).Text(),
		"the showcase":  strings.Repeat("discord.gg/"+s.Invite, len(s.listings(s.Lighthouse))),
	} {
		if got := strings.Contains(text, "discord.gg/"+s.Invite); got != want {
			s.Errorf("%s sends people there: %v\n%s", place, got, text)
		}
	}
}

// FAULTS S33: who alone can mend it is told that their ad is hidden, once, and managers see it.
func TestHiddenAd(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.consents()
	s.DeleteInvite(s.Invite)
	stranger := s.AddGuild(fakediscord.Guild{Name: "Stranger"})
	s.AddInvite(stranger, fakediscord.Invite{Code: s.Invite})
	s.advance(49 * time.Hour)
	s.offered(false)
	s.says(s.command(s.Rio, "partner info", fakediscord.Opt("partner", s.Lighthouse)).Text(), "is hidden: its invite leads to another server")
	s.says(s.command(s.Nora, "partner info", fakediscord.Opt("partner", s.Lighthouse)).Text(), "This ad is hidden for now")
	s.says(s.driftedCard().Text(), "leads to another server")
	if n := len(s.heard("is hidden")); n != 1 {
		t.Errorf("the contact was told %d times", n)
	}
	s.says(s.command(s.Rio, "partner bump").Text(), "is hidden, so it cannot be bumped")
	s.DeleteMessage(s.driftedCard().Ref)
	s.advance(7 * 24 * time.Hour)
	s.says(s.driftedCard().Text(), "leads to another server") // it is put back
	s.says(s.command(s.Rio, "partner bump").Text(), "is hidden, so it cannot be bumped")
	if n := len(s.heard("is hidden")); n != 1 {
		t.Errorf("a week later the contact was told %d times", n)
	}
	s.DeleteInvite(s.Invite)
	s.AddInvite(s.Lighthouse, fakediscord.Invite{Code: s.Invite})
	s.advance(25 * time.Hour)
	s.offered(true)
	if card := s.driftedCard(); card.ID != "" {
		t.Errorf("all is well, and a card stands: %s", card.Text())
	}
}

// A hidden ad stays hidden while Discord is not asked, and where else it is to stand.
func TestHiddenAdStaysHidden(t *testing.T) {
	t.Parallel()
	s := listed(t)
	s.DeleteInvite(s.Invite)
	s.advance(31 * time.Hour)
	s.offered(false)
	s.mode(settings.Channels)
	s.drain()
	if list := s.listings(s.Lighthouse); len(list) != 0 {
		t.Errorf("it moved, and is shown: %s", list[0].Text())
	}
}

// Paused invites: the status says which partners nobody can join, and whether it is us.
func TestPausedInvitesInStatus(t *testing.T) {
	t.Parallel()
	s := listed(t)
	s.tracks(false)
	pause := func(guild string, on bool) {
		s.EditGuild(guild, func(g *fakediscord.Guild) {
			g.Features = []string{"COMMUNITY"}
			if on {
				g.Features = append(g.Features, "INVITES_DISABLED")
			}
		})
	}
	status := func() string { return s.command(s.Ada, "partnerships status").Text() }
	pause(s.Lighthouse, true)
	pause(s.Guild, true)
	s.advance(31 * time.Hour)
	s.panel()
	s.drain()
	s.says(status(), "⏸️ Lighthouse: paused their invites")
	s.says(status(), "this server has paused its invites")
	s.says(s.panel().Text(), "this server has paused its invites")
	pause(s.Lighthouse, false)
	pause(s.Guild, false)
	s.advance(31 * time.Hour)
	s.panel()
	s.drain()
	s.silent(status(), "paused")
}

// besides approves an ad of Lighthouse whose text holds another invite to it, and returns
// the code.
func (s *stage) besides() (code string) {
	s.Helper()
	code = s.AddInvite(s.Lighthouse, fakediscord.Invite{})
	form := s.Form()
	form["highlights"] = "Events: <https://discord.gg/" + code + ">"
	s.apply(s.Rio, form)
	s.press(s.Max, s.Review, "Approve")
	s.advance(31 * time.Hour)
	s.offered(true)
	return code
}

// An invite in the text of an ad that comes to lead to a stranger hides the ad, until the
// text is without it or it leads there again.
func TestStrayInvite(t *testing.T) {
	t.Parallel()
	for name, mends := range map[string]func(*stage, string){
		"taken out": func(s *stage, _ string) {
			s.changesAd(s.Rio, map[string]any{"highlights": "Show and tell"})
			s.approveLast()
		},
		"leads there again": func(s *stage, code string) {
			s.DeleteInvite(code)
			s.AddInvite(s.Lighthouse, fakediscord.Invite{Code: code})
		},
		"leads nowhere": func(s *stage, code string) { s.DeleteInvite(code) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t)
			log := s.withLog()
			code := s.besides()
			s.DeleteInvite(code)
			s.advance(25 * time.Hour)
			s.offered(true) // one that leads nowhere does no harm
			stranger := s.AddGuild(fakediscord.Guild{Name: "Stranger"})
			s.AddInvite(stranger, fakediscord.Invite{Code: code})
			s.advance(49 * time.Hour)
			s.offered(false)
			s.says(s.driftedCard().Text(), "`discord.gg/"+code+"`, which leads to another server")
			s.says(s.command(s.Rio, "partner info", fakediscord.Opt("partner", s.Lighthouse)).Text(), "its text holds `discord.gg/"+code+"`")
			s.silent(s.command(s.Nora, "partner info", fakediscord.Opt("partner", s.Lighthouse)).Text(), code) // nor by its text
			s.says(s.status(), "its text holds `discord.gg/"+code+"`")
			s.says(strings.Join(s.logged(log), "\n"), "now leads to another server, so the ad is hidden")
			mends(s, code)
			s.advance(49 * time.Hour)
			s.offered(true)
			if card := s.driftedCard(); card.ID != "" {
				t.Errorf("all is well, and a card stands: %s", card.Text())
			}
		})
	}
}
