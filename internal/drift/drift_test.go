package drift_test

import (
	"slices"
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/drift"
	"github.com/entente-bot/entente/internal/partnership"
)

// What matters is held, and the rest is shown at once.
func TestLook(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 28, 12, 0, 0, 0, time.UTC)
	accepted := partnership.Server{ID: "7", Name: "Lighthouse", Members: 1000, NSFW: 0, Icon: "a"}
	tests := []struct {
		name    string
		change  func(*partnership.Server)
		minimum int
		held    []string
		shown   partnership.Server
	}{
		{"nothing", func(*partnership.Server) {}, 100, nil, accepted},
		{"icon and more members", func(s *partnership.Server) { s.Icon, s.Members = "b", 1100 }, 100, nil,
			partnership.Server{ID: "7", Name: "Lighthouse", Members: 1100, Icon: "b"}},
		{"another name", func(s *partnership.Server) { s.Name, s.Icon = "FREE GIFTS", "b" }, 0, []string{drift.Renamed},
			partnership.Server{ID: "7", Name: "Lighthouse", Members: 1000, Icon: "b"}},
		{"a name that looks the same", func(s *partnership.Server) { s.Name = "Light\u200bhouse" }, 0, nil,
			partnership.Server{ID: "7", Name: "Light\u200bhouse", Members: 1000, Icon: "a"}},
		{"age-restricted", func(s *partnership.Server) { s.NSFW = 3 }, 0, []string{drift.Restricted}, accepted},
		{"safe", func(s *partnership.Server) { s.NSFW = 2 }, 0, nil, partnership.Server{ID: "7", Name: "Lighthouse", Members: 1000, NSFW: 2, Icon: "a"}},
		{"below the minimum", func(s *partnership.Server) { s.Members = 899 }, 900, []string{drift.Small}, accepted},
		{"at the minimum", func(s *partnership.Server) { s.Members = 900 }, 900, nil, partnership.Server{ID: "7", Name: "Lighthouse", Members: 900, Icon: "a"}},
		{"below a minimum that it never had", func(s *partnership.Server) { s.Members = 900 }, 2000, nil, partnership.Server{ID: "7", Name: "Lighthouse", Members: 900, Icon: "a"}},
		{"half of its members", func(s *partnership.Server) { s.Members = 500 }, 0, nil, partnership.Server{ID: "7", Name: "Lighthouse", Members: 500, Icon: "a"}},
		{"less than half", func(s *partnership.Server) { s.Members = 499 }, 0, []string{drift.Shrunken}, accepted},
		{"all at once", func(s *partnership.Server) { s.Name, s.NSFW, s.Members = "X", 1, 12 }, 100,
			[]string{drift.Renamed, drift.Restricted, drift.Small, drift.Shrunken}, accepted},
	}
	for _, tt := range tests {
		p := partnership.Partnership{Partner: "7", Server: accepted}
		is := accepted
		tt.change(&is)
		got := drift.Look(p, is, tt.minimum, now)
		if !slices.Equal(got.Drift.Changes, tt.held) {
			t.Errorf("%s: held for %v", tt.name, got.Drift.Changes)
		}
		if s := got.Server; s.Name != tt.shown.Name || s.Members != tt.shown.Members || s.NSFW != tt.shown.NSFW || s.Icon != tt.shown.Icon {
			t.Errorf("%s: members see %+v", tt.name, s)
		}
		again := drift.Look(got, is, tt.minimum, now.Add(time.Hour))
		if again.Drift.Number != got.Drift.Number || !again.Drift.Since.Equal(got.Drift.Since) {
			t.Errorf("%s: another look is another drift", tt.name)
		}
		back := drift.Look(again, accepted, tt.minimum, now)
		if back.Drift.Held() || back.Server.Name != "Lighthouse" {
			t.Errorf("%s: not as it was: %+v", tt.name, back)
		}
	}
}

// A slow decline is one, too: what counts is what managers accepted.
func TestDecline(t *testing.T) {
	t.Parallel()
	p := partnership.Partnership{Partner: "7", Server: partnership.Server{ID: "7", Name: "Lighthouse", Members: 1000}}
	for members := 990; members >= 400; members -= 10 {
		is := p.Server
		is.Members = members
		p = drift.Look(p, is, 0, time.Time{})
		if held := p.Drift.Held(); held != (members < 500) {
			t.Fatalf("%d members: held %v", members, held)
		}
	}
}
