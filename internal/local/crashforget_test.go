package local_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/apply"
	"github.com/entente-bot/entente/internal/fakediscord"
	"github.com/entente-bot/entente/internal/partnership"
)

// TestCrashWhileForgetting (FAULTS R12) kills the process at one step of the
// deletion of somebody's data; then at the next one. However it died, all is
// deleted in the end.
func TestCrashWhileForgetting(t *testing.T) {
	t.Parallel()
	play := func(t *testing.T, m *mortal) {
		s := newStage(t)
		s.apply(s.Rio, s.Form())
		asked := s.command(s.Rio, "partner forget")
		s.die(m, func() bool {
			_, err := s.As(s.Rio, s.Guild, s.Lobby).Press(t.Context(), asked.Message, "forget/confirm")
			return err == nil
		})
		if keys := s.naming(s.Rio); fmt.Sprint(keys) != "[standing#user#"+s.Rio+"]" {
			t.Errorf("they are named in %v", keys)
		}
		list := kept[apply.Application](s, "apply#")
		if len(list) != 1 || list[0].Status != apply.Withdrawn || list[0].Applicant != partnership.Nobody {
			t.Errorf("applications: %+v", list)
		}
		s.balanced()
		s.says(s.only(s.Review).Text(), "Applicant: a deleted user")
		s.settledAll()
	}
	deaths(t, 5, play)
}

// TestCrashWhileExporting kills it at one step of an export: the files come once,
// or are asked for again.
func TestCrashWhileExporting(t *testing.T) {
	t.Parallel()
	play := func(t *testing.T, m *mortal) {
		s := newStage(t)
		var ex *fakediscord.Exchange
		s.die(m, func() (confirmed bool) {
			var err error
			ex, err = s.As(s.Max, s.Guild, s.Lobby).Command(t.Context(), "partnerships export")
			return err == nil
		})
		s.settledAll()
		if strings.Contains(ex.Text(), "a moment ago") {
			return // it was asked for, and the first answer was lost
		}
		if n := len(s.attached(ex)); n != 8 {
			t.Errorf("%d files", n)
		}
	}
	deaths(t, 5, play)
}

// die does something in a process that dies with m, and is started again. What
// was not confirmed is done again.
func (s *stage) die(m *mortal, do func() bool) {
	s.Helper()
	m.possess(s, true)
	s.restart()
	confirmed := do()
	_, _ = s.Drain(s.Context()) // fails if the process dies
	if m.dead() == "" {
		return
	}
	s.Logf("died %s", m.dead())
	new(mortal).immortal().possess(s, true)
	s.restart()
	s.drain()
	if !confirmed {
		do()
		s.drain()
	}
}

// settledAll fails the test if anything is left to do.
func (s *stage) settledAll() {
	s.Helper()
	s.settle()
	if left, dead := s.left(), s.dead(); left != (action.Census{}) || len(dead) > 0 {
		s.Errorf("left to do: %+v, given up: %v", left, dead)
	}
}
