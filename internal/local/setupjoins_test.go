package local_test

import (
	"testing"

	"github.com/entente-bot/entente/internal/fakediscord"
	"github.com/entente-bot/entente/internal/scene"
)

// TestSetupJoins chooses in the panel all that there is to choose about joins, and
// reads there what is missing, and what is lost without it.
func TestSetupJoins(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.InstallBot(s.Guild, scene.BotPermissions&^(fakediscord.ManageServer|fakediscord.ManageRoles))
	d := s.open(s.Ada)
	d.choose("setup/section", "joins")
	s.says(d.shows(), "not counted")
	d.press("Count joins")
	shown := d.shows()
	s.says(shown, "for the server as a whole, Entente lacks *Manage Server*. Give that to the role *Entente* under *Server Settings → Roles*. Joins cannot be counted.")
	s.quiet(shown, "Manage Roles") // nobody wants marker roles yet
	d.press("Use marker roles")
	shown = d.shows()
	s.says(shown, "**Marker roles:** for the server as a whole, Entente lacks *Manage Roles*")
	s.says(shown, "the *Server Members* intent is off")
	s.InstallBot(s.Guild, tracker)
	door := s.AddChannel(s.Guild, fakediscord.Channel{Name: "welcome", Overwrites: []fakediscord.Overwrite{{ID: s.botRole(), Deny: fakediscord.CreateInvite}}})
	d.choose("setup/entrance", door)
	s.says(d.shows(), "**Entrance:** in <#"+door+"> Entente lacks *Create Invite*")
	s.says(d.forge("setup/entrance", selectChannel, s.Forum).Text(), "not be")
	d.fill("Change stay", map[string]any{"stay": "3600"})
	s.says(d.shows(), "within 3,600 seconds")
	d.press("Stop using marker roles")
	got := s.chosen()
	if !got.Track || got.Markers || got.Entrance != door || got.Stay != 3600 {
		t.Errorf("chosen %+v", got)
	}
	d.press("Stop counting joins")
	s.quiet(d.shows(), "lacks")               // nothing is needed any more
	d.press("Count joins, with marker roles") // before any invite is made without
	if got := s.chosen(); !got.Track || !got.Markers {
		t.Errorf("chosen %+v", got)
	}
	d.press("Stop counting joins")
	d.choose("setup/section", "start")
	s.says(d.shows(), "Joins not counted")
}
