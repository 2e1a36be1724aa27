// Package panel decides where the messages with an Apply button stand, that staff
// post for visitors.
//
// It keeps:
//
//	guild#<g>   panel#<channel>        one Panel
//	guild#<g>   panel-post#<channel>   its message, as it was published
package panel

import (
	"time"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/refuse"
	"github.com/entente-bot/entente/internal/storage"
)

// A Panel is a message with an Apply button that is to stand in a channel, as
// long as there is a Panel: at most one a channel.
type Panel struct {
	Channel string    `json:"channel"`
	By      string    `json:"by"` // the manager who asked for it
	At      time.Time `json:"at"`
	Turn    int       `json:"turn"`  // how often it was asked for: each time it is posted anew
	Shown   int       `json:"shown"` // the turn whose message the worker takes care of
}

// Kind implements [storage.Record].
func (Panel) Kind() (string, int) { return "panel", 1 }

// Prefix is what the Sort of every panel of a guild begins with.
const Prefix = "panel#"

// Key is where the panel of a channel is kept.
func Key(guild, channel string) storage.Key {
	return storage.Key{Table: storage.Records, Part: "guild#" + guild, Sort: Prefix + channel}
}

// PostKey is where the post of a channel's panel is kept.
func PostKey(guild, channel string) storage.Key {
	return storage.Key{Table: storage.Records, Part: "guild#" + guild, Sort: "panel-post#" + channel}
}

// All lists the panels of a guild.
func All(guild string) storage.Query {
	return storage.Query{Table: storage.Records, Part: "guild#" + guild, Prefix: Prefix, Limit: storage.DefaultLimit}
}

// Sync is the action that brings the panel of a channel in line.
func Sync(guild, channel string) action.Ref {
	return action.Ref{Name: "panel.sync", Guild: guild, Subject: channel}
}

// Keys are what Of, Put and Remove need to have read.
func Keys(guild, channel string) []storage.Key {
	return []storage.Key{Key(guild, channel), Sync(guild, channel).Key()}
}

// Of returns the panel of a channel, and whether there is one.
func Of(tx *storage.Tx, guild, channel string) (Panel, bool) {
	return storage.Read[Panel](tx, Key(guild, channel))
}

// Put has a panel posted in a channel. One that is there already is posted anew,
// as the latest message of the channel, and the old message deleted.
func Put(tx *storage.Tx, guild, channel, by string, now time.Time) {
	p, _ := Of(tx, guild, channel)
	p.Channel, p.By, p.At = channel, by, now
	p.Turn++
	tx.Set(Key(guild, channel), p)
	action.Cause(tx, Sync(guild, channel), now)
}

// Remove takes the panel of a channel away. It refuses if there is none.
func Remove(tx *storage.Tx, guild, channel string, now time.Time) error {
	if _, ok := Of(tx, guild, channel); !ok {
		return refuse.Because("panel.not-found")
	}
	tx.Delete(Key(guild, channel))
	action.Cause(tx, Sync(guild, channel), now)
	return nil
}
