package stats_test

import (
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/stats"
	"github.com/entente-bot/entente/internal/storage"
)

func TestPeriod(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{"7": 7, "30": 30, "90": 90, "": 30, "8": 30, "-7": 30, "7 ": 30, "9999999999999999999": 30} {
		if got := stats.Period(text); got != want {
			t.Errorf("Period(%q) = %d, want %d", text, got, want)
		}
	}
}

// TestLaterPressWins asks twice in one reply: what is drawn is the later, and that
// the earlier was sent does not end it.
func TestLaterPressWins(t *testing.T) {
	t.Parallel()
	noon := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	subject := stats.Subject("4", "9")
	var none []storage.Item
	for _, k := range stats.Keys("1", subject) {
		none = append(none, storage.Item{Key: k})
	}
	tx := storage.Of(none...)
	first := stats.Request{Partner: "7", Days: 7, Token: "a", Asked: noon}
	second := stats.Request{Partner: "7", Days: 90, Token: "b", Asked: noon.Add(time.Second)}
	stats.Ask(tx, "1", subject, first)
	stats.Ask(tx, "1", subject, second)
	stats.Sent(tx, "1", subject, first)
	if r, _ := storage.Read[stats.Request](tx, stats.Key("1", subject)); r != second {
		t.Errorf("it is %+v", r)
	}
	stats.Sent(tx, "1", subject, second)
	r, _ := storage.Read[stats.Request](tx, stats.Key("1", subject))
	if !r.Sent || r.Token != "" || r.Days != 90 {
		t.Errorf("it is %+v", r)
	}
	if want := second.Asked.Add(action.TokenLife); !r.ExpiresAt().Equal(want) {
		t.Errorf("it expires %v, want %v", r.ExpiresAt(), want)
	}
}
