// Package setup decides what is wrong with what a guild's managers chose, as far
// as Discord's permissions go: what is gone, what Entente may not do where, what
// is lost by that, and which roles cannot be trusted.
//
// It keeps:
//
//	guild#<g>   setup#health   one Health: what the last look at the guild found
//	setup#<g>   panels         one Panels: the panels that are open (actions table)
package setup

import (
	"slices"
	"time"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/storage"
)

// The sections of the panel. An unknown one stands for the first, Start.
const (
	Start    = "start"    // what is needed before anybody can apply
	Showcase = "showcase" // how listings stand, and what becomes of them
	Joins    = "joins"    // whether joins are counted, and what else is known of them
	Channels = "channels" // the other channels and roles
	Intake   = "intake"   // who may apply, and how
	Review   = "review"   // what becomes of applications that wait
)

// Sections returns the sections in their order.
func Sections() []string { return []string{Start, Showcase, Joins, Channels, Intake, Review} }

// Health is what the last look at a guild found.
type Health struct {
	At        time.Time      `json:"at"`                 // zero if there was none yet
	Absent    bool           `json:"absent"`             // the bot is no member of the guild
	TimedOut  time.Time      `json:"timed_out,omitzero"` // until when the bot may write nothing; zero if it may
	Findings  []Finding      `json:"findings"`           // what was wrong
	Owner     string         `json:"owner"`              // user
	Top       int            `json:"top"`                // position of the bot's highest role
	Ranks     map[string]int `json:"ranks"`              // position of every role
	Everybody Rights         `json:"everybody"`          // what @everyone may do
	Unproven  []Unproven     `json:"unproven"`           // roles that were chosen before the first look
}

// Kind implements [storage.Record].
func (Health) Kind() (string, int) { return "health", 1 }

// HealthKey is where a guild's health is kept.
func HealthKey(guild string) storage.Key {
	return storage.Key{Table: storage.Records, Part: "guild#" + guild, Sort: "setup#health"}
}

// HealthOf returns the health of a guild, whose key tx must have read.
func HealthOf(tx *storage.Tx, guild string) Health {
	h, _ := storage.Read[Health](tx, HealthKey(guild))
	return h
}

// Now returns what is wrong with s: what is not chosen, and what the last look
// found with what still is.
func (h Health) Now(s settings.Settings) []Finding {
	list := unset(s)
	for _, f := range h.Findings {
		if f.moot(s) {
			continue
		}
		if f.About == "" || f.Cost == takenBack || slices.Contains(f.Feature.chosen(s), f.About) {
			list = append(list, f)
		}
	}
	return list
}

// Gone reports whether a channel or a role was found to be deleted.
func (h Health) Gone(id string) bool {
	return slices.ContainsFunc(h.Findings, func(f Finding) bool { return f.About == id && f.Problem == Gone })
}

// Check is the action that looks at a guild and brings its open panels in line.
func Check(guild string) action.Ref {
	return action.Ref{Name: "setup.check", Guild: guild, Subject: "guild"}
}

// Checking reports whether a guild is about to be looked at.
func Checking(tx *storage.Tx, guild string) bool {
	a, waits := storage.Read[action.Action](tx, Check(guild).Key())
	return waits && (a.State == action.Due || a.State == action.Leased)
}

// Panels are the panels of a guild that can still be changed, oldest first.
type Panels struct {
	Open []Panel `json:"open"`
}

// A Panel is one that somebody looks at, as they last used it.
type Panel struct {
	User    string    `json:"user"`
	Section string    `json:"section"`
	Locale  string    `json:"locale"` // Discord's, of the user
	Token   string    `json:"token"`  // of the interaction that showed it
	Until   time.Time `json:"until"`  // when Discord honours Token no longer
}

// Kind implements [storage.Record].
func (Panels) Kind() (string, int) { return "panels", 1 }

