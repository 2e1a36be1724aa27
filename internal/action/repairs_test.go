package action_test

import (
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/action"
)

func TestRepairs(t *testing.T) {
	t.Parallel()
	began := time.Date(2026, 2, 28, 12, 0, 0, 0, time.UTC)
	var r action.Repairs
	now := began
	for i := range 4 {
		if wait := r.Wait(time.Time{}, now); wait != 0 {
			t.Errorf("repair %d has to wait %v", i, wait)
		}
		now = now.Add(time.Hour)
		r = r.Add(now)
	}
	if wait := r.Wait(time.Time{}, now); wait != 21*time.Hour {
		t.Errorf("the fourth within a day waits %v, want until the first is a day ago", wait)
	}
	if wait := r.Wait(now.Add(time.Minute), now.Add(time.Minute)); wait != 0 {
		t.Errorf("it waits %v although people want it", wait)
	}
	if wait := r.Wait(time.Time{}, now.Add(21*time.Hour)); wait != 0 {
		t.Errorf("a day later it waits %v", wait)
	}
	if n := len(r.Add(now.Add(48 * time.Hour))); n != 1 {
		t.Errorf("%d are kept two days later", n)
	}
}
