package poll_test

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/poll"
)

// A world is many guilds in which people join by tracked invites.
type world struct {
	guilds []realm
	start  time.Time
	past   time.Duration // in which every guild was read once an hour
	warm   time.Duration // up to then is only learned
	length time.Duration // all together
}

// A realm is what goes on in one guild, in the order of time.
type realm struct {
	joins []join
	bumps []time.Duration
}

// A join is when, since the start, and by which invite.
type join struct {
	at     time.Duration
	invite int
}

const (
	many   = 1800
	budget = 30.0 // requests a second
	sigma  = 1.5  // of the logarithm of guilds' rates

	// mean is how many joins an hour a guild has by its partners on average, without
	// bursts: twelve a day. By that the median is mean·exp(−σ²/2): four a day.
	mean = 0.5

	// A guild is bumped once a day on average. Then it has up to 20 to 50 times as
	// many joins, which falls to 1/e of that in half an hour.
	bumps = 1.0 / 24
	fall  = 0.5
)

// imagine draws a world.
func imagine(seed uint64, bursts bool, past, warm, length time.Duration) world {
	rng := rand.New(rand.NewPCG(seed, 0))
	w := world{start: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), past: past, warm: past + warm, length: past + length}
	length = w.length
	for range many {
		var g realm
		rate := mean * math.Exp(-sigma*sigma/2+sigma*rng.NormFloat64())
		shares := zipf(2 + rng.IntN(19))
		g.come(rng, shares, 0, length.Hours(), func(float64) float64 { return rate }, rate)
		for at := rng.ExpFloat64() / bumps; bursts && at < length.Hours(); at += rng.ExpFloat64() / bumps {
			g.bumps = append(g.bumps, hours(at))
			peak := rate * (20 + 30*rng.Float64())
			g.come(rng, shares, at, min(at+10*fall, length.Hours()), func(t float64) float64 { return peak * math.Exp((at-t)/fall) }, peak)
		}
		slices.SortFunc(g.joins, func(a, b join) int { return cmp.Compare(a.at, b.at) })
		w.guilds = append(w.guilds, g)
	}
	return w
}

func hours(h float64) time.Duration { return time.Duration(h * float64(time.Hour)) }

// come adds joins at a rate that is never more than most, by thinning.
func (g *realm) come(rng *rand.Rand, shares []float64, from, to float64, rate func(float64) float64, most float64) {
	for t := from + rng.ExpFloat64()/most; t < to; t += rng.ExpFloat64() / most {
		if rng.Float64() < rate(t)/most {
			invite, _ := slices.BinarySearch(shares, rng.Float64())
			g.joins = append(g.joins, join{hours(t), invite})
		}
	}
}

// zipf returns the sums of the shares of n invites, of which the kth has 1/k of the
// first one's.
func zipf(n int) (sums []float64) {
	all := 0.0
	for k := range n {
		all += 1 / float64(k+1)
		sums = append(sums, all)
	}
	for k := range sums {
		sums[k] /= all
	}
	return sums
}

// A score is how many joins lay in windows in which two invites moved.
type score struct{ Joins, Ambiguous, Polls int }

func (s score) share() float64 { return float64(s.Ambiguous) / float64(s.Joins) }

func (s score) String() string {
	return fmt.Sprintf("%d of %d joins ambiguous, %.2f %%, %d polls", s.Ambiguous, s.Joins, 100*s.share(), s.Polls)
}

// poll returns what a poll shows of a guild that was read up to the given join.
func (w world) poll(g realm, read int, now time.Duration, s *score) (end int, found map[string]int) {
	for end = read; end < len(g.joins) && g.joins[end].at <= now; end++ {
		if found == nil {
			found = map[string]int{}
		}
		found[fmt.Sprint("9000000000000000", 10+g.joins[end].invite)]++
	}
	if now > w.warm {
		s.Polls++
		s.Joins += end - read
		if len(found) > 1 {
			s.Ambiguous += end - read
		}
	}
	return end, found
}

// uniform polls one guild after the other.
func (w world) uniform() (s score) {
	read := make([]int, len(w.guilds))
	for i, g := range w.guilds {
		read[i], _ = w.poll(g, 0, w.past, &s)
	}
	for slot := 0; ; slot++ {
		now := w.past + hours(float64(slot)/budget/3600)
		if now >= w.length {
			return s
		}
		i := slot % len(w.guilds)
		read[i], _ = w.poll(w.guilds[i], read[i], now, &s)
	}
}

