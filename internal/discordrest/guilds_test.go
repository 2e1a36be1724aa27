package discordrest_test

import (
	"strings"
	"testing"

	"github.com/disgoorg/disgo/discord"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/discordrest"
	"github.com/entente-bot/entente/internal/setup"
)

func TestChannelsOfUnknownTypes(t *testing.T) {
	t.Parallel()
	const list = `[
		{"id":"1","type":15,"name":"forum","parent_id":null,"topic":null,"available_tags":[{"id":"5","name":"Art","moderated":true,"emoji_id":null}],
		 "permission_overwrites":[{"id":"9","type":0,"allow":"1024","deny":"2048"}],"default_reaction_emoji":7},
		{"id":"2","type":77,"name":"hologram","parent_id":"4","guild_id":"3","position":6,"nsfw":true},
		{"id":"3","type":11,"thread_metadata":{"archived":true,"locked":true,"auto_archive_duration":60},"applied_tags":["5"],"owner_id":"8"}]`
	var sent tape
	got, err := open(sent.on(always(200, list))).Channels(t.Context(), "3")
	if err != nil || len(got) != 3 || sent.lines[0] != "GET /guilds/3/channels" {
		t.Fatalf("%v, %v after %q", got, err, sent.lines)
	}
	forum, hologram, thread := got[0], got[1], got[2]
	over := discordrest.Overwrite{ID: "9", Type: discord.PermissionOverwriteTypeRole, Allow: 1024, Deny: 2048}
	if forum.Type != discord.ChannelTypeGuildForum || forum.Overwrites[0] != over || forum.Tags[0] != (discordrest.Tag{ID: "5", Name: "Art", Moderated: true}) || forum.Thread != nil {
		t.Errorf("forum: %+v", forum)
	}
	if hologram.Type != 77 || hologram.ParentID != "4" || hologram.Position != 6 || !hologram.NSFW || hologram.GuildID != "3" {
		t.Errorf("hologram: %+v", hologram)
	}
	if thread.Thread == nil || !thread.Thread.Archived || !thread.Thread.Locked || thread.TagIDs[0] != "5" || thread.OwnerID != "8" {
		t.Errorf("thread: %+v", thread)
	}
	one, err := open(always(200, `{"id":"2","type":77}`)).Channel(t.Context(), "2")
	if err != nil || one.ID != "2" || one.Type != 77 {
		t.Errorf("%+v, %v", one, err)
	}
}

// FAULTS S26: permissions that cannot be read must not count as none.
func TestPermissionsFailClosed(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		`[{"id":"1","position":1,"managed":false,"permissions":"-1"}]`,
		`[{"id":"1","position":1,"managed":false,"permissions":"8x"}]`,
		`[{"id":"1","position":1,"managed":false,"permissions":null}]`,
		`[{"id":"1","position":1,"managed":false,"permissions":8}]`,
		`[{"id":"1","position":1,"managed":false}]`,
		`[{"id":"1","position":1,"managed":"no","permissions":"8"}]`,
		`{}`, `[null]`, `[7]`, `null1`,
	} {
		if roles, err := open(always(200, body)).Roles(t.Context(), "3"); err == nil || failure(t, err).Verdict != action.Again {
			t.Errorf("%s: %v, %v", body, roles, err)
		}
	}
	_, err := open(always(200, `[{"id":"1","type":0,"permission_overwrites":[{"id":"1","type":0,"allow":"x","deny":"0"}]}]`)).Channels(t.Context(), "3")
	if err == nil {
		t.Error("an overwrite that cannot be read passed")
	}
	roles, err := open(always(200, `[{"id":"1","position":3,"managed":true,"permissions":"8","colors":"blue","tags":[]}]`)).Roles(t.Context(), "3")
	if err != nil || roles[0].Permissions != 8 || !roles[0].Managed || roles[0].Position != 3 {
		t.Errorf("%v, %v", roles, err)
	}
}

// TestPermissionsOfTomorrow reads roles and overwrites with more permissions than there
// are bits: they are seen, and are more than any list of what is harmless allows.
func TestPermissionsOfTomorrow(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]setup.Rights{
		"9223372036854775807":                     1<<63 - 1,
		"9223372036854775808":                     1 << 63,
		"18446744073709551615":                    1<<64 - 1,
		"18446744073709551624":                    1<<63 | 8, // 1<<64 | 8
		"340282366920938463463374607431768211456": 1 << 63,   // 1<<128
	} {
		roles, err := open(always(200, `[{"id":"7","position":1,"managed":false,"permissions":"`+text+`"}]`)).Roles(t.Context(), "3")
		if err != nil || len(roles) != 1 {
			t.Fatalf("%s: %v, %v", text, roles, err)
		}
		got := setup.Role{ID: "7", Rights: setup.Rights(roles[0].Permissions)}
		if harmful := (setup.Facts{Roles: []setup.Role{got}}).Harmful("3", "7"); got.Rights != want || !harmful {
			t.Errorf("%s is read as %x, harmful: %v", text, got.Rights, harmful)
		}
		list, err := open(always(200, `[{"id":"2","type":0,"permission_overwrites":[{"id":"7","type":0,"allow":"`+text+`","deny":"0"}]}]`)).Channels(t.Context(), "3")
		if err != nil || len(list) != 1 || setup.Rights(list[0].Overwrites[0].Allow) != want {
			t.Errorf("in a channel %s is read as %+v, %v", text, list, err)
		}
	}
}

