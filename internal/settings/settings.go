// Package settings holds what a guild's managers have chosen.
//
// It keeps:
//
//	guild#<g>   settings   one Settings
package settings

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/entente-bot/entente/internal/access"
	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/refuse"
	"github.com/entente-bot/entente/internal/storage"
)

// Settings are one guild's choices. IDs are empty while nothing is chosen.
type Settings struct {
	Review   string   `json:"review"`           // channel of the review cards
	Showcase string   `json:"showcase"`         // channel of the listings
	Managers []string `json:"managers"`         // roles with access.Edit, up to MaxRoles
	Viewers  []string `json:"viewers"`          // roles with access.View, up to MaxRoles
	Closed   bool     `json:"closed"`           // no applications are taken
	Minimum  int      `json:"minimum_members"`  // members a partner must have; 0 = none
	Cooldown int      `json:"cooldown_hours"`   // between two applications of one applicant or for one partner
	Active   int      `json:"max_active"`       // active partnerships; 0 = up to the hard limit
	Topics   []string `json:"categories"`       // the categories an ad can be in, up to 25
	Locale   string   `json:"locale,omitempty"` // Discord's locale of the guild, for public messages

	Changed time.Time `json:"changed,omitzero"` // when they were last saved
}

// The limits of what can be chosen.
const (
	MaxRoles   = 25
	MaxMinimum = 10_000_000
)

// Default returns the settings of a guild that has chosen nothing.
func Default() Settings {
	return Settings{
		Cooldown: 24,
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

// Keys are what Save needs to have read.
func Keys(guild string) []storage.Key {
	return []storage.Key{Key(guild), Retry(guild).Key()}
}

// Save writes s and has everything that was blocked tried again.
func Save(tx *storage.Tx, guild string, s Settings, now time.Time) {
	s.Changed = now
	tx.Set(Key(guild), s)
	action.Cause(tx, Retry(guild), now)
}

// Ready reports whether applications can be taken: a review channel and a
// showcase channel are chosen.
func (s Settings) Ready() bool { return s.Review != "" && s.Showcase != "" }

// Staff returns the roles that access looks at.
func (s Settings) Staff() access.Staff {
	return access.Staff{Managers: s.Managers, Viewers: s.Viewers}
}

// CooldownTime is how long an applicant, or the applicants of one partner, wait
// between two applications.
func (s Settings) CooldownTime() time.Duration { return time.Duration(s.Cooldown) * time.Hour }

// SetMinimum chooses the minimum member count from what was typed.
func (s *Settings) SetMinimum(typed string) error {
	plain := strings.NewReplacer(",", "", ".", "", " ", "", "'", "", "_", "").Replace(strings.TrimSpace(typed))
	n, err := strconv.Atoi(plain)
	if err != nil || n < 0 || n > MaxMinimum {
		return refuse.Because("setup.minimum-invalid", "most", strconv.Itoa(MaxMinimum))
	}
	s.Minimum = n
	return nil
}

// SetManagers chooses the manager roles. Everyone in guild cannot be one.
func (s *Settings) SetManagers(guild string, roles []string) error {
	if slices.Contains(roles, guild) {
		return refuse.Because("setup.everyone-role")
	}
	if len(roles) > MaxRoles {
		return refuse.Because("setup.too-many-roles", "most", strconv.Itoa(MaxRoles))
	}
	s.Managers = slices.Clone(roles)
	return nil
}
