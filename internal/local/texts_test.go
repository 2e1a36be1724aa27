package local_test

import (
	"strings"
	"testing"

	"github.com/entente-bot/entente/internal/fakediscord"
)

// An ad may hold any invite of its own server: which server an invite leads to, only
// Discord knows.
func TestInvitesInAnAd(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, text string
		taken      bool
	}{
		{"vanity", "We are at discord.gg/LightHouse", true},
		{"second invite of ours", "Events: <https://discord.com/invite/{events}?event=1>", true},
		{"a stranger's", "Or discord.gg/{stranger}", false},
		{"a stranger's behind ours", "discord.gg/lighthouse/../{stranger} discord.gg/lighthouse", false},
		{"nobody's", "Or discord.gg/nowhere1", false},
		{"a group's", "Or discord.gg/{group}", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t)
			s.SetVanity(s.Lighthouse, "lighthouse", 7)
			_, stranger := s.AddPartner("Stranger", 400)
			fill := strings.NewReplacer("{stranger}", stranger, "{group}", s.AddInvite("", fakediscord.Invite{Type: 1}),
				"{events}", s.AddInvite(s.Lighthouse, fakediscord.Invite{}))
			f := s.Form()
			f["description"] = fill.Replace(tt.text)
			reply := s.apply(s.Rio, f).Current().Text()
			if taken := len(s.Messages(s.Review)) == 1; taken != tt.taken || !taken && !strings.Contains(reply, "an invite to another server") {
				t.Errorf("taken %v; %s", taken, reply)
			}
		})
	}
}

// The same holds for a changed ad, whose own invite stays.
func TestInvitesInAChangedAd(t *testing.T) {
	t.Parallel()
	s := listed(t)
	_, stranger := s.AddPartner("Stranger", 400)
	own := s.AddInvite(s.Lighthouse, fakediscord.Invite{})
	for code, taken := range map[string]bool{stranger: false, own: true} {
		before := len(s.Messages(s.Review))
		form := s.As(s.Rio, s.Guild, s.Lobby)
		opened, err := form.Command(t.Context(), "partner edit", fakediscord.Opt("partner", s.Lighthouse))
		if err != nil {
			t.Fatal(err)
		}
		ex := s.submit(s.Rio, opened, map[string]any{"description": "New: discord.gg/" + code})
		s.drain()
		if got := len(s.Messages(s.Review)) > before; got != taken {
			t.Errorf("%s: taken %v; %s", code, got, ex.Current().Text())
		}
	}
}

// Invites that make nobody a member for good are refused, with what to do.
func TestInvitesThatMakeNoMembers(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	f := s.Form()
	f["invite"] = s.AddInvite(s.Lighthouse, fakediscord.Invite{Flags: 1})
	s.says(s.apply(s.Rio, f).Current().Text(), "do not stay members")
	if n := len(s.Messages(s.Review)); n != 0 {
		t.Errorf("%d cards", n)
	}
}

// A server that paused its invites can apply: the card says that nobody can join.
func TestPausedInvitesAreFlagged(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.EditGuild(s.Lighthouse, func(g *fakediscord.Guild) { g.Features = append(g.Features, "INVITES_DISABLED") })
	s.apply(s.Rio, s.Form())
	s.says(s.only(s.Review).Text(), "⚠️ Nobody can join: that server has paused its invites")
}

// A server whose name cannot be seen is called by its ID wherever it is named:
// Discord refuses suggestions as a whole if one has no name.
func TestNamesThatCannotBeSeen(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"\u3164\u3164", "\u200d\ufe0f", "https://evil.example"} {
		s := newStage(t)
		s.allied()
		partner, code := s.AddPartner(name, 400)
		s.submit(s.Max, s.adds(code, s.Rio), handmade())
		for _, cmd := range []string{"partner info", "partner bump", "partner stats", "partner edit", "partner end", "partnerships edit", "partnerships end", "partnerships info"} {
			user := map[bool]string{true: s.Max, false: s.Rio}[strings.HasPrefix(cmd, "partnerships")]
			choices, err := s.As(user, s.Guild, s.Lobby).Autocomplete(t.Context(), cmd, "partner", "")
			if err != nil {
				t.Fatal(err)
			}
			named := false
			for _, c := range choices {
				named = named || strings.HasPrefix(c.Name, partner)
			}
			if !named {
				t.Errorf("/%s suggests %v", cmd, choices)
			}
		}
		s.says(s.command(s.Nora, "partner list").Text(), "**"+partner+"** · [Join]")
		s.says(s.command(s.Nora, "partner info", fakediscord.Opt("partner", partner)).Text(), "## "+partner)
		s.says(s.listings(partner)[0].Text(), "## "+partner)
	}
}

// A name with Markdown in it is no text of a link: Discord shows the backslashes there.
func TestNamesWithMarkdown(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	_, code := s.AddPartner("[EU] Dev_Hub", 400)
	s.submit(s.Max, s.adds(code, s.Rio), handmade())
	s.says(s.command(s.Nora, "partner list").Text(), `**\[EU\] Dev\_Hub** · [Join](https://discord.gg/`+code)
}
