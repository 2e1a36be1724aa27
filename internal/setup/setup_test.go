package setup_test

import (
	"fmt"
	"reflect"
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/access"
	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/setup"
	"github.com/entente-bot/entente/internal/storage"
)

const guild = "1"

// post is what Entente needs to post.
const post = setup.ViewChannel | setup.SendMessages | setup.ReadHistory

// facts are of a guild where all is well: @everyone sees and writes, the bot may
// do all it needs, the review channel (10) and the log (12) are hidden.
func facts() setup.Facts {
	hidden := []setup.Overwrite{{ID: guild, Deny: setup.ViewChannel}, {ID: "3", Allow: setup.ViewChannel}}
	return setup.Facts{
		Owner: "100", Bot: "9", BotRoles: []string{"3"},
		Roles: []setup.Role{
			{ID: guild, Rights: post},
			{ID: "2", Position: 1},
			{ID: "3", Position: 5, Managed: true, Rights: setup.AttachFiles | setup.PrivateThreads | setup.SendInThreads | setup.ManageThreads},
			{ID: "4", Position: 6},
		},
		Channels: []setup.Channel{
			{ID: "10", Overwrites: hidden}, {ID: "11"}, {ID: "12", Type: 5, Overwrites: hidden}, {ID: "13"}, {ID: "14", Type: 2},
		},
	}
}

// chosen are settings that fit facts.
func chosen() settings.Settings {
	s := settings.Default()
	s.Review, s.Showcase, s.Log, s.Tickets, s.Managers = "10", "11", "12", "13", []string{"2"}
	return s
}

