package interactions_test

import (
	"strings"
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/showcase"
	"github.com/entente-bot/entente/internal/storage"
)

// TestSeldomLookedAt: where look-ups do not reach for all partners, the status says
// since when an invite was not looked at.
func TestSeldomLookedAt(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	for days, said := range map[int]bool{1: false, 2: false, 4: true} {
		for partner, led := range map[string]time.Time{"7": time.Now(), "8": time.Now().AddDate(0, 0, -days)} {
			key := showcase.HomeKey(s.Guild, partner)
			s.update([]storage.Key{key}, func(tx *storage.Tx) error {
				tx.Set(key, showcase.Home{Mode: settings.Single, Parent: s.Showcase, Place: s.Showcase, Led: led})
				return nil
			})
		}
		if text := s.deliver(s.ada("status")).Text(); strings.Contains(text, "The invite of a partner was last looked at") != said {
			t.Errorf("unseen for %d days, the status says:\n%s", days, text)
		}
	}
}
