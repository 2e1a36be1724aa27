// Package audit keeps who changed what, when and from where, and has it posted
// in the guild's log channel.
//
// It keeps:
//
//	guild#<g>   audit#<time>#<id>            one Entry
//	guild#<g>   trail#<about>#<time>#<id>    the same Entry, by what it is about
//	guild#<g>   auditlog                     one Log: how far the log channel is
//	log#<g>     <time>#<id>                  the same Entry, until it is posted (actions table)
//
// What is to be posted has items of its own rather than a cursor over the trail:
// entries are not always written in the order of their times, and none may be missed.
package audit

import (
	"cmp"
	"fmt"
	"time"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/storage"
)

// An Entry is one change of state, or an attempt that was refused for want of
// permission. It holds no text that people wrote.
type Entry struct {
	At      time.Time `json:"at"`
	By      string    `json:"by"`                // user, or System for what happens by itself
	What    string    `json:"what"`              // capability and verb: "apply.approve"; its text is "audit.apply.approve"
	About   string    `json:"about,omitempty"`   // what of the guild: an application, a partner, a user
	Partner string    `json:"partner,omitempty"` // the partner it concerns, where About is something else
	Surface string    `json:"surface"`           // where from: "command", "button", "modal", "worker"
	Refused bool      `json:"refused,omitempty"`
	Own     bool      `json:"own,omitempty"` // a member's own affair, such as whether they are written to

	Changes []settings.Change `json:"changes,omitempty"` // what settings, or roles and people, were, and are
}

// Turned is e with one thing that was something else before: each a mention, or "".
func (e Entry) Turned(thing, was, is string) Entry {
	e.Changes = append(e.Changes, settings.Change{Setting: thing, Was: was, Is: is})
	return e
}

// The things that [Entry.Turned] is about.
const (
	Person = "person" // who speaks for a partner
	Role   = "role"   // that somebody has, or an invite gives
)

// System is the By of what happens by itself.
const System = "entente"

// Kind implements [storage.Record].
func (Entry) Kind() (string, int) { return "entry", 1 }

// pressedFor is how long is kept what members can do over and over: attempts that
// are refused, and what is their own affair. Nobody's record grows because
// somebody presses buttons.
const pressedFor = 30 * 24 * time.Hour

// ExpiresAt implements [storage.Expiring].
func (e Entry) ExpiresAt() time.Time {
	if e.Refused || e.Own {
		return e.At.Add(pressedFor)
	}
	return time.Time{}
}

// The beginnings of the Sort of entries: of all of them, and of those about something.
const (
	Prefix = "audit#"
	trail  = "trail#"
)

// Keys are what Write needs to have read. Every interaction and every job reads
// them: what is changed is noted.
func Keys(guild string) []storage.Key {
	return []storage.Key{settings.Key(guild), Post(guild).Key()}
}

// Write adds e to the trail of a guild and has it posted in its log channel, if
// there is one. Entries stand in the order of their times, to the microsecond; id
// tells those of one apart: an interaction's or an action's.
//
// An attempt that was refused, and what is a member's own affair, is kept and not
// posted: else anybody could fill the log channel by pressing buttons.
func Write(tx *storage.Tx, guild, id string, e Entry) {
	at := fmt.Sprintf("%016d#%s", e.At.UnixMicro(), id)
	part := "guild#" + guild
	tx.Create(storage.Key{Table: storage.Records, Part: part, Sort: Prefix + at}, e)
	if about := cmp.Or(e.Partner, e.About); about != "" {
		tx.Index(storage.Key{Table: storage.Records, Part: part, Sort: trail + about + "#" + at}, e)
	}
	if e.Refused || e.Own || settings.Of(tx, guild).Log == "" {
		return
	}
	tx.Index(storage.Key{Table: storage.Actions, Part: logPart(guild), Sort: at}, waiting{Entry: e})
	action.Cause(tx, Post(guild), e.At)
}

// Farewell has e posted in a channel that is the log no more: whoever reads it there
// learns that nothing follows, and by whom.
func Farewell(tx *storage.Tx, guild, id, channel string, e Entry) {
	at := fmt.Sprintf("%016d#%s#old", e.At.UnixMicro(), id)
	tx.Index(storage.Key{Table: storage.Actions, Part: logPart(guild), Sort: at}, waiting{e, channel})
	action.Cause(tx, Post(guild), e.At)
}

// PerPage is how many entries a page of the trail shows.
const PerPage = 10

// Trail lists the entries of a guild, latest first: all of them, or those about
// something. after is the cursor of the page before, "" for the first page; it
// comes from a custom ID, and whatever stands there leads to entries of the guild.
func Trail(guild, about, after string) storage.Query {
	q := storage.Query{Table: storage.Records, Part: "guild#" + guild, Prefix: Prefix, Descending: true, Limit: PerPage}
	if about != "" {
		q.Prefix = trail + about + "#"
	}
	if after != "" {
		q.Before = q.Prefix + after
	}
	return q
}

// maxCursor is how long a cursor may be: a custom ID has 100 characters, for a
// route and a partner's ID, too.
const maxCursor = 57

// Entries returns the entries of a page of Trail, and the cursor of the next
// page: "" on the last.
func Entries(page storage.Page, about string) (list []Entry, next string, err error) {
	for _, it := range page.Items {
		e, err := storage.Decode[Entry](it)
		if err != nil {
			return nil, "", err
		}
		list = append(list, e)
	}
	if page.Cursor == "" || len(page.Items) == 0 {
		return list, "", nil
	}
	from := len(Prefix)
	if about != "" {
		from = len(trail) + len(about) + 1
	}
	next = page.Items[len(page.Items)-1].Key.Sort[from:]
	return list, next[:min(len(next), maxCursor)], nil
}