// adaptive polls whose turn a plan says it is. As in the poller, a new plan is made
// each minute, and only then it is known who was bumped.
func (w world) adaptive() (s score) {
	read, bumped := make([]int, len(w.guilds)), make([]int, len(w.guilds))
	watches, index := make([]poll.Watch, len(w.guilds)), map[string]int{}
	for i := range w.guilds {
		watches[i] = poll.New(fmt.Sprint(i), w.start)
		index[watches[i].Guild] = i
		for past := time.Hour; past <= w.past; past += time.Hour {
			end, found := w.poll(w.guilds[i], read[i], past, &s)
			read[i], watches[i] = end, watches[i].Saw(w.start.Add(past), found)
		}
	}
	for minute := w.past; minute < w.length; minute += time.Minute {
		for i, g := range w.guilds {
			for ; bumped[i] < len(g.bumps) && g.bumps[bumped[i]] <= minute; bumped[i]++ {
				watches[i] = watches[i].Excite(w.start.Add(minute))
			}
		}
		plan := poll.NewPlan(watches, budget)
		for slot := range int(budget * 60) {
			now := minute + hours(float64(slot)/budget/3600)
			if next, _ := plan.Peek(); next.Due.After(w.start.Add(now)) {
				continue
			}
			next := plan.Pop()
			i := index[next.Guild]
			end, found := w.poll(w.guilds[i], read[i], now, &s)
			read[i], watches[i] = end, plan.Push(next.Saw(w.start.Add(now), found))
		}
	}
	return s
}

// TestAmbiguous compares the share of joins that cannot be told apart with that of
// polling all guilds alike: the bar is a fifth, without bursts and with them. Every
// guild was read once an hour for two days before; an hour goes by with the plan
// before anything is counted.
//
// Over the seeds 1 to 8 it is 0.193 without bursts and 0.164 with them (two hours
// counted). Where guilds have three times as many joins the bar is missed, 0.22 and
// 0.32 (seeds 1 and 2): the busiest have several joins in five seconds, and nobody is
// polled more often. There, polling every guild once in five seconds, with twelve
// times the budget, comes to 0.26 with bursts itself.
func TestAmbiguous(t *testing.T) {
	t.Parallel()
	for _, bursts := range []bool{false, true} {
		t.Run(fmt.Sprint("bursts=", bursts), func(t *testing.T) {
			t.Parallel()
			var alike, adapted score
			for seed := uint64(1); seed <= 2; seed++ {
				w := imagine(seed, bursts, 48*time.Hour, time.Hour, 3*time.Hour)
				u, a := w.uniform(), w.adaptive()
				t.Logf("seed %d: uniform %v; adaptive %v; ratio %.3f", seed, u, a, a.share()/u.share())
				alike, adapted = alike.plus(u), adapted.plus(a)
			}
			ratio := adapted.share() / alike.share()
			t.Logf("all seeds: uniform %v; adaptive %v; ratio %.3f, and the bar is 0.2", alike, adapted, ratio)
			if ratio > 0.2 {
				t.Errorf("ratio %.3f, want at most 0.2", ratio)
			}
			if adapted.Polls > alike.Polls+2*int(budget*60) {
				t.Errorf("%d polls, and %d with the same budget for all alike", adapted.Polls, alike.Polls)
			}
		})
	}
}

func (s score) plus(o score) score {
	return score{s.Joins + o.Joins, s.Ambiguous + o.Ambiguous, s.Polls + o.Polls}
}

// BenchmarkAmbiguous reports the same over a longer time and more seeds.
func BenchmarkAmbiguous(b *testing.B) {
	for _, bursts := range []bool{false, true} {
		for seed := uint64(1); seed <= 8; seed++ {
			b.Run(fmt.Sprintf("bursts=%v/seed=%d", bursts, seed), func(b *testing.B) {
				var alike, adapted score
				for b.Loop() {
					w := imagine(seed, bursts, 48*time.Hour, time.Hour, 3*time.Hour)
					alike, adapted = w.uniform(), w.adaptive()
				}
				b.ReportMetric(100*alike.share(), "%uniform")
				b.ReportMetric(100*adapted.share(), "%adaptive")
				b.ReportMetric(adapted.share()/alike.share(), "ratio")
				b.ReportMetric(float64(adapted.Polls)/float64(alike.Polls), "polls/uniform")
			})
		}
	}
}
