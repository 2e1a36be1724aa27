package local_test

import (
	"strings"
	"sync"
	"testing"
)

// TestLogRace notes 64 claims at once: all are posted, once, and nobody is told
// to try again because the log is written to by everybody.
func TestLogRace(t *testing.T) {
	s := newStage(t)
	s.applies(64)
	log := s.withLog()
	var wg sync.WaitGroup
	for _, m := range s.Messages(s.Review) {
		wg.Go(func() {
			ex, err := s.As(s.Max, s.Guild, s.Review).Press(t.Context(), m.Ref, "Claim")
			if err != nil {
				t.Error(err)
			} else if strings.Contains(ex.Text(), "at the same moment") {
				t.Error("somebody was told to try again")
			}
		})
	}
	wg.Wait()
	s.drain()
	lines := s.logged(log)
	seen := make(map[string]bool)
	for _, line := range lines {
		seen[line] = true
	}
	if len(lines) != 64 || len(seen) != 64 {
		t.Errorf("%d lines, %d of them different; want 64", len(lines), len(seen))
	}
}
