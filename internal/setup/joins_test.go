package setup_test

import (
	"reflect"
	"testing"

	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/setup"
)

// counting are facts of a guild where the bot may do all that counting joins needs,
// with a channel of the rules (30) and one where newcomers are greeted (31).
func counting() setup.Facts {
	f := facts()
	f.Roles[2].Rights = all | setup.CreateInvite | setup.ManageServer
	f.Intent, f.Rules, f.System = true, "30", "31"
	f.Channels = append(f.Channels, setup.Channel{ID: "30"}, setup.Channel{ID: "31"})
	return f
}

// shut takes the right to make invites to channels from the bot.
func shut(f *setup.Facts, ids ...string) {
	for i, c := range f.Channels {
		for _, id := range ids {
			if c.ID == id {
				f.Channels[i].Overwrites = []setup.Overwrite{{ID: "3", Deny: setup.CreateInvite}}
			}
		}
	}
}

// TestEntrance finds the channel that tracked invites lead to.
func TestEntrance(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		make func(*settings.Settings, *setup.Facts)
		want string
	}{
		{"the rules", func(*settings.Settings, *setup.Facts) {}, "30"},
		{"the rules are shut", func(_ *settings.Settings, f *setup.Facts) { shut(f, "30") }, "31"},
		{"no rules, no greetings", func(_ *settings.Settings, f *setup.Facts) { f.Rules, f.System = "", "" }, "11"},
		{"the showcase is of another mode", func(s *settings.Settings, f *setup.Facts) {
			f.Rules, f.System, s.Mode = "", "99", settings.Forum
		}, "10"},
		{"all are shut", func(_ *settings.Settings, f *setup.Facts) { f.Roles[2].Rights &^= setup.CreateInvite }, ""},
		{"the one that was chosen", func(s *settings.Settings, _ *setup.Facts) { s.Entrance = "12" }, "12"},
		{"chosen, and gone", func(s *settings.Settings, _ *setup.Facts) { s.Entrance = "99" }, "99"},
	}
	for _, tt := range tests {
		s, f := chosen(), counting()
		tt.make(&s, &f)
		if got := setup.Entrance(guild, s, f); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

// TestFindJoins finds what is in the way of counting joins, and what is lost by it.
func TestFindJoins(t *testing.T) {
	t.Parallel()
	finding := func(f setup.Feature, p setup.Problem, about, cost string, missing ...string) setup.Finding {
		return setup.Finding{Feature: f, Problem: p, About: about, Cost: cost, Rights: missing}
	}
	tests := []struct {
		name string
		make func(*settings.Settings, *setup.Facts)
		want []setup.Finding
	}{
		{"all is well", func(*settings.Settings, *setup.Facts) {}, nil},
		{"not tracked: nothing is needed", func(s *settings.Settings, f *setup.Facts) {
			s.Track, s.Entrance, f.Intent, f.Roles[2].Rights = false, "99", false, all
		}, nil},
		{"Manage Server", func(_ *settings.Settings, f *setup.Facts) { f.Roles[2].Rights &^= setup.ManageServer },
			[]setup.Finding{finding(setup.FeatureTrack, setup.Server, "", "joins", "manage-server")}},
		{"Create Invite", func(_ *settings.Settings, f *setup.Facts) { f.Roles[2].Rights &^= setup.CreateInvite },
			[]setup.Finding{finding(setup.FeatureEntrance, setup.NoEntrance, "", "entrance")}},
		{"Create Invite in the entrance", func(s *settings.Settings, f *setup.Facts) {
			s.Entrance = "31"
			shut(f, "31")
		}, []setup.Finding{finding(setup.FeatureEntrance, setup.Permission, "31", "entrance", "create-invite")}},
		{"the entrance is gone", func(s *settings.Settings, _ *setup.Facts) { s.Entrance = "99" },
			[]setup.Finding{finding(setup.FeatureEntrance, setup.Gone, "99", "entrance")}},
		{"Manage Roles", func(_ *settings.Settings, f *setup.Facts) { f.Roles[2].Rights &^= setup.ManageRoles },
			[]setup.Finding{finding(setup.FeatureMarkers, setup.Server, "", "markers", "manage-roles")}},
		{"250 roles", func(_ *settings.Settings, f *setup.Facts) {
			for len(f.Roles) < 250 {
				f.Roles = append(f.Roles, setup.Role{ID: "0"})
			}
		}, []setup.Finding{finding(setup.FeatureMarkers, setup.Full, "", "markers")}},
		{"the intent", func(_ *settings.Settings, f *setup.Facts) { f.Intent = false },
			[]setup.Finding{finding(setup.FeatureMarkers, setup.Intent, "", "identified")}},
		{"the intent is of no use without marker roles", func(s *settings.Settings, f *setup.Facts) { s.Markers, f.Intent = false, false }, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s, f := chosen(), counting()
			s.Track, s.Markers = true, true
			tt.make(&s, &f)
			got := setup.Find(guild, s, f)
			if !reflect.DeepEqual(got, tt.want) {
				t.Errorf("found %+v\nwant  %+v", got, tt.want)
			}
			h := setup.Health{Findings: got}
			if now := h.Now(s); !reflect.DeepEqual(now, tt.want) {
				t.Errorf("now %+v\nwant %+v", now, tt.want)
			}
			s.Track = false // what was found about joins says nothing any more
			if now := h.Now(s); len(now) != 0 {
				t.Errorf("not tracked, and found %+v", now)
			}
		})
	}
}
