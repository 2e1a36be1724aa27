package local_test

import (
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/apply"
	"github.com/entente-bot/entente/internal/fakediscord"
	"github.com/entente-bot/entente/internal/post"
	"github.com/entente-bot/entente/internal/ticket"
	"github.com/entente-bot/entente/internal/view"
)

// TestCrashInATicket takes one ticket from the panel over its form and the
// approval to its end, with a direct message of the decision, and kills the
// process at one step of it; then at the next one. However it died, there is one
// thread, closed, with one first message and one closing, one card, one listing
// and one direct message.
func TestCrashInATicket(t *testing.T) {
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
			deaths(t, 40, func(t *testing.T, m *mortal) { newTicketStory(t, m, tt.sole, tt.lease).play() })
		})
	}
}

// A ticketStory is Rio's way through a ticket, in a process that dies with m and
// is started again.
type ticketStory struct {
	*stage
	tickets string // the channel of the tickets
	m       *mortal
	sole    bool
	lease   time.Duration
}

func newTicketStory(t *testing.T, m *mortal, sole bool, lease time.Duration) *ticketStory {
	t.Helper()
	s := &ticketStory{m: m, sole: sole, lease: lease}
	s.stage, s.tickets = newTicketStage(t)
	m.possess(s.stage, sole)
	s.restart()
	return s
}

// until lets somebody do something, and what follows, until it is done: who got
// no answer tries again after the process was started again.
func (s *ticketStory) until(what string, done func() bool, do func() error) {
	s.Helper()
	for range 3 {
		if done() {
			return
		}
		if err := do(); err != nil && s.m.dead() == "" {
			s.Fatalf("%s: %v", what, err)
		}
		_, _ = s.Drain(s.Context()) // fails if the process dies
		s.revive()
	}
	if !done() {
		s.Fatalf("%s: in vain", what)
	}
}

// revive starts the process again, if it died.
func (s *ticketStory) revive() {
	s.Helper()
	if s.m.dead() == "" {
		return
	}
	s.Logf("died %s", s.m.dead())
	s.m = new(mortal).immortal()
	s.m.possess(s.stage, s.sole)
	s.restart()
	s.advance(s.lease)
	s.drain()
}

func (s *ticketStory) play() {
	s.Helper()
	rio, max := s.As(s.Rio, s.Guild, s.Lobby), s.As(s.Max, s.Guild, s.Review)
	s.until("open", func() bool { return len(kept[ticket.Ticket](s.stage, "ticket#")) > 0 }, func() error {
		_, err := rio.Press(s.Context(), s.only(s.Lobby).Ref, "Open a ticket")
		return err
	})
	s.revive()
	thread := s.thread(s.tickets).ID
	s.until("fill in", func() bool { return len(kept[apply.Application](s.stage, "apply#")) > 0 }, func() error {
		form, err := rio.In(thread).Press(s.Context(), s.first(thread).Ref, "Fill in the form")
		if err != nil || form.Modal == nil {
			return err
		}
		_, err = rio.In(thread).Submit(s.Context(), form, s.Form())
		return err
	})
	a := kept[apply.Application](s.stage, "apply#")[0]
	now := func() apply.Application { return kept[apply.Application](s.stage, "apply#")[0] }
	s.until("ask to be told", func() bool { return !now().Asked.IsZero() }, func() error {
		id := view.ID("apply/notify", a.ID, a.Server.ID, a.Applicant, "on")
		_, err := rio.In(thread).ForgePress(s.Context(), fakediscord.Ref{Channel: thread, ID: "1"}, id)
		return err
	})
	s.until("approve", func() bool { return now().Status == apply.Approved }, func() error {
		_, err := max.Press(s.Context(), s.only(s.Review).Ref, "Approve")
		return err
	})
	s.drain()
	s.ended(thread)
}

// ended fails the test unless everything is there once, and nothing is left to do.
func (s *ticketStory) ended(thread string) {
	s.Helper()
	s.finished()
	if th := s.thread(s.tickets); th.ID != thread || !th.Archived || !th.Locked {
		s.Errorf("the thread is %+v", th)
	}
	if n := len(s.Messages(thread)); n != 2 {
		s.Errorf("%d messages in the ticket, want the first one and the closing", n)
	}
	s.says(s.last(thread).Text(), "is now a partner")
	if dms := s.DMs(s.Rio); len(dms) != 1 {
		s.Errorf("%d direct messages, want one", len(dms))
	} else {
		s.says(dms[0].Text(), "is now a partner")
	}
	for _, c := range kept[ticket.Current](s.stage, "ticket-user#") {
		if c.Ticket != "" {
			s.Errorf("Rio still has a ticket open: %+v", c)
		}
	}
	if tickets := kept[ticket.Ticket](s.stage, "ticket#"); len(tickets) != 1 || tickets[0].Closings != 1 || tickets[0].Told != 1 {
		s.Errorf("tickets: %+v", tickets)
	}
	if notices := kept[post.Post](s.stage, "ticket-notice#"); len(notices) > 0 && notices[0].Message != "" {
		s.Errorf("managers still see a ticket without an application: %+v", notices)
	}
}
