package local_test

import (
	"strings"
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/fakediscord"
	"github.com/entente-bot/entente/internal/partnership"
)

// endCalls are the calls of both stories of an end.
var endCalls = []struct{ method, route string }{
	{"DELETE", "/channels/{channel}/messages/{message}"}, // the listing
	{"POST", "/channels/{channel}/messages"},             // the word to the other side
	{"POST", "/users/@me/channels"},
	{"GET", "/guilds/{guild}"},
}

// TestEndFaults has each fault strike every call of an end by the contact, and by
// a manager. When they are over the listing is gone, and the other side was told,
// once.
func TestEndFaults(t *testing.T) {
	t.Parallel()
	for _, f := range passing {
		for _, why := range []string{partnership.WhyContact, partnership.WhyManager} {
			t.Run(f.name+"/"+why, func(t *testing.T) {
				t.Parallel()
				s := newStage(t)
				sent := s.apply(s.Rio, s.Form())
				s.on(s.Rio, sent.Message, "Send me a DM")
				s.approveLast()
				for _, c := range endCalls {
					strike := f.fault
					strike.Method, strike.Route = c.method, c.route
					s.Scene.Fail(strike)
				}
				s.ended(map[string]string{partnership.WhyContact: s.Rio, partnership.WhyManager: s.Max}[why])
				s.settle()
				s.parted(why)
				s.toldOnce(why)
				if s.struck() < 2 {
					t.Errorf("%d faults struck", s.struck())
				}
			})
		}
	}
}

// toldOnce fails the test unless the other side was told of the end, once.
func (s *stage) toldOnce(why string) {
	s.Helper()
	rio := 0
	for _, dm := range s.DMs(s.Rio) {
		if strings.Contains(dm.Text(), "So long.") {
			rio++
		}
	}
	if n := s.words(s.Review, "So long."); n+rio != 1 || (n == 1) != (why == partnership.WhyContact) {
		s.Errorf("the managers were told %d times, Rio %d times", n, rio)
	}
}

// TestRemovalIsNoFault: that Discord is out of order, limits us or refuses the
// token does not mean that the bot is out of the guild.
func TestRemovalIsNoFault(t *testing.T) {
	t.Parallel()
	for _, f := range passing {
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t)
			s.befriended()
			strike := f.fault
			strike.Method, strike.Route = "GET", "/guilds/{guild}"
			s.Scene.Fail(strike)
			s.Scene.Fail(fakediscord.Fault{Method: "GET", Route: "/guilds/{guild}", Status: 403, Code: 50013})
			s.advance(49 * time.Hour)
			s.settle()
			if r, out := s.out(); out || !r.Since.IsZero() {
				t.Errorf("out = %v, %+v", out, r)
			}
		})
	}
}
