package poll

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"
)

// TestOrder: earliest due first; who was popped has no turn until pushed.
func TestOrder(t *testing.T) {
	t.Parallel()
	var list []Watch
	for i, s := range []int{30, 10, 20, 10} {
		list = append(list, New(fmt.Sprint(i), noon().Add(time.Duration(s)*time.Second)))
	}
	p := NewPlan(list, 1)
	for _, want := range []string{"1", "3", "2", "0"} {
		if got := p.Pop(); got.Guild != want {
			t.Errorf("popped %s, want %s", got.Guild, want)
		}
	}
	if _, ok := p.Peek(); ok {
		t.Error("somebody waits")
	}
	if w := p.Push(list[0].Failed(noon(), time.Minute, "")); !w.Due.Equal(noon().Add(time.Minute)) {
		t.Errorf("pushed back to %v", w.Due)
	}
	if w := p.Push(list[1].Saw(noon(), nil)); !w.Due.Equal(noon().Add(5 * time.Second)) {
		t.Errorf("four guilds, one poll a second: due %v", w.Due)
	}
	if w, _ := p.Peek(); w.Guild != "1" {
		t.Errorf("%s is first", w.Guild)
	}
}

// town returns so many guilds that have been polled for some time.
func town(n int) (list []Watch) {
	rng := rand.New(rand.NewPCG(1, 1))
	for i := range n {
		w := New(fmt.Sprint(900000000000000000+i), noon()).Saw(noon(), nil)
		for k := range 5 {
			w = w.Saw(noon().Add(time.Duration(k+1)*time.Hour), map[string]int{"a": rng.IntN(5), "b": rng.IntN(3), "c": rng.IntN(2)})
		}
		w.Due = noon().Add(5*time.Hour + time.Duration(rng.IntN(600))*time.Second)
		list = append(list, w)
	}
	return list
}

// minute plays what a poller does in a minute: 20 polls a second.
func minute(list []Watch) *Plan {
	p := NewPlan(list, 20)
	for k := range 1200 {
		w := p.Pop()
		p.Push(w.Saw(noon().Add(5*time.Hour+time.Duration(k)*50*time.Millisecond), map[string]int{"a": k % 7 / 6}))
	}
	return p
}

// TestCost: a minute of 10,000 guilds is some looks at each, and some allocations.
func TestCost(t *testing.T) {
	list := town(10_000)
	if rounds := minute(list).rounds; rounds > 100 {
		t.Errorf("everybody was looked at %d times", rounds)
	}
	if n := testing.AllocsPerRun(1, func() { minute(list) }); n > 20_000 {
		t.Errorf("%.0f allocations", n)
	}
}

// BenchmarkMinute is a minute's planning of 10,000 guilds, with reading their
// records: 100 ms is the bar.
func BenchmarkMinute(b *testing.B) {
	list := town(10_000)
	records := make([][]byte, len(list))
	for i, w := range list {
		records[i], _ = json.Marshal(w)
	}
	b.ReportMetric(float64(len(records[0])), "bytes/record")
	b.Run("plan", func(b *testing.B) {
		for b.Loop() {
			minute(list)
		}
	})
	b.Run("read and plan", func(b *testing.B) {
		for b.Loop() {
			for i := range records {
				var w Watch
				if err := json.Unmarshal(records[i], &w); err != nil {
					b.Fatal(err)
				}
				list[i] = w
			}
			minute(list)
		}
	})
}
