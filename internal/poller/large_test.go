package poller_test

import (
	"context"
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/joins"
	"github.com/entente-bot/entente/internal/poller"
	"github.com/entente-bot/entente/internal/storage"
)

// TestLargeGuilds: more guilds than are polled abreast have more members than can be
// listed in a run. Nobody else waits for them.
func TestLargeGuilds(t *testing.T) {
	t.Parallel()
	onBench(t, 45, func(b *bench, guilds []string) {
		b.Discord = crowded{b.Discord}
		small := guilds[40:]
		for _, g := range guilds[:40] {
			b.update([]storage.Key{joins.LedgerKey(g)}, func(tx *storage.Tx) {
				l := joins.LedgerOf(tx, g)
				a, _ := l.Account("7")
				a.Role = "1"
				tx.Set(joins.LedgerKey(g), l.With(a))
			})
		}
		b.run(b.Poller)
		for _, g := range small {
			if n := len(b.asked(g)); n < 4 {
				t.Errorf("a small guild was polled %d times", n)
			}
		}
	})
}

// A crowded Discord has guilds with members without end.
type crowded struct{ poller.Discord }

func (crowded) VanityUses(context.Context, string) (string, int, error) { return "", 0, nil }

func (crowded) RoleCounts(context.Context, string) (map[string]int, error) {
	return map[string]int{"1": 1}, nil
}

func (crowded) MembersPage(ctx context.Context, _, _ string) ([]joins.Person, string, error) {
	return nil, "1", pause(ctx, 300*time.Millisecond)
}
