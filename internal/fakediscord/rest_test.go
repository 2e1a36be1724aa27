package fakediscord_test

import (
	"strings"
	"testing"
	"time"

	"github.com/disgoorg/disgo/discord"
	"github.com/disgoorg/disgo/rest"
	"github.com/disgoorg/snowflake/v2"

	"github.com/entente-bot/entente/internal/fakediscord"
)

func TestDisgoReadsGuild(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	role := w.AddRole(w.guild, fakediscord.Role{Name: "partner"})
	category := w.AddChannel(w.guild, fakediscord.Channel{Name: "partners", Type: fakediscord.Category})
	w.AddChannel(w.guild, fakediscord.Channel{Name: "board", Type: fakediscord.Forum, Parent: category, Tags: []string{"Games"}})
	w.AddChannel(w.guild, fakediscord.Channel{Name: "voice", Type: fakediscord.VoiceChannel})

	g, err := w.rest.GetGuild(id(w.guild), true)
	if err != nil {
		t.Fatal(err)
	}
	if g.Name != "Harbour" || g.ApproximateMemberCount != 420 || g.ApproximatePresenceCount != 42 {
		t.Errorf("guild = %q with %d members, %d online", g.Name, g.ApproximateMemberCount, g.ApproximatePresenceCount)
	}
	channels, err := w.rest.GetGuildChannels(id(w.guild))
	if err != nil {
		t.Fatal(err)
	}
	if len(channels) != 4 {
		t.Errorf("%d channels, want 4", len(channels))
	}
	if err := w.rest.AddMemberRole(id(w.guild), id(w.user), id(role)); err != nil {
		t.Fatal(err)
	}
	m, err := w.rest.GetMember(id(w.guild), id(w.user))
	if err != nil {
		t.Fatal(err)
	}
	if len(m.RoleIDs) != 1 || m.RoleIDs[0] != id(role) || m.User.Username != "ada" || m.JoinedAt == nil {
		t.Errorf("member = %+v", m)
	}
	counts, err := w.rest.GetRoleMemberCounts(id(w.guild))
	if err != nil {
		t.Fatal(err)
	}
	if counts[id(role)] != 1 {
		t.Errorf("counts = %v, want 1 for the role", counts)
	}
	roles, err := w.rest.GetRoles(id(w.guild))
	if err != nil {
		t.Fatal(err)
	}
	if len(roles) != 3 {
		t.Errorf("%d roles, want @everyone, the bot's and partner", len(roles))
	}
	if _, err := w.rest.GetAuditLog(id(w.guild), 0, 0, 0, 0, 10); err != nil {
		t.Error(err)
	}
	if _, err := w.rest.GetBotApplicationInfo(); err != nil {
		t.Error(err)
	}
	w.noViolations()
}

func TestDisgoMessages(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	channel := id(w.channel)
	m, err := w.rest.CreateMessage(channel, discord.NewMessageCreateV2(
		discord.NewContainer(
			discord.NewTextDisplay("# Port Royal\nhello <@"+w.user+">"),
			discord.NewMediaGallery(discord.MediaGalleryItem{Media: discord.UnfurledMediaItem{URL: "attachment://b.png"}}),
		),
		discord.NewActionRow(discord.NewPrimaryButton("Join", "join/1")),
	).AddFiles(discord.NewFile("b.png", "", strings.NewReader("bytes"))))
	if err != nil {
		t.Fatal(err)
	}
	got := w.Messages(w.channel)
	if len(got) != 1 || got[0].ID != m.ID.String() {
		t.Fatalf("messages = %+v", got)
	}
	if want := "# Port Royal\nhello <@" + w.user + ">\n(1 pictures)\n[Join]"; got[0].Text() != want {
		t.Errorf("text = %q, want %q", got[0].Text(), want)
	}
	if len(got[0].Pings) != 0 {
		t.Errorf("pings %v, want none", got[0].Pings)
	}
	components := []discord.LayoutComponent{discord.NewTextDisplay("shorter")}
	if _, err := w.rest.UpdateMessage(channel, m.ID, discord.MessageUpdate{Components: &components, AllowedMentions: ptr(quiet())}); err != nil {
		t.Fatal(err)
	}
	list, err := w.rest.GetMessages(channel, 0, 0, 0, 10)
	if err != nil {
		t.Fatal(err)
	}
	if len(list) != 1 || list[0].EditedTimestamp == nil || len(list[0].Attachments) != 1 {
		t.Errorf("list = %+v", list)
	}
	if err := w.rest.DeleteMessage(channel, m.ID); err != nil {
		t.Fatal(err)
	}
	_, err = w.rest.GetMessage(channel, m.ID)
	if !rest.IsJSONErrorCode(err, rest.JSONErrorCodeUnknownMessage) {
		t.Errorf("get after delete = %v, want 10008", err)
	}
	w.noViolations()
}

