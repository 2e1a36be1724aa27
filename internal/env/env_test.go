package env

import (
	"strings"
	"testing"
)

func TestCount(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		set  string
		n    int
		fine bool
	}{{"", 20, true}, {" 1 ", 1, true}, {"45", 45, true}, {"0", 20, false}, {"46", 20, false}, {"many", 20, false}, {"1.5", 20, false}} {
		r := Reader{Lookup: func(string) string { return tt.set }}
		n := r.Count(PollBudget, 20, 1, 45)
		if err := r.Err(); n != tt.n || (err == nil) != tt.fine || err != nil && !strings.Contains(err.Error(), PollBudget+" must be a whole number from 1 to 45") {
			t.Errorf("%q: %d, %v", tt.set, n, err)
		}
	}
}

func TestLimits(t *testing.T) {
	t.Parallel()
	vars := map[string]string{MaxPartners: "150", MaxBlocked: "0"}
	r := Reader{Lookup: func(name string) string { return vars[name] }}
	got := r.Limits(Limits{Active: 100, Pending: 250, Blocks: 500})
	if err := r.Err(); got.Active != 150 || got.Pending != 250 || err == nil || !strings.Contains(err.Error(), MaxBlocked+" must be a whole number from 1 to 9999") {
		t.Errorf("%+v, %v", got, err)
	}
}
