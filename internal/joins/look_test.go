package joins_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/joins"
	"github.com/entente-bot/entente/internal/storage"
)

// A person with an account that is years old.
const old = "150000000000000000"

// comes is somebody who joined so many seconds after noon, with marker roles.
func comes(user string, s int, roles ...string) joins.Person {
	return joins.Person{User: user, Joined: at(s), Roles: roles}
}

// aged is the ID of an account that was so many seconds old ten seconds after noon.
func aged(s int) string {
	return fmt.Sprint((at(10-s).UnixMilli() - 1420070400000) << 22)
}

// days are books in which a partner's joins are counted.
func days(counted map[string]map[string]int) (list []joins.Day) {
	for date, partners := range counted {
		list = append(list, joins.Day{Date: date}.Add(partners))
	}
	return list
}

const aDay = 24 * 60 * 60

// TestLook has the rule of who is identified, who left early, and who returned.
func TestLook(t *testing.T) {
	t.Parallel()
	today, before := "2026-11-21", "2026-11-20"
	one := map[string]map[string]int{today: {"7": 1}}
	known := joins.Member{User: old, Partner: "7", Joined: at(10), Day: today, Seen: at(20)}
	stayed := known
	stayed.Seen = at(700)
	left := known
	left.Left, left.Early = at(300), true
	tests := []struct {
		name    string
		at      int // the look began, seconds after noon
		counted map[string]map[string]int
		member  joins.Member
		people  []joins.Person
		want    string // of the changes: user, partner, day, left, early, additions
	}{
		{"one join", 60, one, joins.Member{}, []joins.Person{comes(old, 10, "r7")}, "7 2026-11-21 +1"},
		{"a young account", 60, one, joins.Member{}, []joins.Person{comes(aged(7*aDay-1), 10, "r7")}, "7 2026-11-21 +1 young"},
		{"an account of a week", 60, one, joins.Member{}, []joins.Person{comes(aged(7*aDay), 10, "r7")}, "7 2026-11-21 +1"},
		{"no role", 60, one, joins.Member{}, []joins.Person{comes(old, 10)}, ""},
		{"a bot", 60, one, joins.Member{}, []joins.Person{{User: old, Joined: at(10), Roles: []string{"r7"}, Bot: true}}, ""},
		{"joined before the account was opened", 60, one, joins.Member{}, []joins.Person{comes(old, -1, "r7")}, ""},
		{"joined as the account was opened", 60, one, joins.Member{}, []joins.Person{comes(old, 0, "r7")}, "7 2026-11-21 +1"},
		{"an existing member used the invite: no use is counted", 60, nil, joins.Member{}, []joins.Person{comes(old, 10, "r7")}, ""},
		{"the count is another partner's", 60, map[string]map[string]int{today: {"8": 1}}, joins.Member{}, []joins.Person{comes(old, 10, "r7")}, ""},
		{"the count is late", 2 * aDay, map[string]map[string]int{"2026-11-23": {"7": 1}}, joins.Member{}, []joins.Person{comes(old, 10, "r7")}, "7 2026-11-23 +1"},
		{"the count is of the day before", 60, map[string]map[string]int{before: {"7": 1}}, joins.Member{}, []joins.Person{comes(old, 10, "r7")}, ""},
		{"polled before midnight, joined after it", aDay, one, joins.Member{}, []joins.Person{comes(old, aDay/2+1, "r7")}, "7 2026-11-21 +1"},
		{"joined long after midnight", aDay, one, joins.Member{}, []joins.Person{comes(old, aDay/2+3600, "r7")}, ""},
		{"Discord's clock is ahead", 5, one, joins.Member{}, []joins.Person{comes(old, 60, "r7")}, "7 2026-11-21 +1"},
		{"after a month", 30 * aDay, map[string]map[string]int{"2026-12-21": {"7": 1}}, joins.Member{}, []joins.Person{comes(old, 10, "r7")}, ""},
		{"two roles, room with one", 60, map[string]map[string]int{today: {"8": 1}}, joins.Member{}, []joins.Person{comes(old, 10, "r7", "r8")}, "8 2026-11-21 +1"},
		{"two roles, room with both", 60, map[string]map[string]int{today: {"7": 1, "8": 1}}, joins.Member{}, []joins.Person{comes(old, 10, "r7", "r8")}, ""},
		{"who has been here for longer comes second", 3 * aDay, map[string]map[string]int{"2026-11-24": {"7": 1}}, joins.Member{},
			[]joins.Person{comes(old+"0", 10, "r7"), comes(old, 3*aDay-60, "r7")}, "7 2026-11-24 +1"},
		{"known already", 60, one, known, []joins.Person{comes(old, 10, "r8")}, ""},
		{"stayed", 620, one, known, []joins.Person{comes(old, 10, "r7")}, "7 2026-11-21"},
		{"gone early", 120, one, known, nil, "7 2026-11-21 left early early+1"},
		{"gone at the first look after the threshold", 620, one, known, nil, "7 2026-11-21 left early early+1"},
		{"gone at a look too late to tell", 1210, one, known, nil, "7 2026-11-21 left"},
		{"gone after they had stayed", 800, one, stayed, nil, "7 2026-11-21 left"},
		{"a look that began before they were seen", 20, one, known, nil, ""},
		{"gone, known already", 700, one, left, nil, ""},
		{"there all the time: a list was wrong", 700, one, left, []joins.Person{comes(old, 10, "r7")}, "7 2026-11-21 early-1"},
		{"returned", 700, map[string]map[string]int{today: {"7": 2}}, left, []joins.Person{comes(old, 650, "r7")}, "7 2026-11-21 +1 returned"},
		{"returned by another partner", 700, map[string]map[string]int{today: {"7": 1, "8": 1}}, left, []joins.Person{comes(old, 650, "r8")}, "8 2026-11-21 +1 returned"},
		{"left and returned between two looks", 700, map[string]map[string]int{today: {"7": 2}}, known, []joins.Person{comes(old, 400, "r7")}, "7 2026-11-21 early+1 +1 returned"},
		{"returned without the invite", 700, one, known, []joins.Person{comes(old, 400)}, "7 2026-11-21 left early early+1"},
		{"not seen for a week", 8 * aDay, one, stayed, []joins.Person{comes(old, 10, "r7")}, "7 2026-11-21"},
	}
	l := joins.Ledger{}.With(joins.Account{Partner: "7", Since: noon(), Role: "r7"}).With(joins.Account{Partner: "8", Since: noon(), Role: "r8"})
	for _, tt := range tests {
		var members []joins.Member
		ds := days(tt.counted)
		if tt.member.User != "" {
			members = append(members, tt.member)
			for i, d := range ds {
				if b, ok := d.Books["7"]; ok && d.Date == today {
					b.Identified = 1
					ds[i].Books["7"] = b
				}
			}
		}
		look := joins.NewLook(l, members, 10*time.Minute, at(tt.at))
		look.Note(tt.people)
		look.Over(at(tt.at+1), ds)
		got := ""
		for _, c := range look.Changes() {
			got += told(c)
		}
		if got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

func told(c joins.Change) string {
	s := c.After.Partner + " " + c.After.Day
	if !c.After.Left.IsZero() {
		s += " left"
	}
	if c.After.Early {
		s += " early"
	}
	for _, a := range c.Adds {
		if a.Books.Early != 0 {
			s += fmt.Sprintf(" early%+d", a.Books.Early)
		}
		if a.Books.Identified != 0 {
			s += fmt.Sprintf(" %+d", a.Books.Identified)
		}
		if a.Books.Returned != 0 {
			s += " returned"
		}
		if a.Books.Young != 0 {
			s += " young"
		}
	}
	return s
}

// TestKept: a member is kept for 30 days after they left, and never for so short a
// time that their stay may be identified again.
func TestKept(t *testing.T) {
	t.Parallel()
	m := joins.Member{User: old, Joined: noon(), Seen: noon()}
	if got := m.ExpiresAt(); got.Before(noon().Add(30 * 24 * time.Hour)) {
		t.Errorf("who was seen is kept until %v", got)
	}
	m.Left = at(100)
	if got, want := m.ExpiresAt(), at(100+30*aDay); !got.Equal(want) {
		t.Errorf("kept until %v, want %v", got, want)
	}
}

// TestBatches: no write is too large, and none is left out.
func TestBatches(t *testing.T) {
	t.Parallel()
	var list []joins.Change
	for i := range 500 {
		c := joins.Change{After: joins.Member{User: fmt.Sprint(i)}}
		for n := range i % 3 {
			c.Adds = append(c.Adds, joins.Addition{Date: fmt.Sprint(i % 40 * (n + 1))})
		}
		list = append(list, c)
	}
	var all []joins.Change
	for _, b := range joins.Batches(list) {
		days := map[string]bool{}
		for _, c := range b {
			for _, a := range c.Adds {
				days[a.Date] = true
			}
		}
		if n := 2*len(b) + len(days); n > storage.MaxPut {
			t.Errorf("%d items in one write", n)
		}
		all = append(all, b...)
	}
	if !slices.EqualFunc(all, list, func(a, b joins.Change) bool { return a.After.User == b.After.User }) {
		t.Errorf("%d of %d changes", len(all), len(list))
	}
}
