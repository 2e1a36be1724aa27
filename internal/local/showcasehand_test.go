package local_test

import (
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/discordrest"
	"github.com/entente-bot/entente/internal/fakediscord"
	"github.com/entente-bot/entente/internal/settings"
)

// A meddler is somebody in the guild who does something right before one of the
// bot's requests to Discord.
type meddler struct {
	mu   sync.Mutex
	left int // requests that leave before
	do   func()
	did  bool
}

// RoundTrip implements [http.RoundTripper].
func (m *meddler) RoundTrip(r *http.Request) (*http.Response, error) {
	m.mu.Lock()
	if m.left--; m.left == -1 {
		m.did = true
		m.do()
	}
	m.mu.Unlock()
	return http.DefaultTransport.RoundTrip(r)
}

// done reports whether the meddler came to it since it was last asked.
func (m *meddler) done() (did bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	did, m.did = m.did, false
	return did
}

// meddles has m stand before all that the worker asks of Discord.
func (s *stage) meddles(m *meddler) {
	s.tamper = func(s *stage) {
		rest := discordrest.New(discordrest.Config{
			Token: s.Token(), ApplicationID: s.ApplicationID(), URL: s.URL(), Now: s.Now, Transport: m,
		})
		s.Worker.Discord, s.Worker.Invites.Ask = rest, rest.Ask
	}
	s.restart()
}

// byHand lists what people delete of a listing.
var byHand = []struct {
	name string
	do   func(*stage)
}{
	{"its message", func(s *stage) {
		for _, l := range s.listings(s.Lighthouse) {
			s.DeleteMessage(l.Ref)
		}
	}},
	{"its home", func(s *stage) {
		for _, l := range s.listings(s.Lighthouse) {
			if l.Channel != s.Showcase {
				s.DeleteChannel(l.Channel)
			}
		}
	}},
	{"the tags", func(s *stage) { s.EditChannel(s.Forum, func(c *fakediscord.Channel) { c.Tags = nil }) }},
}

// TestShowcaseByHand has somebody delete something right before a request that
// the bot makes in the life of a listing: before each of them with -every, else
// before some. The look of the next day, at the latest, puts it back.
func TestShowcaseByHand(t *testing.T) {
	t.Parallel()
	for shift, m := range settings.Modes() {
		t.Run(string(m), func(t *testing.T) {
			t.Parallel()
			for at := range callsOf(t, m) {
				for n, hand := range byHand {
					if !*every && (at+n+shift)%7 != 0 {
						continue
					}
					t.Run(fmt.Sprint(hand.name, " before request ", at), func(t *testing.T) {
						t.Parallel()
						s := newStage(t)
						s.places(m)
						who := &meddler{left: at, do: func() { hand.do(s) }}
						s.meddles(who)
						s.lives(m, func() {
							if who.done() {
								s.settle()
								s.advance(25 * time.Hour)
							}
						})
					})
				}
			}
		})
	}
}
