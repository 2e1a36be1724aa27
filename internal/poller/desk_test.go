package poller

import (
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/joins"
)

// TestSaw: a poll narrows the gaps of later ones only if all that it saw is booked,
// also what the remembered books do not have yet.
func TestSaw(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)
	sees := func(uses map[string]int) joins.Poll {
		p := joins.Poll{Start: at}
		for code, n := range uses {
			p.Invites = append(p.Invites, joins.Invite{Code: code, Created: at, Uses: &n})
		}
		return p
	}
	for name, tt := range map[string]struct {
		uses map[string]int
		all  bool
	}{
		"all booked":             {map[string]int{"ours": 2, "other": 1}, true},
		"a partner's is not":     {map[string]int{"ours": 3, "other": 1}, false},
		"another is not":         {map[string]int{"ours": 2, "other": 2}, false},
		"a partner's is missing": {map[string]int{"other": 1}, false},
		"one was made meanwhile": {map[string]int{"ours": 2, "other": 1, "new": 5}, false},
	} {
		d := &desk{
			ledger: joins.Ledger{Accounts: []joins.Account{{Partner: "7", Code: "ours", Created: at, Uses: 2}, {Partner: "8"}}},
			others: joins.Others{Invites: []joins.Other{{Code: "other", Created: at, Uses: 1}}},
		}
		if d.saw(sees(tt.uses)); d.since.Equal(at) != tt.all {
			t.Errorf("%s: since %v", name, d.since)
		}
	}
}
