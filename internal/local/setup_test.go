package local_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/fakediscord"
	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/storage"
)

// A desk is somebody at the panel of the settings.
type desk struct {
	*stage
	who   fakediscord.Person
	panel *fakediscord.Exchange
}

// open lets a user open the panel.
func (s *stage) open(user string) *desk {
	s.Helper()
	d := &desk{stage: s, who: s.As(user, s.Guild, s.Lobby)}
	var err error
	if d.panel, err = d.who.Command(s.Context(), "partnerships setup"); err != nil {
		s.Fatal(err)
	}
	if !d.panel.Ephemeral {
		s.Error("everybody sees the panel")
	}
	return d
}

// done fails the test if something could not be done.
func (d *desk) done(ex *fakediscord.Exchange, err error) *fakediscord.Exchange {
	d.Helper()
	if err != nil {
		d.Fatal(err)
	}
	return ex
}

func (d *desk) choose(menu string, values ...string) *fakediscord.Exchange {
	d.Helper()
	return d.done(d.who.Choose(d.Context(), d.panel.Message, menu, values...))
}

func (d *desk) press(button string) *fakediscord.Exchange {
	d.Helper()
	return d.done(d.who.Press(d.Context(), d.panel.Message, button))
}

func (d *desk) fill(button string, values map[string]any) *fakediscord.Exchange {
	d.Helper()
	return d.done(d.who.Submit(d.Context(), d.press(button), values))
}

// shows is what the panel shows after what follows from the last press.
func (d *desk) shows() string {
	d.Helper()
	d.drain()
	return d.panel.Current().Text()
}

// forge sends a choice that the panel does not offer.
func (d *desk) forge(menu string, kind int, values ...string) *fakediscord.Exchange {
	d.Helper()
	return d.done(d.who.ForgeChoice(d.Context(), d.panel.Message, menu, kind, values...))
}

// The types of selects.
const (
	selectText    = 3
	selectRole    = 6
	selectChannel = 8
)

// chosen returns the settings as they are kept.
func (s *stage) chosen() settings.Settings {
	s.Helper()
	tx, err := storage.Begin(s.Context(), s.DB, settings.Key(s.Guild))
	if err != nil {
		s.Fatal(err)
	}
	return settings.Of(tx, s.Guild)
}

// quiet fails the test if text holds part.
func (s *stage) quiet(text, part string) {
	s.Helper()
	if strings.Contains(text, part) {
		s.Errorf("it says:\n%s\nwant not in it: %s", text, part)
	}
}

// botRole is the role that the bot came with.
func (s *stage) botRole() string {
	for _, r := range s.Roles(s.Guild) {
		if r.Name == "Entente" {
			return r.ID
		}
	}
	return ""
}

