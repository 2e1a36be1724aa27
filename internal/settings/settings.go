// Package settings holds what a guild's managers have chosen.
//
// It keeps:
//
//	guild#<g>   settings   one Settings
package settings

import (
	"encoding/json"
	"time"

	"github.com/entente-bot/entente/internal/access"
	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/roll"
	"github.com/entente-bot/entente/internal/storage"
)

// Settings are one guild's choices. IDs are empty while nothing is chosen.
type Settings struct {
	Review   string   `json:"review"`           // channel of the review cards
	Mode     Mode     `json:"mode"`             // how listings stand in the showcase
	Showcase string   `json:"showcase"`         // Single: the channel of the listings
	Category string   `json:"category"`         // Channels: the category of the listings' channels
	Forum    string   `json:"forum"`            // Forum: the forum of the listings' posts
	Index    string   `json:"index"`            // channel of the index of all partners; none without
	Log      string   `json:"log"`              // channel of the audit log; none without
	Tickets  string   `json:"tickets"`          // channel below which tickets are threads
	Managers []string `json:"managers"`         // roles with access.Edit, up to MaxRoles
	Viewers  []string `json:"viewers"`          // roles with access.View, up to MaxRoles
	Contact  string   `json:"contact_role"`     // role of contacts while their partnership is active; none without
	Closed   bool     `json:"closed"`           // no applications are taken
	Sources  Sources  `json:"sources"`          // the ways in which applications are taken
	Minimum  int      `json:"minimum_members"`  // members a partner must have; 0 = none
	Cooldown int      `json:"cooldown_hours"`   // between two applications of one applicant or for one partner
	Active   int      `json:"max_active"`       // active partnerships; 0 = up to the hard limit
	Expiry   int      `json:"pending_days"`     // after which an application that waits expires
	Remind   int      `json:"remind_days"`      // after which managers are reminded of one that waits; 0 = never
	Bump     int      `json:"bump_days"`        // between two bumps of a listing; 0 = none
	Archive  bool     `json:"archive"`          // on end, keep a listing's channel or post, closed, instead of deleting it
	Track    bool     `json:"track_joins"`      // count the joins that partners bring
	Markers  bool     `json:"marker_roles"`     // with Track: tracked invites give a role, for those made while it is on
	Entrance string   `json:"entrance"`         // channel that tracked invites lead to; empty: one that suits
	Stay     int      `json:"stay_seconds"`     // how long a member must stay to count as real
	Topics   []string `json:"categories"`       // the categories an ad can be in, 1 to MaxTopics
	Locale   string   `json:"locale,omitempty"` // Discord's locale of the guild, for public messages
	NSFW     int      `json:"nsfw,omitempty"`   // the guild's own NSFW level, as Discord last said

	Changed time.Time `json:"changed,omitzero"` // when they were last saved
	Retried time.Time `json:"retried,omitzero"` // when managers last wanted everything looked at
}

// A Mode is how the listings of a guild stand in its showcase.
type Mode string

// The modes.
const (
	Single   Mode = "single"  // a message each, in one channel
	Channels Mode = "channel" // a text channel each, below a category
	Forum    Mode = "forum"   // a post each, in a forum
)

// Modes returns the modes in the order in which they are shown.
func Modes() []Mode { return []Mode{Single, Channels, Forum} }

// Sources are the ways in which applications are taken. Managers can always add
// a partner by hand.
type Sources struct {
	Slash  bool `json:"slash"`  // /partner apply
	Panel  bool `json:"panel"`  // the Apply button of a posted panel
	Ticket bool `json:"ticket"` // a private thread with the managers
}

// The limits of what can be chosen.
const (
	MaxRoles    = 25
	MaxTopics   = 25
	MaxTopic    = 50 // characters of one, as partnership.Cut counts
	MaxMinimum  = 10_000_000
	MaxCooldown = 8760    // hours: a year
	MaxExpiry   = 90      // days
	MaxRemind   = 30      // days
	MaxBump     = 365     // days
	MaxStay     = 604_800 // seconds: a week
)

