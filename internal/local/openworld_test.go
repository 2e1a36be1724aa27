package local_test

import (
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/fakediscord"
)

// TestNoRefusalEndsADailyLook: whatever Discord answers, known or not, once or for
// days, the ad is looked after again when it is over.
func TestNoRefusalEndsADailyLook(t *testing.T) {
	t.Parallel()
	for name, refusal := range map[string]fakediscord.Fault{
		"off for now":        {Status: 403, Code: 40004, Times: 1},
		"a code of tomorrow": {Status: 403, Code: 98765, Times: 1},
		"no code":            {Status: 405, Times: 1},
		"a malformed body":   {Status: 400, Code: 50035, Times: 1},
		"for ever":           {Status: 403, Code: 98765, Times: -1},
		"malformed for ever": {Status: 400, Code: 50035, Times: -1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := listed(t)
			s.DeleteMessage(s.only(s.Showcase).Ref)
			refusal.Method, refusal.Route = "POST", "/channels/"+s.Showcase+"/messages"
			s.Scene.Fail(refusal)
			for range 3 {
				s.advance(25 * time.Hour)
			}
			if refusal.Times < 0 {
				if refusal.Code == 98765 {
					s.says(s.command(s.Ada, "partnerships status").Text(), "Discord refused this with code 98765")
				}
				s.ClearFaults()
				s.advance(24 * time.Hour)
			}
			s.only(s.Showcase)
		})
	}
}
