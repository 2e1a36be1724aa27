package setup

import (
	"slices"

	"github.com/entente-bot/entente/internal/settings"
)

// A Feature is what a finding is about: a setting, or the bot itself.
type Feature string

// The features. The text of one is "setup.feature-" and its word.
const (
	FeatureBot      Feature = "bot"
	FeatureReview   Feature = "review"
	FeatureShowcase Feature = "showcase"
	FeatureCategory Feature = "category"
	FeatureForum    Feature = "forum"
	FeatureIndex    Feature = "index"
	FeatureLog      Feature = "log"
	FeatureTickets  Feature = "tickets"
	FeatureSources  Feature = "sources"
	FeatureManagers Feature = "managers"
	FeatureViewers  Feature = "viewers"
	FeatureContact  Feature = "contact"
	FeatureTrack    Feature = "track"
	FeatureMarkers  Feature = "markers"
	FeatureEntrance Feature = "entrance"
)

// A Problem is what is wrong with a feature.
type Problem string

// The problems. The text of one is "setup.problem-" and its word.
const (
	Absent     Problem = "absent"      // the bot is no member of the guild
	Unset      Problem = "unset"       // nothing is chosen
	Gone       Problem = "gone"        // the channel or the role was deleted
	WrongType  Problem = "type"        // the channel cannot be used for this
	Permission Problem = "permission"  // the bot lacks permissions
	Public     Problem = "public"      // everybody can read what is for staff
	Hidden     Problem = "hidden"      // only staff can see what is for members
	Everyone   Problem = "everyone"    // the role is @everyone
	Managed    Problem = "managed"     // the role belongs to a bot or an integration
	Powerful   Problem = "powerful"    // the role gives power over the server
	Beyond     Problem = "beyond"      // the role, which Entente gives, may do more than everybody
	AboveBot   Problem = "above-bot"   // the role is at or above the bot's highest
	Unplaced   Problem = "unplaced"    // nobody knows how high the role stands: the bot is no member
	AboveYou   Problem = "above-you"   // the role is at or above the highest of who chooses it
	Staff      Problem = "staff"       // the role is one of staff, too: contacts would have its rights
	Server     Problem = "server"      // the bot lacks permissions in the server as a whole
	NoEntrance Problem = "no-entrance" // there is no channel that tracked invites could lead to
	Full       Problem = "full"        // there is room for no more roles
	Paused     Problem = "paused"      // the server paused its invites
	Intent     Problem = "intent"      // the Server Members intent is switched off
)

// A Finding is one thing that is wrong.
type Finding struct {
	Feature Feature  `json:"feature"`
	Problem Problem  `json:"problem"`
	About   string   `json:"about,omitempty"`  // the channel or the role
	Rights  []string `json:"rights,omitempty"` // words of permissions: missing ones, or a role's
	Cost    string   `json:"cost,omitempty"`   // word of what is lost: "setup.cost-" before it is the text
}

// Leaks reports whether f lets people read what only staff should.
func (f Finding) Leaks() bool { return f.Problem == Public }

// Find returns what is wrong with s in a guild of which f is true, beside what is
// not chosen.
func Find(guild string, s settings.Settings, f Facts) []Finding {
	if f.Absent {
		return []Finding{{Feature: FeatureBot, Problem: Absent, Cost: "bot"}}
	}
	var list []Finding
	for _, p := range places() {
		if id := p.chosen(s); id != "" {
			list = append(list, p.find(guild, id, s, f)...)
		}
	}
	for _, feature := range []Feature{FeatureManagers, FeatureViewers, FeatureContact} {
		for _, id := range feature.chosen(s) {
			list = append(list, feature.findRole(guild, id, s, f)...)
		}
	}
	return append(list, findJoins(guild, s, f)...)
}

// findRole returns what is wrong with a role that was chosen for feature.
func (feature Feature) findRole(guild, id string, s settings.Settings, f Facts) (list []Finding) {
	cost := ""
	if feature == FeatureContact {
		cost = "contact"
		if missing := ManageRoles &^ f.server(guild); missing != 0 {
			list = append(list, Finding{feature, Server, id, missing.Words(), cost})
		}
	}
	r, ok := f.role(id)
	excess := f.excess(guild, feature, r)
	problem := Gone
	switch {
	case ok && feature == FeatureContact && Clash(s, feature, id):
		problem = Staff
	case ok:
		problem = feature.problem(r, guild, f.top(), excess)
	}
	if problem != "" {
		list = append(list, Finding{feature, problem, id, excess.Words(), cost})
	}
	return list
}

// excess is what r may do that a role for feature must not: what it has in the
// server, and, if it is given to people, what channels give it.
func (f Facts) excess(guild string, feature Feature, r Role) Rights {
	everybody, _ := f.role(guild)
	more := feature.excess(r.Rights, everybody.Rights)
	if !feature.Given() {
		return more
	}
	for _, c := range f.Channels {
		all, own := c.allows(guild), c.allows(r.ID)
		more |= feature.excess(own, everybody.Rights|all)
	}
	return more
}

// find returns what is wrong with the channel that was chosen for p.
func (p place) find(guild, id string, s settings.Settings, f Facts) (list []Finding) {
	c, ok := f.channel(id)
	if !ok {
		return []Finding{{Feature: p.feature, Problem: Gone, About: id, Cost: p.needs[0].cost}}
	}
	if !slices.Contains(p.types, c.Type) {
		return []Finding{{Feature: p.feature, Problem: WrongType, About: id, Cost: p.needs[0].cost}}
	}
	said := Rights(0) // what the server as a whole withholds is said once
	for _, n := range p.server {
		if missing := n.rights &^ f.server(guild); missing != 0 {
			said |= missing
			list = append(list, Finding{p.feature, Server, id, missing.Words(), n.cost})
		}
	}
	may := f.rights(guild, c, f.Bot, f.BotRoles) | said
	for _, n := range p.needs {
		if missing := n.rights &^ may; missing != 0 {
			list = append(list, Finding{p.feature, Permission, id, missing.Words(), n.cost})
		}
	}
	switch public := f.rights(guild, c, "", nil)&ViewChannel != 0; {
	case p.hidden == "" && public:
		list = append(list, Finding{Feature: p.feature, Problem: Public, About: id})
	case p.hidden != "" && !public && !f.shown(guild, c, slices.Concat(s.Managers, s.Viewers, []string{s.Contact})):
		list = append(list, Finding{Feature: p.feature, Problem: Hidden, About: id, Cost: p.hidden})
	}
	return list
}

// shown reports whether there is a role of members that can see c, such as the
// one that a guild gives to who has read its rules: none of others, nor a bot's.
func (f Facts) shown(guild string, c Channel, others []string) bool {
	return slices.ContainsFunc(f.Roles, func(r Role) bool {
		ours := r.ID != guild && !r.Managed && r.Rights&powers == 0 && !slices.Contains(others, r.ID)
		return ours && f.rights(guild, c, "", []string{r.ID})&ViewChannel != 0
	})
}
