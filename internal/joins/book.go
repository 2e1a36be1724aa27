package joins

import (
	"slices"
	"time"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/storage"
)

// A Poll is what Discord answered when it was asked for the invites of a guild.
type Poll struct {
	Start, End time.Time // when it was asked, and when it had answered
	Invites    []Invite

	// Since is when the latest poll began that saw all that the ledger has, if that
	// is later than the ledger says: polls that saw nothing new are not written down.
	Since time.Time

	// Last are the last uses of invites that were deleted, by code, as far as the
	// guild's audit log told.
	Last map[string]int
}

// An Outcome is what a poll brought.
type Outcome struct {
	Joins   map[string]int // that were booked, by partner or ByOther
	Closed  []string       // partners whose tracked invite is gone
	Dropped bool           // a later poll was booked already
}

// How long an invite is missing, and in how many polls, before it is taken to be
// deleted where nothing else says that it is: Discord's troubles mostly last less.
const (
	missingFor = 10 * time.Minute
	missingIn  = 3
)

// othersEvery is how often it is written down, at most, that no more than invites
// changed that are no partner's. Their uses add up meanwhile.
const othersEvery = time.Minute

// Keys are what Book needs to have read. It [storage.Tx.Want]s the parts of the others
// besides, where these are many.
func Keys(guild string, start time.Time) []storage.Key {
	return append(action.Keys(Renew(guild)), LedgerKey(guild), OthersKey(guild), DayKey(guild, start))
}

// Book writes what a poll brought, and has the tracked invites made anew that are
// gone. A poll that began before the latest one that was booked is dropped whole.
//
// Nothing is closed for an answer that misses it, for that may have been cut short:
// a partner's invite is gone if the audit log says so, too, or if three polls in a
// row missed it in no less than ten minutes.
func Book(tx *storage.Tx, guild string, p Poll, now time.Time) Outcome {
	l, before := LedgerOf(tx, guild), OthersOf(tx, guild)
	if !p.Start.After(l.Polled) {
		return Outcome{Dropped: true}
	}
	b := p.books(l)
	l, o := b.ledger(l), b.others(before)
	l.Polled = p.Start
	tx.Set(LedgerKey(guild), l)
	if b.strange {
		o.Polled = p.Start
		o.keep(tx, guild, before)
	}
	if len(b.joins) > 0 {
		d := DayOf(tx, guild, p.Start)
		tx.Set(DayKey(guild, p.Start), d.Add(b.joins))
	}
	if len(b.closed) > 0 {
		action.Cause(tx, Renew(guild), now)
	}
	return Outcome{Joins: b.joins, Closed: b.closed}
}

// Idle reports whether p need not be booked: it brought nothing, or nothing that
// cannot wait.
func Idle(l Ledger, o Others, p Poll) bool {
	b := p.books(l)
	b.ledger(l)
	b.others(o)
	return !b.news && (!b.strange || p.Start.Sub(o.Polled) < othersEvery)
}

// Closing reports whether p is the first to miss the invite of a partner, or closes
// it, so that it is worth asking the audit log for its last uses.
func Closing(l Ledger, p Poll) bool {
	b := p.books(l)
	b.ledger(l)
	return b.doubt
}

// An id tells invites apart.
type id struct {
	code string
	made int64
}

func idOf(code string, created time.Time) id { return id{code, created.UnixMicro()} }

// books is a poll while it is booked.
type books struct {
	Poll
	rebase  Mark
	seen    map[id]Invite
	vague   map[string]bool // codes of invites of which the poll tells no more: they are neither seen nor missing
	tracked map[id]bool

	joins   map[string]int
	closed  []string
	news    bool // something of the tracked invites is to be written
	strange bool // something of the others is
	doubt   bool // a tracked invite is missing for the first time, or for the last
}

func (p Poll) books(l Ledger) *books {
	b := &books{
		Poll: p, rebase: l.Rebase, joins: map[string]int{},
		seen: make(map[id]Invite, len(p.Invites)), vague: map[string]bool{}, tracked: make(map[id]bool, len(l.Accounts)),
	}
	for _, in := range p.Invites {
		if in.Created.IsZero() {
			b.vague[in.Code] = true
			continue
		}
		b.seen[idOf(in.Code, in.Created)] = in
	}
	for _, a := range l.Accounts {
		b.tracked[idOf(a.Code, a.Created)] = true
	}
	return b
}

// ledger returns l after the poll.
func (b *books) ledger(l Ledger) Ledger {
	l.Accounts = slices.Clone(l.Accounts)
	for i, a := range l.Accounts {
		l.Accounts[i] = b.account(a)
	}
	return l
}

