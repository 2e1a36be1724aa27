package fakediscord_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/fakediscord"
)

const hello = `{"content":"hello",` + nobody + `}`

func TestPermissionsInChannels(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	post := "/channels/" + w.channel + "/messages"
	bot := w.ApplicationID()
	overwrite := func(target string, kind int, allow, deny fakediscord.Permission) {
		w.SetOverwrite(w.channel, fakediscord.Overwrite{ID: target, Type: kind, Allow: allow, Deny: deny})
	}
	w.wants(200, 0, "POST", post, hello)
	overwrite(w.guild, fakediscord.OverwriteRole, 0, fakediscord.SendMessages)
	w.wants(403, 50013, "POST", post, hello)
	overwrite(bot, fakediscord.OverwriteMember, fakediscord.SendMessages, 0)
	w.wants(200, 0, "POST", post, hello)
	overwrite(bot, fakediscord.OverwriteMember, 0, fakediscord.ReadMessageHistory)
	if list := w.wants(200, 0, "GET", post, ""); list != "[]" {
		t.Errorf("without history the list is %s", list)
	}
	overwrite(bot, fakediscord.OverwriteMember, 0, fakediscord.ViewChannel)
	w.wants(403, 50001, "POST", post, hello)
	w.wants(403, 50001, "GET", "/channels/"+w.channel, "")
	w.InstallBot(w.guild, fakediscord.Administrator)
	w.wants(200, 0, "POST", post, hello)
	w.RemoveBot(w.guild)
	w.wants(403, 50001, "POST", post, hello)
	w.wants(404, 10004, "GET", "/guilds/"+w.guild, "")
	w.wants(403, 50001, "GET", "/guilds/"+w.guild+"/invites", "")
	w.wants(404, 10003, "GET", "/channels/1", "")
}

func TestRoleHierarchy(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	low := w.AddRole(w.guild, fakediscord.Role{Name: "low"})
	high := w.AddRole(w.guild, fakediscord.Role{Name: "high", Position: 100})
	managed := w.AddRole(w.guild, fakediscord.Role{Name: "other bot", Managed: true})
	member := "/guilds/" + w.guild + "/members/" + w.user + "/roles/"
	w.wants(204, 0, "PUT", member+low, "")
	w.wants(204, 0, "PUT", member+low, "")
	w.wants(403, 50013, "PUT", member+high, "")
	w.wants(403, 50013, "PUT", member+managed, "")
	w.wants(404, 10011, "PUT", member+"1", "")
	w.wants(404, 10007, "PUT", "/guilds/"+w.guild+"/members/"+w.AddUser("bob")+"/roles/"+low, "")
	w.wants(403, 50013, "PATCH", "/guilds/"+w.guild+"/roles/"+high, `{"name":"x"}`)
	w.DeleteRole(w.guild, low)
	if m, _ := w.Member(w.guild, w.user); len(m.Roles) != 0 {
		t.Errorf("the deleted role stays with %v", m.Roles)
	}
	w.InstallBot(w.guild, botPermissions&^fakediscord.ManageRoles)
	w.wants(403, 50013, "POST", "/guilds/"+w.guild+"/roles", `{"name":"x"}`)
}

func TestPersonPermissionsAreThoseOfTheChannel(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.SetOverwrite(w.channel, fakediscord.Overwrite{ID: w.user, Type: fakediscord.OverwriteMember, Allow: fakediscord.ManageRoles})
	in, err := w.As(w.user, w.guild, w.channel).BuildCommand("partner info")
	if err != nil {
		t.Fatal(err)
	}
	var payload struct {
		Member struct {
			Permissions fakediscord.Permission `json:"permissions"`
		} `json:"member"`
		AppPermissions fakediscord.Permission `json:"app_permissions"`
	}
	if err := json.Unmarshal(in.Body, &payload); err != nil {
		t.Fatal(err)
	}
	if want := fakediscord.Everyday | fakediscord.ManageRoles; payload.Member.Permissions != want {
		t.Errorf("member has %d, want %d", payload.Member.Permissions, want)
	}
	if payload.AppPermissions != botPermissions {
		t.Errorf("app has %d, want %d", payload.AppPermissions, botPermissions)
	}
}

