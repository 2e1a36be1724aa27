package local_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/entente-bot/entente/internal/fakediscord"
	"github.com/entente-bot/entente/internal/partnership"
)

// TestEndsAtOnce has two or three people do something with each of many
// partnerships in the same moment: it ends once, whoever is late is told who ended
// it, and nothing is left of it.
func TestEndsAtOnce(t *testing.T) {
	t.Parallel()
	rounds := outOf(24, 64)
	s := newStage(t)
	list := s.befriend(rounds)
	if len(list) != rounds {
		t.Fatalf("%d partners", len(list))
	}
	var wg sync.WaitGroup
	for i, p := range list {
		doers := []func(partnership.Partnership) (*fakediscord.Exchange, error){s.leaves, s.dismisses}
		doers = append(doers, []func(partnership.Partnership) (*fakediscord.Exchange, error){s.endBump, s.endEdit, s.dismisses}[i%3])
		for _, do := range doers {
			wg.Go(func() {
				if _, err := do(p); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
	}
	s.settle()
	ended := s.endings()
	if len(ended) != rounds || s.counts().Active != 0 || len(s.Messages(s.Showcase)) != 0 {
		t.Errorf("%d ended, counts %+v, %d listings", len(ended), s.counts(), len(s.Messages(s.Showcase)))
	}
	byRio := 0
	for _, e := range ended {
		if !e.Told {
			t.Errorf("%s was not told", e.Server.Name)
		}
		if e.Why == partnership.WhyContact {
			byRio++
		}
	}
	if n := s.words(s.Review, "ended the partnership of"); n != byRio {
		t.Errorf("Rio ended %d, and the managers were told of %d", byRio, n)
	}
	for _, prefix := range []string{"bump#", "edit#", "end-post#"} {
		for _, it := range s.items(prefix) {
			t.Errorf("left: %v", it.Key)
		}
	}
	s.balanced()
}

// TestManyEndOne has 64 people's forms end one partnership at once: one of them
// does, the others are told who did.
func TestManyEndOne(t *testing.T) {
	s := newStage(t)
	p := s.befriended()
	var forms []*fakediscord.Exchange
	for i := range 64 {
		forms = append(forms, s.endForm([]string{s.Rio, s.Max, s.Ada}[i%3]))
	}
	replies := make([]string, len(forms))
	var wg sync.WaitGroup
	for i, form := range forms {
		wg.Go(func() {
			who := s.As([]string{s.Rio, s.Max, s.Ada}[i%3], s.Guild, s.Lobby)
			for { // who is told that many people do this now tries again
				ex, err := who.Submit(s.Context(), form, map[string]any{"reason": "It was time.", "farewell": "So long."})
				if err != nil {
					t.Error(err)
					return
				}
				if replies[i] = ex.Text(); !strings.Contains(replies[i], "Many people") {
					return
				}
			}
		})
	}
	wg.Wait()
	s.settle()
	list := s.endings()
	if len(list) != 1 || list[0].Application != p.Application {
		t.Fatalf("ended: %+v", list)
	}
	s.parted(list[0].Why)
	won := 0
	for _, reply := range replies {
		if strings.Contains(reply, "has ended") {
			won++
		} else {
			s.says(reply, "is over already: <@"+list[0].EndedBy+"> ended it")
		}
	}
	if n := s.words(s.Review, "So long."); won != 1 || (n == 1) != (list[0].Why == partnership.WhyContact) {
		t.Errorf("%d ended it, the managers were told %d times", won, n)
	}
}

// leaves has Rio end a partnership.
func (s *stage) leaves(p partnership.Partnership) (*fakediscord.Exchange, error) {
	return s.endAs(s.Rio, p)
}

// dismisses has Max end a partnership.
func (s *stage) dismisses(p partnership.Partnership) (*fakediscord.Exchange, error) {
	return s.endAs(s.Max, p)
}

// endAs ends a partnership. That somebody was faster is no error, but has to be
// said.
func (s *stage) endAs(user string, p partnership.Partnership) (*fakediscord.Exchange, error) {
	who := s.As(user, s.Guild, s.Lobby)
	opened, err := who.Command(s.Context(), "partner end", fakediscord.Opt("partner", p.Partner))
	if err != nil || opened.Modal == nil {
		return opened, err
	}
	ex, err := who.Submit(s.Context(), opened, map[string]any{"reason": "It was time."})
	if err != nil {
		return ex, err
	}
	for _, e := range s.endings() {
		if e.Partner == p.Partner {
			return ex, nil
		}
	}
	return ex, fmt.Errorf("told %q, and it has not ended", ex.Text())
}

// endBump has Rio bump a partner.
func (s *stage) endBump(p partnership.Partnership) (*fakediscord.Exchange, error) {
	return s.As(s.Rio, s.Guild, s.Lobby).Command(s.Context(), "partner bump", fakediscord.Opt("partner", p.Partner))
}

// endEdit has Rio send another text for the ad of a partner.
func (s *stage) endEdit(p partnership.Partnership) (*fakediscord.Exchange, error) {
	rio := s.As(s.Rio, s.Guild, s.Lobby)
	opened, err := rio.Command(s.Context(), "partner edit", fakediscord.Opt("partner", p.Partner))
	if err != nil || opened.Modal == nil {
		return opened, err
	}
	return rio.Submit(s.Context(), opened, map[string]any{"description": "Another text."})
}

// TestEndCrash lets Rio end a partnership, or Max one whose contact asked to be
// told, in a process that dies at one step of it; then at the next one.
func TestEndCrash(t *testing.T) {
	t.Parallel()
	for _, why := range []string{partnership.WhyContact, partnership.WhyManager} {
		t.Run(why, func(t *testing.T) {
			t.Parallel()
			deaths(t, 15, func(t *testing.T, m *mortal) { endStory(t, why, m) })
		})
	}
}

func endStory(t *testing.T, why string, m *mortal) {
	t.Helper()
	s := newStage(t)
	sent := s.apply(s.Rio, s.Form())
	s.on(s.Rio, sent.Message, "Send me a DM")
	s.approveLast()
	user := map[string]string{partnership.WhyContact: s.Rio, partnership.WhyManager: s.Max}[why]
	form := s.endForm(user)
	m.possess(s, true)
	s.restart()
	for range 2 {
		_, _ = s.As(user, s.Guild, s.Lobby).Submit(s.Context(), form, map[string]any{"reason": "x", "farewell": "So long."})
		_, _ = s.Drain(s.Context()) // fails if the process dies
		if m.dead() == "" {
			break
		}
		t.Logf("died %s", m.dead())
		m = new(mortal).immortal()
		m.possess(s, true)
		s.restart()
		s.drain()
	}
	s.settle()
	s.parted(why)
	s.toldOnce(why)
}
