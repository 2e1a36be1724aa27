package joins_test

import (
	"fmt"
	"reflect"
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/joins"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/storage"
)

// snowflake is an ID that Discord gave at second s.
func snowflake(s int) string {
	return fmt.Sprint((at(s).UnixMilli() - 1420070400000) << 22)
}

// TestFindRole looks for a role that an attempt at noon may have made.
func TestFindRole(t *testing.T) {
	t.Parallel()
	role := func(s int, change func(*joins.Role)) joins.Role {
		r := joins.Role{ID: snowflake(s), Name: "Lighthouse"}
		if change != nil {
			change(&r)
		}
		return r
	}
	l := joins.Ledger{}.With(joins.Account{Partner: "8", Role: snowflake(3)})
	tests := []struct {
		name  string
		roles []joins.Role
		want  string
	}{
		{"none", nil, ""},
		{"made at once", []joins.Role{role(1, nil)}, snowflake(1)},
		{"by a clock that is behind", []joins.Role{role(-200, nil)}, snowflake(-200)},
		{"long before", []joins.Role{role(-3600, nil)}, ""},
		{"of another name", []joins.Role{role(1, func(r *joins.Role) { r.Name = "Lighthouses" })}, ""},
		{"with rights", []joins.Role{role(1, func(r *joins.Role) { r.Permissions = 8 })}, ""},
		{"of a bot", []joins.Role{role(1, func(r *joins.Role) { r.Managed = true })}, ""},
		{"another partner's", []joins.Role{role(3, nil)}, ""},
		{"one that is to be deleted", []joins.Role{role(4, nil)}, ""},
		{"the earliest", []joins.Role{role(9, nil), role(5, nil)}, snowflake(5)},
	}
	for _, tt := range tests {
		m := joins.Making{Partner: "7", Role: joins.Attempt{Name: "Lighthouse", Since: noon()}, Stale: []string{snowflake(4)}}
		if got, found := m.FindRole(l, tt.roles); got != tt.want || found != (tt.want != "") {
			t.Errorf("%s: found %q, want %q", tt.name, got, tt.want)
		}
		m.Role = joins.Attempt{}
		if got, _ := m.FindRole(l, tt.roles); got != "" {
			t.Errorf("%s: found %q, and nothing was attempted", tt.name, got)
		}
	}
}

// TestFindInvites looks for invites that an attempt at noon may have made.
func TestFindInvites(t *testing.T) {
	t.Parallel()
	make := func(code string, s int, change func(*joins.Invite)) joins.Invite {
		in := joins.Invite{Code: code, Created: at(s), Channel: "50", Inviter: "1", Roles: []string{"60"}}
		if change != nil {
			change(&in)
		}
		return in
	}
	l := joins.Ledger{}.With(joins.Account{Partner: "8", Code: "theirs", Created: at(2)})
	list := []joins.Invite{
		make("second", 5, nil), make("first", 1, nil), make("theirs", 2, nil),
		make("earlier", -3600, nil),
		make("elsewhere", 1, func(in *joins.Invite) { in.Channel = "51" }),
		make("a-person's", 1, func(in *joins.Invite) { in.Inviter = "2" }),
		make("bare", 1, func(in *joins.Invite) { in.Roles = nil }),
		make("of-two", 1, func(in *joins.Invite) { in.Roles = []string{"60", "61"} }),
	}
	m := joins.Making{Partner: "7", Invite: joins.Attempt{Name: "50", Since: noon()}}
	codes := func(role string) (codes []string) {
		for _, in := range m.FindInvites(l, "1", role, list) {
			codes = append(codes, in.Code)
		}
		return codes
	}
	if got := codes("60"); !reflect.DeepEqual(got, []string{"first", "second"}) {
		t.Errorf("with the role: %q", got)
	}
	if got := codes(""); !reflect.DeepEqual(got, []string{"bare"}) {
		t.Errorf("without: %q", got)
	}
	if in := make("x", 0, nil); in.Abandoned(at(90)) || !in.Abandoned(at(121)) {
		t.Error("who makes an invite has two minutes to claim it")
	}
}

// TestClaim notes roles and invites that are nobody's yet.
func TestClaim(t *testing.T) {
	t.Parallel()
	l := joins.Ledger{}.Open("7", noon()).Open("8", noon())
	l, ok := l.Claim("7", in("a", 0), at(1))
	if a, _ := l.Account("7"); !ok || a.Code != "a" || !a.Seen.Equal(at(1)) || a.Uses != 0 {
		t.Errorf("%v, %+v", ok, a)
	}
	if _, ok := l.Claim("8", in("a", 0), at(1)); ok {
		t.Error("one invite is two partners'")
	}
	if _, ok := l.Claim("8", remade("a", 9, 0), at(9)); !ok {
		t.Error("a code that was made anew is another invite")
	}
	if _, ok := l.Claim("9", in("b", 0), at(1)); ok {
		t.Error("a partner without an account has an invite")
	}
	if l, ok = l.Mark("7", "60"); !ok {
		t.Error("a role is not noted")
	}
	if _, ok := l.Mark("7", "60"); !ok {
		t.Error("noted twice, it is refused")
	}
	if _, ok := l.Mark("8", "60"); ok {
		t.Error("one role is two partners'")
	}
}