func TestNonce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	post := "/channels/" + w.channel + "/messages"
	body := `{"content":"%s","nonce":"n1","enforce_nonce":true,` + nobody + `}`
	first := messageID(t, w.wants(200, 0, "POST", post, fmt.Sprintf(body, "one")))
	w.clock.Advance(2 * time.Minute)
	again := w.wants(200, 0, "POST", post, fmt.Sprintf(body, "two"))
	if messageID(t, again) != first || !strings.Contains(again, `"one"`) {
		t.Errorf("repeat gave %s", again)
	}
	w.DeleteMessage(fakediscord.Ref{Channel: w.channel, ID: first})
	w.wants(404, 10008, "POST", post, fmt.Sprintf(body, "three"))
	w.clock.Advance(2 * time.Minute)
	if late := messageID(t, w.wants(200, 0, "POST", post, fmt.Sprintf(body, "four"))); late == first {
		t.Error("the nonce is remembered too long")
	}
	w.wants(200, 0, "POST", post, `{"content":"x","nonce":"n2",`+nobody+`}`)
	w.wants(200, 0, "POST", post, `{"content":"x","nonce":"n2",`+nobody+`}`)
	if n := len(w.Messages(w.channel)); n != 3 {
		t.Errorf("%d messages, want 3: without enforce_nonce nothing is compared", n)
	}
}

func messageID(t *testing.T, body string) string {
	t.Helper()
	var m struct {
		ID string `json:"id"`
	}
	if err := json.Unmarshal([]byte(body), &m); err != nil {
		t.Fatal(err)
	}
	return m.ID
}

func TestLimits(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	category := w.AddChannel(w.guild, fakediscord.Channel{Name: "partners", Type: fakediscord.Category})
	for range 50 {
		w.AddChannel(w.guild, fakediscord.Channel{Name: "ad", Parent: category})
	}
	channels := "/guilds/" + w.guild + "/channels"
	full := w.wants(400, 50035, "POST", channels, `{"name":"one more","parent_id":"`+category+`"}`)
	if !strings.Contains(full, `"parent_id":{"_errors"`) {
		t.Errorf("a full category says %s", full)
	}
	for range 500 - 52 {
		w.AddChannel(w.guild, fakediscord.Channel{Name: "x"})
	}
	w.wants(400, 30013, "POST", channels, `{"name":"one more"}`)
	for range 248 {
		w.AddRole(w.guild, fakediscord.Role{Name: "r"})
	}
	w.wants(400, 30005, "POST", "/guilds/"+w.guild+"/roles", `{"name":"one more"}`)
	for range 1000 {
		w.AddInvite(w.guild, fakediscord.Invite{})
	}
	w.wants(400, 30016, "POST", "/channels/"+w.channel+"/invites", `{"unique":true}`)
	w.noViolations()
}

func TestInvitesLapseAndHideUses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other := w.AddGuild(fakediscord.Guild{Name: "Elsewhere"})
	short := w.AddInvite(other, fakediscord.Invite{Code: "short", MaxAge: time.Hour})
	once := w.AddInvite(other, fakediscord.Invite{Code: "once", MaxUses: 1})
	w.wants(200, 0, "GET", "/invites/"+short, "")
	w.clock.Advance(time.Hour)
	w.wants(404, 10006, "GET", "/invites/"+short, "")
	if err := w.UseInvite(once, w.user); err != nil {
		t.Fatal(err)
	}
	w.wants(404, 10006, "GET", "/invites/"+once, "")
	w.wants(404, 10006, "GET", "/invites/never", "")

	code := w.AddInvite(w.guild, fakediscord.Invite{Uses: 40})
	invites := "/guilds/" + w.guild + "/invites"
	if list := w.wants(200, 0, "GET", invites, ""); !strings.Contains(list, `"uses":40`) {
		t.Errorf("with Manage Server: %s", list)
	}
	w.InstallBot(w.guild, fakediscord.Everyday|fakediscord.ViewAuditLog)
	if list := w.wants(200, 0, "GET", invites, ""); strings.Contains(list, `"uses"`) || !strings.Contains(list, code) {
		t.Errorf("with View Audit Log only: %s", list)
	}
	w.InstallBot(w.guild, fakediscord.Everyday)
	w.wants(403, 50013, "GET", invites, "")
}

