package interactions_test

import (
	"context"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/entente-bot/entente/internal/storage"
)

// TestOthersWereFaster lets somebody else be faster until the time is up, wherever
// that is noticed: it is no fault of ours, and the member is told to try again.
func TestOthersWereFaster(t *testing.T) {
	t.Parallel()
	for _, at := range []string{"Get", "Put"} {
		t.Run("up in "+at, func(t *testing.T) {
			t.Parallel()
			e := newEndpoint(t)
			ctx, up := context.WithCancel(t.Context())
			var tries atomic.Int64
			e.store.breaks = func(call string) error {
				if call == "Get" {
					tries.Add(1)
				}
				if tries.Load() > 1 && call == at {
					up()
				}
				if call == "Put" {
					return storage.ErrConflict
				}
				return ctx.Err()
			}
			out := e.Serve(ctx, e.signed(command, e.now))
			logged := e.logs.take()
			if !strings.Contains(string(out.Body), "try again in a few seconds") || len(logged) != 1 || !strings.Contains(logged[0], `"level":"WARN"`) || !strings.Contains(logged[0], `"outcome":"busy"`) {
				t.Errorf("the member reads %s, and the log says %q", out.Body, logged)
			}
		})
	}
}
