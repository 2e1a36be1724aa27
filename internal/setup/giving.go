package setup

import "github.com/entente-bot/entente/internal/settings"

// Giving returns why the role that is chosen for contacts cannot be given to
// anybody in a guild of which f is true, and whether that is so. It is asked
// again whenever the role is given: roles change after they were chosen.
func Giving(guild string, s settings.Settings, f Facts) (Finding, bool) {
	if f.Absent {
		return Finding{Feature: FeatureBot, Problem: Absent, Cost: "bot"}, true
	}
	list := FeatureContact.findRole(guild, s.Contact, s, f)
	if len(list) == 0 {
		return Finding{}, false
	}
	return list[0], true
}

// Harmful reports whether a role allows more than may be given to anybody, in the guild
// or in a channel.
func (f Facts) Harmful(guild, role string) bool {
	r, ok := f.role(role)
	return ok && f.excess(guild, FeatureContact, r) != 0
}

// Has reports whether there is a role with the given ID.
func (f Facts) Has(role string) bool {
	_, ok := f.role(role)
	return ok
}
