package poll

import (
	"encoding/json"
	"fmt"
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func noon() time.Time { return time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC) }

// TestLearning: what is expected after so many polls, an hour's joins at a time.
func TestLearning(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name     string
		every    time.Duration
		joins    []int
		low, top float64
	}{
		{"nothing known", time.Minute, nil, 1, 1},
		{"a quiet day", time.Hour, make([]int, 24), 0.01, 0.1},
		{"one a minute, for five", time.Minute, []int{1, 1, 1, 1, 1}, 7, 60},
		{"five an hour, for five hours", time.Hour, []int{5, 5, 5, 5, 5}, 4, 6},
		{"negative counts are nothing", time.Hour, []int{-5, -5}, 0.1, 0.3},
	} {
		w := New("1", noon()).Saw(noon(), map[string]int{"a": 40}) // where counting begins
		at := noon()
		for _, n := range tt.joins {
			at = at.Add(tt.every)
			w = w.Saw(at, map[string]int{"a": n})
		}
		if got := w.lambda(at); got < tt.low-1e-9 || got > tt.top+1e-9 {
			t.Errorf("%s: %.3f joins an hour, want %v to %v", tt.name, got, tt.low, tt.top)
		}
	}
}

// TestExcite: much is expected at once, and soon less if nobody comes.
func TestExcite(t *testing.T) {
	t.Parallel()
	w := New("1", noon()).Saw(noon(), nil).Saw(noon().Add(10*time.Hour), map[string]int{"a": 10})
	now := noon().Add(11 * time.Hour)
	usual := w.lambda(now)
	w = w.Excite(now)
	if got := w.lambda(now); !w.Due.Equal(now) || math.Abs(got/usual-surge) > surge/4 {
		t.Errorf("due %v, %.2f joins an hour; before %.2f", w.Due, got, usual)
	}
	for range 120 {
		now = now.Add(time.Minute)
		w = w.Saw(now, nil)
	}
	if got := w.lambda(now); got > 1.2*usual {
		t.Errorf("nobody came for two hours: %.2f joins an hour, before %.2f", got, usual)
	}
	held := w.Failed(now, time.Minute, "").Excite(now)
	if !held.Due.Equal(now.Add(time.Minute)) {
		t.Errorf("due %v, and Discord said %v", held.Due, now.Add(time.Minute))
	}
}

// TestWorth: what happened is kept, and what will do is not: a later poll learns as
// much from what was kept before.
func TestWorth(t *testing.T) {
	t.Parallel()
	before := New("1", noon()).Saw(noon(), nil).Saw(noon().Add(9*time.Hour), map[string]int{"a": 10})
	before.Due = before.Polled.Add(5 * time.Second)
	after := func(took time.Duration, joins map[string]int, turn time.Duration) Watch {
		w := before.Saw(before.Polled.Add(took), joins)
		w.Due = w.Polled.Add(turn)
		return w
	}
	at := before.Polled.Add(time.Minute)
	for name, tt := range map[string]struct {
		w    Watch
		want bool
	}{
		"nothing happened":              {after(time.Minute, nil, 5*time.Second), false},
		"for five minutes":              {after(5*time.Minute, nil, 5*time.Second), true},
		"its turn comes in two minutes": {after(time.Minute, nil, 2*time.Minute), true},
		"somebody joined":               {after(time.Minute, map[string]int{"b": 1}, 5*time.Second), true},
		"a poll failed":                 {before.Failed(at, 0, ""), true},
		"it was excited":                {before.Excite(at), true},
		"it was never polled":           {New("1", noon()), true},
	} {
		if got := tt.w.Worth(before); got != tt.want {
			t.Errorf("%s: %v", name, got)
		}
	}
	for _, joins := range []map[string]int{nil, {"a": 2}} {
		at := before.Polled.Add(5 * time.Minute)
		kept, left := after(4*time.Minute, nil, 5*time.Second).Saw(at, joins).lambda(at), before.Saw(at, joins).lambda(at)
		if math.Abs(kept/left-1) > 0.1 || joins == nil && math.Abs(kept/left-1) > 1e-9 {
			t.Errorf("%v joins: %.4f an hour are expected, and %.4f if the quiet minutes before were not kept", joins, kept, left)
		}
	}
}

