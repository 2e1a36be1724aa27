package interactions_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/entente-bot/entente/internal/apply"
	"github.com/entente-bot/entente/internal/audit"
	"github.com/entente-bot/entente/internal/fakediscord"
	"github.com/entente-bot/entente/internal/partnership"
)

const managersOnly = "Only partnership managers can do this"

// staffCases take the routes that only managers may use, as somebody who is none.
func staffCases(user string) map[string]routeCase {
	press := func(customID func(s *stage) string) routeCase {
		return func(s *stage) (fakediscord.Interaction, error) { return s.press(user, customID(s)) }
	}
	choose := func(customID string, kind int, list string) routeCase {
		return func(s *stage) (fakediscord.Interaction, error) {
			id := map[string]string{"channels": s.Lobby, "roles": s.Reviewers}[list]
			return s.choose(user, customID, kind, map[string]any{list: map[string]any{id: map[string]any{"id": id, "type": 0}}}, id)
		}
	}
	card := func(route string) func(s *stage) string {
		return func(s *stage) string { return onCard(route, s.pending(s.Guild)) }
	}
	fixed := func(id string) func(*stage) string { return func(*stage) string { return id } }
	return map[string]routeCase{
		"command partnerships setup": func(s *stage) (fakediscord.Interaction, error) {
			return s.As(user, s.Guild, s.Lobby).BuildCommand("partnerships setup")
		},
		"press apply/approve":  press(card("apply/approve")),
		"press apply/deny":     press(card("apply/deny")),
		"press setup/minimum":  press(fixed("setup/minimum")),
		"press setup/intake":   press(fixed("setup/intake:close")),
		"press setup/review":   choose("setup/review", 8, "channels"),
		"press setup/showcase": choose("setup/showcase", 8, "channels"),
		"press setup/managers": choose("setup/managers", 6, "roles"),
		"submit setup/minimum": func(s *stage) (fakediscord.Interaction, error) {
			return s.submit(user, nil, "setup/minimum", filled{"minimum", "5", ""})
		},
		"submit apply/deny": func(s *stage) (fakediscord.Interaction, error) {
			return s.submit(user, nil, onCard("apply/deny", s.pending(s.Guild)), filled{"reason", "because", ""})
		},
	}
}

// TestMembersAreRefused lets a member use every route of the managers': it is
// refused, changes nothing and is noted.
func TestMembersAreRefused(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.refusesAll(s.Nora)
}

// TestChannelPowersAreNone gives a member, by overwrites of the channel, all that
// a channel can give: they have no power over the guild.
func TestChannelPowersAreNone(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	const given = fakediscord.ManageRoles | fakediscord.ManageChannels | fakediscord.ManageMessages | fakediscord.ViewChannel
	s.SetOverwrite(s.Review, fakediscord.Overwrite{ID: s.Nora, Type: 1, Allow: given})
	s.SetOverwrite(s.Lobby, fakediscord.Overwrite{ID: s.Nora, Type: 1, Allow: given})
	s.refusesAll(s.Nora)
}

// TestViewersAreRefused gives a member the role of a viewer.
func TestViewersAreRefused(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	role := s.AddRole(s.Guild, fakediscord.Role{Name: "Viewers"})
	s.AddMember(s.Guild, s.Nora, role)
	chosen := s.chosen(s.Guild)
	chosen.Viewers = []string{role}
	s.choosing(chosen)
	s.refusesAll(s.Nora)
}

// refusesAll plays every case of the managers' routes as user, who is none.
func (s *stage) refusesAll(user string) {
	s.Helper()
	for name, c := range staffCases(user) {
		in, err := c(s)
		if err != nil {
			s.Fatal(err)
		}
		before := s.state()
		entries := len(list[audit.Entry](s, s.Guild, audit.Prefix))
		sent := len(s.queue.sent)
		ex := s.deliver(in, nil)
		s.says(ex, managersOnly)
		if !ex.Ephemeral {
			s.Errorf("%s: everybody sees the refusal", name)
		}
		if after := s.state(); after != before {
			s.Errorf("%s: it was\n%s\nand became\n%s", name, before, after)
		}
		if n := len(s.queue.sent) - sent; n > 0 {
			s.Errorf("%s: %d actions follow from a refusal", name, n)
		}
		trail := list[audit.Entry](s, s.Guild, audit.Prefix)
		if len(trail) != entries+1 {
			s.Fatalf("%s: %d new entries in the trail, want 1", name, len(trail)-entries)
		}
		i := slices.IndexFunc(trail, func(e audit.Entry) bool { return e.Refused && e.What == strings.SplitN(name, " ", 2)[1] })
		if i < 0 || trail[i].By != user || trail[i].ExpiresAt().IsZero() {
			s.Errorf("%s: the trail has no such attempt: %+v", name, trail)
		}
	}
}