// TestSetup goes through every section of the panel, in one message.
func TestSetup(t *testing.T) {
	t.Parallel()
	s := newBareStage(t)
	log := s.AddChannel(s.Guild, fakediscord.Channel{Name: "log", Overwrites: []fakediscord.Overwrite{
		{ID: s.Guild, Deny: fakediscord.ViewChannel}, {ID: s.botRole(), Allow: fakediscord.ViewChannel},
	}})
	tickets := s.AddChannel(s.Guild, fakediscord.Channel{Name: "tickets", Overwrites: []fakediscord.Overwrite{
		{ID: s.botRole(), Deny: fakediscord.ManageThreads, Allow: fakediscord.CreatePrivateThreads},
	}})
	viewers := s.AddRole(s.Guild, fakediscord.Role{Name: "Viewers"})

	d := s.open(s.Ada)
	s.says(d.panel.Text(), "Not ready")
	s.says(d.panel.Text(), "checking its permissions")
	s.says(d.shows(), "Review channel:** nothing is chosen. No review cards appear")
	d.choose("setup/review", s.Review)
	d.choose("setup/showcase", s.Showcase)
	d.choose("setup/managers", s.Reviewers)
	start := d.shows()
	s.says(start, "Ready")
	s.says(start, "<@&"+s.Reviewers+">: without *Manage Server* they see `/partnerships` only after an administrator")
	s.says(start, "every permission that it needs")

	d.choose("setup/section", "channels")
	d.choose("setup/log", log)
	d.choose("setup/tickets", tickets)
	d.choose("setup/viewers", viewers)
	s.says(d.shows(), "Tickets channel:** in <#"+tickets+"> Entente lacks *Manage Threads*. Tickets stay open")

	d.choose("setup/section", "intake")
	d.choose("setup/sources", "panel", "ticket")
	d.fill("setup/minimum", map[string]any{"minimum": "1,500", "cooldown": "48", "active": "20"})
	intake := d.shows()
	s.says(intake, "Minimum members:** 1,500")
	s.says(intake, "48 h")
	s.says(intake, "Most partners at a time:** 20")
	s.says(intake, "`/partner apply` is switched off")

	d.choose("setup/section", "review")
	d.fill("setup/waiting", map[string]any{"expiry": "14", "remind": "5"})
	d.fill("setup/categories", map[string]any{"categories": "Gaming\n\n gaming\n**Music**"})
	review := d.shows()
	s.says(review, "after 14 days")
	s.says(review, `Gaming · \*\*Music\*\*`)

	want := settings.Settings{
		Review: s.Review, Showcase: s.Showcase, Log: log, Tickets: tickets, Managers: []string{s.Reviewers}, Viewers: []string{viewers},
		Sources: settings.Sources{Panel: true, Ticket: true}, Minimum: 1500, Cooldown: 48, Active: 20, Expiry: 14, Remind: 5,
		Mode: settings.Single, Bump: 7, Stay: 600, Topics: []string{"Gaming", "**Music**"}, Locale: "en-US", Changed: s.chosen().Changed,
	}
	if got := fmt.Sprintf("%+v", s.chosen()); got != fmt.Sprintf("%+v", want) {
		t.Errorf("chosen:\n%s\nwant:\n%+v", got, want)
	}

	d.press("Close applications")
	s.says(d.shows(), "Applications are closed")
	s.says(d.shows(), "expire** after 14 days")
	d.press("Open applications")
	d.choose("setup/section", "start")
	d.choose("setup/review")
	s.says(d.shows(), "Not ready")
	s.says(d.shows(), "Log <#"+log+"> · Tickets <#"+tickets+"> · Viewer roles 1 · Applications by Panel, Ticket · Minimum members 1,500")
}

// TestSetupHealth takes permissions away and gives them back: the panel says
// what is lost, in its place.
func TestSetupHealth(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	d := s.open(s.Ada)
	s.says(d.shows(), "every permission that it needs")

	s.SetOverwrite(s.Review, fakediscord.Overwrite{ID: s.botRole(), Allow: fakediscord.ViewChannel, Deny: fakediscord.SendMessages | fakediscord.AttachFiles})
	s.SetOverwrite(s.Review, fakediscord.Overwrite{ID: s.Guild, Allow: fakediscord.ViewChannel})
	s.says(d.press("Check again").Text(), "checking its permissions")
	shown := d.shows()
	s.says(shown, "in <#"+s.Review+"> Entente lacks *Send Messages*. No review cards appear")
	s.says(shown, "in <#"+s.Review+"> Entente lacks *Attach Files*. Ads show no banners")
	s.says(shown, "everyone can see <#"+s.Review+">")
	s.quiet(shown, "looking at")

	s.DeleteChannel(s.Showcase)
	s.SetRole(s.Guild, s.Reviewers, fakediscord.ManageRoles, 99)
	d.press("Check again")
	shown = d.shows()
	s.says(shown, "Showcase channel:** what was chosen does not exist any more")
	s.says(shown, "<@&"+s.Reviewers+"> has *Manage Roles*")
	for _, menu := range d.panel.Current().Selects() {
		if menu.CustomID == "setup/showcase" && len(menu.Options) > 0 {
			t.Errorf("a channel that is gone is shown: %v", menu.Options)
		}
	}

	s.RemoveBot(s.Guild)
	d.press("Check again")
	s.says(d.shows(), "Entente:** it is not a member of this server")
	s.InstallBot(s.Guild, fakediscord.Administrator)
	d.press("Check again")
	shown = d.shows()
	s.quiet(shown, "not a member")
	s.quiet(shown, "lacks")
}

