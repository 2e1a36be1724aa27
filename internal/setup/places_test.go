package setup_test

import (
	"reflect"
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/access"
	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/setup"
	"github.com/entente-bot/entente/internal/storage"
)

// all is what Entente needs of a server for everything it can do there.
const all = post | setup.AttachFiles | setup.PrivateThreads | setup.SendInThreads | setup.ManageThreads |
	setup.ManageChannels | setup.ManageRoles

// stocked are facts with a category (20), a forum (21), and a role for contacts (5),
// where the bot may do all it needs.
func stocked() setup.Facts {
	f := facts()
	f.Roles[2].Rights = all
	f.Roles = append(f.Roles, setup.Role{ID: "5", Position: 1})
	f.Channels = append(f.Channels, setup.Channel{ID: "20", Type: 4}, setup.Channel{ID: "21", Type: 15})
	return f
}

// TestFindPlaces looks at the showcase in every mode, the index, and the role of contacts.
func TestFindPlaces(t *testing.T) {
	finding := func(f setup.Feature, p setup.Problem, about, cost string, missing ...string) setup.Finding {
		return setup.Finding{Feature: f, Problem: p, About: about, Cost: cost, Rights: missing}
	}
	in := func(m settings.Mode) func(*settings.Settings, *setup.Facts) {
		return func(s *settings.Settings, _ *setup.Facts) { s.Mode, s.Category, s.Forum = m, "20", "21" }
	}
	only := func(m settings.Mode, r setup.Rights) func(*settings.Settings, *setup.Facts) {
		return func(s *settings.Settings, f *setup.Facts) {
			*s = settings.Default()
			in(m)(s, f)
			f.Roles[0].Rights, f.Roles[2].Rights = setup.ViewChannel, r
		}
	}
	hidden := []setup.Overwrite{{ID: guild, Deny: setup.ViewChannel}, {ID: "3", Allow: setup.ViewChannel}}
	tests := []struct {
		name string
		make func(*settings.Settings, *setup.Facts)
		want []setup.Finding
	}{
		{"channels: all is well", in(settings.Channels), nil},
		{"forum: all is well", in(settings.Forum), nil},
		{"what other modes need is not looked at", func(s *settings.Settings, _ *setup.Facts) { s.Category, s.Forum = "98", "99" }, nil},
		{"the category is gone", func(s *settings.Settings, _ *setup.Facts) { s.Mode, s.Category = settings.Channels, "99" },
			[]setup.Finding{finding(setup.FeatureCategory, setup.Gone, "99", "showcase")}},
		{"the category is a channel", func(s *settings.Settings, _ *setup.Facts) { s.Mode, s.Category = settings.Channels, "11" },
			[]setup.Finding{finding(setup.FeatureCategory, setup.WrongType, "11", "showcase")}},
		{"the forum is a channel", func(s *settings.Settings, _ *setup.Facts) { s.Mode, s.Forum = settings.Forum, "11" },
			[]setup.Finding{finding(setup.FeatureForum, setup.WrongType, "11", "showcase")}},
		{"channels: what is missing everywhere is said once", only(settings.Channels, setup.ReadHistory|setup.AttachFiles|setup.ManageRoles|setup.SendInThreads),
			[]setup.Finding{finding(setup.FeatureCategory, setup.Server, "20", "channels", "manage-channels", "send-messages", "private-threads")}},
		{"channels: what the category gives does not help to make channels", func(s *settings.Settings, f *setup.Facts) {
			only(settings.Channels, all&^setup.ManageChannels)(s, f)
			f.Channels[5].Overwrites = []setup.Overwrite{{ID: "3", Allow: setup.ManageChannels}}
		}, []setup.Finding{finding(setup.FeatureCategory, setup.Server, "20", "channels", "manage-channels")}},
		{"channels: what the category takes", func(s *settings.Settings, f *setup.Facts) {
			in(settings.Channels)(s, f)
			f.Channels[5].Overwrites = []setup.Overwrite{{ID: "3", Deny: setup.ManageChannels | setup.ManageRoles | setup.AttachFiles | setup.SendMessages}}
		}, []setup.Finding{
			finding(setup.FeatureCategory, setup.Permission, "20", "showcase", "send-messages"),
			finding(setup.FeatureCategory, setup.Permission, "20", "banner", "attach-files"),
			finding(setup.FeatureCategory, setup.Permission, "20", "channels", "manage-channels"),
			finding(setup.FeatureCategory, setup.Permission, "20", "closed", "manage-roles"),
		}},
		{"forum: one thing after the other", only(settings.Forum, setup.ViewChannel), []setup.Finding{
			finding(setup.FeatureForum, setup.Permission, "21", "showcase", "send-messages", "read-history"),
			finding(setup.FeatureForum, setup.Permission, "21", "banner", "attach-files"),
			finding(setup.FeatureForum, setup.Permission, "21", "bumps", "send-in-threads"),
			finding(setup.FeatureForum, setup.Permission, "21", "posts", "manage-threads"),
			finding(setup.FeatureForum, setup.Permission, "21", "tags", "manage-channels"),
		}},
		{"members see neither forum nor index", func(s *settings.Settings, f *setup.Facts) {
			in(settings.Forum)(s, f)
			s.Index = "12"
			s.Log, f.Channels[6].Overwrites = "", hidden
		}, []setup.Finding{
			finding(setup.FeatureForum, setup.Hidden, "21", "seen"),
			finding(setup.FeatureIndex, setup.Hidden, "12", "found"),
		}},
		{"contacts are not all members", func(s *settings.Settings, f *setup.Facts) {
			s.Index, s.Log, s.Contact, f.Channels[3].Overwrites = "13", "", "5", append(hidden, setup.Overwrite{ID: "5", Allow: setup.ViewChannel})
			s.Tickets = ""
		}, []setup.Finding{finding(setup.FeatureIndex, setup.Hidden, "13", "found")}},
		{"no index can be posted", func(s *settings.Settings, f *setup.Facts) {
			s.Index = "13"
			f.Channels[3].Overwrites = []setup.Overwrite{{ID: "3", Deny: setup.SendMessages}}
		}, []setup.Finding{finding(setup.FeatureIndex, setup.Permission, "13", "index", "send-messages")}},
		{"contacts: all is well", func(s *settings.Settings, _ *setup.Facts) { s.Contact = "5" }, nil},
		{"contacts: no right to give roles", func(s *settings.Settings, f *setup.Facts) { s.Contact, f.Roles[2].Rights = "5", all&^setup.ManageRoles },
			[]setup.Finding{finding(setup.FeatureContact, setup.Server, "5", "contact", "manage-roles")}},
		{"contacts: gone", func(s *settings.Settings, _ *setup.Facts) { s.Contact = "99" },
			[]setup.Finding{finding(setup.FeatureContact, setup.Gone, "99", "contact")}},
		{"contacts: everyone", func(s *settings.Settings, _ *setup.Facts) { s.Contact = guild },
			[]setup.Finding{finding(setup.FeatureContact, setup.Everyone, guild, "contact")}},
		{"contacts: above the bot", func(s *settings.Settings, _ *setup.Facts) { s.Contact = "4" },
			[]setup.Finding{finding(setup.FeatureContact, setup.AboveBot, "4", "contact")}},
		{"contacts: powerful", func(s *settings.Settings, f *setup.Facts) { s.Contact, f.Roles[4].Rights = "5", setup.ManageServer },
			[]setup.Finding{finding(setup.FeatureContact, setup.Beyond, "5", "contact", "manage-server")}},
		{"contacts: a role of staff", func(s *settings.Settings, _ *setup.Facts) { s.Contact = "2" },
			[]setup.Finding{finding(setup.FeatureContact, setup.Staff, "2", "contact")}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s, f := chosen(), stocked()
			tt.make(&s, &f)
			if got := setup.Find(guild, s, f); !reflect.DeepEqual(got, tt.want) {
				t.Errorf("found %+v\nwant  %+v", got, tt.want)
			}
		})
	}
}

