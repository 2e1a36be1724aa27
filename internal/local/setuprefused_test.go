package local_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/fakediscord"
	"github.com/entente-bot/entente/internal/settings"
)

// TestLookRefused: where even the look at what Entente may do is refused, it waits for
// somebody as everything else does, and is not tried every minute for ever.
func TestLookRefused(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.chooses(func(c *settings.Settings) { c.Contact = s.Contacts })
	s.advance(time.Minute) // else the look is not due yet
	s.Scene.Fail(fakediscord.Fault{Method: http.MethodGet, Route: "/guilds/{guild}/members/{user}", Status: 403, Code: 50013, Times: -1})
	s.allied()
	s.settle()
	s.says(s.status(), "Blocked until somebody fixes it")
	s.ClearFaults()
	s.retry()
	if !s.holder(s.Rio, s.Contacts) {
		t.Error("the contact has no role, though nothing is refused any more")
	}
	s.noneBlocked()
}
