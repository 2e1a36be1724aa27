package joins

import (
	"slices"
	"time"
)

// A Gap is a time in which an invite may have brought joins that nobody can count.
// All of them happened in it.
type Gap struct {
	From time.Time `json:"from"`
	To   time.Time `json:"to"`
	Why  Why       `json:"why"`
}

// A Why is what a gap comes from.
type Why string

// The causes of gaps.
const (
	Deleted   Why = "deleted"   // the invite was deleted by hand
	Away      Why = "away"      // the bot was out of the guild
	Untracked Why = "untracked" // joins were not tracked
	Ended     Why = "ended"     // between the last count and the deletion of the invite
)

// MaxGaps is how many gaps are kept of one account. Of more, the two that are the
// least apart become one with what is between them: what is recorded always
// covers what is not known.
const MaxGaps = 10

// widen returns gaps, which are in order, with one more after them. One that is
// empty adds nothing.
func widen(gaps []Gap, g Gap) []Gap {
	if !g.To.After(g.From) {
		return gaps
	}
	gaps = append(slices.Clone(gaps), g)
	slices.SortStableFunc(gaps, func(a, b Gap) int { return a.From.Compare(b.From) })
	for i := len(gaps) - 1; i > 0; i-- {
		if a, b := gaps[i-1], gaps[i]; a.Why == b.Why && !b.From.After(a.To) {
			gaps = join(gaps, i)
		}
	}
	for len(gaps) > MaxGaps {
		gaps = join(gaps, closest(gaps))
	}
	return gaps
}

// join makes the gaps i-1 and i one.
func join(gaps []Gap, i int) []Gap {
	a, b := gaps[i-1], gaps[i]
	if b.To.Sub(b.From) > a.To.Sub(a.From) {
		a.Why = b.Why
	}
	if b.To.After(a.To) {
		a.To = b.To
	}
	gaps[i-1] = a
	return slices.Delete(gaps, i, i+1)
}

// closest returns the i for which the gaps i-1 and i are the least apart.
func closest(gaps []Gap) (best int) {
	best = 1
	for i := 2; i < len(gaps); i++ {
		if gaps[i].From.Sub(gaps[i-1].To) < gaps[best].From.Sub(gaps[best-1].To) {
			best = i
		}
	}
	return best
}
