package poller_test

import (
	"slices"
	"time"

	"github.com/entente-bot/entente/internal/joins"
	"github.com/entente-bot/entente/internal/storage"
)

// check compares the books with what Discord knows.
func (w *town) check() (all tally) {
	for _, g := range w.guilds {
		tx, err := storage.Begin(w.Context(), w.db, joins.LedgerKey(g.id), joins.OthersKey(g.id))
		if err != nil {
			w.Fatal(err)
		}
		days := w.days(g)
		for _, a := range joins.LedgerOf(tx, g.id).Accounts {
			all = all.plus(w.account(g, a, days[a.Partner]))
		}
		all = all.plus(w.strangers(g, joins.OthersOf(tx, g.id), days[joins.ByOther]))
		if days[joins.ByVanity] > g.vanity {
			w.Errorf("guild %s: %d joins by the vanity URL, counted %d", g.id, g.vanity, days[joins.ByVanity])
		}
		if _, err := tx.Changes(); err != nil {
			w.Error(err)
		}
	}
	return all
}

// days adds up what is booked on all days.
func (w *town) days(g *guild) map[string]int {
	page, err := w.db.List(w.Context(), joins.Days(g.id, time.Now().Add(-72*time.Hour)))
	if err != nil {
		w.Fatal(err)
	}
	sums := map[string]int{}
	for _, it := range page.Items {
		d, err := storage.Decode[joins.Day](it)
		if err != nil {
			w.Fatal(err)
		}
		for who, b := range d.Books {
			if b.Counted < 0 {
				w.Errorf("guild %s, %s: %d joins counted for %s", g.id, d.Date, b.Counted, who)
			}
			sums[who] += b.Counted
		}
	}
	return sums
}

// account compares the books of a partner with what Discord knows: everybody who
// came is counted, once, or came within a gap.
func (w *town) account(g *guild, a joins.Account, booked int) tally {
	came, inGaps, deleted := 0, 0, false
	for _, l := range g.links {
		if l.partner != a.Partner {
			continue
		}
		deleted = deleted || !l.gone.IsZero()
		came += len(l.came)
		inGaps += within(l.came, a.Gaps)
		if l.gone.IsZero() && (a.Code != l.code || a.Uses != len(l.came)) {
			w.Errorf("guild %s, partner %s: %d came by %s, which stands; the books have %d by %s", g.id, a.Partner, len(l.came), l.code, a.Uses, a.Code)
		}
	}
	unknown := came - a.Counted
	switch {
	case unknown < 0 || a.Counted < 0:
		w.Errorf("guild %s, partner %s: %d came, and %d are counted", g.id, a.Partner, came, a.Counted)
	case unknown > inGaps:
		w.Errorf("guild %s, partner %s: %d came and are not counted, %d within the gaps %v", g.id, a.Partner, unknown, inGaps, a.Gaps)
	case !deleted && len(a.Gaps) > 0:
		w.Errorf("guild %s, partner %s: gaps %v, and the invite stands", g.id, a.Partner, a.Gaps)
	case booked != a.Counted:
		w.Errorf("guild %s, partner %s: the account has %d, the days %d", g.id, a.Partner, a.Counted, booked)
	}
	return tally{Joins: came, Counted: a.Counted, Unknown: unknown, Gaps: len(a.Gaps)}
}

// strangers compares the books of the invites that are no partner's: everybody who
// came by one is counted, once, or came within a gap, or before the invite, which is
// a new one under an old code, was first seen.
func (w *town) strangers(g *guild, o joins.Others, booked int) tally {
	bases, sum := map[string]int{}, 0
	for _, x := range o.Invites {
		bases[x.Code], sum = x.Base, sum+x.Uses-x.Base
	}
	came, inGaps, before, deleted := 0, 0, 0, false
	for _, l := range g.links {
		switch {
		case l.partner != "":
			continue
		case l.remade && l.gone.IsZero():
			before += bases[l.code] - l.base
		case l.remade:
			before += len(l.came)
		}
		came, deleted = came+len(l.came), deleted || !l.gone.IsZero()
		inGaps += within(l.came, o.Gaps)
	}
	unknown := came - booked
	if unknown < 0 || booked < 0 || sum > booked || !deleted && sum != booked || unknown > inGaps+before {
		w.Errorf("guild %s, others: %d came, %d by those that stand; %d are counted; %d came within %v, %d before first sight", g.id, came, sum, booked, inGaps, o.Gaps, before)
	}
	return tally{Joins: came, Counted: booked, Unknown: unknown, Gaps: len(o.Gaps)}
}

// within counts the times that are in a gap.
func within(times []time.Time, gaps []joins.Gap) (n int) {
	for _, at := range times {
		if slices.ContainsFunc(gaps, func(x joins.Gap) bool { return !at.Before(x.From) && !at.After(x.To) }) {
			n++
		}
	}
	return n
}