// TestSetupRefuses tries what must not be chosen: it is refused with a sentence
// of its own, and nothing is changed. FAULTS S24.
func TestSetupRefuses(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	voice := s.AddChannel(s.Guild, fakediscord.Channel{Name: "voice", Type: fakediscord.VoiceChannel})
	role := func(name string, p fakediscord.Permission, position int, managed bool) string {
		return s.AddRole(s.Guild, fakediscord.Role{Name: name, Permissions: p, Position: position, Managed: managed})
	}
	admins, movers := role("Root", fakediscord.Administrator, 0, false), role("Movers", fakediscord.ManageRoles|fakediscord.ManageMessages, 0, false)
	police := role("Police", fakediscord.KickMembers|fakediscord.BanMembers|fakediscord.MentionEveryone|fakediscord.SendMessages, 0, false)
	bot, above := role("Other bot", 0, 0, true), role("Above", 0, 99, false)
	other := s.AddGuild(fakediscord.Guild{Name: "Elsewhere"})
	foreign := s.AddRole(other, fakediscord.Role{Name: "Foreign"})
	d := s.open(s.Ada)
	s.drain()
	before := fmt.Sprintf("%+v", s.chosen())

	tests := []struct{ menu, value, want string }{
		{"setup/review", voice, "cannot hold review cards"},
		{"setup/showcase", voice, "cannot hold the ads"},
		{"setup/category", s.Lobby, "is no category"},
		{"setup/forum", s.Lobby, "is no forum"},
		{"setup/index", voice, "cannot hold the index"},
		{"setup/log", voice, "cannot hold the log"},
		{"setup/tickets", voice, "cannot hold tickets"},
		{"setup/tickets", "123", "cannot be used here"},
		{"setup/managers", s.Guild, "@ everyone cannot be chosen"},
		{"setup/managers", bot, "belongs to a bot"},
		{"setup/managers", admins, "has *Administrator*"},
		{"setup/managers", movers, "has *Manage Roles*, *Manage Messages*"},
		{"setup/managers", above, "as high as Entente's own role"},
		{"setup/managers", foreign, "cannot be used here"},
		{"setup/viewers", s.Guild, "@ everyone cannot be chosen"},
		{"setup/viewers", admins, "has *Administrator*"},
		{"setup/contact", s.Guild, "@ everyone cannot be chosen"},
		{"setup/contact", bot, "belongs to a bot"},
		{"setup/contact", movers, "has *Manage Roles*, *Manage Messages*"},
		{"setup/contact", police, "has *Ban Members*, *Kick Members*, *Mention Everyone*"},
		{"setup/contact", above, "as high as Entente's own role"},
		{"setup/contact", foreign, "cannot be used here"},
		{"setup/contact", s.Reviewers, "cannot be both a staff role and the contact role"},
	}
	for _, tt := range tests {
		kind := selectChannel
		if tt.menu == "setup/managers" || tt.menu == "setup/viewers" || tt.menu == "setup/contact" {
			kind = selectRole
		}
		s.says(d.forge(tt.menu, kind, tt.value).Text(), tt.want)
	}
	s.says(d.forge("setup/sources", selectText, "fax").Text(), "no way to apply")
	s.says(d.forge("setup/mode", selectText, "stage").Text(), "no channel mode")
	d.choose("setup/section", "intake")
	s.says(d.fill("setup/minimum", map[string]any{"minimum": "7", "cooldown": "1.5"}).Text(), "Nothing was changed: the hours")
	s.says(d.fill("setup/minimum", map[string]any{"active": "101"}).Text(), "from 0 to 100")
	d.choose("setup/section", "review")
	s.says(d.fill("setup/waiting", map[string]any{"expiry": "0"}).Text(), "from 1 to 90")
	s.says(d.fill("setup/categories", map[string]any{"categories": strings.Repeat("y", 51)}).Text(), "longer than 50")
	if after := fmt.Sprintf("%+v", s.chosen()); after != before {
		t.Errorf("chosen:\n%s\nwant:\n%s", after, before)
	}

	// A manager stands below others, and cannot choose these.
	s.AddMember(s.Guild, s.Max, s.AddRole(s.Guild, fakediscord.Role{Name: "Low", Position: 1}))
	higher := role("Higher", 0, 10, false)
	m := s.open(s.Max)
	s.drain()
	s.says(m.forge("setup/contact", selectRole, s.Contacts).Text(), "Only members with *Manage Server* can choose")
	s.says(m.forge("setup/managers", selectRole, s.Reviewers, higher).Text(), "as high as your own highest role")
	s.says(d.forge("setup/managers", selectRole, s.Reviewers, higher).Text(), "Partnerships of this server")
	if got := s.chosen().Managers; !slices.Equal(got, []string{s.Reviewers, higher}) {
		t.Errorf("managers: %v", got)
	}
}

