package discordrest_test

import (
	"fmt"
	"maps"
	"reflect"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/action"
)

func TestGuildInvites(t *testing.T) {
	t.Parallel()
	const body = `[
		{"type":0,"code":"abc","created_at":"2026-11-21T12:00:00.123456+00:00","uses":7,"channel":{"id":"5","type":0,"name":"x"},"inviter":{"id":"9"},"roles":[{"id":"3"},{"id":"4"}],"max_age":0},
		{"type":0,"code":"def","created_at":"2026-11-21T12:00:00Z","channel":null,"scheduled":"odd"},
		{"type":0,"code":"ghi","created_at":"2026-11-21T13:00:00+01:00","uses":null}]`
	var sent tape
	list, err := open(sent.on(always(200, body))).GuildInvites(t.Context(), "1")
	if err != nil || sent.lines[0] != "GET /guilds/1/invites" || len(list) != 3 {
		t.Fatalf("%v, %v after %q", list, err, sent.lines)
	}
	noon := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	if a := list[0]; a.Code != "abc" || !a.Created.Equal(noon.Add(123456*time.Microsecond)) || a.Uses == nil || *a.Uses != 7 ||
		a.Channel != "5" || a.Inviter != "9" || !reflect.DeepEqual(a.Roles, []string{"3", "4"}) {
		t.Errorf("got %+v", a)
	}
	for _, v := range list[1:] { // R30: not told is no number
		if v.Uses != nil || !v.Created.Equal(noon) || v.Inviter != "" {
			t.Errorf("got %+v", v)
		}
	}
	if list, err := open(always(200, `[]`)).GuildInvites(t.Context(), "1"); err != nil || len(list) != 0 {
		t.Errorf("of none: %v, %v", list, err)
	}
}

// FAULTS R2, R30: what cannot be read whole is no list, and none of it is used.
func TestGuildInvitesUnreadable(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		``, `null`, `{}`, `[{"code":"abc","created_at":"2026-11-21T12:00:00Z","uses":1}`, `[null]`, `[{"created_at":"2026-11-21T12:00:00Z"}]`,
	} {
		list, err := open(always(200, body)).GuildInvites(t.Context(), "1")
		if list != nil || failure(t, err).Verdict != action.Again {
			t.Errorf("%s: %v, %v", body, list, err)
		}
	}
	if _, err := open(always(403, `{"code":50013,"message":"Missing Permissions"}`)).GuildInvites(t.Context(), "1"); action.Code(err) != 50013 {
		t.Errorf("without permission: %v", err)
	}
}

// TestOddInviteAmongMany reads the others, and of the odd one its code if it has one:
// without Manage Server all are like that.
func TestOddInviteAmongMany(t *testing.T) {
	t.Parallel()
	for odd, code := range map[string]string{
		`{"code":"odd"}`:                                                   "odd",
		`{"code":"odd","created_at":null}`:                                 "odd",
		`{"code":"odd","created_at":"soon"}`:                               "odd",
		`{"code":"odd","created_at":"2026-11-21T12:00:00Z","uses":"many"}`: "odd",
		`{"code":"odd","created_at":"2026-11-21T12:00:00Z","channel":[1]}`: "odd",
		`{"code":7,"created_at":"2026-11-21T12:00:00Z"}`:                   "",
		`null`: "",
		`"x"`:  "",
	} {
		body := `[` + odd + `,{"code":"abc","created_at":"2026-11-21T12:00:00Z","uses":1}]`
		list, err := open(always(200, body)).GuildInvites(t.Context(), "1")
		if err != nil || len(list) == 0 || list[len(list)-1].Code != "abc" {
			t.Errorf("%s: %v, %v", odd, list, err)
			continue
		}
		switch rest := list[:len(list)-1]; {
		case code == "" && len(rest) > 0, code != "" && len(rest) != 1:
			t.Errorf("%s: read as %v", odd, rest)
		case code != "" && (rest[0].Code != code || !rest[0].Created.IsZero() || rest[0].Uses != nil):
			t.Errorf("%s: read as %+v", odd, rest[0])
		}
	}
}