func TestGuildMemberAndSelf(t *testing.T) {
	t.Parallel()
	var sent tape
	c := open(sent.on(always(200, `{"id":"3","owner_id":"4","name":"Host","approximate_member_count":120,"nsfw_level":1,"emojis":[7],
		"roles":["5"],"user":{"id":"6"},"joined_at":"someday","username":"bot"}`)))
	g, err := c.Guild(t.Context(), "3")
	if err != nil || g.OwnerID != 4 || g.ApproximateMemberCount != 120 || g.NSFWLevel != 1 {
		t.Errorf("%+v, %v", g, err)
	}
	m, err := c.Member(t.Context(), "3", "6")
	if err != nil || m.User.ID != 6 || len(m.RoleIDs) != 1 || m.RoleIDs[0] != 5 {
		t.Errorf("%+v, %v", m, err)
	}
	u, err := c.Self(t.Context())
	if err != nil || u.ID != 3 || u.Username != "bot" {
		t.Errorf("%+v, %v", u, err)
	}
	if got, want := strings.Join(sent.lines, " "), "GET /guilds/3?with_counts=true GET /guilds/3/members/6 GET /users/@me"; got != want {
		t.Errorf("sent %s", got)
	}
}

func TestCommands(t *testing.T) {
	t.Parallel()
	var sent tape
	c := open(sent.on(always(200, `[{"id":"1","name":"partner","type":9,"options":[{"type":99}]}]`)))
	for guild, route := range map[string]string{"": "/applications/99/commands", "3": "/applications/99/guilds/3/commands"} {
		list, err := c.Commands(t.Context(), guild)
		if err != nil || len(list) != 1 || !strings.Contains(string(list[0]), `"type":9`) {
			t.Errorf("%s, %v", list, err)
		}
		if err := c.SetCommands(t.Context(), guild, nil); err != nil || string(sent.body) != "[]" {
			t.Errorf("sent %s, %v", sent.body, err)
		}
		if err := c.SetCommands(t.Context(), guild, []discord.ApplicationCommandCreate{discord.SlashCommandCreate{Name: "partner", Description: "d"}}); err != nil {
			t.Error(err)
		}
		if got, want := string(sent.body), `[{"type":1,"name":"partner","description":"d"}]`; got != want {
			t.Errorf("sent %s, want %s", got, want)
		}
		n := len(sent.lines)
		if sent.lines[n-3] != "GET "+route+"?with_localizations=true" || sent.lines[n-1] != "PUT "+route {
			t.Errorf("sent %q", sent.lines)
		}
	}
}

func TestInvite(t *testing.T) {
	t.Parallel()
	const body = `{"type":0,"code":"abc-1","expires_at":null,"guild":{"id":"8","name":"Partner","icon":null,"features":["COMMUNITY","NEW_ONE"],"verification_level":2,"nsfw_level":3},
		"approximate_member_count":500,"approximate_presence_count":50,"inviter":7,"guild_scheduled_event":"odd","target_user":[]}`
	var sent tape
	in, err := open(sent.on(always(200, body))).Invite(t.Context(), "abc-1")
	if err != nil || sent.lines[0] != "GET /invites/abc-1?with_counts=true" {
		t.Fatalf("%v after %q", err, sent.lines)
	}
	if in.Code != "abc-1" || in.ExpiresAt != nil || in.Members != 500 || in.Online != 50 || in.Guild.ID != 8 || in.Guild.NSFWLevel != 3 || len(in.Guild.Features) != 2 || in.Guild.VerificationLevel != 2 {
		t.Errorf("got %+v of %+v", in, in.Guild)
	}
	for _, body := range []string{
		`{"type":0,"code":"abc","expires_at":7}`, `{"type":0,"expires_at":null}`,
		`{"type":0,"code":"abc","expires_at":null,"guild":"8"}`, `{"type":0,"code":"abc","expires_at":null,"approximate_member_count":"many"}`,
	} {
		if in, err := open(always(200, body)).Invite(t.Context(), "abc"); err == nil {
			t.Errorf("%s: %+v", body, in)
		}
	}
	expires, err := open(always(200, `{"type":1,"code":"abc","expires_at":"2026-11-30T12:00:00+00:00","guild":null}`)).Invite(t.Context(), "abc")
	if err != nil || expires.ExpiresAt == nil || expires.Guild != nil || expires.Type != discord.InviteTypeGroupDM {
		t.Errorf("%+v, %v", expires, err)
	}
}

// FAULTS S32: what is no code never comes near a URL.
func TestInviteCodes(t *testing.T) {
	t.Parallel()
	var sent tape
	c := open(sent.on(always(200, `{"type":0,"code":"x","expires_at":null}`)))
	for _, code := range []string{
		"", "a", "..", "../users/@me", "a/b", "a?b", "a#b", "a%2eb", "%2e%2e", "a b", "ab\n", "ab\x00", "äb", "ａｂ",
		"https://evil.test/x", "discord.gg/abc", "{code}", strings.Repeat("a", 33), strings.Repeat("a", 300),
	} {
		if _, err := c.Invite(t.Context(), code); failure(t, err).Verdict != action.Bury || code != "" && len(code) > 2 && strings.Contains(err.Error(), code) {
			t.Errorf("%q: %v", code, err)
		}
	}
	if sent.count() != 0 {
		t.Errorf("sent %q", sent.lines)
	}
	for _, code := range []string{"ab", "A-9", "--", strings.Repeat("Z", 32)} {
		if _, err := c.Invite(t.Context(), code); err != nil {
			t.Errorf("%q: %v", code, err)
		}
	}
}
