package fakediscord_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/disgoorg/disgo/discord"
	"github.com/disgoorg/disgo/rest"

	"github.com/entente-bot/entente/internal/fakediscord"
)

func TestDisgoChannels(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	category, err := w.rest.CreateGuildChannel(id(w.guild), discord.GuildCategoryChannelCreate{Name: "partners"})
	if err != nil {
		t.Fatal(err)
	}
	quiet := discord.RolePermissionOverwrite{RoleID: id(w.guild), Deny: discord.PermissionSendMessages}
	made, err := w.rest.CreateGuildChannel(id(w.guild), discord.GuildTextChannelCreate{
		Name: "port-royal", Topic: "partner 7", ParentID: category.ID(), PermissionOverwrites: []discord.PermissionOverwrite{quiet},
	}, rest.WithReason("partnership 7"))
	if err != nil {
		t.Fatal(err)
	}
	name := "tortuga"
	if _, err := w.rest.UpdateChannel(made.ID(), discord.GuildTextChannelUpdate{Name: &name}); err != nil {
		t.Fatal(err)
	}
	got, ok := w.Channel(made.ID().String())
	if !ok || got.Name != "tortuga" || got.Topic != "partner 7" || got.Parent != category.ID().String() ||
		len(got.Overwrites) != 1 || got.Overwrites[0].Deny != fakediscord.SendMessages {
		t.Errorf("channel = %+v", got)
	}
	if log := w.Requests(); log[1].Reason != "partnership 7" {
		t.Errorf("reason = %q", log[1].Reason)
	}
	view := fakediscord.ViewChannel
	if err := w.rest.UpdatePermissionOverwrite(made.ID(), id(w.user), discord.MemberPermissionOverwriteUpdate{Allow: ptr(discord.Permissions(view))}); err != nil {
		t.Fatal(err)
	}
	if err := w.rest.DeletePermissionOverwrite(made.ID(), id(w.guild)); err != nil {
		t.Fatal(err)
	}
	if got, _ := w.Channel(made.ID().String()); len(got.Overwrites) != 1 || got.Overwrites[0].ID != w.user {
		t.Errorf("overwrites = %+v, want ada's only", got.Overwrites)
	}
	if err := w.rest.DeleteChannel(category.ID()); err != nil {
		t.Fatal(err)
	}
	if got, ok := w.Channel(made.ID().String()); !ok || got.Parent != "" {
		t.Errorf("without its category: %+v, %v", got, ok)
	}
	code := w.AddInvite(w.guild, fakediscord.Invite{Channel: made.ID().String()})
	w.DeleteChannel(made.ID().String())
	w.wants(404, 10006, "GET", "/invites/"+code, "")
	w.wants(404, 10003, "DELETE", "/channels/"+made.ID().String(), "")
	w.noViolations()
}

func ptr[T any](v T) *T { return &v }

func TestChannelPermissionsToGive(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.InstallBot(w.guild, fakediscord.Everyday|fakediscord.ManageChannels|fakediscord.ManageRoles)
	channels := "/guilds/" + w.guild + "/channels"
	body := `{"name":"x","permission_overwrites":[{"id":"%s","type":0,"allow":"%d","deny":"0"}]}`
	w.wants(201, 0, "POST", channels, fmt.Sprintf(body, w.guild, fakediscord.SendMessages))
	w.wants(403, 50013, "POST", channels, fmt.Sprintf(body, w.guild, fakediscord.BanMembers))
	w.wants(403, 50013, "POST", channels, fmt.Sprintf(body, w.guild, fakediscord.ManageRoles))
	w.InstallBot(w.guild, fakediscord.Everyday)
	w.wants(403, 50013, "POST", channels, `{"name":"x"}`)
	w.wants(403, 50013, "PATCH", "/channels/"+w.channel, `{"name":"x"}`)
}

func TestForumTags(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	forum := w.AddChannel(w.guild, fakediscord.Channel{Name: "board", Type: fakediscord.Forum, Tags: []string{"Games"}, RequireTag: true})
	var view struct {
		Tags []struct {
			ID string `json:"id"`
		} `json:"available_tags"`
	}
	if err := json.Unmarshal([]byte(w.wants(200, 0, "GET", "/channels/"+forum, "")), &view); err != nil {
		t.Fatal(err)
	}
	post := `{"name":"Port Royal","applied_tags":%s,"message":` + hello + `}`
	threads := "/channels/" + forum + "/threads"
	w.wants(400, 40067, "POST", threads, fmt.Sprintf(post, `[]`))
	w.wants(404, 10087, "POST", threads, fmt.Sprintf(post, `["1"]`))
	made := messageID(t, w.wants(201, 0, "POST", threads, fmt.Sprintf(post, `["`+view.Tags[0].ID+`"]`)))
	if got := w.Threads(forum); len(got) != 1 || got[0].ID != made || !slices.Equal(got[0].Tags, []string{"Games"}) {
		t.Errorf("posts = %+v", got)
	}
	w.wants(400, 50008, "POST", "/channels/"+forum+"/messages", hello)
	w.wants(200, 0, "PATCH", "/channels/"+made, `{"archived":true,"locked":true}`)
	w.wants(400, 50083, "PATCH", "/channels/"+made, `{"name":"x"}`)
	w.wants(200, 0, "PATCH", "/channels/"+made, `{"name":"x","archived":false,"flags":2}`)
	w.clock.Advance(30 * 24 * time.Hour)
	if got, _ := w.Channel(made); got.Archived {
		t.Error("a pinned post was archived")
	}
	if refused := w.wants(400, 50035, "POST", threads, `{"name":"x","message":{"content":"no mentions"}}`); !strings.Contains(refused, `"message":{"allowed_mentions"`) {
		t.Errorf("refused with %s", refused)
	}
}