func TestFind(t *testing.T) {
	permission := func(f setup.Feature, about, cost string, missing ...string) setup.Finding {
		return setup.Finding{Feature: f, Problem: setup.Permission, About: about, Cost: cost, Rights: missing}
	}
	tests := []struct {
		name string
		make func(*settings.Settings, *setup.Facts)
		want []setup.Finding
	}{
		{"all is well", func(*settings.Settings, *setup.Facts) {}, nil},
		{"nothing is chosen", func(s *settings.Settings, _ *setup.Facts) { *s = settings.Default() }, nil},
		{"the bot is not there", func(_ *settings.Settings, f *setup.Facts) { *f = setup.Facts{Absent: true} },
			[]setup.Finding{{Feature: setup.FeatureBot, Problem: setup.Absent, Cost: "bot"}}},
		{"a channel is gone", func(s *settings.Settings, _ *setup.Facts) { s.Review = "99" },
			[]setup.Finding{{Feature: setup.FeatureReview, Problem: setup.Gone, About: "99", Cost: "review"}}},
		{"a channel of another type", func(s *settings.Settings, _ *setup.Facts) { s.Showcase = "14" },
			[]setup.Finding{{Feature: setup.FeatureShowcase, Problem: setup.WrongType, About: "14", Cost: "showcase"}}},
		{"no threads in an announcement channel", func(s *settings.Settings, f *setup.Facts) {
			s.Tickets, f.Channels[2].Overwrites = "12", nil
			s.Log = ""
		},
			[]setup.Finding{{Feature: setup.FeatureTickets, Problem: setup.WrongType, About: "12", Cost: "tickets"}}},
		{"everyone may not write", func(_ *settings.Settings, f *setup.Facts) {
			f.Channels[1].Overwrites = []setup.Overwrite{{ID: guild, Deny: setup.SendMessages}}
		}, []setup.Finding{permission(setup.FeatureShowcase, "11", "showcase", "send-messages")}},
		{"but the bot's role may", func(_ *settings.Settings, f *setup.Facts) {
			f.Channels[1].Overwrites = []setup.Overwrite{{ID: "3", Allow: setup.SendMessages}, {ID: guild, Deny: setup.SendMessages}}
		}, nil},
		{"and the bot itself may not", func(_ *settings.Settings, f *setup.Facts) {
			f.Channels[1].Overwrites = []setup.Overwrite{{ID: "9", Member: true, Deny: setup.SendMessages}, {ID: "3", Allow: setup.SendMessages}}
		}, []setup.Finding{permission(setup.FeatureShowcase, "11", "showcase", "send-messages")}},
		{"another member's overwrite", func(_ *settings.Settings, f *setup.Facts) {
			f.Channels[1].Overwrites = []setup.Overwrite{{ID: "8", Member: true, Deny: setup.SendMessages}, {ID: "2", Deny: setup.ViewChannel}}
		}, nil},
		{"an administrator needs nothing", func(_ *settings.Settings, f *setup.Facts) {
			f.Roles[2].Rights = setup.Administrator
			f.Channels[1].Overwrites = []setup.Overwrite{{ID: guild, Deny: post}}
		}, []setup.Finding{{Feature: setup.FeatureShowcase, Problem: setup.Hidden, About: "11", Cost: "seen"}}},
		{"no files: banners are lost", func(_ *settings.Settings, f *setup.Facts) { f.Roles[2].Rights &^= setup.AttachFiles },
			[]setup.Finding{
				permission(setup.FeatureReview, "10", "banner", "attach-files"),
				permission(setup.FeatureShowcase, "11", "banner", "attach-files"),
			}},
		{"no threads: tickets are lost", func(_ *settings.Settings, f *setup.Facts) { f.Roles[2].Rights = setup.AttachFiles },
			[]setup.Finding{
				permission(setup.FeatureTickets, "13", "tickets", "private-threads", "send-in-threads"),
				permission(setup.FeatureTickets, "13", "lock", "manage-threads"),
			}},
		{"everybody sees the review channel", func(_ *settings.Settings, f *setup.Facts) { f.Channels[0].Overwrites = nil },
			[]setup.Finding{{Feature: setup.FeatureReview, Problem: setup.Public, About: "10"}}},
		{"nobody sees the showcase and the tickets", func(_ *settings.Settings, f *setup.Facts) {
			f.Channels[1].Overwrites = []setup.Overwrite{{ID: guild, Deny: setup.ViewChannel}, {ID: "3", Allow: setup.ViewChannel}, {ID: "2", Allow: setup.ViewChannel}}
			f.Channels[3].Overwrites = f.Channels[1].Overwrites
		}, []setup.Finding{
			{Feature: setup.FeatureShowcase, Problem: setup.Hidden, About: "11", Cost: "seen"},
			{Feature: setup.FeatureTickets, Problem: setup.Hidden, About: "13", Cost: "joined"},
		}},
		{"but a role of members does", func(_ *settings.Settings, f *setup.Facts) {
			f.Channels[3].Overwrites = []setup.Overwrite{{ID: guild, Deny: setup.ViewChannel}, {ID: "3", Allow: setup.ViewChannel}, {ID: "4", Allow: setup.ViewChannel}}
		}, nil},
		{"and one of moderators is not that", func(_ *settings.Settings, f *setup.Facts) {
			f.Channels[3].Overwrites = []setup.Overwrite{{ID: guild, Deny: setup.ViewChannel}, {ID: "3", Allow: setup.ViewChannel}, {ID: "4", Allow: setup.ViewChannel}}
			f.Roles[3].Rights |= setup.ManageMessages
		}, []setup.Finding{{Feature: setup.FeatureTickets, Problem: setup.Hidden, About: "13", Cost: "joined"}}},
		{"roles", func(s *settings.Settings, f *setup.Facts) {
			s.Managers, s.Viewers = []string{"2", "3", "4", "77"}, []string{guild}
			f.Roles[1].Rights = setup.ManageMessages
		}, []setup.Finding{
			{Feature: setup.FeatureManagers, Problem: setup.Powerful, About: "2", Rights: []string{"manage-messages"}},
			{Feature: setup.FeatureManagers, Problem: setup.Managed, About: "3", Rights: []string{"manage-threads"}},
			{Feature: setup.FeatureManagers, Problem: setup.AboveBot, About: "4"},
			{Feature: setup.FeatureManagers, Problem: setup.Gone, About: "77"},
			{Feature: setup.FeatureViewers, Problem: setup.Everyone, About: guild},
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s, f := chosen(), facts()
			tt.make(&s, &f)
			if got := setup.Find(guild, s, f); !reflect.DeepEqual(got, tt.want) {
				t.Errorf("found %+v\nwant  %+v", got, tt.want)
			}
		})
	}
}

// TestNow drops what was found about what is no longer chosen, and adds what is not.
func TestNow(t *testing.T) {
	h := setup.Health{Findings: []setup.Finding{
		{Feature: setup.FeatureReview, Problem: setup.Gone, About: "99"},
		{Feature: setup.FeatureManagers, Problem: setup.Gone, About: "77"},
		{Feature: setup.FeatureBot, Problem: setup.Absent},
	}}
	s := chosen()
	s.Managers, s.Showcase = []string{"77"}, ""
	s.Sources = settings.Sources{}
	want := []setup.Finding{
		{Feature: setup.FeatureShowcase, Problem: setup.Unset, Cost: "showcase"},
		{Feature: setup.FeatureSources, Problem: setup.Unset, Cost: "sources"},
		h.Findings[1], h.Findings[2],
	}
	if got := h.Now(s); !reflect.DeepEqual(got, want) {
		t.Errorf("now %+v\nwant %+v", got, want)
	}
}