// TestThousandInvites holds what an answer costs that is as long as can be against
// the bar. It runs alone: all that is allocated counts.
func TestThousandInvites(t *testing.T) {
	one := func(i int) string {
		v := fmt.Sprintf(`{"type":0,"code":"code%04d","created_at":"2026-11-21T12:00:00.123456+00:00","uses":%d,"inviter":{"id":"80351110224678912"},"channel":{"id":"80351110224678913"},"pad":"`, i, i)
		return v + strings.Repeat("x", 870-len(v)-2) + `"}`
	}
	var all []string
	for i := range 1000 {
		all = append(all, one(i))
	}
	c := open(always(200, "["+strings.Join(all, ",")+"]"))
	least := ^uint64(0)
	for range 3 {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		list, err := c.GuildInvites(t.Context(), "1")
		runtime.ReadMemStats(&after)
		if err != nil || len(list) != 1000 || *list[999].Uses != 999 {
			t.Fatalf("%d, %v", len(list), err)
		}
		least = min(least, after.TotalAlloc-before.TotalAlloc)
	}
	t.Logf("%.1f MB allocated in all", float64(least)/1e6)
	if least > 16e6 {
		t.Errorf("%d bytes allocated, want 16 MB at most", least)
	}
}

func TestVanityUses(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		`{"code":"night","uses":12}`: "night 12", `{"code":null,"uses":0}`: " 0", `{"code":null}`: " 0",
	} {
		code, uses, err := open(always(200, body)).VanityUses(t.Context(), "1")
		if got := fmt.Sprint(code, " ", uses); got != want || err != nil {
			t.Errorf("%s: %q, %v", body, got, err)
		}
	}
	if _, _, err := open(always(200, `{"uses":3}`)).VanityUses(t.Context(), "1"); err == nil {
		t.Error("read an answer without a code")
	}
}

func TestRoleCounts(t *testing.T) {
	t.Parallel()
	var sent tape
	got, err := open(sent.on(always(200, `{"3":7,"4":0}`))).RoleCounts(t.Context(), "1")
	if err != nil || !maps.Equal(got, map[string]int{"3": 7, "4": 0}) || sent.lines[0] != "GET /guilds/1/roles/member-counts" {
		t.Errorf("%v, %v after %q", got, err, sent.lines)
	}
	for _, body := range []string{`null`, `[]`, `{"3":"many"}`} {
		if got, err := open(always(200, body)).RoleCounts(t.Context(), "1"); err == nil {
			t.Errorf("%s: %v", body, got)
		}
	}
}

func TestMembersPage(t *testing.T) {
	t.Parallel()
	member := func(i int) string {
		return fmt.Sprintf(`{"user":{"id":"%d","username":"x","bot":%v},"roles":["3"],"joined_at":"2026-11-21T12:00:00+00:00","flags":0}`, i, i == 1)
	}
	var all []string
	for i := range 1000 {
		all = append(all, member(i+1))
	}
	var sent tape
	c := open(sent.on(always(200, "["+strings.Join(all, ",")+"]")))
	list, next, err := c.MembersPage(t.Context(), "1", "")
	if err != nil || len(list) != 1000 || next != "1000" || !list[0].Bot || list[1].Bot || list[1].User != "2" || list[1].Roles[0] != "3" || list[1].Joined.Hour() != 12 {
		t.Errorf("%d, %q, %v: %+v", len(list), next, err, list[:2])
	}
	if _, _, err := c.MembersPage(t.Context(), "1", "1000"); err != nil || sent.lines[len(sent.lines)-1] != "GET /guilds/1/members?after=1000&limit=1000" {
		t.Errorf("%v after %q", err, sent.lines)
	}
	if list, next, err := open(always(200, "["+member(7)+`,{"user":{"id":"8"},"roles":[],"joined_at":null}]`)).MembersPage(t.Context(), "1", ""); err != nil || next != "" || len(list) != 2 || !list[1].Joined.IsZero() {
		t.Errorf("a short page: %v, %q, %v", list, next, err)
	}
	if _, _, err := open(always(403, `{"code":50001,"message":"Missing Access"}`)).MembersPage(t.Context(), "1", ""); action.Code(err) != 50001 {
		t.Errorf("without the intent: %v", err)
	}
}