func TestRoleName(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{"Lighthouse": "Lighthouse", "@everyone": "@ everyone", " \u202e ": "77"} {
		if got := joins.RoleName(partnership.Server{ID: "77", Name: name}); got != want {
			t.Errorf("%q is called %q, want %q", name, got, want)
		}
	}
}

// TestClose ends the partnership with 7, whose invite was seen with 5 uses a minute
// after noon and deleted ten seconds later.
func TestClose(t *testing.T) {
	t.Parallel()
	five := func() joins.Account {
		a := tracked("7", "a")
		a.Uses, a.Counted, a.Seen, a.Role = 5, 6, at(60), "60"
		return a
	}
	gap := joins.Gap{From: at(60), To: at(70), Why: joins.Ended}
	tests := []struct {
		name   string
		change func(*joins.Ledger, *joins.Account)
		last   map[string]int
		counts int
		gaps   []joins.Gap
		booked int
	}{
		{"nobody tells", nil, nil, 6, []joins.Gap{gap}, 0},
		{"nothing since", nil, map[string]int{"a": 5}, 6, nil, 0},
		{"two more", nil, map[string]int{"a": 7}, 8, nil, 2},
		{"less than was seen", nil, map[string]int{"a": 4}, 6, []joins.Gap{gap}, 0},
		{"another invite", nil, map[string]int{"b": 9}, 6, []joins.Gap{gap}, 0},
		{"not tracked meanwhile", func(l *joins.Ledger, _ *joins.Account) { l.Rebase = joins.Mark{At: at(65), Why: joins.Away} },
			map[string]int{"a": 7}, 6, []joins.Gap{gap}, 0},
		{"closed before", func(_ *joins.Ledger, a *joins.Account) { a.Code = "" }, map[string]int{"a": 7}, 6, nil, 0},
	}
	for _, tt := range tests {
		l, a := joins.Ledger{}, five()
		if tt.change != nil {
			tt.change(&l, &a)
		}
		d := open(t)
		keys := joins.CloseKeys("1", "7", "70", at(70))
		tx := d.tx(keys)
		tx.Set(joins.LedgerKey("1"), l.With(a).With(tracked("8", "c")))
		joins.Close(tx, "1", "7", "70", tt.last, at(70))
		joins.Close(tx, "1", "7", "70", tt.last, at(90)) // again, after a crash
		d.keep(tx)
		tx = d.tx(keys)
		p, _ := storage.Read[joins.Past](tx, joins.PastKey("1", "7", "70"))
		if p.Counted != tt.counts || !reflect.DeepEqual(p.Gaps, tt.gaps) || p.Code != "" || !p.Closed.Equal(at(70)) {
			t.Errorf("%s: past %+v", tt.name, p)
		}
		if n := joins.DayOf(tx, "1", at(70)).Books["7"].Counted; n != tt.booked {
			t.Errorf("%s: %d booked, want %d", tt.name, n, tt.booked)
		}
		if l := joins.LedgerOf(tx, "1"); len(l.Accounts) != 1 || l.Accounts[0].Partner != "8" {
			t.Errorf("%s: left %+v", tt.name, l.Accounts)
		}
	}
}

// TestCloseOfNothing leaves nothing of a partner that never had an invite.
func TestCloseOfNothing(t *testing.T) {
	t.Parallel()
	d := open(t, joins.Account{Partner: "7", Since: noon()})
	tx := d.tx(joins.CloseKeys("1", "7", "70", noon()))
	joins.Close(tx, "1", "7", "70", nil, noon().Add(time.Hour))
	d.keep(tx)
	tx = d.tx(joins.CloseKeys("1", "7", "70", noon()))
	if _, ok := storage.Read[joins.Past](tx, joins.PastKey("1", "7", "70")); ok || len(joins.LedgerOf(tx, "1").Accounts) != 0 {
		t.Error("something is left")
	}
}

// TestKeep keeps nothing of a partner without an account and without roles.
func TestKeep(t *testing.T) {
	t.Parallel()
	d := &desk{t, map[storage.Key]storage.Item{}}
	key := joins.MakingKey("1", "7")
	for _, tt := range []struct {
		m       joins.Making
		account bool
		kept    bool
	}{
		{joins.Making{}, false, false},
		{joins.Making{}, true, true},
		{joins.Making{}.Drops("60").Drops("60").Drops(""), false, true},
		{joins.Making{Stale: []string{"60"}}.Away("60"), false, false},
	} {
		tt.m.Partner = "7"
		tx := d.tx([]storage.Key{key})
		tt.m.Keep(tx, "1", tt.account)
		d.keep(tx)
		if _, kept := storage.Read[joins.Making](d.tx([]storage.Key{key}), key); kept != tt.kept || len(tt.m.Stale) > 1 {
			t.Errorf("%+v: kept = %v", tt.m, kept)
		}
	}
}