// ExpiresAt implements [storage.Expiring].
func (p Panels) ExpiresAt() (last time.Time) {
	for _, open := range p.Open {
		if open.Until.After(last) {
			last = open.Until
		}
	}
	return last
}

// Of returns the panel of a user.
func (p Panels) Of(user string) (Panel, bool) {
	i := slices.IndexFunc(p.Open, func(open Panel) bool { return open.User == user })
	if i < 0 {
		return Panel{}, false
	}
	return p.Open[i], true
}

// At returns the panels that can be changed at the given time.
func (p Panels) At(now time.Time) []Panel {
	return slices.DeleteFunc(slices.Clone(p.Open), func(open Panel) bool { return !now.Before(open.Until) })
}

// usedSince reports whether a panel was opened or used after the given time.
func (p Panels) usedSince(at time.Time) bool {
	return slices.ContainsFunc(p.Open, func(open Panel) bool { return open.Until.Add(-action.TokenLife).After(at) })
}

// maxPanels is how many panels of one guild are kept in line at once.
const maxPanels = 5

// PanelsKey is where the open panels of a guild are kept.
func PanelsKey(guild string) storage.Key {
	return storage.Key{Table: storage.Actions, Part: "setup#" + guild, Sort: "panels"}
}

// Keys are what the callers of Show, HealthOf and Checking need to have read.
func Keys(guild string) []storage.Key {
	return []storage.Key{HealthKey(guild), PanelsKey(guild), Check(guild).Key()}
}

// Show notes that p is shown from now on, in place of the panel its user had
// before.
func Show(tx *storage.Tx, guild string, p Panel, now time.Time) {
	all, _ := storage.Read[Panels](tx, PanelsKey(guild))
	open := slices.DeleteFunc(all.At(now), func(o Panel) bool { return o.User == p.User })
	p.Until = now.Add(action.TokenLife)
	open = append(open, p)
	tx.Set(PanelsKey(guild), Panels{open[max(len(open)-maxPanels, 0):]})
}

// RecordKeys are what Record needs to have read.
func RecordKeys(guild string) []storage.Key {
	return append(settings.Keys(guild), HealthKey(guild), PanelsKey(guild))
}

// Record keeps what a look at a guild found. Roles that were chosen before it, and
// turn out to be none that Entente can trust, are taken back: Record returns the
// features that lost one. What follows from the settings follows then, too:
// contacts may have had a role for a moment.
func Record(tx *storage.Tx, guild string, f Facts, now time.Time) (lost []Feature) {
	s := settings.Of(tx, guild)
	h := Health{At: now, Absent: f.Absent, TimedOut: f.timedOut(guild), Owner: f.Owner}
	if !f.Absent {
		h.Top, h.Ranks = f.top(), make(map[string]int, len(f.Roles))
		for _, r := range f.Roles {
			h.Ranks[r.ID] = r.Position
		}
		everybody, _ := f.role(guild)
		h.Everybody = everybody.Rights
	}
	changed := !f.Absent && s.NSFW != f.NSFW
	if changed {
		s.NSFW = f.NSFW
	}
	before := HealthOf(tx, guild)
	back := h.takeBack(guild, &s, before.Unproven, f)
	for _, found := range back {
		if changed = true; !slices.Contains(lost, found.Feature) {
			lost = append(lost, found.Feature)
		}
	}
	if open, _ := storage.Read[Panels](tx, PanelsKey(guild)); !open.usedSince(before.At) {
		back = append(before.takenBack(), back...) // nobody may have read it yet
	}
	h.Findings = append(Find(guild, s, f), back...)
	tx.Set(HealthKey(guild), h)
	if changed {
		tx.Set(settings.Key(guild), s)
	}
	if len(lost) > 0 {
		action.Cause(tx, settings.Retry(guild), now)
	}
	if !h.TimedOut.IsZero() {
		action.Cause(tx, settings.Retry(guild), h.TimedOut)
	}
	return lost
}
