package local_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/fakediscord"
)

// The calls that a story makes to Discord.
var calls = []struct {
	name   string
	method string
	route  string // {review} and {showcase} stand for the channels
	skip   int    // more requests to the route that succeed before it
	token  bool   // it bears an interaction's token, which ends after 15 minutes
}{
	{"look the invite up", "GET", "/invites/{code}", 0, false},
	{"post the card", "POST", "/channels/{review}/messages", 0, false},
	{"answer", "PATCH", "/webhooks/{application}/{token}/messages/{message}", 0, true},
	{"edit the card", "PATCH", "/channels/{channel}/messages/{message}", 0, false},
	{"answer again", "PATCH", "/webhooks/{application}/{token}/messages/{message}", 1, true},
	{"post the listing", "POST", "/channels/{showcase}/messages", 0, false},
}

// The faults that are Discord's, or the network's: they pass.
var passing = []struct {
	name  string
	fault fakediscord.Fault
}{
	{"rate limit of the route", fakediscord.Fault{Status: 429, RetryAfter: 0.05}},
	{"rate limit of the route, longer than an action may take", fakediscord.Fault{Status: 429, RetryAfter: 600}},
	{"rate limit shared with others", fakediscord.Fault{Status: 429, RetryAfter: 0.05, Scope: "shared"}},
	{"global rate limit", fakediscord.Fault{Status: 429, RetryAfter: 0.0625, Global: true}},
	{"rate limit twice", fakediscord.Fault{Status: 429, RetryAfter: 0.05, Times: 2}},
	{"Cloudflare's page", fakediscord.Fault{Status: 429, RetryAfter: 0.05, HTML: true}},
	{"Cloudflare's refusal", fakediscord.Fault{Status: 403, HTML: true}},
	{"Cloudflare's code", fakediscord.Fault{Status: 403, Code: 40333}},
	{"internal error", fakediscord.Fault{Status: 500}},
	{"internal error after the effect", fakediscord.Fault{Status: 500, After: true}},
	{"bad gateway, thrice", fakediscord.Fault{Status: 502, HTML: true, Times: 3}},
	{"reset before the effect", fakediscord.Fault{Reset: true, Times: 3}},
	{"reset after the effect", fakediscord.Fault{Reset: true, After: true}},
	{"answer cut short", fakediscord.Fault{Truncate: 17}},
	{"token refused", fakediscord.Fault{Status: http.StatusUnauthorized}},
}

// TestFaultsPass has each fault strike every call of a story. When they are over
// there is one card and one listing, whatever was known in between, and nothing
// but a reply whose token ended is lost.
func TestFaultsPass(t *testing.T) {
	t.Parallel()
	for _, f := range passing {
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t)
			want, places := 0, strings.NewReplacer("{review}", s.Review, "{showcase}", s.Showcase)
			for _, c := range calls {
				if c.token && f.fault.Status == http.StatusUnauthorized {
					continue // these calls bear no bot token
				}
				strike := f.fault
				strike.Method, strike.Route, strike.Skip = c.method, places.Replace(c.route), c.skip
				s.Scene.Fail(strike)
				want += max(strike.Times, 1)
			}
			sent, err := s.Apply(t.Context(), s.Rio, s.Form())
			if err != nil {
				t.Fatal(err)
			}
			passed := s.settle()
			s.press(s.Max, s.Review, "Approve")
			passed += s.settle()
			s.finished()
			if passed > 14*time.Minute { // both replies may have come too late
				return
			}
			s.says(sent.Current().Text(), "is now a partner")
			if struck := s.struck(); struck < want {
				t.Errorf("%d faults struck, want %d", struck, want)
			}
		})
	}
}

// struck returns how many requests suffered a fault.
func (s *stage) struck() (n int) {
	for _, r := range s.Requests() {
		if r.Faulted {
			n++
		}
	}
	return n
}

// TestFaultsWhileLooking has the look for an earlier message fail, after it is
// unknown whether that was posted.
func TestFaultsWhileLooking(t *testing.T) {
	t.Parallel()
	for _, f := range passing {
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t)
			s.apply(s.Rio, s.Form())
			s.Scene.Fail(fakediscord.Fault{Method: "POST", Route: "/channels/{channel}/messages", Reset: true, After: true})
			strike := f.fault // who the bot is it knows since it looked at the permissions
			strike.Method, strike.Route = "GET", "/channels/{channel}/messages"
			s.Scene.Fail(strike)
			s.press(s.Max, s.Review, "Approve")
			s.settle()
			s.finished()
			if s.struck() < 2 {
				t.Errorf("%d faults struck, want two or more", s.struck())
			}
		})
	}
}

// TestOthersGoOn has the card of one application fail for good; what others do
// is done meanwhile.
func TestOthersGoOn(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.Scene.Fail(fakediscord.Fault{Method: "POST", Route: "/channels/" + s.Review + "/messages", Status: 500, Times: -1})
	sent := s.apply(s.Rio, s.Form())
	s.says(sent.Current().Text(), "with the managers") // the answer does not wait for the card
	if got := s.left(); got.Pending != 1 {
		t.Errorf("left to do: %+v, want the card", got)
	}
	s.ClearFaults()
	s.settle()
	s.press(s.Max, s.Review, "Approve")
	s.finished()
}

// TestHeldBackAsTold checks that nothing is sent where Discord said to wait,
// for as long as it said.
func TestHeldBackAsTold(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		fault fakediscord.Fault
		wait  time.Duration
	}{
		{"by the route", fakediscord.Fault{Status: 429, RetryAfter: 300.5}, 300 * time.Second},
		{"by Cloudflare", fakediscord.Fault{Status: 429, RetryAfter: 3, HTML: true}, 10 * time.Minute},
		{"by a refused token", fakediscord.Fault{Status: 401}, 2 * time.Minute},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t)
			posting := "/channels/" + s.Review + "/messages"
			tt.fault.Method, tt.fault.Route = "POST", posting
			s.Scene.Fail(tt.fault)
			s.apply(s.Rio, s.Form())
			s.advance(tt.wait - time.Minute) // a minute is left for a machine that is busy
			if n := s.posts(posting); n != 1 {
				t.Errorf("%d requests in the time we were told to wait, want only the first", n)
			}
			s.settle()
			if n := s.posts(posting); n != 2 {
				t.Errorf("%d requests in all, want the second after the wait", n)
			}
			s.only(s.Review)
		})
	}
}

// posts counts the requests that posted to a path.
func (s *stage) posts(path string) (n int) {
	for _, r := range s.Requests() {
		if r.Method == "POST" && r.Path == path {
			n++
		}
	}
	return n
}