// TestSetupRights has a member try every part of the panel. FAULTS S20.
func TestSetupRights(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.open(s.Ada)
	before := fmt.Sprintf("%+v", s.chosen())
	n := &desk{stage: s, who: s.As(s.Nora, s.Guild, s.Lobby), panel: &fakediscord.Exchange{Message: fakediscord.Ref{Channel: s.Lobby, ID: "1"}}}
	for _, id := range []string{"section", "check", "intake:close", "review", "showcase", "log", "tickets", "managers", "viewers", "sources", "minimum", "waiting", "categories",
		"mode", "category", "forum", "index", "contact", "bumps", "ending:archive"} {
		s.says(n.done(n.who.ForgePress(t.Context(), n.panel.Message, "setup/"+id)).Text(), "Only partnership managers")
	}
	for _, id := range []string{"minimum", "waiting", "categories", "bumps"} {
		s.says(n.done(n.who.ForgeSubmit(t.Context(), nil, "setup/"+id, nil)).Text(), "Only partnership managers")
	}
	if after := fmt.Sprintf("%+v", s.chosen()); after != before {
		t.Errorf("chosen:\n%s\nwant:\n%s", after, before)
	}
}

// TestSetupFaults looks at a guild while Discord fails: the panel is right in the end.
func TestSetupFaults(t *testing.T) {
	t.Parallel()
	routes := []string{"/guilds/{guild}", "/guilds/{guild}/roles", "/guilds/{guild}/channels", "/guilds/{guild}/members/{user}",
		"/webhooks/{application}/{token}/messages/{message}"}
	for _, route := range routes {
		t.Run(route, func(t *testing.T) {
			s := newStage(t)
			s.SetOverwrite(s.Showcase, fakediscord.Overwrite{ID: s.botRole(), Deny: fakediscord.SendMessages})
			s.Scene.Fail(fakediscord.Fault{Route: route, Status: http.StatusServiceUnavailable, Times: 2})
			d := s.open(s.Ada)
			for range 4 { // each attempt waits longer
				s.drain()
				if err := s.Advance(t.Context(), 10*time.Second); err != nil {
					t.Fatal(err)
				}
			}
			s.says(d.shows(), "in <#"+s.Showcase+"> Entente lacks *Send Messages*")
		})
	}
}

// TestSetupTogether lets two managers change different settings at once: no
// change is lost.
func TestSetupTogether(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	d, m := s.open(s.Ada), s.open(s.Max)
	s.drain()
	var group sync.WaitGroup
	for _, change := range []func(){
		func() { d.forge("setup/showcase", selectChannel, s.Lobby) },
		func() { d.forge("setup/sources", selectText, "slash") },
		func() { m.forge("setup/log", selectChannel, s.Review) },
		func() { m.forge("setup/managers", selectRole) },
	} {
		group.Go(change)
	}
	group.Wait()
	s.drain()
	got := s.chosen()
	// Max is a manager no more; whether his other change came before is open.
	if got.Showcase != s.Lobby || got.Sources.Panel || len(got.Managers) != 0 {
		t.Errorf("chosen: %+v", got)
	}
}

// TestTimedOut has a moderator time the bot out: the panel and the status say that,
// and not that permissions are there or lacking. When it is over, all goes on.
func TestTimedOut(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.advance(time.Minute) // a guild is looked at once a minute, whatever is refused there
	s.TimeOut(s.Guild, s.ApplicationID(), s.Now().Add(time.Hour))
	s.apply(s.Rio, s.Form())
	until := fmt.Sprintf("Entente is timed out until <t:%d:f>", s.Now().Add(time.Hour).Unix())
	says := func(text string) {
		t.Helper()
		s.says(text, until)
		s.says(text, "*Remove Timeout*")
		for _, untrue := range []string{"every permission that it needs", "Give it", "lacks"} {
			s.quiet(text, untrue)
		}
	}
	says(s.command(s.Ada, "partnerships status").Text())
	d := s.open(s.Ada)
	says(d.shows())
	s.advance(time.Hour + time.Minute)
	s.only(s.Review)
	s.noneBlocked()
	s.says(s.open(s.Ada).shows(), "every permission that it needs")
}

// TestPermissionNobodyMisses lets Discord refuse what the bot has every permission
// for: the panel does not say both.
func TestPermissionNobodyMisses(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.Scene.Fail(fakediscord.Fault{Method: "POST", Route: "/channels/{channel}/messages", Status: 403, Code: 50013, Times: -1})
	s.apply(s.Rio, s.Form())
	text := s.open(s.Ada).shows()
	s.says(text, "cannot write in")
	s.quiet(text, "every permission that it needs")
}
