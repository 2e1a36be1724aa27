// Package forget decides how what a guild keeps about a user is deleted when they
// ask for it: when they may, and how their ID is taken out of a record.
//
// It keeps, in the actions table:
//
//	forget#<g>   <u>          one Progress
//	forget#<g>   <u>#answer   one Answer
package forget

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"time"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/refuse"
	"github.com/entente-bot/entente/internal/storage"
)

// A Progress is how far the deletion of a user's data is.
type Progress struct {
	Asked  time.Time `json:"asked"`
	Staff  bool      `json:"staff"`            // they are staff: what they did as such stays
	Walk   int       `json:"walk,omitempty"`   // which of its walks it is at, from 0
	Cursor string    `json:"cursor,omitempty"` // after which record it goes on
	Gone   Gone      `json:"gone"`
	Done   time.Time `json:"done,omitzero"`
}

// Gone counts what was deleted, or is no longer theirs.
type Gone struct {
	Forms        int `json:"forms"`
	Applications int `json:"applications"`
	Ended        int `json:"ended"` // partnerships
	Tickets      int `json:"tickets"`
	Entries      int `json:"entries"` // of the trail
}

// Kind implements [storage.Record].
func (Progress) Kind() (string, int) { return "progress", 1 }

// Walks is how often the records are gone through. Work of the user's that is under
// way, such as the check of a form, may write behind the first walk; what that walk
// left has nothing under way any more, so the second finds all of it.
const Walks = 2

// Every is how long a user waits between two deletions: each reads all that the
// guild has. Until then it is known that they asked for one.
const Every = time.Hour

// ExpiresAt implements [storage.Expiring]: what is not done is kept.
func (p Progress) ExpiresAt() time.Time {
	if p.Done.IsZero() {
		return time.Time{}
	}
	return p.Done.Add(Every)
}

// An Answer lets the worker tell the user, in the reply to their request, that it
// is done: for as long as Discord honours the token.
type Answer struct {
	Token  string    `json:"token"`
	Locale string    `json:"locale"` // Discord's, of the user
	Until  time.Time `json:"until"`
}

// Kind implements [storage.Record].
func (Answer) Kind() (string, int) { return "answer", 1 }

// ExpiresAt implements [storage.Expiring].
func (a Answer) ExpiresAt() time.Time { return a.Until }

// Key is where the progress of a user's deletion is kept.
func Key(guild, user string) storage.Key {
	return storage.Key{Table: storage.Actions, Part: "forget#" + guild, Sort: user}
}

// AnswerKey is where the Answer for a user is kept.
func AnswerKey(guild, user string) storage.Key {
	return storage.Key{Table: storage.Actions, Part: "forget#" + guild, Sort: user + "#answer"}
}

// User is the action that deletes what a guild keeps about a user.
func User(guild, user string) action.Ref {
	return action.Ref{Name: "forget.user", Guild: guild, Subject: user}
}

// Alias is what logs call a user whose data is deleted: whoever has a line of it
// and both IDs can tell that it is about them, and nobody else.
func Alias(guild, user string) string {
	h := hmac.New(sha256.New, []byte("forget "+guild))
	h.Write([]byte(user))
	return hex.EncodeToString(h.Sum(nil)[:8])
}

// Keys are what May and Ask need to have read.
func Keys(guild, user string) []storage.Key {
	return []storage.Key{Key(guild, user), User(guild, user).Key()}
}

// May refuses if the data of a user cannot be deleted now: they are the contact
// of one of the active partners, or asked for it a short time ago.
func May(tx *storage.Tx, guild, user string, partners []partnership.Partnership, now time.Time) error {
	for _, p := range partners {
		if p.Contact == user {
			return refuse.Because("forget.contact", "server", partnership.Named(p.Server))
		}
	}
	p, asked := storage.Read[Progress](tx, Key(guild, user))
	switch again := p.Done.Add(Every); {
	case asked && p.Done.IsZero():
		return refuse.Because("forget.running")
	case asked && now.Before(again):
		return refuse.Because("forget.lately", "until", refuse.When(again))
	}
	return nil
}

// Ask has the data of a user deleted, and told in the reply to the interaction
// with the given token. The caller has asked May.
func Ask(tx *storage.Tx, guild, user, token, locale string, staff bool, now time.Time) {
	tx.Set(Key(guild, user), Progress{Asked: now, Staff: staff})
	tx.Index(AnswerKey(guild, user), Answer{token, locale, now.Add(action.TokenLife)})
	action.Cause(tx, User(guild, user), now)
}
