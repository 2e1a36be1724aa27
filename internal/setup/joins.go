package setup

import (
	"github.com/entente-bot/entente/internal/settings"
)

// maxRoles is how many roles Discord lets a guild have, @everyone among them.
const maxRoles = 250

// enter is what the bot needs in the channel that a tracked invite leads to.
const enter = ViewChannel | CreateInvite

// Entrance returns the channel that tracked invites lead to: the one that was
// chosen, or else the first of these in which the bot may make invites: the
// rules, where newcomers are greeted, the showcase, any text channel. It is
// empty if there is none. A channel that was chosen is returned even if it will
// not do: see [Closed].
func Entrance(guild string, s settings.Settings, f Facts) string {
	if s.Entrance != "" {
		return s.Entrance
	}
	suits := []string{f.Rules, f.System}
	if s.Mode == settings.Single {
		suits = append(suits, s.Showcase)
	}
	for _, c := range f.Channels {
		if c.Type == typeText {
			suits = append(suits, c.ID)
		}
	}
	for _, id := range suits {
		if id != "" && f.enters(guild, id) == 0 {
			return id
		}
	}
	return ""
}

// enters returns what the bot lacks to make invites to a channel: everything, if
// there is no such channel.
func (f Facts) enters(guild, id string) Rights {
	c, ok := f.channel(id)
	if !ok {
		return enter
	}
	return enter &^ f.rights(guild, c, f.Bot, f.BotRoles)
}

// findJoins returns what is in the way of counting joins, and of what else s
// wants to know of them.
func findJoins(guild string, s settings.Settings, f Facts) (list []Finding) {
	if !s.Track {
		return nil
	}
	may := f.server(guild)
	if missing := ManageServer &^ may; missing != 0 {
		list = append(list, Finding{FeatureTrack, Server, "", missing.Words(), "joins"})
	}
	if f.Paused {
		list = append(list, Finding{Feature: FeatureTrack, Problem: Paused, Cost: "paused"})
	}
	if s.Entrance == "" { // one that was chosen is looked at as all places are
		list = append(list, findEntrance(guild, s, f)...)
	}
	if !s.Markers {
		return list
	}
	missing := ManageRoles &^ may
	switch {
	case missing != 0:
		list = append(list, Finding{FeatureMarkers, Server, "", missing.Words(), "markers"})
	case len(f.Roles) >= maxRoles:
		list = append(list, Finding{Feature: FeatureMarkers, Problem: Full, Cost: "markers"})
	}
	if !f.Intent {
		list = append(list, Finding{Feature: FeatureMarkers, Problem: Intent, Cost: "identified"})
	}
	return list
}

// findEntrance returns why no invites can be made to the channel they lead to.
func findEntrance(guild string, s settings.Settings, f Facts) []Finding {
	id := Entrance(guild, s, f)
	c, ok := f.channel(id)
	missing := f.enters(guild, id)
	switch {
	case id == "":
		return []Finding{{Feature: FeatureEntrance, Problem: NoEntrance, Cost: "entrance"}}
	case !ok:
		return []Finding{{Feature: FeatureEntrance, Problem: Gone, About: id, Cost: "entrance"}}
	case !FeatureEntrance.Fits(c.Type):
		return []Finding{{Feature: FeatureEntrance, Problem: WrongType, About: id, Cost: "entrance"}}
	case missing != 0:
		return []Finding{{FeatureEntrance, Permission, id, missing.Words(), "entrance"}}
	}
	return nil
}

// moot reports whether a finding about joins says nothing any more, as s does not
// want what it is about.
func (f Finding) moot(s settings.Settings) bool {
	switch f.Feature {
	case FeatureTrack, FeatureEntrance:
		return !s.Track
	case FeatureMarkers:
		return !s.Track || !s.Markers
	}
	return false
}

// Closed returns the first thing that keeps the bot from making invites to the
// channel that they lead to, and whether there is one.
func Closed(guild string, s settings.Settings, f Facts) (Finding, bool) {
	if f.Absent {
		return Finding{Feature: FeatureBot, Problem: Absent, Cost: "bot"}, true
	}
	list := findEntrance(guild, s, f)
	if len(list) == 0 {
		return Finding{}, false
	}
	return list[0], true
}
