package joins_test

import (
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/joins"
	"github.com/entente-bot/entente/internal/storage"
)

// TestVanity has the rules of the vanity URL, which are those of invites.
func TestVanity(t *testing.T) {
	t.Parallel()
	type told struct {
		code  string
		uses  int
		start int
	}
	tests := []struct {
		name   string
		told   []told
		rebase int // seconds after noon; 0 = never
		want   int
	}{
		{"the first sight is a baseline", []told{{"a", 40, 1}}, 0, 0},
		{"what came since", []told{{"a", 40, 1}, {"a", 43, 2}, {"a", 43, 3}, {"a", 44, 4}}, 0, 4},
		{"falls, and rises above", []told{{"a", 40, 1}, {"a", 30, 2}, {"a", 41, 3}}, 0, 1},
		{"another code", []told{{"a", 40, 1}, {"b", 90, 2}, {"b", 91, 3}}, 0, 1},
		{"told late", []told{{"a", 40, 2}, {"a", 50, 1}}, 0, 0},
		{"none, and one again", []told{{"a", 40, 1}, {"", 0, 2}, {"a", 50, 3}, {"a", 51, 4}}, 0, 1},
		{"the bot was away", []told{{"a", 40, 1}, {"a", 50, 6}, {"a", 51, 7}}, 5, 1},
	}
	for _, tt := range tests {
		d := open(t)
		keys := []storage.Key{joins.LedgerKey("1"), joins.DayKey("1", noon())}
		for _, x := range tt.told {
			tx := d.tx(keys)
			if tt.rebase > 0 && x.start > tt.rebase {
				joins.Rebase(tx, "1", joins.Away, at(tt.rebase))
			}
			joins.BookVanity(tx, "1", x.code, x.uses, at(x.start))
			d.keep(tx)
		}
		if got := joins.DayOf(d.tx(keys), "1", noon()).Books[joins.ByVanity].Counted; got != tt.want {
			t.Errorf("%s: %d, want %d", tt.name, got, tt.want)
		}
	}
}

// TestCounts: who is still here is kept of the account and of the day. A marker role
// that is not counted any more is looked into, once a day.
func TestCounts(t *testing.T) {
	t.Parallel()
	a, b := tracked("7", "x"), tracked("8", "y")
	a.Role, b.Role = "r7", "r8"
	d := open(t, a, b, tracked("9", "z"))
	count := func(s int, counts map[string]int) (synced, written int) {
		l := joins.LedgerOf(d.tx([]storage.Key{joins.LedgerKey("1")}), "1")
		keys := joins.CountKeys("1", l, counts, at(s))
		tx := d.tx(keys)
		joins.BookCounts(tx, "1", l, counts, at(s), at(s))
		changes, err := tx.Changes()
		if err != nil {
			t.Fatal(err)
		}
		for _, it := range changes {
			if it.Key == joins.Sync("1", "8").Key() {
				synced++
			}
		}
		d.keep(tx)
		return synced, len(changes)
	}
	steps := []struct {
		at     int
		counts map[string]int
		synced int
		quiet  bool
	}{
		{1, map[string]int{"r7": 3, "r8": 4, "other": 9}, 0, false},
		{2, map[string]int{"r7": 3, "r8": 4}, 0, true},
		{3, map[string]int{"r7": 3}, 1, false},
		{4, map[string]int{"r7": 3}, 0, true},
		{4 + aDay, map[string]int{"r7": 3}, 1, false},
	}
	for _, st := range steps {
		if synced, written := count(st.at, st.counts); synced != st.synced || (written == 0) != st.quiet {
			t.Errorf("at %d: %d actions, %d items", st.at, synced, written)
		}
	}
	l, _, _ := d.state()
	for partner, want := range map[string]int{"7": 3, "8": 0} {
		if a, _ := l.Account(partner); a.Here == nil || *a.Here != want {
			t.Errorf("%s: %v here, want %d", partner, a.Here, want)
		}
	}
	if a, _ := l.Account("9"); a.Here != nil {
		t.Errorf("%d here of one without a role", *a.Here)
	}
}

// TestLists: members are listed when something changed, and otherwise once a day.
func TestLists(t *testing.T) {
	t.Parallel()
	a := tracked("7", "x")
	a.Role, a.Counted = "r7", 2
	l := joins.Ledger{}.With(a)
	l.Census = joins.Census{Listed: at(0), Pages: 1, Tally: l.Tally()}
	with := func(change func(*joins.Ledger)) joins.Ledger {
		l := l
		change(&l)
		return l
	}
	tests := []struct {
		name string
		l    joins.Ledger
		want time.Time
	}{
		{"nothing changed", l, at(aDay)},
		{"a join", with(func(l *joins.Ledger) { a := a; a.Counted++; *l = l.With(a) }), at(60)},
		{"never before", with(func(l *joins.Ledger) { l.Census = joins.Census{} }), at(60)},
		{"a threshold", with(func(l *joins.Ledger) { l.Census.Again = at(600) }), at(600)},
		{"a threshold long ahead", with(func(l *joins.Ledger) { l.Census.Again = at(2 * aDay) }), at(aDay)},
		{"a large guild", with(func(l *joins.Ledger) { l.Census.Pages, l.Census.Tally = 100, "" }), at(600)},
		{"no intent", with(func(l *joins.Ledger) { l.Census.Blind, l.Census.Tried = at(0), at(30) }), at(30 + aDay)},
	}
	for _, tt := range tests {
		if got, ever := tt.l.Lists(at(60)); !ever || !got.Equal(tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
	if _, ever := (joins.Ledger{}.With(tracked("7", "x"))).Lists(at(60)); ever {
		t.Error("without marker roles they are listed")
	}
}
