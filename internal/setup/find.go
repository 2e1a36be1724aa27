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
	FeatureLog      Feature = "log"
	FeatureTickets  Feature = "tickets"
	FeatureSources  Feature = "sources"
	FeatureManagers Feature = "managers"
	FeatureViewers  Feature = "viewers"
)

// A Problem is what is wrong with a feature.
type Problem string

// The problems. The text of one is "setup.problem-" and its word.
const (
	Absent     Problem = "absent"     // the bot is no member of the guild
	Unset      Problem = "unset"      // nothing is chosen
	Gone       Problem = "gone"       // the channel or the role was deleted
	WrongType  Problem = "type"       // the channel cannot be used for this
	Permission Problem = "permission" // the bot lacks permissions
	Public     Problem = "public"     // everybody can read what is for staff
	Hidden     Problem = "hidden"     // only staff can see what is for members
	Everyone   Problem = "everyone"   // the role is @everyone
	Managed    Problem = "managed"    // the role belongs to a bot or an integration
	Powerful   Problem = "powerful"   // the role gives power over the server
	AboveBot   Problem = "above-bot"  // the role is at or above the bot's highest
	Unplaced   Problem = "unplaced"   // nobody knows how high the role stands: the bot is no member
	AboveYou   Problem = "above-you"  // the role is at or above the highest of who chooses it
)

// A Finding is one thing that is wrong.
type Finding struct {
	Feature Feature  `json:"feature"`
	Problem Problem  `json:"problem"`
	About   string   `json:"about,omitempty"`  // the channel or the role
	Rights  []string `json:"rights,omitempty"` // words of permissions: missing ones, or a role's
	Cost    string   `json:"cost,omitempty"`   // word of what is lost: "setup.cost-" before it is the text
}

// Discord's types of the channels in which messages can be posted.
const (
	typeText = 0
	typeNews = 5
)

// A need is what Entente must be allowed to do in a channel, and what is lost if
// it is not.
type need struct {
	rights Rights
	cost   string
}

// A place is a channel that managers choose.
type place struct {
	feature Feature
	chosen  func(settings.Settings) string
	types   []int
	needs   []need
	hidden  string // what is lost if members cannot see it; empty if what stands there is for staff
}

// places lists the channels that managers choose, and what is needed there.
func places() []place {
	post := ViewChannel | SendMessages | ReadHistory
	texts := []int{typeText, typeNews}
	return []place{
		{FeatureReview, func(s settings.Settings) string { return s.Review }, texts,
			[]need{{post, "review"}, {AttachFiles, "banner"}}, ""},
		{FeatureShowcase, func(s settings.Settings) string { return s.Showcase }, texts,
			[]need{{post, "showcase"}, {AttachFiles, "banner"}}, "seen"},
		{FeatureLog, func(s settings.Settings) string { return s.Log }, texts,
			[]need{{post, "log"}}, ""},
		{FeatureTickets, func(s settings.Settings) string { return s.Tickets }, []int{typeText},
			[]need{{ViewChannel | PrivateThreads | SendInThreads | ReadHistory, "tickets"}, {ManageThreads, "lock"}}, "joined"},
	}
}

// Fits reports whether a channel of the given type can be chosen for f.
func (f Feature) Fits(channelType int) bool {
	i := slices.IndexFunc(places(), func(p place) bool { return p.feature == f })
	return i >= 0 && slices.Contains(places()[i].types, channelType)
}

// chosen returns the channels or roles that are chosen for f.
func (f Feature) chosen(s settings.Settings) []string {
	switch f {
	case FeatureManagers:
		return s.Managers
	case FeatureViewers:
		return s.Viewers
	}
	for _, p := range places() {
		if p.feature == f {
			return []string{p.chosen(s)}
		}
	}
	return nil
}

// unset finds what is not chosen and should be. That needs no look at the guild.
func unset(s settings.Settings) (list []Finding) {
	add := func(f Feature, cost string) { list = append(list, Finding{Feature: f, Problem: Unset, Cost: cost}) }
	if s.Review == "" {
		add(FeatureReview, "review")
	}
	if s.Showcase == "" {
		add(FeatureShowcase, "showcase")
	}
	if s.Sources.Ticket && s.Tickets == "" {
		add(FeatureTickets, "tickets")
	}
	if s.Sources == (settings.Sources{}) {
		add(FeatureSources, "sources")
	}
	return list
}

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
	for _, feature := range []Feature{FeatureManagers, FeatureViewers} {
		for _, id := range feature.chosen(s) {
			r, ok := f.role(id)
			problem := Gone
			if ok {
				problem = r.problem(guild, f.top())
			}
			if problem != "" {
				list = append(list, Finding{Feature: feature, Problem: problem, About: id, Rights: (r.Rights & powers).Words()})
			}
		}
	}
	return list
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
	may := f.rights(guild, c, f.Bot, f.BotRoles)
	for _, n := range p.needs {
		if missing := n.rights &^ may; missing != 0 {
			list = append(list, Finding{p.feature, Permission, id, missing.Words(), n.cost})
		}
	}
	switch public := f.rights(guild, c, "", nil)&ViewChannel != 0; {
	case p.hidden == "" && public:
		list = append(list, Finding{Feature: p.feature, Problem: Public, About: id})
	case p.hidden != "" && !public && !f.shown(guild, c, append(slices.Clone(s.Managers), s.Viewers...)):
		list = append(list, Finding{Feature: p.feature, Problem: Hidden, About: id, Cost: p.hidden})
	}
	return list
}

// shown reports whether there is a role of members that can see c, such as the
// one that a guild gives to who has read its rules: not staff's, nor a bot's.
func (f Facts) shown(guild string, c Channel, staff []string) bool {
	return slices.ContainsFunc(f.Roles, func(r Role) bool {
		ours := r.ID != guild && !r.Managed && r.Rights&powers == 0 && !slices.Contains(staff, r.ID)
		return ours && f.rights(guild, c, "", []string{r.ID})&ViewChannel != 0
	})
}
