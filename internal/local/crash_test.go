package local_test

import (
	"bytes"
	"net/http"
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/apply"
	"github.com/entente-bot/entente/internal/fakediscord"
	"github.com/entente-bot/entente/internal/post"
)

// TestCrashAnywhere takes one application from the form to the showcase and
// kills the process at one step of it; then at the next one, until it gets
// through alive. However it died, the application, its card and its listing are
// there, once.
func TestCrashAnywhere(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		lease time.Duration // how long to wait for a lease that the dead process held
		sole  bool
	}{
		{"the only process", 0, true},
		{"one of many processes", 2 * time.Minute, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			deaths(t, 20, func(t *testing.T, m *mortal) { newStage(t).story(m, tt.sole, tt.lease) })
		})
	}
}

// story lets Rio apply and Max approve, in a process that dies with m and is
// started again, and checks what came of it.
func (s *stage) story(m *mortal, sole bool, lease time.Duration) {
	m.possess(s, sole)
	s.restart()
	revive := func() {
		if m.dead() == "" {
			return
		}
		s.Logf("died %s", m.dead())
		new(mortal).immortal().possess(s, sole)
		s.restart()
		s.advance(lease)
	}

	sent, err := s.Apply(s.Context(), s.Rio, s.Form())
	heard := err == nil
	_, _ = s.Drain(s.Context()) // fails if the process dies
	revive()
	if !heard && len(s.Messages(s.Review)) == 0 { // what was not confirmed is sent again
		if sent, err = s.Apply(s.Context(), s.Rio, s.Form()); err != nil {
			s.Fatal(err)
		}
		s.drain()
		heard = true
	}
	if max := s.As(s.Max, s.Guild, s.Review); !s.pressed(max) {
		revive()
		if s.only(s.Review); !s.pressed(max) {
			s.Fatal("Approve cannot be pressed")
		}
	}
	_, _ = s.Drain(s.Context())
	revive()
	s.drain()
	s.finished()
	if heard {
		s.says(sent.Current().Text(), "is now a partner")
	}
}

// pressed presses Approve, if it is still there, and reports whether that was
// confirmed.
func (s *stage) pressed(p fakediscord.Person) bool {
	card := s.only(s.Review)
	if _, there := card.Button("Approve"); !there {
		return true // it was recorded, though not confirmed
	}
	_, err := p.Press(s.Context(), card.Ref, "Approve")
	return err == nil
}

// finished fails the test unless there is one approved application with one
// card and one listing, and nothing is left to do.
func (s *stage) finished() {
	s.Helper()
	s.balanced()
	list := kept[apply.Application](s, "apply#")
	if len(list) != 1 || list[0].Status != apply.Approved || s.counts().Active != 1 {
		s.Fatalf("applications: %+v", list)
	}
	s.says(s.only(s.Review).Text(), "**Approved** by")
	listings := kept[post.Post](s, "listing#")
	if listing := s.only(s.Showcase); len(listings) != 1 || listings[0].Message != listing.ID {
		s.Errorf("the listing is %s, but recorded is %+v", listing.ID, listings)
	}
	if left := s.left(); left != (action.Census{}) {
		s.Errorf("left to do: %+v", left)
	}
	if dead := s.dead(); len(dead) > 0 {
		s.Errorf("given up: %v", dead)
	}
}

// A held is an answer that is not sent yet.
type held struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func newHeld() *held { return &held{header: make(http.Header), status: http.StatusOK} }

func (h *held) Header() http.Header         { return h.header }
func (h *held) WriteHeader(status int)      { h.status = status }
func (h *held) Write(b []byte) (int, error) { return h.body.Write(b) }

func (h *held) send(w http.ResponseWriter) {
	for name, values := range h.header {
		w.Header()[name] = values
	}
	w.WriteHeader(h.status)
	_, _ = w.Write(h.body.Bytes())
}
