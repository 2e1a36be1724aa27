package joins_test

import (
	"reflect"
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/joins"
	"github.com/entente-bot/entente/internal/storage"
)

func noon() time.Time { return time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC) }

// at is so many seconds after noon.
func at(s int) time.Time { return noon().Add(time.Duration(s) * time.Second) }

// A desk is a guild's books, without a store.
type desk struct {
	*testing.T
	items map[storage.Key]storage.Item
}

// tx begins a transaction on what is kept under keys.
func (d *desk) tx(keys []storage.Key) *storage.Tx {
	var items []storage.Item
	for _, k := range keys {
		it, ok := d.items[k]
		if !ok {
			it = storage.Item{Key: k}
		}
		items = append(items, it)
	}
	return storage.Of(items...)
}

// keep keeps what tx changes.
func (d *desk) keep(tx *storage.Tx) {
	d.Helper()
	changes, err := tx.Changes()
	if err != nil {
		d.Fatal(err)
	}
	for _, it := range changes {
		if it.Value != nil {
			it.Version = storage.NewVersion()
		}
		d.items[it.Key] = it
	}
}

// open is the desk of a guild with the given accounts.
func open(t *testing.T, accounts ...joins.Account) *desk {
	d := &desk{t, map[storage.Key]storage.Item{}}
	l := joins.Ledger{}
	for _, a := range accounts {
		l = l.With(a)
	}
	tx := d.tx([]storage.Key{joins.LedgerKey("1")})
	tx.Set(joins.LedgerKey("1"), l)
	d.keep(tx)
	return d
}

// tracked is the account of a partner whose invite was made at noon.
func tracked(partner, code string) joins.Account {
	return joins.Account{Partner: partner, Since: noon(), Code: code, Created: noon(), Seen: noon()}
}

// state returns what is kept, and what came on a day.
func (d *desk) state() (joins.Ledger, joins.Others, map[string]joins.Books) {
	tx := d.tx(joins.Keys("1", noon()))
	return joins.LedgerOf(tx, "1"), joins.OthersOf(tx, "1"), joins.DayOf(tx, "1", noon()).Books
}

// poll books a poll that began at second s and took one.
func (d *desk) poll(s int, change func(*joins.Poll), invites ...joins.Invite) joins.Outcome {
	d.Helper()
	p := joins.Poll{Start: at(s), End: at(s + 1), Invites: invites}
	if change != nil {
		change(&p)
	}
	l, o, _ := d.state()
	idle, closing := joins.Idle(l, o, p), joins.Closing(l, p)
	tx := d.tx(joins.Keys("1", p.Start))
	out := joins.Book(tx, "1", p, p.End)
	d.keep(tx)
	if idle && len(out.Joins) > 0 && s >= 60 {
		d.Errorf("at %d s: called idle, and brought %v", s, out.Joins)
	}
	if !closing && len(out.Closed) > 0 {
		d.Errorf("at %d s: closed %v, and nobody was asked for the last uses", s, out.Closed)
	}
	return out
}

// in is an invite that was made at noon, with so many uses; fewer than 0 are not told.
func in(code string, uses int) joins.Invite {
	v := joins.Invite{Code: code, Created: noon()}
	if uses >= 0 {
		v.Uses = &uses
	}
	return v
}

// remade is an invite with a code that was another's before.
func remade(code string, s, uses int) joins.Invite {
	v := in(code, uses)
	v.Created = at(s)
	return v
}

// A look is one poll of a story.
type look struct {
	s       int
	invites []joins.Invite
	change  func(*joins.Poll)
}

func saw(s int, invites ...joins.Invite) look { return look{s, invites, nil} }

