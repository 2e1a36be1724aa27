package local_test

import (
	"strings"
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/fakediscord"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/storage"
)

// endings returns the partnerships that ended.
func (s *stage) endings() []partnership.Ended {
	s.Helper()
	return kept[partnership.Ended](s, partnership.EndedPrefix(""))
}

// parted fails the test unless the partnership with Lighthouse ended once, and
// nothing is left of it but that it was.
func (s *stage) parted(why string) {
	s.Helper()
	list := s.endings()
	if len(list) != 1 || list[0].Why != why || !list[0].Told {
		s.Errorf("ended: %+v, want one %s that was told", list, why)
	}
	if n := len(s.Messages(s.Showcase)); n != 0 || s.counts().Active != 0 {
		s.Errorf("%d listings stand; counts %+v", n, s.counts())
	}
	for _, prefix := range []string{partnership.Prefix, "bump#", "edit#", "end-post#"} {
		if left := s.items(prefix); len(left) > 0 {
			s.Errorf("left: %v", left[0].Key)
		}
	}
	if left := s.left(); left != (action.Census{}) {
		s.Errorf("left to do: %+v", left)
	}
	if dead := s.dead(); len(dead) > 0 {
		s.Errorf("given up: %v", dead)
	}
	s.counted()
}

// words returns the messages in a channel that hold a text.
func (s *stage) words(channel, part string) (n int) {
	for _, m := range s.Messages(channel) {
		if strings.Contains(m.Text(), part) {
			n++
		}
	}
	return n
}

func TestEndByContact(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.befriended()
	s.says(s.ended(s.Rio).Text(), "The partnership with **Lighthouse** has ended")
	s.parted(partnership.WhyContact)
	if n := s.words(s.Review, "So long."); n != 1 || len(s.DMs(s.Rio)) > 0 {
		t.Errorf("the managers were told %d times, Rio %d", n, len(s.DMs(s.Rio)))
	}
}

// TestEndWithoutConsent: who asked for no direct message gets none, and without a
// ticket nobody is told but by the log channel.
func TestEndWithoutConsent(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.befriended()
	s.ended(s.Max)
	s.parted(partnership.WhyManager)
	if n := len(s.DMs(s.Rio)); n > 0 {
		t.Errorf("%d direct messages nobody asked for", n)
	}
	s.says(s.command(s.Max, "partnerships info", fakediscord.Opt("partner", s.Lighthouse)).Text(), "It was time.")
}

// TestEndByBlock: that it was blocked, and why, is nothing that the contact reads.
func TestEndByBlock(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	sent := s.apply(s.Rio, s.Form())
	s.on(s.Rio, sent.Message, "Send me a DM")
	s.approveLast()
	asked := s.command(s.Max, "partnerships block", fakediscord.Opt("server", s.Lighthouse), fakediscord.Opt("reason", "Raids."))
	s.on(s.Max, asked.Message, "End the partnership and block")
	s.parted(partnership.WhyBlocked)
	dms := s.DMs(s.Rio)
	if len(dms) != 2 {
		t.Fatalf("%d direct messages, want one of the approval and one of the end", len(dms))
	}
	s.says(dms[1].Text(), "ended the partnership")
	for _, leak := range []string{"Raids", "block", s.Max} {
		s.silent(dms[1].Text(), leak)
	}
	s.says(s.command(s.Max, "partnerships info", fakediscord.Opt("partner", s.Lighthouse)).Text(), "Raids.")
}

// TestEndInTicket: who takes no direct messages reads it in their ticket, which is
// closed again after.
func TestEndInTicket(t *testing.T) {
	t.Parallel()
	for name, refuses := range map[string]bool{"asked for none": false, "takes none": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, tickets := newTicketStage(t)
			s.ticketed(tickets, refuses)
			th := s.thread(tickets)
			if !th.Archived {
				t.Fatal("the ticket is open after the decision")
			}
			s.ended(s.Max)
			s.settle()
			s.parted(partnership.WhyManager)
			if n := s.words(th.ID, "So long."); n != 1 || len(s.DMs(s.Rio)) > 0 {
				t.Errorf("told %d times in the ticket, %d times directly", n, len(s.DMs(s.Rio)))
			}
			if th := s.thread(tickets); !th.Archived || !th.Locked {
				t.Error("the ticket stays open")
			}
		})
	}
}

// ticketed makes Lighthouse a partner by way of a ticket.
func (s *stage) ticketed(tickets string, refuses bool) {
	s.Helper()
	s.press(s.Rio, s.Lobby, "Open a ticket")
	th := s.thread(tickets)
	form := s.on(s.Rio, s.first(th.ID).Ref, "Fill in the form")
	sent := s.submit(s.Rio, form, s.Form())
	if refuses {
		s.on(s.Rio, sent.Message, "Send me a DM")
		s.RefuseDMs(s.Rio, true)
	}
	s.approveLast()
	s.settle()
}

// TestEndAndReturn: an ended partner applies again, under the usual rules.
func TestEndAndReturn(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.befriended()
	s.ended(s.Rio)
	s.says(s.apply(s.Rio, s.Form()).Text(), "asks for a pause between two applications")
	s.advance(24 * time.Hour)
	s.says(s.apply(s.Rio, s.Form()).Current().Text(), "with the managers")
	s.approveLast()
	if n := len(s.Messages(s.Showcase)); n != 1 || s.counts().Active != 1 {
		t.Errorf("%d listings, counts %+v", n, s.counts())
	}
	s.ended(s.Rio)
	s.settle()
	if list := s.endings(); len(list) != 2 || !list[0].Told || !list[1].Told || s.words(s.Review, "So long.") != 2 {
		t.Errorf("ended: %+v", list)
	}
	s.balanced()
}

// TestEndBlocked has Discord refuse each step of the end for a reason that managers
// can mend: they read it in the status, the other steps are taken all the same, and
// the refused one is taken when it is mended.
func TestEndBlocked(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		fault fakediscord.Fault
		what  string
	}{
		"listing": {fakediscord.Fault{Method: "DELETE", Route: "/channels/{channel}/messages/{message}", Status: 403, Code: 50013}, "Ad of a partner"},
		"word":    {fakediscord.Fault{Method: "POST", Route: "/channels/{channel}/messages", Status: 403, Code: 50013}, "Telling a contact that a partnership ended"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t)
			s.befriended()
			tt.fault.Times = -1
			s.Scene.Fail(tt.fault)
			s.ended(s.Rio)
			if left := s.left(); left != (action.Census{Blocked: 1}) {
				t.Fatalf("left to do: %+v, want one blocked", left)
			}
			status := s.command(s.Max, "partnerships status")
			s.says(status.Text(), tt.what)
			s.says(status.Text(), "Active partnerships: 0 of 100")
			s.ClearFaults()
			s.on(s.Max, status.Message, "Retry")
			s.parted(partnership.WhyContact)
			if n := s.words(s.Review, "So long."); n != 1 {
				t.Errorf("told %d times", n)
			}
		})
	}
}

// TestEndWithoutReviewChannel: where nobody can be told, nothing waits for ever.
func TestEndWithoutReviewChannel(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.befriended()
	s.update(settings.Keys(s.Guild), func(tx *storage.Tx) error {
		chosen := settings.Of(tx, s.Guild)
		chosen.Review = ""
		settings.Save(tx, s.Guild, chosen, s.Now())
		return nil
	})
	s.drain()
	s.ended(s.Rio)
	s.parted(partnership.WhyContact)
}
