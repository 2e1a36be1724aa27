package poll

import "math"

// How often a guild is polled, in polls a second: at least once an hour, so that
// every join is known within the hour; at most once in five seconds, since a few
// busy guilds must not eat up everything.
const (
	slowest = 1.0 / 3600
	fastest = 1.0 / 5
)

// level solves Σ clamp(level·root, slowest, fastest) = budget over all guilds, for
// √C of each and a budget in polls a second: rates are in proportion to √C, within
// the bounds, and what bounds leave over goes to the others. equal is not 0 if
// there is nothing to be solved: so often everybody is polled then. rounds is how
// often it looked at everybody.
//
//   - If the budget is not enough for the slowest, everybody gets the same share of
//     it: nobody starves.
//   - If it is enough for the fastest, everybody gets that, and no more.
func level(roots []float64, budget float64) (level, equal float64, rounds int) {
	n := float64(len(roots))
	if budget <= n*slowest {
		return 0, budget / max(n, 1), 0
	}
	if budget >= n*fastest {
		return 0, fastest, 0
	}
	most, least := 0.0, math.Inf(1)
	for _, x := range roots {
		if x > 0 {
			most, least = max(most, x), min(least, x)
		}
	}
	low, high := slowest/most, fastest/least // here all that count are slowest, there all are fastest
	if most == 0 || total(roots, high).sum <= budget {
		return high, 0, 2 // those that are worth nothing stay slowest
	}
	level = min(max(budget/(n*most), low), high)
	for rounds = 2; rounds < 100; rounds++ {
		t := total(roots, level)
		if math.Abs(t.sum-budget) <= budget*1e-9 {
			break
		}
		if t.sum < budget {
			low = level
		} else {
			high = level
		}
		// The sum is a line as long as nobody meets a bound: follow it (Newton), if
		// it does not lead beyond what is known (then halve that).
		next := (budget - t.bound) / t.free
		if !(next > low && next < high) {
			next = math.Sqrt(low * high)
		}
		level = next
	}
	return level, 0, rounds
}

// A load is what rates sum up to.
type load struct {
	sum   float64 // all
	bound float64 // those at a bound
	free  float64 // √C of all others
}

func total(roots []float64, level float64) (t load) {
	for _, x := range roots {
		if r := level * x; r <= slowest {
			t.bound += slowest
		} else if r >= fastest {
			t.bound += fastest
		} else {
			t.free += x
		}
	}
	t.sum = t.bound + level*t.free
	return t
}

// clamp returns a rate within the bounds.
func clamp(rate float64) float64 { return min(max(rate, slowest), fastest) }