// The rules of DESIGN §8.6 and FAULTS R30–R36, as far as the ledger goes.
func TestBook(t *testing.T) {
	t.Parallel()
	told := func(code string, uses int) func(*joins.Poll) {
		return func(p *joins.Poll) { p.Last = map[string]int{code: uses} }
	}
	for _, tt := range []struct {
		name    string
		looks   []look
		counted map[string]int // on the day
		gaps    []joins.Gap    // of partner 8
		closed  bool           // 8's invite
	}{
		{"nothing", []look{saw(5, in("a", 0), in("b", 0))}, nil, nil, false},
		{"one join", []look{saw(5, in("a", 1), in("b", 0))}, map[string]int{"8": 1}, nil, false},
		{"the same poll again", []look{saw(5, in("a", 1)), saw(5, in("a", 1))}, map[string]int{"8": 1}, nil, false},
		{"two invites and a raid", []look{saw(5, in("a", 500), in("b", 2))}, map[string]int{"8": 500, "9": 2}, nil, false},
		{"R30: no uses told", []look{saw(5, in("a", -1), in("b", -1)), saw(10, in("a", 3), in("b", 0))}, map[string]int{"8": 3}, nil, false},
		{"R30: one empty list", []look{saw(5, in("a", 3), in("b", 0)), saw(10), saw(15, in("a", 4), in("b", 0))}, map[string]int{"8": 4}, nil, false},
		{"R31: first sight", []look{saw(5, in("a", 0), in("b", 0), in("x", 40))}, nil, nil, false},
		{"another invite", []look{saw(5, in("x", 40)), saw(70, in("a", 0), in("b", 0), in("x", 42))}, map[string]int{joins.ByOther: 2}, nil, false},
		{
			"R32: uses fall, and rise above", []look{saw(5, in("a", 10), in("b", 0)), saw(10, in("a", 3), in("b", 0)), saw(15, in("a", 9), in("b", 0)), saw(20, in("a", 12), in("b", 0))},
			map[string]int{"8": 12}, nil, false,
		},
		{
			"R33: made again under its code", []look{saw(5, in("a", 3), in("b", 0)), saw(10, remade("a", 7, 5), in("b", 0)), saw(30, remade("a", 7, 5), in("b", 0)), saw(611, remade("a", 7, 9), in("b", 0))},
			map[string]int{"8": 3, joins.ByOther: 4}, []joins.Gap{{From: at(5), To: at(612), Why: joins.Deleted}}, true,
		},
		{"R34: an older poll", []look{saw(10, in("a", 5), in("b", 0)), saw(5, in("a", 7))}, map[string]int{"8": 5}, nil, false},
		{"missing for ten minutes", []look{saw(5, in("a", 3), in("b", 0)), saw(10, in("b", 0)), saw(70, in("b", 0)), saw(610, in("b", 0)), saw(615, in("a", 4), in("b", 0))}, map[string]int{"8": 4}, nil, false},
		{"missing in two polls", []look{saw(5, in("a", 3), in("b", 0)), saw(10), saw(3600), saw(3605, in("a", 4), in("b", 0))}, map[string]int{"8": 4}, nil, false},
		{"deleted", []look{saw(5, in("a", 3), in("b", 0)), saw(10, in("b", 0)), saw(15, in("b", 0)), saw(611, in("b", 0))}, map[string]int{"8": 3}, []joins.Gap{{From: at(5), To: at(612), Why: joins.Deleted}}, true},
		{"deleted, and all seen until a moment before", []look{
			saw(5, in("a", 3), in("b", 0)), {20, []joins.Invite{in("b", 0)}, func(p *joins.Poll) { p.Since = at(15) }}, saw(30, in("b", 0)), saw(700, in("b", 0)),
		}, map[string]int{"8": 3}, []joins.Gap{{From: at(15), To: at(701), Why: joins.Deleted}}, true},
		{"deleted, and its last uses told", []look{
			saw(5, in("a", 3), in("b", 0)), {15, []joins.Invite{in("b", 0)}, told("a", 7)},
		}, map[string]int{"8": 7}, nil, true},
		{"deleted, and fewer told than seen", []look{
			saw(5, in("a", 3), in("b", 0)), {15, []joins.Invite{in("b", 0)}, told("a", 2)},
		}, map[string]int{"8": 3}, []joins.Gap{{From: at(5), To: at(16), Why: joins.Deleted}}, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			d := open(t, tracked("8", "a"), tracked("9", "b"))
			for _, k := range tt.looks {
				d.poll(k.s, k.change, k.invites...)
			}
			l, _, books := d.state()
			counted := map[string]int(nil)
			for who, b := range books {
				if counted == nil {
					counted = map[string]int{}
				}
				counted[who] = b.Counted
			}
			a, _ := l.Account("8")
			if !reflect.DeepEqual(counted, tt.counted) || !reflect.DeepEqual(a.Gaps, tt.gaps) || a.Code == "" != tt.closed {
				t.Errorf("counted %v, gaps %v, closed %v; want %v, %v, %v", counted, a.Gaps, a.Code == "", tt.counted, tt.gaps, tt.closed)
			}
			if a.Counted != counted["8"] {
				t.Errorf("the account has %d, the day %d", a.Counted, counted["8"])
			}
			caused := d.items[joins.Renew("1").Key()].Value != nil
			if caused != tt.closed {
				t.Errorf("renewal caused: %v", caused)
			}
		})
	}
}

