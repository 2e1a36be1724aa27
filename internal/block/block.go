// Package block holds a guild's blocklist: the servers and users whose
// applications are refused, without telling them why.
//
// It keeps:
//
//	guild#<g>   block#server#<p>   one Entry
//	guild#<g>   block#user#<u>     one Entry
package block

import (
	"strconv"
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

// MaxReason is the longest reason, as partnership.Cut counts.
const MaxReason = 200

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
	return storage.Key{Table: storage.Records, Part: "guild#" + guild, Sort: Prefix + t.What + "#" + t.ID}
}

// Lift is the action that takes an entry off the list when its time is over.
func Lift(guild string, t Target) action.Ref {
	return action.Ref{Name: "block.lift", Guild: guild, Subject: t.What + "#" + t.ID}
}

// Keys are what Add, Remove and Expire need to have read.
func Keys(guild string, t Target) []storage.Key {
	return []storage.Key{partnership.CountsKey(guild), Key(guild, t), Lift(guild, t).Key()}
}

// Listed returns the entry of a target, if it is blocked at the given time. tx
// must have read its key.
func Listed(tx *storage.Tx, guild string, t Target, now time.Time) (Entry, bool) {
	e, ok := storage.Read[Entry](tx, Key(guild, t))
	return e, ok && e.holds(now)
}

// Add puts e on the list, or puts it in the place of an earlier entry of the
// same target. It refuses if the list is full.
func Add(tx *storage.Tx, guild string, e Entry, l partnership.Limits) error {
	_, known := storage.Read[Entry](tx, Key(guild, e.Target))
	c := partnership.CountsOf(tx, guild)
	if !known {
		if c.Blocks >= l.Blocks {
			return refuse.Because("block.full", "most", strconv.Itoa(l.Blocks))
		}
		c.Blocks++
		tx.Set(partnership.CountsKey(guild), c)
	}
	e.Reason = partnership.CleanLine(e.Reason, MaxReason)
	tx.Set(Key(guild, e.Target), e)
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

// Expire takes a target off the list if its time is over, and reports whether it did.
func Expire(tx *storage.Tx, guild string, t Target, now time.Time) bool {
	e, ok := storage.Read[Entry](tx, Key(guild, t))
	if !ok || e.holds(now) {
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
