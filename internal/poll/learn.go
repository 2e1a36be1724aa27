package poll

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"time"
)

// An Average counts joins and the time in which they came, both fading away with
// age. With a Gamma distribution as what is thought of the rate before, of shape a
// and rate b (as if a joins had been seen in b hours), and joins that come as a
// Poisson process, what is thought after is again a Gamma distribution, of mean
//
//	(a + Joins) / (b + Hours)
//
// joins an hour: the conjugate prior of the Poisson distribution.
type Average struct {
	Joins float64 `json:"joins,omitempty"`
	Hours float64 `json:"hours,omitempty"`
}

// How fast an Average forgets: after so many hours, a join counts for 1/e.
const (
	slowMemory = 7 * 24.0 // all hours of the day and all days of the week
	fastMemory = 0.25
)

// What is thought of a guild of which nothing is known: half a join in half an
// hour. That is a guess at what is usual, 1 join an hour, which a few hours of
// polls outweigh.
const (
	priorJoins = 0.5
	priorHours = 0.5
)

// What is thought of the next minutes before the latest are looked at: as the slow
// average says, with the weight of firmness joins; after Excite, up to surge times
// as many, with the weight of hope joins, which fades to 1/e in subsides hours.
const (
	firmness = 0.5
	surge    = 20.0
	hope     = 2.0
	subsides = 0.5
)

// add returns a after a window of so many hours in which n joins came, evenly.
func (a Average) add(n, hours, memory float64) Average {
	fades := math.Exp(-hours / memory)
	seen := memory * (1 - fades) // the hours of the window, faded
	return Average{faint(a.Joins*fades + n*seen/hours), faint(a.Hours*fades + seen)}
}

// faint returns x, or 0 if it is next to nothing: no store keeps numbers of any
// smallness.
func faint(x float64) float64 {
	if x < 1e-6 {
		return 0
	}
	return x
}

// mean is how many joins an hour are expected after a, if of what was thought
// before the mean is prior, and weighs as much as so many joins.
func (a Average) mean(prior, weight float64) float64 {
	return (weight + a.Joins) / (weight/prior + a.Hours)
}

// Saw returns w after an answered poll that began at start, and found so many joins
// by each invite since the answered poll before. The first one, and the first after
// the bot was away, are where counting begins: nothing is learned from them. When
// the next one comes, a [Plan] says.
func (w Watch) Saw(start time.Time, joins map[string]int) Watch {
	hours := start.Sub(w.Polled).Hours()
	begins := w.Polled.IsZero() || w.Lost == Away
	w.Polled, w.Due, w.Held = later(start, w.Polled), time.Time{}, time.Time{}
	w.Failures, w.Lost, w.LostSince = 0, "", time.Time{}
	if begins || hours <= 0 { // what a later poll saw is known already
		return w
	}
	n := 0.0
	for _, k := range joins {
		n += float64(max(k, 0))
	}
	w.Slow = w.Slow.add(n, hours, slowMemory)
	if since := min(hours, start.Sub(w.Excited).Hours()); since > 0 { // what was before says nothing
		w.Fast = w.Fast.add(n*since/hours, since, fastMemory)
	}
	if n > 0 {
		w.Shares, w.Rest = shares(w.Shares, w.Rest, joins, n)
	}
	return w
}

// lambda is how many joins an hour are expected at a time: by what reacts at once,
// or by what does not forget, whichever expects more.
func (w Watch) lambda(at time.Time) float64 {
	slow := w.Slow.mean(priorJoins/priorHours, priorJoins)
	excited := w.excitement(at)
	fast := w.Fast.mean(slow*(1+(surge-1)*excited), firmness+(hope-firmness)*excited)
	return max(slow, fast)
}

// excitement is 1 when w was excited just now, and 0 long after.
func (w Watch) excitement(at time.Time) float64 {
	if w.Excited.IsZero() {
		return 0
	}
	return math.Exp(-max(at.Sub(w.Excited).Hours(), 0) / subsides)
}

// Of the joins by one guild's invites, about the latest recent ones are
// remembered, and the invites that brought most of them, listed at most.
const (
	recent = 200.0
	listed = 24
)

// shares adds n joins to those remembered, of which each one makes those before it
// fade by one in recent.
func shares(known map[string]float64, rest float64, joins map[string]int, n float64) (map[string]float64, float64) {
	fades := math.Pow(1-1/recent, n)
	now := make(map[string]float64, len(known)+len(joins))
	for invite, x := range known {
		now[invite] = x * fades
	}
	rest *= fades
	for invite, k := range joins {
		if k > 0 {
			now[invite] += float64(k) / n * (1 - fades) * recent
		}
	}
	order := slices.SortedFunc(maps.Keys(now), func(a, b string) int {
		return cmp.Or(cmp.Compare(now[b], now[a]), cmp.Compare(a, b))
	})
	for i, invite := range order {
		if i >= listed || now[invite] < 0.01 {
			rest += now[invite]
			delete(now, invite)
		} else {
			now[invite] = short(now[invite])
		}
	}
	return now, short(rest)
}

// short rounds x to what is worth keeping.
func short(x float64) float64 { return math.Round(x*1000) / 1000 }

// mix is G = 1 − Σp²: how likely two joins came by two invites, if a share p of
// them comes by each. It is told from the joins remembered and one more, by an
// invite never seen: so it is 1 if nothing is known, and never quite 0.
func (w Watch) mix() float64 {
	all := 1 + w.Rest
	for _, x := range w.Shares {
		all += x
	}
	g := 1.0
	for _, x := range w.Shares {
		g -= x / all * x / all
	}
	return g
}

// What two joins that are mixed up weigh (α), and a join that is known late (β, as
// many joins an hour as make both weigh the same in a guild where all is mixed).
const (
	confusion = 1.0
	delay     = 0.25
)

// worth is C = α·λ²·G + β·λ at a time: what an hour between two polls costs, in
// joins that cannot be told apart and in joins that are known late. (Of λ joins an
// hour, λ²·G are, within an hour, after another that came by another invite.) A
// guild that cannot be read is worth nothing.
//
// If a guild is polled r times an hour, C/r is lost each hour. The sum of that over
// all guilds is least, the sum of r being given, if r is proportional to √C: then
// C/r², what more polls would save, is the same for all.
func (w Watch) worth(at time.Time) float64 {
	if w.Lost != "" {
		return 0
	}
	rate := w.lambda(at)
	return confusion*rate*rate*w.mix() + delay*rate
}
