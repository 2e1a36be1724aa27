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

// TestThreeDaysWithoutDiscord: what was sent while Discord was down stands within ten
// minutes of its end, unasked, and nothing was given up.
func TestThreeDaysWithoutDiscord(t *testing.T) {
	t.Parallel()
	for name, outage := range map[string]fakediscord.Fault{
		"out of order":    {Status: 503},
		"a refused token": {Status: 401},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t)
			outage.Method, outage.Route, outage.Times = "POST", "/channels/{channel}/messages", -1
			s.Scene.Fail(outage)
			s.apply(s.Rio, s.Form())
			for range 24 {
				s.advance(3 * time.Hour)
			}
			if n, dead := len(s.Messages(s.Review)), s.dead(); n > 0 || len(dead) > 0 {
				t.Fatalf("%d cards stand, given up: %v", n, dead)
			}
			s.ClearFaults()
			for range 10 {
				s.advance(time.Minute)
			}
			if n := len(s.Messages(s.Review)); n != 2 {
				t.Errorf("%d messages stand, want the card, and the reminder that it waits for three days", n)
			}
		})
	}
}
