package interactions

import (
	"errors"
	"testing"
	"time"

	"github.com/disgoorg/disgo/discord"

	"github.com/entente-bot/entente/internal/access"
	"github.com/entente-bot/entente/internal/refuse"
	"github.com/entente-bot/entente/internal/removal"
	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/storage"
)

// TestRefusalDiscards checks that a handler that changed something before it
// refused, or failed, has changed nothing.
func TestRefusalDiscards(t *testing.T) {
	t.Parallel()
	for name, err := range map[string]error{"refused": refuse.Because("apply.closed"), "failed": errors.New("broken")} {
		key := settings.Key("2")
		c := &call{guild: "2", caller: access.Caller{User: "4"}, now: time.Unix(0, 0), tx: storage.Of(storage.Item{Key: key}, storage.Item{Key: removal.Key("2")})}
		r := route{right: access.Everyone, handle: func(c *call) (discord.InteractionResponse, error) {
			c.tx.Set(key, settings.Default())
			return discord.InteractionResponse{}, err
		}}
		if _, got := new(Server).decide("test", r, c); !errors.Is(got, err) {
			t.Errorf("%s: %v, want %v", name, got, err)
		}
		if items, err := c.tx.Changes(); err != nil || len(items) > 0 {
			t.Errorf("%s: it would write %v, %v", name, items, err)
		}
	}
}