// account returns a after the poll.
func (b *books) account(a Account) Account {
	if a.Code == "" || !a.Seen.Before(b.Start) {
		return a
	}
	in, there := b.seen[idOf(a.Code, a.Created)]
	if !there && b.vague[a.Code] {
		return a
	}
	if !there {
		return b.missed(a)
	}
	if !a.Missing.IsZero() {
		a.Missing, a.Misses, b.news = time.Time{}, 0, true
	}
	if in.Uses == nil {
		return a
	}
	if a.Seen.Before(b.rebase.At) {
		a.Gaps = widen(a.Gaps, Gap{a.Seen, b.End, b.rebase.Why})
		a.Uses, b.news = max(a.Uses, *in.Uses), true
	}
	a.Seen = b.Start
	return b.count(a, *in.Uses)
}

// count books what uses have risen to. They never fall: what seems so is an answer
// from before.
func (b *books) count(a Account, uses int) Account {
	if n := uses - a.Uses; n > 0 {
		a.Uses, a.Counted, b.news = uses, a.Counted+n, true
		b.joins[a.Partner] += n
	}
	return a
}

// missed returns a, whose invite the poll did not see.
func (b *books) missed(a Account) Account {
	if a.Missing.IsZero() {
		a.Seen, a.Missing, b.doubt = later(a.Seen, b.Since), b.End, true
	}
	a.Misses++
	b.news = true
	last, told := b.Last[a.Code]
	switch {
	case told && last >= a.Uses && !a.Seen.Before(b.rebase.At):
		a = b.count(a, last)
	case told || a.Misses >= missingIn && b.Start.Sub(a.Missing) >= missingFor:
		a.Gaps = widen(a.Gaps, Gap{a.Seen, b.End, Deleted}) // the answers before may have been cut short
	default:
		return a
	}
	b.doubt, b.closed = true, append(b.closed, a.Partner)
	a.Code, a.Created, a.Channel = "", time.Time{}, ""
	a.Uses, a.Missing, a.Misses = 0, time.Time{}, 0
	return a
}

// others returns o after the poll.
func (b *books) others(o Others) Others {
	if !o.Polled.Before(b.Start) || b.untold() {
		return o
	}
	known := make(map[id]bool, len(o.Invites))
	var list []Other
	for _, x := range o.Invites {
		which := idOf(x.Code, x.Created)
		known[which] = true
		if b.tracked[which] {
			b.strange = true
			continue
		}
		x, gone := b.other(x, o.Polled)
		if gone {
			o.Gaps, b.strange = widen(o.Gaps, Gap{x.Seen, b.End, Deleted}), true
			continue
		}
		list = append(list, x)
	}
	for which, in := range b.seen {
		if in.Uses != nil && !known[which] && !b.tracked[which] {
			list, b.strange = append(list, Other{Code: in.Code, Created: in.Created, Base: *in.Uses, Uses: *in.Uses}), true
		}
	}
	slices.SortFunc(list, byCode)
	if o.Polled.Before(b.rebase.At) && b.strange && !o.Polled.IsZero() {
		o.Gaps = widen(o.Gaps, Gap{o.Polled, b.End, b.rebase.Why})
	}
	o.Invites = list
	return o
}

// untold reports whether the poll tells which invites there are, and of none how
// often it was used: nothing is learned of the others then, for all of them were
// last seen at the same time.
func (b *books) untold() bool {
	for _, in := range b.Invites {
		if in.Uses != nil {
			return false
		}
	}
	return len(b.Invites) > 0
}

// other returns x after the poll, and whether it is gone. polled is when the poll
// before began.
func (b *books) other(x Other, polled time.Time) (after Other, gone bool) {
	in, there := b.seen[idOf(x.Code, x.Created)]
	switch {
	case !there && b.vague[x.Code]:
		return x, false
	case !there && x.Missing.IsZero():
		x.Seen, x.Missing, b.strange = later(polled, b.Since), b.End, true
		return x, false
	case !there:
		return x, b.Start.Sub(x.Missing) >= missingFor
	case !x.Missing.IsZero():
		x.Seen, x.Missing, b.strange = time.Time{}, time.Time{}, true
	}
	if in.Uses == nil {
		return x, false
	}
	n := *in.Uses - x.Uses
	if polled.Before(b.rebase.At) {
		x.Base, b.strange = x.Base+max(n, 0), true
	} else if n > 0 {
		b.joins[ByOther] += n
	}
	if n > 0 {
		x.Uses, b.strange = *in.Uses, true
	}
	return x, false
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
