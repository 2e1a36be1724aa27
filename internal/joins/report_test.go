package joins_test

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/entente-bot/entente/internal/joins"
)

// ago is so many days before noon.
func ago(days int) time.Time { return noon().AddDate(0, 0, -days) }

// came is what came by partners so many days before noon.
func came(days int, books map[string]joins.Books) joins.Day {
	return joins.Day{Date: joins.Date(ago(days)), Books: books}
}

func archive() joins.Archive {
	here := tracked("7", "abc")
	here.Since, here.Counted, here.Here = ago(20), 40, new(31)
	here.Gaps = []joins.Gap{{From: ago(15), To: ago(14), Why: joins.Deleted}, {From: ago(3), To: ago(2), Why: joins.Away}}
	other := tracked("8", "")
	other.Since, other.Counted = ago(100), 900
	return joins.Archive{
		Ledger: joins.Ledger{Accounts: []joins.Account{here, other}},
		Past:   []joins.Account{{Partner: "7", Since: ago(60), Counted: 5, Gaps: []joins.Gap{{From: ago(50), To: ago(49), Why: joins.Ended}}}},
		Days: []joins.Day{
			came(55, map[string]joins.Books{"7": {Counted: 5}}),
			came(12, map[string]joins.Books{"7": {Counted: 10, Identified: 8, Early: 2, Young: 1, Here: new(20)}, "8": {Counted: 100, Here: new(3)}}),
			came(1, map[string]joins.Books{"7": {Counted: 20, Identified: 20, Returned: 3, Here: new(30)}, joins.ByOther: {Counted: 77}}),
			came(0, map[string]joins.Books{"7": {Counted: 10, Identified: 1}, joins.ByVanity: {Counted: 9}}),
		},
	}
}

func TestReport(t *testing.T) {
	t.Parallel()
	a := archive()
	tests := []struct {
		name       string
		got        joins.Report
		days       int
		first      time.Time
		sum        joins.Books
		here, ever int
		gaps       int
	}{
		{"a week", a.Partner("7", 7, noon()), 7, ago(6), joins.Books{Counted: 30, Identified: 21, Returned: 3}, 31, 45, 1},
		{"a month", a.Partner("7", 30, noon()), 30, ago(29), joins.Books{Counted: 40, Identified: 29, Early: 2, Young: 1, Returned: 3}, 31, 45, 2},
		{"since the first account", a.Partner("7", 90, noon()), 61, ago(60), joins.Books{Counted: 45, Identified: 29, Early: 2, Young: 1, Returned: 3}, 31, 45, 3},
		{"all", a.All(30, noon()), 30, ago(29), joins.Books{Counted: 140, Identified: 29, Early: 2, Young: 1, Returned: 3}, -1, 945, 2},
		{"unknown", a.Partner("9", 30, noon()), 30, ago(29), joins.Books{}, -1, 0, 0},
	}
	for _, tt := range tests {
		here := -1
		if tt.got.Sum.Here != nil {
			here = *tt.got.Sum.Here
		}
		tt.got.Sum.Here = nil
		if len(tt.got.Days) != tt.days || !tt.got.Days[0].Date.Equal(tt.first.Truncate(24*time.Hour)) {
			t.Errorf("%s: %d days from %v", tt.name, len(tt.got.Days), tt.got.Days[0].Date)
		}
		if tt.got.Sum != tt.sum || here != tt.here || tt.got.Ever != tt.ever || len(tt.got.Gaps) != tt.gaps {
			t.Errorf("%s: %+v, %d here, %d ever, gaps %v", tt.name, tt.got.Sum, here, tt.got.Ever, tt.got.Gaps)
		}
	}
	if r := a.Partner("7", 7, noon()); !r.Open || r.Code != "abc" || *r.Days[5].Here != 30 || r.Days[6].Here != nil || r.Days[6].Counted != 10 {
		t.Errorf("the partner's: %+v", r)
	}
	if r := a.Partner("9", 7, noon()); r.Open || !r.Since.IsZero() {
		t.Errorf("a stranger's: %+v", r)
	}
	if r := a.All(30, noon()); r.Days[28].Here != nil {
		t.Error("it is said of all together who is still here")
	}
	young := joins.Archive{Ledger: joins.Ledger{Accounts: []joins.Account{{Partner: "7", Since: ago(2)}}}}
	if r := young.Partner("7", 90, noon()); len(r.Days) != 7 {
		t.Errorf("a partnership of two days is shown for %d", len(r.Days))
	}
}

func TestShares(t *testing.T) {
	t.Parallel()
	var got []string
	for _, s := range archive().Shares(30, noon()) {
		here := "?"
		if s.Here != nil {
			here = fmt.Sprint(*s.Here)
		}
		got = append(got, fmt.Sprint(s.Partner, " ", s.Counted, " ", s.Identified, " ", here))
	}
	if fmt.Sprint(got) != "[8 100 0 ? 7 40 29 31 other 77 0 ? vanity 9 0 ?]" {
		t.Errorf("shares: %v", got)
	}
	if got := archive().Shares(7, noon()); got[0].Partner != "7" || got[1].Counted != 0 {
		t.Errorf("shares of a week: %+v", got)
	}
}

// TestReportsBalance adds up whatever days there are: the sum is that of the days,
// and what is not identified is never negative.
func TestReportsBalance(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		var a joins.Archive
		all := 0
		for i := 89; i >= 0; i-- {
			n := rapid.IntRange(0, 9).Draw(r, "counted")
			a.Days = append(a.Days, came(i, map[string]joins.Books{"7": {Counted: n, Identified: rapid.IntRange(0, n).Draw(r, "identified")}}))
			all += n
		}
		got := a.Partner("7", 90, noon())
		if got.Sum.Counted != all || got.Sum.Identified+got.Sum.Unidentified() != all || got.Sum.Unidentified() < 0 {
			r.Fatalf("%d joins are reported as %+v", all, got.Sum)
		}
	})
}
