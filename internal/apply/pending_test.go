package apply_test

import (
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/apply"
)

func TestLate(t *testing.T) {
	start := time.Date(2026, 2, 27, 12, 0, 0, 0, time.UTC)
	day := 24 * time.Hour
	list := []apply.Waiting{{ID: "1", Sent: start}, {ID: "2", Sent: start.Add(day)}, {ID: "3", Sent: start.Add(2 * day)}}
	tests := []struct {
		name  string
		after int
		now   time.Time
		late  int
		next  time.Time
	}{
		{"a second before", 3, start.Add(3*day - time.Second), 0, start.Add(3 * day)},
		{"to the second", 3, start.Add(3 * day), 1, start.Add(4 * day)},
		{"all", 3, start.Add(9 * day), 3, time.Time{}},
		{"no reminders", 0, start.Add(9 * day), 0, time.Time{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			late, next := apply.Late(list, tt.after, tt.now)
			if len(late) != tt.late || !next.Equal(tt.next) {
				t.Errorf("Late = %d, %v, want %d, %v", len(late), next, tt.late, tt.next)
			}
		})
	}
}