// Default returns the settings of a guild that has chosen nothing.
func Default() Settings {
	return Settings{
		Sources:  Sources{Slash: true, Panel: true},
		Cooldown: 24,
		Expiry:   30,
		Remind:   3,
		Mode:     Single,
		Bump:     7,
		Stay:     600,
		Topics: []string{
			"Community", "Gaming", "Art & design", "Music", "Anime & manga", "Technology",
			"Science & learning", "Roleplay", "Sports", "Other",
		},
	}
}

// Kind implements [storage.Record].
func (Settings) Kind() (string, int) { return "settings", 1 }

// UnmarshalJSON fills in the default of every setting that b does not have.
func (s *Settings) UnmarshalJSON(b []byte) error {
	type plain Settings
	p := plain(Default())
	if err := json.Unmarshal(b, &p); err != nil {
		return err
	}
	*s = Settings(p)
	return nil
}

// Key is where a guild's settings are kept.
func Key(guild string) storage.Key {
	return storage.Key{Table: storage.Records, Part: "guild#" + guild, Sort: "settings"}
}

// Of returns the settings of a guild, whose key tx must have read.
func Of(tx *storage.Tx, guild string) Settings {
	s, ok := storage.Read[Settings](tx, Key(guild))
	if !ok {
		return Default()
	}
	return s
}

// Retry is the action that tries everything again that was blocked in a guild.
func Retry(guild string) action.Ref {
	return action.Ref{Name: "settings.retry", Guild: guild, Subject: "all"}
}

// Keys are what Save and Again need to have read.
func Keys(guild string) []storage.Key {
	return []storage.Key{Key(guild), Retry(guild).Key()}
}

// Save writes s, puts the guild on the roll, and has everything that was blocked
// tried again.
func Save(tx *storage.Tx, guild string, s Settings, now time.Time) {
	s.Changed = now
	roll.Enter(tx, guild)
	tx.Set(Key(guild), s)
	action.Cause(tx, Retry(guild), now)
}

// Again has everything looked at, and tried again that was blocked.
func Again(tx *storage.Tx, guild string, now time.Time) {
	s := Of(tx, guild)
	s.Retried = now
	tx.Set(Key(guild), s)
	action.Cause(tx, Retry(guild), now)
}

// Touched returns when the settings were last saved or everything was last
// wanted looked at.
func (s Settings) Touched() time.Time {
	if s.Retried.After(s.Changed) {
		return s.Retried
	}
	return s.Changed
}

// Ready reports whether applications can be taken: a review channel and a place
// for the listings are chosen.
func (s Settings) Ready() bool { return s.Review != "" && s.Place() != "" }

// Place is what was chosen for the listings in the mode that was chosen: a
// channel, a category or a forum. It is empty while nothing is.
func (s Settings) Place() string {
	return map[Mode]string{Single: s.Showcase, Channels: s.Category, Forum: s.Forum}[s.Mode]
}

// BumpTime is how long a partner waits between two bumps; 0 if there are none.
func (s Settings) BumpTime() time.Duration { return time.Duration(s.Bump) * 24 * time.Hour }

// StayTime is how long a member must stay to count as real.
func (s Settings) StayTime() time.Duration { return time.Duration(s.Stay) * time.Second }

// GivesRoles reports whether Entente gives people roles.
func (s Settings) GivesRoles() bool { return s.Contact != "" || s.Track && s.Markers }

// Staff returns the roles that access looks at.
func (s Settings) Staff() access.Staff {
	return access.Staff{Managers: s.Managers, Viewers: s.Viewers}
}

// CooldownTime is how long an applicant, or the applicants of one partner, wait
// between two applications.
func (s Settings) CooldownTime() time.Duration { return time.Duration(s.Cooldown) * time.Hour }
