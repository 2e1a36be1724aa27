package main

import (
	"time"

	"github.com/entente-bot/entente/internal/fakediscord"
	"github.com/entente-bot/entente/internal/scene"
)

// An offer is an invite that can be tried in the form, with what comes of it.
type offer struct{ Server, Invite, Outcome string }

// offers adds servers to the scene, and returns invites to them.
func offers(s *scene.Scene) []offer {
	_, tidepool := s.AddPartner("Tidepool", 12)
	observatory, stars := s.AddPartner("Observatory", 5430)
	for _, guild := range []string{s.Lighthouse, observatory} {
		s.EditGuild(guild, func(g *fakediscord.Guild) { g.Icon = "0123456789abcdef0123456789abcdef" })
	}
	link := func(code string) string { return "https://discord.gg/" + code }
	return []offer{
		{"Lighthouse, 1,204 members", link(s.Invite), "Goes to the managers."},
		{"Observatory, 5,430 members", link(stars), "Goes to the managers."},
		{"Tidepool, 12 members", link(tidepool), "Goes to the managers too, unless Ada asks for a minimum of members first."},
		{"Observatory, for a week", link(s.AddInvite(observatory, fakediscord.Invite{MaxAge: 7 * 24 * time.Hour})),
			"Refused, because it expires. Edit and resend keeps what was written."},
		{"A group chat", link(s.AddInvite("", fakediscord.Invite{Type: 1})), "Refused: it leads to no server."},
		{"Harbour itself", link(s.AddInvite(s.Guild, fakediscord.Invite{})), "Refused: it leads to this very server."},
		{"Nobody knows where", link("nowhere404"), "Refused: Discord does not know it."},
	}
}
