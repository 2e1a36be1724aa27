// Package block holds a guild's blocklist: the servers and users whose
// applications are refused, without telling them why.
//
// It keeps:
//
//	guild#<g>   block#server#<p>   one Entry
//	guild#<g>   block#user#<u>     one Entry
//	block#<g>   <id>               one Question (actions table)
package block

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/refuse"
	"github.com/entente-bot/entente/internal/storage"
)

// A Target is what is blocked.
type Target struct {
	What string `json:"what"` // Server or User
	ID   string `json:"id"`
}

// What can be blocked.
const (
	Server = "server"
	User   = "user"
)

// String is t as one string: "server#7". It is what [Parse] reads.
func (t Target) String() string { return t.What + "#" + t.ID }

// Parse reads what [Target.String] wrote. It comes from people, too: whatever
// else it is names nothing.
func Parse(s string) (Target, bool) {
	what, id, _ := strings.Cut(s, "#")
	ok := (what == Server || what == User) && id != "" && len(id) <= 20 && strings.Trim(id, "0123456789") == ""
	if !ok {
		return Target{}, false
	}
	return Target{what, id}, true
}

// The limits of an entry.
const (
	MaxReason = 200  // as partnership.Cut counts
	MaxDays   = 3650 // until it is lifted
)

// Days reads for how many days something is to be blocked, as it was typed: ""
// means for ever.
func Days(typed string) (int, error) {
	typed = strings.TrimSpace(typed)
	if typed == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(typed)
	if err != nil || n < 1 || n > MaxDays {
		return 0, refuse.Because("block.days-invalid", "most", strconv.Itoa(MaxDays))
	}
	return n, nil
}

// After returns when an entry made now for so many days is lifted: the zero time
// means never.
func After(days int, now time.Time) time.Time {
	if days == 0 {
		return time.Time{}
	}
	return now.Add(time.Duration(days) * 24 * time.Hour)
}

// An Entry is one blocked server or user.
type Entry struct {
	Target
	Name   string    `json:"name,omitempty"` // as it was known when it was blocked
	Reason string    `json:"reason"`         // for managers only
	By     string    `json:"by"`             // the manager who did it
	At     time.Time `json:"at"`
	Until  time.Time `json:"until,omitzero"` // when it is lifted; zero means never
}

// Kind implements [storage.Record]. An entry has no expiry of its own: it is
// lifted by an action, with the count of entries, and ignored from then on.
func (Entry) Kind() (string, int) { return "block", 1 }

// holds reports whether e counts at the given time.
func (e Entry) holds(now time.Time) bool { return e.Until.IsZero() || now.Before(e.Until) }

// Prefix is what the Sort of every entry of a guild begins with.
const Prefix = "block#"

// Key is where the entry of a target is kept.
func Key(guild string, t Target) storage.Key {
	return storage.Key{Table: storage.Records, Part: "guild#" + guild, Sort: Prefix + t.String()}
}

// Lift is the action that takes an entry off the list when its time is over.
func Lift(guild string, t Target) action.Ref {
	return action.Ref{Name: "block.lift", Guild: guild, Subject: t.String()}
}

// Enforce is the action that denies the applications of a target that wait.
func Enforce(guild string, t Target) action.Ref {
	return action.Ref{Name: "block.enforce", Guild: guild, Subject: t.String()}
}

// Keys are what Add, Remove and Expire need to have read.
func Keys(guild string, t Target) []storage.Key {
	return []storage.Key{partnership.CountsKey(guild), Key(guild, t), Lift(guild, t).Key(), Enforce(guild, t).Key()}
}

// Query lists a guild's entries, for [In]: no guild has more than a page.
func Query(guild string) storage.Query {
	return storage.Query{Table: storage.Records, Part: "guild#" + guild, Prefix: Prefix, Limit: storage.MaxLimit}
}

// In returns the entries of a page of [Query] that hold at the given time,
// latest first.
func In(page storage.Page, now time.Time) ([]Entry, error) {
	var list []Entry
	for _, it := range page.Items {
		e, err := storage.Decode[Entry](it)
		if err != nil {
			return nil, err
		}
		if e.holds(now) {
			list = append(list, e)
		}
	}
	slices.SortStableFunc(list, func(a, b Entry) int { return b.At.Compare(a.At) })
	return list, nil
}

// Listed returns the entry of a target, if it is blocked at the given time. tx
// must have read its key.
func Listed(tx *storage.Tx, guild string, t Target, now time.Time) (Entry, bool) {
	e, ok := storage.Read[Entry](tx, Key(guild, t))
	return e, ok && e.holds(now)
}

// Add puts e on the list, or puts it in the place of an earlier entry of the
// same target, and has what waits of that target denied. It refuses if the list
// is full.
func Add(tx *storage.Tx, guild string, e Entry, l partnership.Limits) error {
	_, known := storage.Read[Entry](tx, Key(guild, e.Target))
	c := partnership.CountsOf(tx, guild)
	if !known {
		if c.Blocks >= l.Blocks {
			return refuse.Because("block.full", "most", strconv.Itoa(l.Blocks))
		}
		c.Blocks++
	}
	tx.Set(partnership.CountsKey(guild), c) // in any case: what is queued or approved meanwhile is decided again
	e.Reason = partnership.CleanLine(e.Reason, MaxReason)
	tx.Set(Key(guild, e.Target), e)
	action.Cause(tx, Enforce(guild, e.Target), e.At)
	action.Cancel(tx, Lift(guild, e.Target))
	if !e.Until.IsZero() {
		action.Cause(tx, Lift(guild, e.Target), e.Until)
	}
	return nil
}

// Remove takes a target off the list. It refuses if it is not on it.
func Remove(tx *storage.Tx, guild string, t Target) (Entry, error) {
	e, ok := storage.Read[Entry](tx, Key(guild, t))
	if !ok {
		return e, refuse.Because("block.not-listed")
	}
	drop(tx, guild, t)
	action.Cancel(tx, Lift(guild, t))
	return e, nil
}

// Expire takes a target off the list if its time is over, and reports whether it
// did. One whose time comes later is looked at again then.
func Expire(tx *storage.Tx, guild string, t Target, now time.Time) bool {
	e, ok := storage.Read[Entry](tx, Key(guild, t))
	switch {
	case !ok, e.Until.IsZero():
		return false
	case e.holds(now):
		action.Cause(tx, Lift(guild, t), e.Until)
		return false
	}
	drop(tx, guild, t)
	return true
}

func drop(tx *storage.Tx, guild string, t Target) {
	c := partnership.CountsOf(tx, guild)
	c.Blocks--
	tx.Set(partnership.CountsKey(guild), c)
	tx.Delete(Key(guild, t))
}