// TestMix: G of shares.
func TestMix(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		joins map[string]int
		low   float64
		top   float64
	}{
		{nil, 1, 1},
		{map[string]int{"a": 1}, 0.75, 0.75},
		{map[string]int{"a": 100}, 0.01, 0.05},
		{map[string]int{"a": 50, "b": 50}, 0.5, 0.53},
	} {
		w := New("1", noon()).Saw(noon(), nil)
		before := w
		w = w.Saw(noon().Add(time.Hour), tt.joins)
		if got := w.mix(); got < tt.low-1e-3 || got > tt.top+1e-3 || before.Shares != nil {
			t.Errorf("%v: G = %.3f, want %v to %v", tt.joins, got, tt.low, tt.top)
		}
	}
	w := New("1", noon()).Saw(noon(), nil)
	for n := range 500 {
		w = w.Saw(noon().Add(time.Duration(n+1)*time.Hour), map[string]int{fmt.Sprint("invite", n%100): 3})
	}
	if b, _ := json.Marshal(w); len(w.Shares) > listed || len(b) > 1500 {
		t.Errorf("%d shares in %d bytes", len(w.Shares), len(b))
	}
}

// TestFailed: when a guild is polled again.
func TestFailed(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		failures int
		after    time.Duration
		loss     Loss
		want     time.Duration
	}{
		{1, 0, "", 15 * time.Second},
		{3, 0, "", time.Minute},
		{40, 0, "", 4 * time.Minute},
		{1, 7 * time.Second, "", 7 * time.Second},
		{1, 0, Permission, time.Hour},
		{1, 2 * time.Hour, Away, 2 * time.Hour},
	} {
		w := New("1", noon())
		for range tt.failures {
			w = w.Failed(noon(), tt.after, tt.loss)
		}
		if got := w.Due.Sub(noon()); got != tt.want || w.Lost != tt.loss || w.LostSince.IsZero() != (tt.loss == "") {
			t.Errorf("%+v: again after %v, %+v", tt, got, w)
		}
		if w = w.Saw(noon().Add(time.Minute), nil); w.Lost != "" || w.Failures != 0 || !w.LostSince.IsZero() {
			t.Errorf("answered: %+v", w)
		}
	}
}

// TestSolve: whatever guilds are worth, the budget is spent, within the bounds, on
// whom it helps most, and nobody starves.
func TestSolve(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		roots := rapid.SliceOfN(rapid.OneOf(rapid.Just(0.0), rapid.Float64Range(1e-6, 1e4)), 1, 300).Draw(r, "roots")
		budget := rapid.Float64Range(1e-3, 45).Draw(r, "budget")
		lev, equal, rounds := level(roots, budget)
		n, sum, top := float64(len(roots)), 0.0, 0.0
		rates := make([]float64, len(roots))
		for i, x := range roots {
			rates[i] = equal
			if equal == 0 {
				rates[i] = clamp(lev * x)
			}
			if sum += rates[i]; x > 0 {
				top += fastest
			} else {
				top += slowest
			}
			if rates[i] <= 0 || rates[i] > fastest || (rates[i] < slowest && budget >= n*slowest) {
				r.Fatalf("a rate of %v", rates[i])
			}
		}
		want := min(budget, max(top, budget*0))
		if equal == fastest {
			want = n * fastest
		}
		if math.Abs(sum-want) > 1e-6*want || rounds > 60 {
			r.Fatalf("rates sum up to %v, want %v, in %d rounds", sum, want, rounds)
		}
		for i := range roots {
			for j := range roots {
				if roots[i] > roots[j] && rates[i] < rates[j] {
					r.Fatalf("√C %v is polled less than %v", roots[i], roots[j])
				}
			}
		}
	})
}
