package scheduler_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/action"
)

// The work that is due in every guild size: some pages of some shards.
const dueNow = 500

// guilds fills the store: so many guilds, each with a check that comes later, and
// the work that is due now. What is due is the same however many guilds there are.
func (b *bench) guilds(n int) {
	b.Helper()
	b.cause(0, n, b.now.Add(time.Hour))
	const others = 1_000_000
	b.cause(others, others+dueNow, b.now)
}

// TestCostDoesNotGrow: a run with the same due work takes exactly as many
// requests in a hundred times as many guilds.
func TestCostDoesNotGrow(t *testing.T) {
	t.Parallel()
	asked := map[int]int64{}
	for _, n := range []int{10, 1_000} {
		b := newBench(t)
		b.guilds(n)
		asked[n] = b.run()
		if len(b.sent) != dueNow {
			t.Errorf("%d guilds: %d were sent, want %d", n, len(b.sent), dueNow)
		}
	}
	if asked[10] != asked[1_000] || asked[10] > 3*action.Shards {
		t.Errorf("requests: %v", asked)
	}
}

// BenchmarkRun reports what a run costs in 10, 1,000 and 100,000 guilds with the
// same due work: requests/op must not grow.
func BenchmarkRun(b *testing.B) {
	for _, n := range []int{10, 1_000, 100_000} {
		b.Run(fmt.Sprintf("guilds=%d", n), func(b *testing.B) {
			s := newBench(b)
			s.guilds(n)
			asked := int64(0)
			for b.Loop() {
				asked = s.run()
			}
			b.ReportMetric(float64(asked), "requests/op")
		})
	}
}
