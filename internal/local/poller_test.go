package local_test

import (
	"sync"
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/fakediscord"
	"github.com/entente-bot/entente/internal/poll"
	"github.com/entente-bot/entente/internal/settings"
)

// TestPolledOnce: draining polls whoever is due, once, and leaves them alone until
// their next turn.
func TestPolledOnce(t *testing.T) {
	t.Parallel()
	s, p := newTroupe(t)
	s.come(p[0], 1)
	s.advance(time.Minute)
	n := s.polls()
	s.drain()
	s.drain()
	if got := s.polls() - n; got != 0 {
		t.Errorf("%d polls within a moment", got)
	}
	s.advance(time.Minute)
	if got := s.polls() - n; got != 1 || s.accountOf(p[0]).Counted != 1 {
		t.Errorf("%d polls a minute later, %d counted", got, s.accountOf(p[0]).Counted)
	}
}

// TestPollsWait (FAULTS R1): Discord says how long to wait. Nothing is asked before.
func TestPollsWait(t *testing.T) {
	t.Parallel()
	s, p := newTroupe(t)
	s.come(p[0], 3)
	s.Scene.Fail(fakediscord.Fault{Method: "GET", Route: byInvites, Status: 429, RetryAfter: 900})
	n := s.polls()
	for range 14 {
		s.advance(time.Minute)
	}
	if got := s.polls() - n; got != 1 || s.accountOf(p[0]).Counted != 0 {
		t.Errorf("%d polls before the time was over", got)
	}
	s.advance(2 * time.Minute)
	if got := s.polls() - n; got != 2 || s.accountOf(p[0]).Counted != 3 {
		t.Errorf("%d polls after it, %d counted", got, s.accountOf(p[0]).Counted)
	}
}

// TestLostIsExplained: staff reads in the status that joins cannot be counted, since
// when, why, and what to do. Retry has it tried at once.
func TestLostIsExplained(t *testing.T) {
	t.Parallel()
	s, p := newTroupe(t)
	s.InstallBot(s.Guild, tracker&^(fakediscord.ManageServer|fakediscord.ViewAuditLog))
	s.advance(time.Minute)
	s.come(p[0], 2)
	ex := s.command(s.Max, "partnerships status")
	s.says(ex.Text(), "Counting joins, since <t:")
	s.says(ex.Text(), "lacks *Manage Server*")
	s.InstallBot(s.Guild, tracker)
	s.on(s.Max, ex.Message, "Retry")
	if a := s.accountOf(p[0]); a.Counted != 2 {
		t.Errorf("%d counted after Retry, want 2", a.Counted)
	}
	s.says(s.status(), "Nothing is blocked")

	s.InstallBot(s.Guild, tracker&^(fakediscord.ManageServer|fakediscord.ViewAuditLog))
	s.advance(time.Minute)
	s.come(p[0], 1)
	s.InstallBot(s.Guild, tracker)
	s.chooses(func(c *settings.Settings) { c.Minimum = 7 })
	if a := s.accountOf(p[0]); a.Counted != 3 {
		t.Errorf("%d counted after a setting was changed, want 3", a.Counted)
	}
}

// TestPollersAtOnce (FAULTS R17): many pollers run at once, after ten minutes in
// which none did. Every join is booked, once.
func TestPollersAtOnce(t *testing.T) {
	t.Parallel()
	s, p := newTroupe(t)
	for round := 1; round <= 5; round++ {
		s.come(p[0], 3)
		s.come(p[1], 1)
		if err := s.Advance(s.Context(), 10*time.Minute); err != nil {
			t.Fatal(err)
		}
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				if _, err := s.Poller.Once(s.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		s.drain()
		if a, b := s.accountOf(p[0]), s.accountOf(p[1]); a.Counted != 3*round || b.Counted != round {
			t.Fatalf("round %d: %d and %d counted", round, a.Counted, b.Counted)
		}
	}
	if got := s.booked(); got[p[0]] != 15 || got[p[1]] != 5 {
		t.Errorf("booked: %v", got)
	}
}

// TestPollerCrash (FAULTS R17, R12): the process dies at some step while joins are
// booked, an invite was deleted and another one is made. Afterwards every join by
// an invite that stands is booked once, and the partner whose invite was deleted
// has one again.
func TestPollerCrash(t *testing.T) {
	t.Parallel()
	for _, sole := range []bool{true, false} {
		t.Run(map[bool]string{true: "the only process", false: "one of many"}[sole], func(t *testing.T) {
			t.Parallel()
			deaths(t, 10, func(t *testing.T, m *mortal) {
				s, p := newTroupe(t)
				s.come(p[0], 3)
				s.come(p[1], 1)
				s.DeleteInvite(s.accountOf(p[1]).Code)
				m.possess(s, sole)
				s.restart()
				if err := s.Advance(s.Context(), time.Minute); err == nil {
					_, _ = s.Drain(s.Context()) // fails if the process dies
				}
				if m.dead() != "" {
					s.Logf("died %s", m.dead())
				}
				new(mortal).immortal().possess(s, sole)
				s.restart()
				for range 4 {
					s.advance(5 * time.Minute)
				}
				a, b, got := s.accountOf(p[0]), s.accountOf(p[1]), s.booked()
				if a.Counted != 3 || got[p[0]] != 3 || len(a.Gaps) != 0 {
					t.Errorf("%+v, booked %v", a, got)
				}
				if b.Code == "" || b.Counted != got[p[1]] || b.Counted > 1 || b.Counted == 0 && len(b.Gaps) == 0 {
					t.Errorf("%+v, booked %v", b, got)
				}
				if n := len(s.trackedInvites()); n != len(p) {
					t.Errorf("%d tracked invites of %d partners", n, len(p))
				}
				if w, ok := recordOf[poll.Watch](s, poll.Key(s.Guild)); !ok || w.Polled.IsZero() {
					t.Errorf("%+v", w)
				}
				s.quietly()
			})
		})
	}
}