// state is what the guild's records hold, beside the trail.
func (s *stage) state() string {
	s.Helper()
	counts, _ := read[partnership.Counts](s, partnership.CountsKey(s.Guild))
	return fmt.Sprintf("%+v\n%+v\n%+v\n%+v\n%+v", s.chosen(s.Guild), counts,
		list[apply.Application](s, s.Guild, "apply#"), list[apply.Standing](s, s.Guild, "standing#"),
		list[partnership.Partnership](s, s.Guild, partnership.Prefix))
}

// TestStaffMayUseAll checks that the managers' routes are open to a manager and
// to whoever has Manage Server: so the refusals above are for want of permission.
func TestStaffMayUseAll(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	chosen := s.chosen(s.Guild)
	for _, user := range []string{s.Ada, s.Max} {
		for name, c := range staffCases(user) {
			if strings.HasPrefix(name, "submit") {
				continue // these answer no message: see cases
			}
			in, err := c(s)
			if err != nil {
				t.Fatal(err)
			}
			if ex := s.deliver(in, nil); strings.Contains(ex.Text(), managersOnly) {
				t.Errorf("%s is refused to staff: %s", name, ex.Text())
			}
			s.choosing(chosen)
		}
	}
}

// TestBrokenMembersAreRefused sends payloads whose member says less, or other,
// than Discord's ever does: nobody gains a right by it.
func TestBrokenMembersAreRefused(t *testing.T) {
	t.Parallel()
	const nobody = "Entente works in servers only"
	tests := []struct{ name, member, says string }{
		{"manage server", `{"user":{"id":"4"},"roles":[],"permissions":"32"}`, "Partnerships of this server"},
		{"none", `{"user":{"id":"4"},"roles":[],"permissions":"0"}`, managersOnly},
		{"empty", `{"user":{"id":"4"},"roles":[],"permissions":""}`, managersOnly},
		{"missing", `{"user":{"id":"4"},"roles":[]}`, managersOnly},
		{"null", `{"user":{"id":"4"},"roles":null,"permissions":null}`, managersOnly},
		{"over 64 bits", `{"user":{"id":"4"},"roles":[],"permissions":"36893488147419103272"}`, managersOnly},
		{"negative", `{"user":{"id":"4"},"roles":[],"permissions":"-1"}`, managersOnly},
		{"a word", `{"user":{"id":"4"},"roles":[],"permissions":"ADMINISTRATOR"}`, managersOnly},
		{"hex", `{"user":{"id":"4"},"roles":[],"permissions":"0x28"}`, managersOnly},
		{"spaces", `{"user":{"id":"4"},"roles":[],"permissions":" 32"}`, managersOnly},
		{"an empty role", `{"user":{"id":"4"},"roles":["",null],"permissions":"0"}`, managersOnly},
		{"the role of everyone", `{"user":{"id":"4"},"roles":["200000000000000001"],"permissions":"0"}`, managersOnly},
		{"no user", `{"roles":[],"permissions":"8"}`, nobody},
		{"a user without ID", `{"user":{},"permissions":"8"}`, nobody},
		{"a user's ID that is none", `{"user":{"id":"4#settings"},"permissions":"8"}`, nobody},
		{"no member", `null`, nobody},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			e := newEndpoint(t)
			from, to := strings.Index(command, `"member":`), strings.Index(command, `,"data"`)
			e.replies(command[:from]+`"member":`+tt.member+command[to:], tt.says)
		})
	}
}

// replies posts a body and fails the test unless the reply is a whisper that holds part.
func (e *endpoint) replies(body, part string) {
	e.Helper()
	out := e.wants(200, e.signed(body, e.now))
	var r struct {
		Type int `json:"type"`
		Data struct {
			Flags int `json:"flags"`
		} `json:"data"`
	}
	if err := json.Unmarshal(out.Body, &r); err != nil {
		e.Fatal(err)
	}
	const ephemeral = 1 << 6
	if r.Type != 4 || r.Data.Flags&ephemeral == 0 || !strings.Contains(string(out.Body), part) {
		e.Errorf("the reply is %s\nwant a whisper with %q", out.Body, part)
	}
}

// TestDirectMessages checks that a command used in a direct message, where there
// is no member, does nothing, whoever uses it.
func TestDirectMessages(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	for _, name := range []string{"partner apply", "partner list", "partnerships setup"} {
		asked := s.store.asked.Load()
		s.says(s.did(s.As(s.Ada, "", "").Command(t.Context(), name)), "Entente works in servers only")
		if s.store.asked.Load() != asked {
			t.Errorf("/%s: the store was asked", name)
		}
	}
}