func TestMessagePages(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var ids []string
	for i := range 5 {
		ids = append(ids, w.Say(w.user, w.channel, fmt.Sprint(i)).ID)
		w.clock.Advance(time.Second)
	}
	for query, want := range map[string]string{
		"":                                "43210",
		"?limit=2":                        "43",
		"?limit=2&before=" + ids[3]:       "21",
		"?limit=2&after=" + ids[1]:        "32",
		"?limit=3&around=" + ids[2]:       "321",
		"?after=" + ids[4]:                "",
		"?limit=100&before=" + ids[0]:     "",
		"?limit=100&after=0":              "43210",
		"?limit=1&before=" + ids[4] + "0": "4",
	} {
		var list []struct {
			Content string `json:"content"`
		}
		if err := json.Unmarshal([]byte(w.wants(200, 0, "GET", "/channels/"+w.channel+"/messages"+query, "")), &list); err != nil {
			t.Fatal(err)
		}
		got := ""
		for _, m := range list {
			got += m.Content
		}
		if got != want {
			t.Errorf("%q gave %q, want %q", query, got, want)
		}
	}
	w.wants(400, 50035, "GET", "/channels/"+w.channel+"/messages?limit=101", "")
	w.wants(403, 50005, "PATCH", "/channels/"+w.channel+"/messages/"+ids[0], hello)
	w.wants(204, 0, "DELETE", "/channels/"+w.channel+"/messages/"+ids[0], "")
	w.InstallBot(w.guild, fakediscord.Everyday)
	w.wants(403, 50013, "DELETE", "/channels/"+w.channel+"/messages/"+ids[1], "")
}

func TestCommandRegistration(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	commands := "/applications/" + w.ApplicationID() + "/guilds/" + w.guild + "/commands"
	made := messageID(t, w.wants(201, 0, "POST", commands, `{"name":"bump","description":"x"}`))
	if again := messageID(t, w.wants(200, 0, "POST", commands, `{"name":"bump","description":"y"}`)); again != made {
		t.Error("a command that is made again gets another ID")
	}
	for name, body := range map[string]string{
		"upper case":       `{"name":"Bump","description":"x"}`,
		"no description":   `{"name":"x"}`,
		"order":            `{"name":"x","description":"x","options":[{"type":3,"name":"a","description":"x"},{"type":3,"name":"b","description":"x","required":true}]}`,
		"mixed":            `{"name":"x","description":"x","options":[{"type":1,"name":"a","description":"x"},{"type":3,"name":"b","description":"x"}]}`,
		"same option":      `{"name":"x","description":"x","options":[{"type":3,"name":"a","description":"x"},{"type":3,"name":"a","description":"x"}]}`,
		"group in a group": `{"name":"x","description":"x","options":[{"type":2,"name":"a","description":"x","options":[{"type":2,"name":"a","description":"x"}]}]}`,
	} {
		t.Run(name, func(t *testing.T) { w.wants(400, 50035, "POST", commands, body) })
	}
	w.wants(200, 0, "PATCH", commands+"/"+made, `{"description":"z"}`)
	w.wants(204, 0, "DELETE", commands+"/"+made, "")
	w.wants(404, 10063, "GET", commands+"/"+made, "")
	w.wants(403, 20012, "GET", "/applications/1/commands", "")
	if n := len(w.Commands(w.guild)); n != 0 {
		t.Errorf("%d commands are left", n)
	}
}

func TestSnowflakesCarryTheirTime(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	born := time.Date(2019, 3, 4, 5, 6, 7, 0, time.UTC)
	user := w.AddUserWith(fakediscord.User{Name: "old", Created: born})
	if got := fakediscord.CreatedAt(user); !got.Equal(born) || w.AddUserWith(fakediscord.User{Created: born}) == user {
		t.Errorf("created at %v, want %v, and unique", got, born)
	}
	if got := id(w.AddGuild(fakediscord.Guild{Created: born})).Time(); !got.Equal(born) {
		t.Errorf("disgo reads %v, want %v", got, born)
	}
	a, b := w.Say(w.user, w.channel, "a").ID, w.Say(w.user, w.channel, "b").ID
	w.clock.Advance(-time.Hour)
	if c := w.Say(w.user, w.channel, "c").ID; id(a) >= id(b) || id(b) >= id(c) {
		t.Errorf("IDs %s, %s, %s do not rise", a, b, c)
	}
}
