package fakediscord_test

import (
	"strings"
	"sync"
	"testing"

	"github.com/disgoorg/disgo/discord"

	"github.com/entente-bot/entente/internal/fakediscord"
)

func TestManyAtOnceWithOneNonce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var all sync.WaitGroup
	for range 32 {
		all.Go(func() {
			_, err := w.rest.CreateMessage(id(w.channel), discord.MessageCreate{Content: "x", Nonce: "n", EnforceNonce: true})
			if err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if n := len(w.Messages(w.channel)); n != 1 {
		t.Errorf("%d messages, want 1", n)
	}
	if n := w.CountRequests("POST", messagesRoute); n != 32 {
		t.Errorf("%d requests in the log, want 32", n)
	}
	w.ResetRequests()
	if n := w.CountRequests("", ""); n != 0 {
		t.Errorf("%d requests after the reset", n)
	}
}

func TestDisgoRolesAndBans(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	guild := id(w.guild)
	r, err := w.rest.CreateRole(guild, discord.RoleCreate{Name: "from tortuga", Permissions: ptr(discord.PermissionsNone)})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.rest.UpdateRole(guild, r.ID, discord.RoleUpdate{Name: ptr("from port royal")}); err != nil {
		t.Fatal(err)
	}
	if got, err := w.rest.GetRole(guild, r.ID); err != nil || got.Name != "from port royal" || got.Position != 1 {
		t.Errorf("role = %+v, %v", got, err)
	}
	if err := w.rest.AddMemberRole(guild, id(w.user), r.ID); err != nil {
		t.Fatal(err)
	}
	if err := w.rest.RemoveMemberRole(guild, id(w.user), r.ID); err != nil {
		t.Fatal(err)
	}
	if m, _ := w.Member(w.guild, w.user); len(m.Roles) != 0 {
		t.Errorf("ada keeps %v", m.Roles)
	}
	if err := w.rest.DeleteRole(guild, r.ID); err != nil {
		t.Fatal(err)
	}
	if roles := w.Roles(w.guild); len(roles) != 2 || roles[0].Name != "Entente" {
		t.Errorf("roles = %+v", roles)
	}
	w.wants(404, 10026, "GET", "/guilds/"+w.guild+"/bans/"+w.user, "")
	if err := w.rest.AddBan(guild, id(w.user), 0); err != nil {
		t.Fatal(err)
	}
	code := w.AddInvite(w.guild, fakediscord.Invite{})
	if err := w.UseInvite(code, w.user); err == nil {
		t.Error("a banned user joins")
	}
	if err := w.rest.DeleteBan(guild, id(w.user)); err != nil {
		t.Fatal(err)
	}
	if err := w.UseInvite(code, w.user); err != nil || w.Invites(w.guild)[0].Uses != 1 {
		t.Errorf("after the ban: %v, %+v", err, w.Invites(w.guild))
	}
	if err := w.UseInvite(code, w.user); err != nil || w.Invites(w.guild)[0].Uses != 1 {
		t.Errorf("a member's use counts: %v, %+v", err, w.Invites(w.guild))
	}
	w.noViolations()
}

func TestVanityAndAuditLog(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.SetVanity(w.guild, "harbour", 7)
	if v, err := w.rest.GetGuildVanityURL(id(w.guild)); err != nil || v.Uses != 7 || *v.Code != "harbour" {
		t.Errorf("vanity = %+v, %v", v, err)
	}
	w.wants(200, 0, "GET", "/invites/harbour", "")
	w.DeleteInvite(w.AddInvite(w.guild, fakediscord.Invite{Code: "tracked", Uses: 12}))
	log := w.wants(200, 0, "GET", "/guilds/"+w.guild+"/audit-logs?action_type=42", "")
	if !strings.Contains(log, `"old_value":12`) || strings.Contains(log, `"action_type":40`) {
		t.Errorf("audit log = %s", log)
	}
	w.InstallBot(w.guild, fakediscord.Everyday)
	w.wants(403, 50013, "GET", "/guilds/"+w.guild+"/audit-logs", "")
	w.wants(403, 50013, "GET", "/guilds/"+w.guild+"/vanity-url", "")
}

func TestCommandsWithoutTheBot(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.InstallCommandsOnly(w.guild)
	w.wants(404, 10004, "GET", "/guilds/"+w.guild, "")
	w.answers(always(`{"type":4,"data":{"content":"add me",` + nobody + `}}`))
	ex, err := w.As(w.user, w.guild, w.channel).Command(t.Context(), "partnerships setup")
	if err != nil || ex.Text() != "add me" {
		t.Errorf("%v, %v", ex, err)
	}
	if _, err := w.Ping(t.Context()); err != nil {
		t.Error(err)
	}
	if _, err := w.As(w.user, w.guild, w.channel).ForgePress(t.Context(), fakediscord.Ref{Channel: w.channel, ID: "1"}, "x/y"); err != nil {
		t.Errorf("a press on a message that is gone: %v", err)
	}
}

func TestFullGuild(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, kind := range []int{fakediscord.Announcement, fakediscord.Forum, fakediscord.MediaChannel, fakediscord.VoiceChannel} {
		w.AddChannel(w.guild, fakediscord.Channel{Name: "x", Type: kind})
	}
	for range 495 {
		w.AddChannel(w.guild, fakediscord.Channel{Name: "x"})
	}
	if list, err := w.rest.GetGuildChannels(id(w.guild)); err != nil || len(list) != 500 {
		t.Errorf("%d channels, %v", len(list), err)
	}
	w.DeleteGuild(w.guild)
	w.wants(404, 10004, "GET", "/guilds/"+w.guild, "")
	w.wants(404, 10003, "GET", "/channels/"+w.channel, "")
}

func TestTextInputInARow(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.answers(func(in discord.Interaction) string {
		if modal, ok := in.(discord.ModalSubmitInteraction); ok {
			return `{"type":4,"data":{"content":"` + modal.Data.Text("why") + `",` + nobody + `}}`
		}
		return `{"type":9,"data":{"custom_id":"m","title":"Deny","components":[{"type":1,"components":[
			{"type":4,"style":1,"custom_id":"why","label":"Reason","required":false}]}]}}`
	})
	ada := w.As(w.user, w.guild, w.channel)
	opened, err := ada.Command(t.Context(), "partnerships deny")
	if err != nil {
		t.Fatal(err)
	}
	sent, err := ada.Submit(t.Context(), opened, map[string]any{"Reason": "too small"})
	if err != nil || sent.Text() != "too small" {
		t.Errorf("%v, %v", sent, err)
	}
	w.noViolations()
}