func TestDisgoInvites(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	role := id(w.AddRole(w.guild, fakediscord.Role{Name: "from port royal"}))
	zero := 0
	made, err := w.rest.CreateInvite(id(w.channel), discord.InviteCreate{MaxAge: &zero, MaxUses: &zero, Unique: true, RoleIDs: []snowflake.ID{role}})
	if err != nil {
		t.Fatal(err)
	}
	bob := w.AddUser("bob")
	if err := w.UseInvite(made.Code, bob); err != nil {
		t.Fatal(err)
	}
	if m, ok := w.Member(w.guild, bob); !ok || len(m.Roles) != 1 || m.Roles[0] != role.String() {
		t.Errorf("bob = %+v, want a member with the invite's role", m)
	}
	list, err := w.rest.GetGuildInvites(id(w.guild))
	if err != nil {
		t.Fatal(err)
	}
	if len(list) != 1 || list[0].Uses != 1 || list[0].Code != made.Code {
		t.Errorf("invites = %+v", list)
	}
	looked, err := w.rest.GetInvite(made.Code, rest.WithQueryParam("with_counts", true))
	if err != nil {
		t.Fatal(err)
	}
	if looked.ApproximateMemberCount != 420 || looked.Guild.Name != "Harbour" || looked.ExpiresAt != nil {
		t.Errorf("invite = %+v", looked)
	}
	if _, err := w.rest.DeleteInvite(made.Code); err != nil {
		t.Fatal(err)
	}
	w.noViolations()
}

func TestDisgoCommandsAndForum(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, err := w.rest.SetGlobalCommands(id(w.ApplicationID()), []discord.ApplicationCommandCreate{
		discord.SlashCommandCreate{Name: "partner", Description: "Partnerships", Options: []discord.ApplicationCommandOption{
			discord.ApplicationCommandOptionSubCommand{Name: "info", Description: "About a partner", Options: []discord.ApplicationCommandOption{
				discord.ApplicationCommandOptionString{Name: "partner", Description: "Which", Autocomplete: true, Required: true},
			}},
		}},
	})
	if err != nil {
		t.Fatal(err)
	}
	commands, err := w.rest.GetGlobalCommands(id(w.ApplicationID()), false)
	if err != nil || len(commands) != 1 {
		t.Fatalf("commands = %v, %v", commands, err)
	}
	forum := w.AddChannel(w.guild, fakediscord.Channel{Name: "board", Type: fakediscord.Forum, Tags: []string{"Games"}})
	post, err := w.rest.CreatePostInThreadChannel(id(forum), discord.ThreadChannelPostCreate{
		Name: "Port Royal", Message: discord.MessageCreate{Content: "hi", AllowedMentions: ptr(quiet())},
	})
	if err != nil {
		t.Fatal(err)
	}
	if post.Message.ID != post.GuildThread.ID() {
		t.Errorf("the starter message %s has not the ID of its post %s", post.Message.ID, post.GuildThread.ID())
	}
	threads, err := w.rest.GetActiveGuildThreads(id(w.guild))
	if err != nil || len(threads.Threads) != 1 {
		t.Errorf("active threads = %+v, %v", threads, err)
	}
	w.clock.Advance(8 * 24 * time.Hour)
	if th, _ := w.Channel(post.GuildThread.ID().String()); !th.Archived {
		t.Error("a silent post stays open")
	}
	w.noViolations()
}
