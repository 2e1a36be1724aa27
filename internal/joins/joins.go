// Package joins keeps the books of who came by which partner: one ledger a guild,
// of the invites that the bot made for its partners, and of all others.
//
// A join is counted when an invite's uses rise. Uses only ever grow, and a tracked
// invite neither expires nor runs out, so that the sum is right however rarely it
// is looked at: what nobody saw rise is in the next difference. What cannot be
// known is said to be unknown, never guessed.
//
// It keeps:
//
//	guild#<g>   joins                  one Ledger: the tracked invites and the vanity URL
//	guild#<g>   joins-others           one Others: all other invites, as long as they are few
//	guild#<g>   joins-others#<n>       one Part of many
//	guild#<g>   joins-day#<date>       one Day: what a day brought, by partner
//	guild#<g>   joins-member#<u>       one Member: who came by a partner, as long as they stay
//	guild#<g>   joins-nobody#<hash>    one Nobody: that somebody is never to be identified
//	guild#<g>   joins-past#<p>#<id>    one Past: the account of a partnership that ended, by application
//	guild#<g>   joins-making#<p>       one Making: what is being made for partner <p>
//	guild#<g>   joins-post#<p>         one Post: the word to its contact, until it stands
package joins

import (
	"slices"
	"time"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/storage"
)

// An Invite is an invite as Discord lists it. Its ID is its code and when it was
// made: a code may be taken again.
type Invite struct {
	Code    string
	Created time.Time // zero if Discord tells no more than the code
	Uses    *int      // nil if Discord does not say: it shows them to who may manage the server
	Channel string    // where it leads to
	Inviter string    // user who made it
	Roles   []string  // what it grants
}

// An Account is what is kept of one active partnership.
type Account struct {
	Partner string    `json:"partner"`
	Since   time.Time `json:"since"`             // when it was opened
	Role    string    `json:"role,omitempty"`    // the marker role; none without
	Code    string    `json:"code,omitempty"`    // the tracked invite; none until it is made, or made anew
	Created time.Time `json:"created,omitzero"`  // when Discord made it
	Channel string    `json:"channel,omitempty"` // where it leads to
	Uses    int       `json:"uses"`              // of the tracked invite: the most that was seen
	Seen    time.Time `json:"seen,omitzero"`     // when the latest poll began that saw it, or when it was made
	Missing time.Time `json:"missing,omitzero"`  // when the poll was answered that was the first not to see it
	Misses  int       `json:"misses,omitempty"`  // polls in a row that did not see it
	Counted int       `json:"counted"`           // joins by all tracked invites it ever had
	Here    *int      `json:"here,omitempty"`    // members with the marker role when they were last counted
	Gaps    []Gap     `json:"gaps,omitempty"`    // earliest first, up to MaxGaps
}

// A Ledger is the tracked invites of a guild and its vanity URL.
type Ledger struct {
	Accounts []Account `json:"accounts"` // by partner
	Vanity   Vanity    `json:"vanity,omitzero"`
	Polled   time.Time `json:"polled,omitzero"` // when the latest poll began that was booked
	Rebase   Mark      `json:"rebase,omitzero"`
	Census   Census    `json:"census,omitzero"`
	Watched  bool      `json:"watched,omitempty"` // the invites are to be read: if nobody does, the watch was lost
}

// A Mark says that joins are not to be credited that happened before a time: what
// was last seen before At has a new baseline when it is next seen, and a Gap
// until then.
type Mark struct {
	At  time.Time `json:"at"`
	Why Why       `json:"why"`
}

// A Vanity is the vanity URL of a guild, as it was last seen.
type Vanity struct {
	Code string    `json:"code"`
	Uses int       `json:"uses"` // the most that was seen
	Seen time.Time `json:"seen"`
}

// Kind implements [storage.Record].
func (Ledger) Kind() (string, int) { return "ledger", 1 }

// LedgerKey is where the Ledger of a guild is kept.
func LedgerKey(guild string) storage.Key {
	return storage.Key{Table: storage.Records, Part: "guild#" + guild, Sort: "joins"}
}

// LedgerOf returns the Ledger of a guild, whose key tx must have read.
func LedgerOf(tx *storage.Tx, guild string) Ledger {
	l, _ := storage.Read[Ledger](tx, LedgerKey(guild))
	return l
}

// Account returns the account of a partner, and whether there is one.
func (l Ledger) Account(partner string) (Account, bool) {
	i, ok := l.find(partner)
	if !ok {
		return Account{}, false
	}
	return l.Accounts[i], true
}

// Missing reports whether a tracked invite was not seen when it was last looked for.
func (l Ledger) Missing() bool {
	return slices.ContainsFunc(l.Accounts, func(a Account) bool { return !a.Missing.IsZero() })
}

// With returns l with the account a in the place of its partner's.
func (l Ledger) With(a Account) Ledger {
	i, ok := l.find(a.Partner)
	l.Accounts = slices.Clone(l.Accounts)
	if ok {
		l.Accounts[i] = a
	} else {
		l.Accounts = slices.Insert(l.Accounts, i, a)
	}
	return l
}

// Without returns l without the account of a partner.
func (l Ledger) Without(partner string) Ledger {
	if i, ok := l.find(partner); ok {
		l.Accounts = slices.Delete(slices.Clone(l.Accounts), i, i+1)
	}
	return l
}

func (l Ledger) find(partner string) (int, bool) {
	return slices.BinarySearchFunc(l.Accounts, partner, func(a Account, p string) int {
		switch {
		case a.Partner < p:
			return -1
		case a.Partner > p:
			return 1
		}
		return 0
	})
}

// Watch notes whether the invites of a guild are to be read. tx must have read
// LedgerKey.
func Watch(tx *storage.Tx, guild string, wanted bool) {
	if l, ok := storage.Read[Ledger](tx, LedgerKey(guild)); ok && l.Watched != wanted {
		l.Watched = wanted
		tx.Set(LedgerKey(guild), l)
	}
}

// Rebase has nothing credited that happened before now and was not booked. tx must
// have read LedgerKey.
func Rebase(tx *storage.Tx, guild string, why Why, now time.Time) {
	if l, ok := storage.Read[Ledger](tx, LedgerKey(guild)); ok {
		l.Rebase = Mark{now, why}
		tx.Set(LedgerKey(guild), l)
	}
}

// Sync is the action that brings the tracked invite and the marker role of a
// partner in line.
func Sync(guild, partner string) action.Ref {
	return action.Ref{Name: "joins.sync", Guild: guild, Subject: partner}
}

// Renew is the action that has every partner's tracked invite made anew that was
// deleted by hand.
func Renew(guild string) action.Ref {
	return action.Ref{Name: "joins.renew", Guild: guild, Subject: "all"}
}
