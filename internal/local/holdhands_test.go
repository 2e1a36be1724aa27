package local_test

import (
	"strconv"
	"strings"

	"github.com/entente-bot/entente/internal/fakediscord"
)

// holdHands lists what can become of the server of a partner, and of its invites.
func holdHands() map[string]func(p *player, words []string) {
	edit := func(p *player, change func(*fakediscord.Guild)) { p.EditGuild(p.Lighthouse, change) }
	return map[string]func(p *player, words []string){
		"renamed": func(p *player, w []string) {
			edit(p, func(g *fakediscord.Guild) { g.Name = strings.Join(w, " ") })
		},
		"rated": func(p *player, w []string) { // rated level, as Discord numbers it
			level, err := strconv.Atoi(w[0])
			p.try(err)
			edit(p, func(g *fakediscord.Guild) { g.NSFWLevel = level })
		},
		"members": func(p *player, w []string) {
			n, err := strconv.Atoi(w[0])
			p.try(err)
			edit(p, func(g *fakediscord.Guild) { g.MemberCount = n })
		},
		"paused": func(p *player, w []string) { // paused on|off
			edit(p, func(g *fakediscord.Guild) {
				g.Features = []string{"COMMUNITY"}
				if w[0] == "on" {
					g.Features = append(g.Features, "INVITES_DISABLED")
				}
			})
		},
		"deleted": func(p *player, w []string) { p.DeleteInvite(w[0]) },
		"taken": func(p *player, w []string) { // by whom, its code
			p.DeleteInvite(w[1])
			p.AddInvite(p.AddGuild(fakediscord.Guild{Name: w[0]}), fakediscord.Invite{Code: w[1]})
		},
		"back": func(p *player, w []string) { // its code
			p.DeleteInvite(w[0])
			p.AddInvite(p.Lighthouse, fakediscord.Invite{Code: w[0]})
		},
	}
}