func TestThreads(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.wants(400, 50024, "POST", "/channels/"+w.AddChannel(w.guild, fakediscord.Channel{Type: fakediscord.Category})+"/threads", `{"name":"x","type":12}`)
	th := messageID(t, w.wants(201, 0, "POST", "/channels/"+w.channel+"/threads", `{"name":"ticket","type":12,"invitable":false}`))
	said := messageID(t, w.wants(200, 0, "POST", "/channels/"+th+"/messages", `{"components":[{"type":1,"components":[
		{"type":2,"style":1,"label":"Apply","custom_id":"a"}]}],`+nobody+`}`))
	w.answers(always(`{"type":6}`))
	ada := w.As(w.user, w.guild, th)
	if _, err := ada.Press(t.Context(), fakediscord.Ref{Channel: th, ID: said}, "Apply"); err == nil {
		t.Error("a stranger sees the private thread")
	}
	w.wants(204, 0, "PUT", "/channels/"+th+"/thread-members/"+w.user, "")
	if _, err := ada.Press(t.Context(), fakediscord.Ref{Channel: th, ID: said}, "Apply"); err != nil {
		t.Error(err)
	}
	w.Archive(th, true)
	w.wants(400, 50083, "PATCH", "/channels/"+th+"/messages/"+said, hello)
	w.wants(200, 0, "POST", "/channels/"+th+"/messages", hello)
	if got, _ := w.Channel(th); got.Archived {
		t.Error("a message leaves the thread archived")
	}
	w.InstallBot(w.guild, botPermissions&^fakediscord.ManageThreads)
	w.Archive(th, true)
	w.wants(403, 160005, "POST", "/channels/"+th+"/messages", hello)
	w.noViolations()
}

func TestDirectMessages(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	dm := messageID(t, w.wants(200, 0, "POST", "/users/@me/channels", `{"recipient_id":"`+w.user+`"}`))
	w.wants(200, 0, "POST", "/channels/"+dm+"/messages", hello)
	if got := w.DMs(w.user); len(got) != 1 || got[0].Content != "hello" {
		t.Errorf("ada got %+v", got)
	}
	w.RefuseDMs(w.user, true)
	w.wants(403, 50007, "POST", "/channels/"+dm+"/messages", hello)
}

func TestMembersNeedTheIntent(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.wants(403, 50001, "GET", "/guilds/"+w.guild+"/members?limit=10", "")
	w.SetMembersIntent(true)
	if list := w.wants(200, 0, "GET", "/guilds/"+w.guild+"/members?limit=10", ""); !strings.Contains(list, `"ada"`) {
		t.Errorf("members = %s", list)
	}
}

func TestPingsGoByAllowedMentions(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	content := fmt.Sprintf("@everyone <@%s> <@&%s>", w.user, w.guild)
	for allowed, want := range map[string]int{
		`{"parse":[]}`: 0, `{"parse":["users"]}`: 1, `{"parse":[],"users":["` + w.user + `"]}`: 1,
	} {
		ref := messageID(t, w.wants(200, 0, "POST", "/channels/"+w.channel+"/messages",
			fmt.Sprintf(`{"content":%q,"allowed_mentions":%s}`, content, allowed)))
		if m, _ := w.Message(fakediscord.Ref{Channel: w.channel, ID: ref}); len(m.Pings) != want {
			t.Errorf("allowed %s pings %v, want %d", allowed, m.Pings, want)
		}
	}
}
