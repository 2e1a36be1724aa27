// Package export decides what a guild's managers get when they ask for everything
// that Entente keeps of it: which records, in which files, and how much of them.
//
// It keeps:
//
//	export#<g>   request   one Request (actions table)
package export

import (
	"time"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/refuse"
	"github.com/entente-bot/entente/internal/storage"
)

// A Request is the latest export that was asked for in a guild. It is gone with
// the token: nothing can be answered then.
type Request struct {
	Token  string    `json:"token"`  // of the interaction that asked
	Locale string    `json:"locale"` // Discord's, of who asked
	Asked  time.Time `json:"asked"`
	Sent   bool      `json:"sent,omitempty"` // it needs nothing more
}

// Kind implements [storage.Record].
func (Request) Kind() (string, int) { return "request", 1 }

// ExpiresAt implements [storage.Expiring].
func (r Request) ExpiresAt() time.Time { return r.Asked.Add(action.TokenLife) }

// Key is where the request of a guild is kept.
func Key(guild string) storage.Key {
	return storage.Key{Table: storage.Actions, Part: "export#" + guild, Sort: "request"}
}

// Send is the action that puts the files together and sends them.
func Send(guild string) action.Ref {
	return action.Ref{Name: "export.send", Guild: guild, Subject: "all"}
}

// Keys are what Ask needs to have read.
func Keys(guild string) []storage.Key { return []storage.Key{Key(guild), Send(guild).Key()} }

// Every is how long a guild waits between two exports: each reads all it has.
const Every = time.Minute

// Ask has an export made and sent as the answer to the interaction with the
// given token. It refuses if one was asked for a moment ago.
func Ask(tx *storage.Tx, guild, token, locale string, now time.Time) error {
	last, asked := storage.Read[Request](tx, Key(guild))
	if again := last.Asked.Add(Every); asked && now.Before(again) {
		return refuse.Because("export.too-soon", "until", refuse.When(again))
	}
	tx.Set(Key(guild), Request{Token: token, Locale: locale, Asked: now})
	action.Cause(tx, Send(guild), now)
	return nil
}

// Sent notes that r needs nothing more. One that was asked for since does.
func Sent(tx *storage.Tx, guild string, r Request) {
	if now, ok := storage.Read[Request](tx, Key(guild)); ok && now.Token == r.Token {
		r.Sent, r.Token = true, ""
		tx.Set(Key(guild), r)
	}
}