// FAULTS S24, as far as roles of staff go.
func TestDistrust(t *testing.T) {
	known := setup.Health{At: time.Unix(1, 0), Owner: "100", Top: 10, Ranks: map[string]int{"low": 2, "high": 8}}
	low := access.Caller{User: "7", Roles: []string{"low"}}
	high := access.Caller{User: "7", Roles: []string{"low", "high"}}
	owner := access.Caller{User: "100"}
	tests := []struct {
		name   string
		health setup.Health
		role   setup.Role
		by     access.Caller
		want   setup.Problem // "" if it can be chosen
	}{
		{"plain", known, setup.Role{ID: "5", Position: 1}, low, ""},
		{"everyone", known, setup.Role{ID: guild}, owner, setup.Everyone},
		{"managed", known, setup.Role{ID: "5", Managed: true}, owner, setup.Managed},
		{"administrator", known, setup.Role{ID: "5", Rights: setup.Administrator}, owner, setup.Powerful},
		{"manage server", known, setup.Role{ID: "5", Rights: setup.ManageServer}, owner, setup.Powerful},
		{"manage roles", known, setup.Role{ID: "5", Rights: setup.ManageRoles}, owner, setup.Powerful},
		{"manage threads", known, setup.Role{ID: "5", Rights: setup.ManageThreads | setup.ViewChannel}, owner, setup.Powerful},
		{"harmless rights", known, setup.Role{ID: "5", Position: 1, Rights: post | setup.AttachFiles}, low, ""},
		{"below the caller", known, setup.Role{ID: "5", Position: 7}, high, ""},
		{"the caller's own", known, setup.Role{ID: "high", Position: 8}, high, setup.AboveYou},
		{"above the caller", known, setup.Role{ID: "5", Position: 3}, low, setup.AboveYou},
		{"above the owner's", known, setup.Role{ID: "5", Position: 9}, owner, ""},
		{"at the bot's", known, setup.Role{ID: "5", Position: 10}, owner, setup.AboveBot},
		{"above the bot's", known, setup.Role{ID: "5", Position: 11}, high, setup.AboveBot},
		{"a caller without roles", known, setup.Role{ID: "5"}, access.Caller{User: "7"}, setup.AboveYou},
		{"where the bot is not", setup.Health{At: time.Unix(1, 0), Absent: true}, setup.Role{ID: "5", Position: 1}, owner, setup.Unplaced},
		{"before the first look", setup.Health{}, setup.Role{ID: "5", Position: 11}, low, ""},
		{"powerful before the first look", setup.Health{}, setup.Role{ID: "5", Rights: setup.ManageChannels}, low, setup.Powerful},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			found, no := tt.health.Distrust(guild, setup.FeatureManagers, tt.role, tt.by)
			if found.Problem != tt.want || no != (tt.want != "") {
				t.Errorf("is %q, want %q", found.Problem, tt.want)
			}
		})
	}
}

func TestShow(t *testing.T) {
	now := time.Unix(1000, 0)
	var all setup.Panels
	show := func(user, section string) {
		tx := storage.Of(storage.Item{Key: setup.PanelsKey(guild)})
		tx.Set(setup.PanelsKey(guild), all)
		setup.Show(tx, guild, setup.Panel{User: user, Section: section}, now)
		all, _ = storage.Read[setup.Panels](tx, setup.PanelsKey(guild))
	}
	for i := range 7 {
		show(fmt.Sprint(i), setup.Start)
	}
	show("4", setup.Intake)
	if got := all.At(now); len(got) != 5 || got[0].User != "2" || got[4].User != "4" || got[4].Section != setup.Intake {
		t.Errorf("open: %+v", got)
	}
	if got := all.ExpiresAt(); !got.Equal(now.Add(15 * time.Minute)) {
		t.Errorf("kept until %v", got)
	}
	now = now.Add(15 * time.Minute)
	if got := all.At(now); len(got) != 0 {
		t.Errorf("can be changed after their tokens: %+v", got)
	}
	show("8", setup.Start)
	if len(all.Open) != 1 {
		t.Errorf("open: %+v", all.Open)
	}
}
