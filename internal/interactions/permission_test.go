package interactions_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/entente-bot/entente/internal/audit"
	"github.com/entente-bot/entente/internal/block"
	"github.com/entente-bot/entente/internal/fakediscord"
	"github.com/entente-bot/entente/internal/interactions"
	"github.com/entente-bot/entente/internal/storage"
)

const (
	managersOnly = "Only partnership managers can do this"
	staffOnly    = "Only staff of this server can see this"
)

// as is an interaction as if another user had sent it.
func (s *stage) as(user string, in fakediscord.Interaction) fakediscord.Interaction {
	s.Helper()
	theirs, err := s.As(user, s.Guild, s.Lobby).BuildCommand("partner list")
	if err != nil {
		s.Fatal(err)
	}
	var body, member map[string]json.RawMessage
	if err := errors.Join(json.Unmarshal(in.Body, &body), json.Unmarshal(theirs.Body, &member)); err != nil {
		s.Fatal(err)
	}
	body["member"] = member["member"]
	if in.Body, err = json.Marshal(body); err != nil {
		s.Fatal(err)
	}
	return in
}

// TestMembersAreRefused lets a member use every route of the managers': it is
// refused, changes nothing and is noted.
func TestMembersAreRefused(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.refusesAll(s.Nora, interactions.EditRoutes(), managersOnly)
	s.refusesAll(s.Nora, interactions.ViewRoutes(), staffOnly)
}

// TestChannelPowersAreNone gives a member, by overwrites of the channel, all that
// a channel can give: they have no power over the guild.
func TestChannelPowersAreNone(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	const given = fakediscord.ManageRoles | fakediscord.ManageChannels | fakediscord.ManageMessages | fakediscord.ViewChannel
	s.SetOverwrite(s.Review, fakediscord.Overwrite{ID: s.Nora, Type: 1, Allow: given})
	s.SetOverwrite(s.Lobby, fakediscord.Overwrite{ID: s.Nora, Type: 1, Allow: given})
	s.refusesAll(s.Nora, interactions.EditRoutes(), managersOnly)
	s.refusesAll(s.Nora, interactions.ViewRoutes(), staffOnly)
}

// TestViewersSeeAndChangeNothing gives a member the role of a viewer.
func TestViewersSeeAndChangeNothing(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	role := s.AddRole(s.Guild, fakediscord.Role{Name: "Viewers"})
	s.AddMember(s.Guild, s.Nora, role)
	chosen := s.chosen(s.Guild)
	chosen.Viewers = []string{role}
	s.choosing(chosen)
	s.refusesAll(s.Nora, interactions.EditRoutes(), managersOnly)
	s.deliver(suggest("block", block.Server)(s)) // from now on the names are there that are suggested
	for _, name := range interactions.ViewRoutes() {
		in, err := caseOf(s.TB, name)(s)
		if err != nil {
			t.Fatal(err)
		}
		before := s.state()
		ex := s.deliver(s.as(s.Nora, in), nil)
		if strings.Contains(ex.Text(), staffOnly) {
			t.Errorf("%s is refused to a viewer: %s", name, ex.Text())
		}
		if after := s.state(); after != before {
			t.Errorf("%s: a viewer changed what was\n%s\nto\n%s", name, before, after)
		}
	}
}

// refusesAll plays the cases of routes as user, who may not use them.
func (s *stage) refusesAll(user string, routes []string, says string) {
	s.Helper()
	if len(routes) == 0 {
		s.Fatal("no routes")
	}
	for _, name := range routes {
		in, err := caseOf(s.TB, name)(s)
		if err != nil {
			s.Fatal(err)
		}
		before := s.state()
		entries := len(list[audit.Entry](s, s.Guild, "audit#"))
		sent := len(s.queue.sent)
		ex := s.deliver(s.as(user, in), nil)
		if after := s.state(); after != before {
			s.Errorf("%s: it was\n%s\nand became\n%s", name, before, after)
		}
		if n := len(s.queue.sent) - sent; n > 0 {
			s.Errorf("%s: %d actions follow from a refusal", name, n)
		}
		trail := list[audit.Entry](s, s.Guild, "audit#")
		if strings.HasPrefix(name, "suggest ") { // no message can answer that, and it is sent with every key
			if len(ex.Choices) > 0 || len(trail) != entries {
				s.Errorf("%s: %d suggestions, %d new entries in the trail", name, len(ex.Choices), len(trail)-entries)
			}
			continue
		}
		s.says(ex, says)
		if !ex.Ephemeral {
			s.Errorf("%s: everybody sees the refusal", name)
		}
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
	var state strings.Builder
	for q := (storage.Query{Table: storage.Records, Part: "guild#" + s.Guild, Limit: storage.MaxLimit}); ; {
		page, err := s.store.DB.List(s.Context(), q)
		if err != nil {
			s.Fatal(err)
		}
		for _, it := range page.Items {
			if !strings.HasPrefix(it.Key.Sort, "audit#") && !strings.HasPrefix(it.Key.Sort, "trail#") {
				fmt.Fprintf(&state, "%s %s\n", it.Key.Sort, it.Value)
			}
		}
		if q.Cursor = page.Cursor; q.Cursor == "" {
			return state.String()
		}
	}
}

// TestStaffMayUseAll checks that the managers' routes are open to a manager and
// to whoever has Manage Server: so the refusals above are for want of permission.
func TestStaffMayUseAll(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	chosen := s.chosen(s.Guild)
	for _, user := range []string{s.Ada, s.Max} {
		for _, name := range append(interactions.EditRoutes(), interactions.ViewRoutes()...) {
			in, err := caseOf(s.TB, name)(s)
			if err != nil {
				t.Fatal(err)
			}
			if ex := s.deliver(s.as(user, in), nil); strings.Contains(ex.Text(), managersOnly) || strings.Contains(ex.Text(), staffOnly) {
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