// FAULTS R36: what happened while the bot was away is nobody's, and said to be
// unknown; what is made afterwards counts from the beginning.
func TestRebase(t *testing.T) {
	t.Parallel()
	d := open(t, tracked("8", "a"), tracked("9", "b"))
	d.poll(5, nil, in("a", 3), in("b", 1), in("x", 9))
	keys := []storage.Key{joins.LedgerKey("1")}
	tx := d.tx(keys)
	joins.Rebase(tx, "1", joins.Away, at(100))
	young := tracked("7", "c")
	young.Seen, young.Created = at(110), at(110)
	tx.Set(joins.LedgerKey("1"), joins.LedgerOf(tx, "1").With(young))
	d.keep(tx)
	made := in("c", 2)
	made.Created = at(110)
	d.poll(120, nil, in("a", 30), in("b", 1), in("x", 20), made)
	d.poll(125, nil, in("a", 31), in("b", 1), in("x", 22), made)
	l, o, books := d.state()
	away := []joins.Gap{{From: at(5), To: at(121), Why: joins.Away}}
	for partner, want := range map[string]joins.Account{"7": {Counted: 2}, "8": {Counted: 4, Gaps: away}, "9": {Counted: 1, Gaps: away}} {
		if a, _ := l.Account(partner); a.Counted != want.Counted || !reflect.DeepEqual(a.Gaps, want.Gaps) || books[partner].Counted != want.Counted {
			t.Errorf("%s: %+v, of the day %d; want %+v", partner, a, books[partner].Counted, want)
		}
	}
	if got := books[joins.ByOther].Counted; got != 2 || !reflect.DeepEqual(o.Gaps, away) {
		t.Errorf("others: %d, gaps %v", got, o.Gaps)
	}
}

// What changes of other invites alone waits for a minute, and is not lost.
func TestIdle(t *testing.T) {
	t.Parallel()
	d := open(t, tracked("8", "a"))
	d.poll(5, nil, in("a", 3), in("x", 9))
	l, o, _ := d.state()
	for _, tt := range []struct {
		name string
		want bool
		look look
	}{
		{"nothing new", true, saw(10, in("a", 3), in("x", 9))},
		{"nothing new after an hour", true, saw(3600, in("a", 3), in("x", 9))},
		{"another's join", true, saw(10, in("a", 3), in("x", 10))},
		{"another's join, after a minute", false, saw(65, in("a", 3), in("x", 10))},
		{"another invite, after a minute", false, saw(65, in("a", 3), in("x", 9), in("y", 0))},
		{"a partner's join", false, saw(10, in("a", 4), in("x", 9))},
		{"a partner's invite is missing", false, saw(10, in("x", 9))},
		{"no uses told", true, saw(10, in("a", -1), in("x", -1))},
		{"an older answer", true, saw(10, in("a", 2), in("x", 8))},
	} {
		p := joins.Poll{Start: at(tt.look.s), End: at(tt.look.s), Invites: tt.look.invites}
		if got := joins.Idle(l, o, p); got != tt.want {
			t.Errorf("%s: idle = %v", tt.name, got)
		}
	}
}

