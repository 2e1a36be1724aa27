// Package removal decides what becomes of a guild that the bot is out of: nothing
// is done for it any more, what is kept of it is deleted after a grace period, and
// if the bot comes back before, it goes on where it stopped.
//
// It keeps:
//
//	guild#<g>   removal   one Removal, from when Discord says that the bot is out
//	losses      <date>    one Losses: how many guilds that happened to on a day
//
// Many guilds that are lost at once are a fault, and alarmed on: nothing is deleted
// before somebody looked. See [Unusual].
package removal

import (
	"hash/fnv"
	"strings"
	"time"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/refuse"
	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/storage"
)

// Grace is how long a deployment that says nothing else keeps the data of a guild
// that the bot is out of.
const Grace = 30 * 24 * time.Hour

// askAgain is how often Discord is asked, at most, because people use commands of
// a bot that is not there.
const askAgain = time.Minute

// A Removal is that the bot is out of a guild.
type Removal struct {
	Since     time.Time `json:"since"`               // when that was found out
	Until     time.Time `json:"until"`               // when the guild's data is deleted
	Checked   time.Time `json:"checked"`             // when Discord last said so
	Returning bool      `json:"returning,omitempty"` // the bot is back, and work is being taken up again
	Purging   bool      `json:"purging,omitempty"`   // the data is being deleted: there is no way back
}

// Kind implements [storage.Record].
func (Removal) Kind() (string, int) { return "removal", 1 }

// Key is where the Removal of a guild is kept.
func Key(guild string) storage.Key {
	return storage.Key{Table: storage.Records, Part: "guild#" + guild, Sort: "removal"}
}

// Check is the action that asks Discord whether the bot is in a guild.
func Check(guild string) action.Ref {
	return action.Ref{Name: "removal.check", Guild: guild, Subject: "guild"}
}

// Purge is the action that deletes what is kept of a guild.
func Purge(guild string) action.Ref {
	return action.Ref{Name: "removal.purge", Guild: guild, Subject: "guild"}
}

// Keys are what Leave, Ask, Return and Back need to have read.
func Keys(guild string) []storage.Key {
	return append(append(action.Keys(Check(guild), Purge(guild)), Key(guild)), settings.Keys(guild)...)
}

// AskKeys are what Ask needs to have read.
func AskKeys(guild string) []storage.Key {
	return []storage.Key{Key(guild), Check(guild).Key()}
}

// Of returns the Removal of a guild, and whether the bot is out of it. tx must have
// read its key.
func Of(tx *storage.Tx, guild string) (Removal, bool) {
	r, ok := storage.Read[Removal](tx, Key(guild))
	return r, ok && !r.Returning
}

// Ask has Discord asked whether the bot is back, because somebody used a command
// of it, and refuses what they wanted.
func Ask(tx *storage.Tx, guild string, now time.Time) error {
	r, _ := storage.Read[Removal](tx, Key(guild))
	if now.Sub(r.Checked) >= askAgain {
		action.Cause(tx, Check(guild), now)
	}
	if r.Purging {
		return refuse.Because("removal.purging")
	}
	return refuse.Because("removal.out", "until", refuse.When(r.Until))
}

// Leave notes that Discord says that the bot is out of a guild, whose data is to be
// kept for grace. It reports whether that is new.
func Leave(tx *storage.Tx, guild string, grace time.Duration, now time.Time) (first bool) {
	r, known := storage.Read[Removal](tx, Key(guild))
	if !known || r.Returning { // it was back meanwhile, if not for long
		r = Removal{Since: now, Until: now.Add(grace)}
	}
	r.Checked = now
	tx.Set(Key(guild), r)
	if r.Purging { // it may have been given up
		action.Cause(tx, Purge(guild), now)
		return !known
	}
	action.Cause(tx, Check(guild), Daily(guild, now))
	action.Cause(tx, Purge(guild), r.Until)
	return !known
}

