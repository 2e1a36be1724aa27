package access_test

import (
	"testing"

	"github.com/entente-bot/entente/internal/access"
)

func TestAllow(t *testing.T) {
	staff := access.Staff{Managers: []string{"managers"}, Viewers: []string{"viewers"}}
	member := func(permissions string, roles ...string) access.Caller {
		return access.Caller{User: "1", Roles: roles, Permissions: permissions}
	}
	check := func(name string, want bool, c access.Caller, r access.Right) {
		t.Helper()
		if got := c.Allow(r, staff); got != want {
			t.Errorf("%s: Allow(%s) = %v, want %v", name, r, got, want)
		}
	}
	allow := func(name string, c access.Caller, r access.Right) { t.Helper(); check(name, true, c, r) }
	deny := func(name string, c access.Caller, r access.Right) { t.Helper(); check(name, false, c, r) }

	allow("anyone", member("0"), access.Everyone)
	deny("anyone", member("0"), access.View)
	deny("anyone", member("0"), access.Edit)
	allow("viewer", member("0", "viewers"), access.View)
	deny("viewer", member("0", "viewers"), access.Edit)
	allow("manager", member("0", "other", "managers"), access.Edit)
	allow("manage server", member("32"), access.Edit)
	allow("administrator", member("8"), access.Edit)
	allow("all bits", member("18446744073709551615"), access.Edit)
	deny("unknown right", member("8"), "partnerships.everything")

	// Bits that a channel overwrite can give: no guild-wide power.
	deny("manage roles", member("268435456"), access.View)
	deny("manage channels and messages", member("8208"), access.Edit)

	for _, broken := range []string{"", "-8", "+8", "0x8", "8.0", "eight", " 8", "18446744073709551616", "99999999999999999999999999"} {
		deny("permissions "+broken, member(broken), access.Edit)
	}
	deny("no member", access.Caller{Permissions: "8"}, access.Edit)
	deny("no member", access.Caller{Roles: []string{"managers"}}, access.View)
	deny("no member", access.Caller{}, access.Everyone)
}
