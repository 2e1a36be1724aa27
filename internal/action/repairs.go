package action

import (
	"slices"
	"time"
)

// RepairsADay is how often in a day we make something anew that is taken away each time.
const RepairsADay = 3

// Repairs are when something of ours was found gone, in the day before the last time:
// oldest first.
type Repairs []time.Time

// Add returns r after something was found gone once more.
func (r Repairs) Add(now time.Time) Repairs {
	recent := slices.DeleteFunc(slices.Clone(r), func(at time.Time) bool { return now.Sub(at) >= 24*time.Hour })
	return append(recent, now)
}

// Wait returns how long it is not to be made anew, 0 if it may be now. What came before
// people wanted it tried again does not count.
func (r Repairs) Wait(wanted, now time.Time) time.Duration {
	counted := slices.DeleteFunc(slices.Clone(r), func(at time.Time) bool { return now.Sub(at) >= 24*time.Hour || at.Before(wanted) })
	if len(counted) <= RepairsADay {
		return 0
	}
	return counted[len(counted)-RepairsADay-1].Add(24 * time.Hour).Sub(now)
}
