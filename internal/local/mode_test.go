package local_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/entente-bot/entente/internal/fakediscord"
	"github.com/entente-bot/entente/internal/scene"
	"github.com/entente-bot/entente/internal/settings"
)

// mode has Ada turn the showcase to a channel mode, with the place that the scene
// has for it, and does what follows.
func (s *stage) mode(m settings.Mode) {
	s.Helper()
	if err := s.Turn(s.Context(), string(m)); err != nil {
		s.Fatal(err)
	}
	s.drain()
}

// TestSetupShowcase goes through the section of the showcase, and through the modes.
func TestSetupShowcase(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	index := s.AddChannel(s.Guild, fakediscord.Channel{Name: "index"})
	d := s.open(s.Ada)
	s.says(d.shows(), "Bumps after 7 days · At the end deleted")

	d.choose("setup/section", "showcase")
	d.choose("setup/index", index)
	d.choose("setup/contact", s.Contacts)
	d.fill("setup/bumps", map[string]any{"bump": "14"})
	d.press("Archive at the end")
	shown := d.shows()
	s.says(shown, "back to the top: after 14 days")
	s.says(shown, "is closed and archived")
	s.says(shown, "every permission that it needs")
	s.says(d.fill("setup/bumps", map[string]any{"bump": "366"}).Text(), "from 0 to 365")

	d.choose("setup/mode", "channel")
	s.says(d.shows(), "Not ready")
	s.says(d.shows(), "Category:** nothing is chosen. Partners' ads cannot be posted")
	s.says(s.command(s.Rio, "partner apply").Text(), "not ready for applications yet")
	s.says(s.command(s.Ada, "partnerships status").Text(), "a place for the ads of partners")
	s.says(s.command(s.Ada, "partnerships add", fakediscord.Opt("invite", s.Invite), fakediscord.Opt("contact", s.Rio)).Text(), "No place for partners' ads")
	d.choose("setup/category", s.Category)
	shown = d.shows()
	s.says(shown, "Ready")
	s.says(shown, "every permission that it needs")

	d.choose("setup/mode", "forum")
	s.says(d.shows(), "Forum:** nothing is chosen")
	d.choose("setup/forum", s.Forum)
	s.says(d.shows(), "every permission that it needs")
	s.quiet(d.shows(), "move by themselves")

	want := s.chosen()
	got := settings.Settings{
		Review: s.Review, Mode: settings.Forum, Showcase: s.Showcase, Category: s.Category, Forum: s.Forum, Index: index,
		Managers: []string{s.Reviewers}, Contact: s.Contacts, Bump: 14, Stay: 600, Archive: true,
	}
	got.Sources, got.Cooldown, got.Expiry, got.Remind, got.Topics = want.Sources, want.Cooldown, want.Expiry, want.Remind, want.Topics
	got.Locale, got.Changed = want.Locale, want.Changed
	if fmt.Sprintf("%+v", got) != fmt.Sprintf("%+v", want) {
		t.Errorf("chosen:\n%+v\nwant:\n%+v", want, got)
	}
	d.press("Delete at the end")
	d.choose("setup/contact")
	d.choose("setup/index")
	if got := s.chosen(); got.Archive || got.Contact != "" || got.Index != "" {
		t.Errorf("nothing was taken back: %+v", got)
	}
}

// TestSetupShowcaseHealth takes from the bot what each mode needs, one by one.
func TestSetupShowcaseHealth(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	d := s.open(s.Ada)
	s.drain()
	d.choose("setup/section", "showcase")
	d.choose("setup/contact", s.Contacts)
	tests := []struct {
		mode settings.Mode
		lack fakediscord.Permission
		want string
	}{
		{settings.Channels, fakediscord.ManageChannels, "Category:** for the server as a whole, Entente lacks *Manage Channels*"},
		{settings.Channels, fakediscord.ManageRoles, "Contact role:** for the server as a whole, Entente lacks *Manage Roles*"},
		{settings.Channels, fakediscord.ManageRoles, "in <#" + s.Category + "> Entente lacks *Manage Roles*. Partners' channels cannot be closed"},
		{settings.Forum, fakediscord.ManageChannels, "in <#" + s.Forum + "> Entente lacks *Manage Channels*. The forum's tags"},
		{settings.Forum, fakediscord.ManageThreads, "in <#" + s.Forum + "> Entente lacks *Manage Threads*. Partners' posts cannot"},
	}
	for _, tt := range tests {
		s.InstallBot(s.Guild, scene.BotPermissions)
		s.mode(tt.mode)
		s.InstallBot(s.Guild, scene.BotPermissions&^tt.lack)
		d = s.open(s.Ada)
		s.says(d.shows(), tt.want)
	}
	s.InstallBot(s.Guild, scene.BotPermissions)
	s.DeleteChannel(s.Forum)
	d = s.open(s.Ada)
	s.says(d.shows(), "Forum:** what was chosen does not exist any more")
	s.says(d.shows(), "Not ready")
}

// TestSetupMoves changes the mode while a partner's ad stands: the panel says that
// it moves, and where it can be seen how far that is.
func TestSetupMoves(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.apply(s.Rio, s.Form())
	s.press(s.Max, s.Review, "Approve")
	d := s.open(s.Ada)
	s.drain()
	d.choose("setup/section", "showcase")
	s.says(d.shows(), "Partners: 1. If you change the mode or the place, their ads move automatically")
	for _, m := range []settings.Mode{settings.Forum, settings.Channels, settings.Single} {
		s.mode(m)
		if got := len(s.Messages(s.Showcase)); (got == 1) != (m == settings.Single) {
			t.Errorf("%s: %d ads stand in the showcase channel", m, got)
		}
		if got := len(s.Threads(s.Forum)); (got == 1) != (m == settings.Forum) {
			t.Errorf("%s: %d posts stand in the forum", m, got)
		}
		below := slices.DeleteFunc(s.Channels(s.Guild), func(c fakediscord.ChannelState) bool { return c.Parent != s.Category })
		if got := len(below); (got == 1) != (m == settings.Channels) {
			t.Errorf("%s: %d channels stand below the category", m, got)
		}
	}
}
