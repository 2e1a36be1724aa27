// Package stats decides which statistics people get: about which partner, or all,
// for which days, and in which reply.
//
// It keeps:
//
//	stats#<g>   <u>#<id>   one Request, by who asked and the interaction that began it (actions table)
package stats

import (
	"slices"
	"strconv"
	"time"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/storage"
)

// All stands for all partners together, where else the ID of one stands.
const All = "all"

// A Request is what somebody wants to see in a reply. A later press of a button
// below that reply takes its place. It is gone with the token: nothing can be
// answered then.
type Request struct {
	Partner string    `json:"partner"` // or All
	Days    int       `json:"days"`    // one of Periods
	Staff   bool      `json:"staff"`   // whoever asked may see what is wrong
	Token   string    `json:"token"`   // of the interaction that asked
	Locale  string    `json:"locale"`  // Discord's, of who asked
	Asked   time.Time `json:"asked"`
	Sent    bool      `json:"sent,omitempty"` // it needs nothing more
}

// Kind implements [storage.Record].
func (Request) Kind() (string, int) { return "stats", 1 }

// ExpiresAt implements [storage.Expiring].
func (r Request) ExpiresAt() time.Time { return r.Asked.Add(action.TokenLife) }

// Periods are for how many days there are statistics.
func Periods() []int { return []int{7, 30, 90} }

// Usual is the period for who does not choose one.
const Usual = 30

// Period returns the period that a text names: the usual one if it names none.
func Period(text string) int {
	if n, err := strconv.Atoi(text); err == nil && slices.Contains(Periods(), n) {
		return n
	}
	return Usual
}

// Subject names the request of a user that began with the interaction id.
func Subject(user, id string) string { return user + "#" + id }

// Key is where the request with a subject is kept.
func Key(guild, subject string) storage.Key {
	return storage.Key{Table: storage.Actions, Part: "stats#" + guild, Sort: subject}
}

// Send is the action that draws what was asked for and puts it into the reply.
func Send(guild, subject string) action.Ref {
	return action.Ref{Name: "stats.send", Guild: guild, Subject: subject}
}

// Keys are what Ask needs to have read.
func Keys(guild, subject string) []storage.Key {
	return []storage.Key{Key(guild, subject), Send(guild, subject).Key()}
}

// Ask has r drawn. What was asked for in the same reply before is not wanted any
// more.
func Ask(tx *storage.Tx, guild, subject string, r Request) {
	tx.Set(Key(guild, subject), r)
	action.Cause(tx, Send(guild, subject), r.Asked)
}

// Sent notes that r needs nothing more. One that was asked for since does.
func Sent(tx *storage.Tx, guild, subject string, r Request) {
	if now, ok := storage.Read[Request](tx, Key(guild, subject)); ok && now.Token == r.Token {
		now.Sent, now.Token = true, ""
		tx.Set(Key(guild, subject), now)
	}
}