// Return notes that the bot is back in a guild that it was out of: from then on
// work is done for it again. It reports false if there is nothing to note, or if it
// is too late.
func Return(tx *storage.Tx, guild string) bool {
	r, known := storage.Read[Removal](tx, Key(guild))
	if !known || r.Purging {
		return false
	}
	r.Returning = true
	tx.Set(Key(guild), r)
	return true
}

// Back forgets that the bot was out of a guild, after everything was taken up
// again. What was blocked is tried again, and what stands is looked at.
func Back(tx *storage.Tx, guild string, now time.Time) {
	tx.Delete(Key(guild))
	action.Cancel(tx, Purge(guild))
	settings.Again(tx, guild, now)
}

// Daily returns when after now a guild is looked at that is looked at once a day:
// each guild at its own time of the day.
func Daily(guild string, now time.Time) time.Time {
	h := fnv.New32a()
	h.Write([]byte(guild))
	at := now.UTC().Truncate(24 * time.Hour).Add(time.Duration(h.Sum32()%86400) * time.Second)
	if !at.After(now) {
		at = at.Add(24 * time.Hour)
	}
	return at
}

// parked is why actions of a guild wait that the bot is out of.
const parked = "removal.parked"

// Park returns the failure that has an action wait until the data of its guild is
// deleted, and it with that, or the bot is back.
func (r Removal) Park(now time.Time) *action.Failure {
	f := action.Blocking(parked)
	f.After = r.Until.Sub(now) + 24*time.Hour // the purge comes first
	return f
}

// IsParked reports whether an action is blocked for no other reason than that the
// bot was out of its guild.
func IsParked(s action.Stop) bool { return s.Reason.Key == parked }

// of lists which actions may wait for a record: by what its Sort begins with, and
// where in it the subject of the actions stands.
func of() map[string][]string {
	partner := []string{"showcase.sync", "bump.sync", "contact.sync", "edit.card", "joins.sync", "end.tell", "apply.compare", "drift.card"}
	return map[string][]string{
		"apply":       {"apply.check", "apply.answer", "apply.card", "apply.expire", "apply.notify"},
		"draft":       {"apply.check", "apply.answer"},
		"block":       {"block.enforce", "block.lift"},
		"edit-draft":  {"edit.check", "edit.answer"},
		"edit-past":   {"edit.tell"},
		"panel":       {"panel.sync"},
		"ticket":      {"ticket.sync"},
		"partnership": partner, "listing": partner, "home": partner, "bump": partner, "contact": partner, "edit": partner, "ended": partner, "joins-making": partner, "drift-card": partner, "drift-word": partner,
	}
}

// Actions returns the actions that may wait because of the record of a guild under
// a Sort. Those that are blocked are found without it.
func Actions(guild, sort string) (refs []action.Ref) {
	what, subject, _ := strings.Cut(sort, "#")
	if what != "block" { // whose subject is a kind and an ID
		subject, _, _ = strings.Cut(subject, "#")
	}
	if subject == "" {
		return nil
	}
	for _, name := range of()[what] {
		refs = append(refs, action.Ref{Name: name, Guild: guild, Subject: subject})
	}
	return refs
}

// Always are the actions that a guild may have whatever it keeps.
func Always(guild string) []action.Ref {
	ref := func(name, subject string) action.Ref { return action.Ref{Name: name, Guild: guild, Subject: subject} }
	return []action.Ref{
		ref("audit.post", "log"), ref("index.sync", "all"), ref("joins.renew", "all"), ref("queue.remind", "pending"),
		ref("settings.retry", "all"), ref("setup.check", "guild"), ref("bump.follow", "all"), ref("showcase.category", "all"), ref("export.send", "all"), ref("guild.look", "all"), Check(guild),
	}
}

// Parts are the parts of the actions table that hold something of a guild, beside
// its actions.
func Parts(guild string) (parts []string) {
	for _, what := range []string{"block", "log", "setup", "export", "forget", "stats"} {
		parts = append(parts, what+"#"+guild)
	}
	return parts
}