// A poll that tells no uses does not show when others were last seen with theirs.
func TestNothingIsLearnedOfOthersWithoutUses(t *testing.T) {
	t.Parallel()
	d := open(t, tracked("8", "a"))
	d.poll(5, nil, in("a", 0), in("x", 40))
	d.poll(70, nil)                            // an answer that was cut short
	d.poll(130, nil, in("a", -1), in("x", -1)) // x was used until now; nobody knows how often
	d.poll(800, nil, in("a", 0))
	d.poll(1500, nil, in("a", 0))
	_, o, _ := d.state()
	if want := []joins.Gap{{From: at(5), To: at(801), Why: joins.Deleted}}; !reflect.DeepEqual(o.Gaps, want) {
		t.Errorf("the gaps of the others are %v, want %v", o.Gaps, want)
	}
}

// FAULTS R34: what was asked earlier and is booked later changes nothing at all.
func TestOlderPollIsDropped(t *testing.T) {
	t.Parallel()
	d := open(t, tracked("8", "a"))
	d.poll(10, nil, in("a", 5), in("x", 1))
	l, o, _ := d.state()
	for _, s := range []int{5, 10} {
		if out := d.poll(s, nil, in("a", 7), in("y", 3)); !out.Dropped {
			t.Errorf("a poll of %d s was booked: %+v", s, out)
		}
	}
	if l2, o2, _ := d.state(); !reflect.DeepEqual(l, l2) || !reflect.DeepEqual(o, o2) {
		t.Errorf("%+v, %+v; before %+v, %+v", l2, o2, l, o)
	}
}

// A tracked invite that was first taken for another's is not in two books.
func TestTrackedIsNoOther(t *testing.T) {
	t.Parallel()
	d := open(t)
	d.poll(5, nil, in("a", 0))
	tx := d.tx([]storage.Key{joins.LedgerKey("1")})
	tx.Set(joins.LedgerKey("1"), joins.LedgerOf(tx, "1").With(tracked("8", "a")))
	d.keep(tx)
	d.poll(10, nil, in("a", 2))
	_, o, books := d.state()
	if len(o.Invites) != 0 || books["8"].Counted != 2 || books[joins.ByOther].Counted != 0 {
		t.Errorf("others %v, books %v", o.Invites, books)
	}
}

// An invite of which a poll tells nothing but the code is neither seen nor missing:
// nothing is booked, nothing closed, and nothing new is learned of others.
func TestOnlyTheCodeIsNoObservation(t *testing.T) {
	t.Parallel()
	d := open(t, tracked("8", "a"))
	d.poll(5, nil, in("a", 2), in("x", 4), in("y", 1))
	before, others, _ := d.state()
	vague := func(code string) joins.Invite { return joins.Invite{Code: code} }
	for s := 70; s < 2000; s += 60 {
		d.poll(s, nil, vague("a"), vague("x"), in("y", 1))
	}
	after, now, _ := d.state()
	if a, _ := after.Account("8"); a.Code != "a" || len(a.Gaps) > 0 || !a.Missing.IsZero() || a.Counted != 2 {
		t.Errorf("the account is %+v, before %+v", a, before.Accounts)
	}
	if len(now.Gaps) > 0 || len(now.Invites) != len(others.Invites) {
		t.Errorf("the others are %+v, before %+v", now, others)
	}
	d.poll(2000, nil, in("a", 5), in("x", 4), in("y", 1))
	if l, _, _ := d.state(); l.Accounts[0].Counted != 5 {
		t.Errorf("told again, %d are counted, want 5", l.Accounts[0].Counted)
	}
}