// TestUnsetPlace names the place that the mode needs.
func TestUnsetPlace(t *testing.T) {
	for mode, feature := range map[settings.Mode]setup.Feature{
		settings.Single: setup.FeatureShowcase, settings.Channels: setup.FeatureCategory, settings.Forum: setup.FeatureForum,
	} {
		s := settings.Default()
		s.Review, s.Mode = "10", mode
		want := []setup.Finding{{Feature: feature, Problem: setup.Unset, Cost: "showcase"}}
		if got := (setup.Health{}).Now(s); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v, want %+v", mode, got, want)
		}
	}
}

// looked has read what Record needs.
func looked() *storage.Tx {
	var items []storage.Item
	for _, k := range setup.RecordKeys(guild) {
		items = append(items, storage.Item{Key: k})
	}
	return storage.Of(items...)
}

// TestTakeBackContact has the first look take back a role of contacts that stands
// above the bot: FAULTS S24.
func TestTakeBackContact(t *testing.T) {
	tx := looked()
	s := chosen()
	s.Contact = "4"
	tx.Set(settings.Key(guild), s)
	setup.Trust(tx, guild, setup.FeatureContact, []string{"4"}, access.Caller{User: "100"})
	lost := setup.Record(tx, guild, stocked(), time.Unix(1, 0))
	if got := settings.Of(tx, guild); got.Contact != "" || !reflect.DeepEqual(got.Managers, s.Managers) || !reflect.DeepEqual(lost, []setup.Feature{setup.FeatureContact}) {
		t.Errorf("the role is %q, managers %v, lost %v", got.Contact, got.Managers, lost)
	}
	if a, ok := storage.Read[action.Action](tx, settings.Retry(guild).Key()); !ok || a.State != action.Due {
		t.Error("nobody takes the role from contacts who have it already")
	}
}

func TestClash(t *testing.T) {
	s := chosen()
	s.Viewers, s.Contact = []string{"6"}, "5"
	tests := []struct {
		feature setup.Feature
		role    string
		want    bool
	}{
		{setup.FeatureContact, "2", true}, {setup.FeatureContact, "6", true}, {setup.FeatureContact, "5", false},
		{setup.FeatureManagers, "5", true}, {setup.FeatureViewers, "5", true}, {setup.FeatureManagers, "6", false},
	}
	for _, tt := range tests {
		if got := setup.Clash(s, tt.feature, tt.role); got != tt.want {
			t.Errorf("%s as %s: %v", tt.role, tt.feature, got)
		}
	}
}