func TestDeletedInvites(t *testing.T) {
	t.Parallel()
	const body = `{"audit_log_entries":[
		{"action_type":42,"changes":[{"key":"code","old_value":"a"},{"key":"uses","old_value":7}]},
		{"action_type":42,"changes":[{"key":"uses","old_value":"9"},{"key":"code","old_value":"b"}]},
		{"action_type":42,"changes":[{"key":"code","old_value":"c"}]},
		{"action_type":42,"changes":[{"key":"code","old_value":4},{"key":"uses","old_value":4}]},
		{"action_type":42},
		{"action_type":42,"changes":[{"key":"code","old_value":"d"},{"key":"uses","old_value":3}]},
		{"action_type":42,"changes":[{"key":"code","old_value":"d"},{"key":"uses","old_value":5}]}],"users":[]}`
	var sent tape
	got, err := open(sent.on(always(200, body))).DeletedInvites(t.Context(), "1")
	if err != nil || !maps.Equal(got, map[string]int{"a": 7, "b": 9}) || sent.lines[0] != "GET /guilds/1/audit-logs?action_type=42&limit=100" {
		t.Errorf("%v, %v after %q", got, err, sent.lines)
	}
}

func TestMakeAndDeleteInvite(t *testing.T) {
	t.Parallel()
	var sent tape
	c := open(sent.on(always(200, `{"type":0,"code":"abc","created_at":"2026-11-21T12:00:00Z","uses":0}`)))
	for roles, want := range map[string]string{
		"":  `{"max_age":0,"max_uses":0,"unique":true}`,
		"3": `{"max_age":0,"max_uses":0,"unique":true,"role_ids":["3"]}`,
	} {
		in, err := c.MakeInvite(t.Context(), "5", strings.Fields(roles), "for a partner")
		if err != nil || in.Code != "abc" || string(sent.body) != want {
			t.Errorf("%+v, %v after %s", in, err, sent.body)
		}
	}
	if _, err := open(always(200, `{"code":"abc"}`)).MakeInvite(t.Context(), "5", nil, "r"); failure(t, err).Verdict != action.Again {
		t.Errorf("an answer without a time: %v", err)
	}
	for status, body := range map[int]string{200: `{"type":0,"code":"abc"}`, 404: `{"code":10006,"message":"Unknown Invite"}`} {
		if err := open(always(status, body)).DeleteInvite(t.Context(), "abc", "over"); err != nil {
			t.Errorf("%d: %v", status, err)
		}
	}
	if err := c.DeleteInvite(t.Context(), "../x", "over"); failure(t, err).Verdict != action.Bury {
		t.Errorf("a code that is none: %v", err)
	}
}

func TestMakeAndDeleteRole(t *testing.T) {
	t.Parallel()
	var sent tape
	c := open(sent.on(always(200, `{"id":"3","name":"Lighthouse","permissions":"0"}`)))
	id, err := c.MakeRole(t.Context(), "1", "Lighthouse", "for a partner")
	if err != nil || id != "3" || string(sent.body) != `{"name":"Lighthouse","permissions":0,"mentionable":false}` {
		t.Errorf("%q, %v after %s", id, err, sent.body)
	}
	for status, body := range map[int]string{204: "", 404: `{"code":10011,"message":"Unknown Role"}`} {
		if err := open(always(status, body)).DeleteRole(t.Context(), "1", "3", "over"); err != nil {
			t.Errorf("%d: %v", status, err)
		}
	}
	if err := open(always(404, `{"code":10004,"message":"Unknown Guild"}`)).DeleteRole(t.Context(), "1", "3", "over"); action.Code(err) != 10004 {
		t.Errorf("of no guild: %v", err)
	}
}
