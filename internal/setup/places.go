package setup

import (
	"slices"

	"github.com/entente-bot/entente/internal/settings"
)

// Discord's types of the channels that are chosen.
const (
	typeText     = 0
	typeCategory = 4
	typeNews     = 5
	typeForum    = 15
)

// A need is what Entente must be allowed to do, and what is lost if it is not.
type need struct {
	rights Rights
	cost   string
}

// A place is a channel that managers choose.
type place struct {
	feature Feature
	chosen  func(settings.Settings) string
	types   []int
	needs   []need // in it
	server  []need // in the server as a whole, whatever the channel gives
	hidden  string // what is lost if members cannot see it; empty if what stands there is for staff
}

// places lists the channels that managers choose, and what is needed there.
func places() []place {
	post := ViewChannel | SendMessages | ReadHistory
	texts := []int{typeText, typeNews}
	return []place{
		{FeatureReview, func(s settings.Settings) string { return s.Review }, texts,
			[]need{{post, "review"}, {AttachFiles, "banner"}}, nil, ""},
		{FeatureShowcase, in(settings.Single), texts,
			[]need{{post, "showcase"}, {AttachFiles, "banner"}}, nil, "seen"},
		// Discord lets the bot make channels, and take permissions away in them, only
		// by what it may do everywhere itself. Members cannot write there, nor open threads.
		{FeatureCategory, in(settings.Channels), []int{typeCategory},
			[]need{{post, "showcase"}, {AttachFiles, "banner"}, {ManageChannels, "channels"}, {ManageRoles, "closed"}},
			[]need{{post | PrivateThreads | SendInThreads | ManageChannels, "channels"}}, "seen"},
		{FeatureForum, in(settings.Forum), []int{typeForum},
			[]need{{post, "showcase"}, {AttachFiles, "banner"}, {SendInThreads, "bumps"}, {ManageThreads, "posts"}, {ManageChannels, "tags"}},
			nil, "seen"},
		{FeatureIndex, func(s settings.Settings) string { return s.Index }, texts,
			[]need{{post, "index"}}, nil, "found"},
		{FeatureLog, func(s settings.Settings) string { return s.Log }, texts,
			[]need{{post, "log"}}, nil, ""},
		{FeatureEntrance, entrance, texts, []need{{enter, "entrance"}}, nil, "entered"},
		{FeatureTickets, func(s settings.Settings) string { return s.Tickets }, []int{typeText},
			[]need{{ViewChannel | PrivateThreads | SendInThreads | ReadHistory, "tickets"}, {ManageThreads, "lock"}}, nil, "joined"},
	}
}

// entrance is the channel that was chosen for tracked invites, while there are any.
func entrance(s settings.Settings) string {
	if !s.Track {
		return ""
	}
	return s.Entrance
}

// in is the place of the listings, while they stand in the given mode.
func in(mode settings.Mode) func(settings.Settings) string {
	return func(s settings.Settings) string {
		if s.Mode != mode {
			return ""
		}
		return s.Place()
	}
}

// PlaceOf is the feature of the place of the listings in a mode.
func PlaceOf(mode settings.Mode) Feature {
	return map[settings.Mode]Feature{
		settings.Single: FeatureShowcase, settings.Channels: FeatureCategory, settings.Forum: FeatureForum,
	}[mode]
}

// Fits reports whether a channel of the given type can be chosen for f.
func (f Feature) Fits(channelType int) bool { return slices.Contains(f.Types(), channelType) }

// Types returns the types of channels, as Discord numbers them, that can be chosen for f.
func (f Feature) Types() []int {
	i := slices.IndexFunc(places(), func(p place) bool { return p.feature == f })
	if i < 0 {
		return nil
	}
	return places()[i].types
}

// IsRole reports whether what is chosen for f is a role.
func (f Feature) IsRole() bool { return rolesOf(&settings.Settings{})[f] != nil || f == FeatureContact }

// rolesOf are where s keeps the roles of staff.
func rolesOf(s *settings.Settings) map[Feature]*[]string {
	return map[Feature]*[]string{FeatureManagers: &s.Managers, FeatureViewers: &s.Viewers}
}

// chosen returns the channels or roles that are chosen for f.
func (f Feature) chosen(s settings.Settings) []string {
	if list := rolesOf(&s)[f]; list != nil {
		return *list
	}
	if f == FeatureContact && s.Contact != "" {
		return []string{s.Contact}
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
	if s.Place() == "" {
		add(PlaceOf(s.Mode), "showcase")
	}
	if s.Sources.Ticket && s.Tickets == "" {
		add(FeatureTickets, "tickets")
	}
	if s.Sources == (settings.Sources{}) {
		add(FeatureSources, "sources")
	}
	return list
}
