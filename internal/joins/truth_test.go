package joins_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/entente-bot/entente/internal/joins"
)

// A truth is what Discord knows, and the ledger does not.
type truth struct {
	live map[string]*joins.Invite // by code
	came map[string][]time.Time   // joins by the invites of a partner
	gone map[string]int           // uses of the deleted ones, by code
	made int

	cut bool // one answer was empty that should not have been
}

// TestBooksCoverTheTruth plays with invites at random (joins, deletions, codes
// taken again, answers cut short, without uses, late or lost) and checks that every
// join by a tracked invite is either counted once or lies in a gap.
func TestBooksCoverTheTruth(t *testing.T) {
	t.Parallel()
	partners := []string{"7", "8", "9"}
	rapid.Check(t, func(r *rapid.T) {
		d := open(t)
		w := truth{live: map[string]*joins.Invite{}, came: map[string][]time.Time{}, gone: map[string]int{}}
		codes := map[string]string{} // of partners
		now := noon()
		mint := func(partner string) {
			w.made++
			v := joins.Invite{Code: fmt.Sprint(partner, "-", w.made), Created: now, Uses: new(int)}
			w.live[v.Code], codes[partner] = &v, v.Code
			tx := d.tx(joins.Keys("1", now))
			l := joins.LedgerOf(tx, "1")
			a, _ := l.Account(partner)
			a.Partner, a.Code, a.Created, a.Seen = partner, v.Code, v.Created, now
			tx.Set(joins.LedgerKey("1"), l.With(a))
			d.keep(tx)
		}
		for _, p := range partners {
			mint(p)
		}
		var late []joins.Poll // answered, not booked yet
		for range rapid.IntRange(1, 60).Draw(r, "steps") {
			now = now.Add(time.Duration(rapid.SampledFrom([]int{1, 5, 60, 700}).Draw(r, "s")) * time.Second)
			partner := rapid.SampledFrom(partners).Draw(r, "partner")
			switch rapid.IntRange(0, 9).Draw(r, "what") {
			case 0, 1, 2, 3:
				if v := w.live[codes[partner]]; v != nil {
					n := rapid.SampledFrom([]int{1, 1, 2, 500}).Draw(r, "joins")
					*v.Uses += n
					w.came[partner] = append(w.came[partner], slices.Repeat([]time.Time{now}, n)...)
				}
			case 4:
				if v := w.live[codes[partner]]; v != nil {
					w.gone[v.Code] = *v.Uses
					delete(w.live, v.Code)
				}
			default:
				late = append(late, w.look(now, rapid.IntRange(0, 9).Draw(r, "fault")))
			}
			if len(late) > 0 && rapid.Bool().Draw(r, "book") {
				i := rapid.IntRange(0, len(late)-1).Draw(r, "which")
				p := late[i]
				late = slices.Delete(late, i, i+1)
				l, o, _ := d.state()
				if joins.Idle(l, o, p) {
					continue
				}
				if joins.Closing(l, p) && rapid.Bool().Draw(r, "audit log") {
					p.Last = w.gone
				}
				for _, gone := range d.book(p).Closed {
					mint(gone)
				}
			}
		}
		d.balance(r, w)
	})
}

// look is a poll, with a fault: cut short, without uses, or none.
func (w *truth) look(now time.Time, fault int) joins.Poll {
	cut := fault == 0 && !w.cut
	w.cut = w.cut || cut
	p := joins.Poll{Start: now, End: now.Add(time.Millisecond)}
	for _, v := range w.live {
		uses := *v.Uses
		copied := *v
		if copied.Uses = &uses; fault == 1 {
			copied.Uses = nil
		}
		if !cut {
			p.Invites = append(p.Invites, copied)
		}
	}
	return p
}

// book books p as it stands.
func (d *desk) book(p joins.Poll) joins.Outcome {
	d.Helper()
	tx := d.tx(joins.Keys("1", p.Start))
	out := joins.Book(tx, "1", p, p.End)
	d.keep(tx)
	return out
}

// balance compares the books with the truth.
func (d *desk) balance(r *rapid.T, w truth) {
	l, _, books := d.state()
	for _, a := range l.Accounts {
		all := w.came[a.Partner]
		outside := 0 // joins that must be counted: they are in no gap, and were before the latest look
		for _, at := range all {
			in := slices.ContainsFunc(a.Gaps, func(g joins.Gap) bool { return !at.Before(g.From) && !at.After(g.To) })
			if !in && !at.After(a.Seen) && at.Before(l.Polled) && a.Missing.IsZero() && a.Code != "" {
				outside++
			}
		}
		if a.Counted > len(all) || a.Counted < 0 {
			r.Fatalf("%s: counted %d of %d", a.Partner, a.Counted, len(all))
		}
		if a.Counted < outside {
			r.Fatalf("%s: counted %d; %d joins are in no gap of %v", a.Partner, a.Counted, outside, a.Gaps)
		}
		if books[a.Partner].Counted != a.Counted {
			r.Fatalf("%s: the account has %d, the day %d", a.Partner, a.Counted, books[a.Partner].Counted)
		}
		if v := w.live[a.Code]; v != nil && a.Uses > *v.Uses {
			r.Fatalf("%s: %d uses seen of %d", a.Partner, a.Uses, *v.Uses)
		}
	}
}
