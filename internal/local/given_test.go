package local_test

import (
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/fakediscord"
	"github.com/entente-bot/entente/internal/settings"
)

// timeOut is the permission to keep members from writing for a while.
const timeOut fakediscord.Permission = 1 << 40

// TestGivenRoleAllows tries single permissions on the role of contacts: what every
// member may do here and what is harmless is taken, nothing else, not even what
// Discord will invent.
func TestGivenRoleAllows(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	d := s.open(s.Ada)
	s.drain()
	tests := []struct {
		name  string
		can   fakediscord.Permission
		taken bool
	}{
		{"view, write and attach", fakediscord.ViewChannel | fakediscord.SendMessages | fakediscord.AttachFiles, true},
		{"react, connect, speak", 1<<6 | 1<<20 | 1<<21, true},
		{"what all members may", fakediscord.CreateInvite, true},
		{"kick", fakediscord.KickMembers, false},
		{"ban", fakediscord.BanMembers, false},
		{"time out", timeOut, false},
		{"mention everyone", fakediscord.MentionEveryone, false},
		{"audit log", fakediscord.ViewAuditLog, false},
		{"mute", 1 << 22, false},
		{"move", 1 << 24, false},
		{"pin", fakediscord.PinMessages, false},
		{"administrator", fakediscord.Administrator, false},
		{"of tomorrow", 1 << 52, false},
	}
	for _, tt := range tests {
		d.choose("setup/section", "showcase")
		role := s.AddRole(s.Guild, fakediscord.Role{Name: tt.name, Permissions: tt.can})
		said := d.forge("setup/contact", selectRole, role).Text()
		s.drain()
		if got := s.chosen().Contact == role; got != tt.taken {
			t.Errorf("%s: taken %v, want %v: %s", tt.name, got, tt.taken, said)
		}
		if !tt.taken {
			s.says(said, "viewing, writing, reacting and voice")
		}
	}
}

// TestGivenRoleFollowsEveryone takes a permission from everybody: the role that
// still has it is given to nobody.
func TestGivenRoleFollowsEveryone(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.SetRole(s.Guild, s.Contacts, fakediscord.CreateInvite, 1)
	s.greeted()
	s.SetRole(s.Guild, s.Guild, fakediscord.Everyday&^fakediscord.CreateInvite, 0)
	s.handsTo(s.Nora)
	if s.holder(s.Nora, s.Contacts) {
		t.Error("Nora was given what everybody may not do")
	}
	s.says(s.status(), "allows more than every member may do")
}

// TestGivenRoleGainsPower has a role gain power while its holder stays the same:
// managers read it within a day, though nobody is to be given it.
func TestGivenRoleGainsPower(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.greeted()
	s.silent(s.status(), "allows more than")
	s.SetRole(s.Guild, s.Contacts, timeOut, 1)
	s.advance(26 * time.Hour)
	s.says(s.status(), "<@&"+s.Contacts+"> allows more than every member may do")
	s.SetRole(s.Guild, s.Contacts, 0, 1)
	s.retry()
	s.says(s.status(), "Nothing is blocked")
	s.quietly()
}

// TestMarkerRoleGainsPower has the role that an invite gives gain power: whoever
// joins by the invite does not get it, and managers read why.
func TestMarkerRoleGainsPower(t *testing.T) {
	t.Parallel()
	for name, gains := range map[string]func(*stage, string){
		"in the guild": func(s *stage, role string) { s.SetRole(s.Guild, role, fakediscord.BanMembers, 1) },
		"in a channel": func(s *stage, role string) {
			s.SetOverwrite(s.Lobby, fakediscord.Overwrite{ID: role, Allow: fakediscord.ManageMessages})
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t)
			s.markerGains(gains)
		})
	}
}

// markerGains lets the marker role of Lighthouse gain power.
func (s *stage) markerGains(gains func(*stage, string)) {
	s.Helper()
	t := s.T
	s.chooses(func(c *settings.Settings) { c.Track, c.Markers = true, true })
	s.allied()
	a := s.accountOf(s.Lighthouse)
	if a.Role == "" || a.Code == "" {
		t.Fatalf("no marker role, or no invite: %+v", a)
	}
	gains(s, a.Role)
	s.advance(26 * time.Hour)
	if after := s.accountOf(s.Lighthouse); after.Role != "" || after.Code != a.Code {
		t.Errorf("the invite still gives the role, or is another one: %+v", after)
	}
	joiner := s.joined(a.Code, 1)[0]
	if s.holder(joiner, a.Role) {
		t.Error("who joined was given a role that bans")
	}
	s.says(s.status(), "had too many permissions")
}
