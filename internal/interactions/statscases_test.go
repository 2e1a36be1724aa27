package interactions_test

import (
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/fakediscord"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/stats"
	"github.com/entente-bot/entente/internal/storage"
	"github.com/entente-bot/entente/internal/view"
)

// The cases of the routes that show statistics.

func commandStats(s *stage) (fakediscord.Interaction, error) {
	return s.As(s.active(s.Guild).Applicant, s.Guild, s.Lobby).BuildCommand("partner stats")
}

func suggestStats(s *stage) (fakediscord.Interaction, error) {
	return s.As(s.active(s.Guild).Applicant, s.Guild, s.Lobby).BuildAutocomplete("partner stats", "partner", "canary-written")
}

func pressStats(route string, about ...string) routeCase {
	return func(s *stage) (fakediscord.Interaction, error) {
		a := s.active(s.Guild)
		return s.press(a.Applicant, view.ID(route, append([]string{a.Server.ID}, about...)...))
	}
}

// requests are what statistics were asked for in a guild.
func (s *stage) requests(guild string) (partners []string) {
	s.Helper()
	page, err := s.store.DB.List(s.Context(), storage.Query{Table: storage.Actions, Part: "stats#" + guild})
	if err != nil {
		s.Fatal(err)
	}
	for _, it := range page.Items {
		r, err := storage.Decode[stats.Request](it)
		if err != nil {
			s.Fatal(err)
		}
		partners = append(partners, r.Partner)
	}
	return partners
}

// TestWhoSeesStatistics asks for the statistics of a partner as everybody there is.
func TestWhoSeesStatistics(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	viewers := s.AddRole(s.Guild, fakediscord.Role{Name: "Viewers"})
	chosen := s.chosen(s.Guild)
	chosen.Viewers = []string{viewers}
	s.choosing(chosen)
	viewer := s.newcomer()
	s.AddMember(s.Guild, viewer, viewers)
	mine, other, past := s.active(s.Guild), s.active(s.Guild), s.over()
	elsewhere := s.active(s.otherGuild())
	s.AddMember(s.Guild, elsewhere.Applicant)
	two := s.active(s.Guild)
	s.update([]storage.Key{partnership.Key(s.Guild, two.Server.ID)}, func(tx *storage.Tx) error {
		p, _ := storage.Read[partnership.Partnership](tx, partnership.Key(s.Guild, two.Server.ID))
		p.Contact = other.Applicant
		tx.Set(partnership.Key(s.Guild, two.Server.ID), p)
		return nil
	})
	const waits, none, only = "is preparing the statistics", "This server has no such partner", "Only the contact of"
	named := func(id string) []fakediscord.Option { return []fakediscord.Option{fakediscord.Opt("partner", id)} }
	tests := []struct {
		name, user string
		options    []fakediscord.Option
		says       string
		partner    string // whose are drawn; "" if none
	}{
		{"contact", mine.Applicant, nil, waits, mine.Server.ID},
		{"contact, named", mine.Applicant, named(mine.Server.ID), waits, mine.Server.ID},
		{"contact of another", mine.Applicant, named(other.Server.ID), only, ""},
		{"contact of two", other.Applicant, nil, "several partners", ""},
		{"contact, all", mine.Applicant, named(stats.All), staffOnly, ""},
		{"contact of another, past", mine.Applicant, named(past.Server.ID), none, ""},
		{"contact that was", past.Applicant, named(past.Server.ID), none, ""},
		{"contact that was, none named", past.Applicant, nil, "You are not the contact", ""},
		{"stranger", s.Nora, nil, "You are not the contact", ""},
		{"stranger, named", s.Nora, named(mine.Server.ID), only, ""},
		{"of another guild", elsewhere.Applicant, named(elsewhere.Server.ID), none, ""},
		{"of another guild, staff", s.Max, named(elsewhere.Server.ID), none, ""},
		{"missing, staff", s.Max, named("7997"), none, ""},
		{"no ID", s.Max, named("Lighthouse"), none, ""},
		{"a key", s.Max, named("7997#" + mine.Server.ID), none, ""},
		{"manager", s.Max, named(mine.Server.ID), waits, mine.Server.ID},
		{"manager, past", s.Max, named(past.Server.ID), waits, past.Server.ID},
		{"manager, none named", s.Max, nil, waits, stats.All},
		{"viewer", viewer, named(other.Server.ID), waits, other.Server.ID},
		{"viewer, all", viewer, named(stats.All), waits, stats.All},
	}
	for _, tt := range tests {
		before := len(s.requests(s.Guild))
		ex := s.deliver(s.As(tt.user, s.Guild, s.Lobby).BuildCommand("partner stats", tt.options...))
		if s.says(ex, tt.says); !ex.Ephemeral {
			t.Errorf("%s: everybody sees it", tt.name)
		}
		var drawn string
		if now := s.requests(s.Guild); len(now) > before {
			drawn = newest(s, tt.user)
		}
		if drawn != tt.partner {
			t.Errorf("%s: the statistics of %q are drawn, want %q", tt.name, drawn, tt.partner)
		}
	}
	for _, id := range []string{"stats/show:" + other.Server.ID + ":30:900000000000000001", "stats/open:" + other.Server.ID} {
		s.says(s.deliver(s.press(mine.Applicant, id)), only)
	}
	for _, id := range []string{"stats/show:all:30:900000000000000001", "stats/open:all"} {
		s.says(s.deliver(s.press(mine.Applicant, id)), staffOnly)
	}
}

// newest is whose statistics a user asked for last.
func newest(s *stage, user string) string {
	s.Helper()
	page, err := s.store.DB.List(s.Context(), storage.Query{Table: storage.Actions, Part: "stats#" + s.Guild, Prefix: user + "#", Descending: true})
	if err != nil || len(page.Items) == 0 {
		s.Fatal(err, "nothing was asked for")
	}
	r, err := storage.Decode[stats.Request](page.Items[0])
	if err != nil {
		s.Fatal(err)
	}
	return r.Partner
}

// TestStatsButtons presses the buttons below statistics: one request stands for the
// whole reply, whoever presses has their own, and nothing is shown until it is drawn.
func TestStatsButtons(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	a := s.active(s.Guild)
	const id = "900000000000000001"
	for _, days := range []string{"7", "90", "x"} {
		ex := s.deliver(s.press(a.Applicant, view.ID("stats/show", a.Server.ID, days, id)))
		if string(ex.Reply) != `{"type":6}` {
			t.Errorf("the reply is %s", ex.Reply)
		}
		r, ok := read[stats.Request](s, stats.Key(s.Guild, stats.Subject(a.Applicant, id)))
		if !ok || r.Days != stats.Period(days) || r.Staff || time.Since(r.Asked) > time.Minute {
			t.Errorf("%s days: asked for is %+v", days, r)
		}
	}
	s.deliver(s.press(s.Max, view.ID("stats/show", a.Server.ID, "30", id)))
	s.deliver(s.press(s.Max, view.ID("stats/show", a.Server.ID, "30", "x#"+id)))
	if n := len(s.requests(s.Guild)); n != 3 {
		t.Errorf("%d requests, want one of the contact's, two of Max's", n)
	}
}

// TestStatsSuggestions types into the option.
func TestStatsSuggestions(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	mine, other := s.active(s.Guild), s.active(s.Guild)
	s.active(s.otherGuild())
	tests := []struct {
		user, typed string
		want        []any
	}{
		{mine.Applicant, "", []any{mine.Server.ID}},
		{mine.Applicant, "all", nil},
		{s.Nora, "", nil},
		{s.Max, "", []any{stats.All, mine.Server.ID, other.Server.ID}},
		{s.Max, "all", []any{stats.All}},
	}
	for _, tt := range tests {
		choices, err := s.As(tt.user, s.Guild, s.Lobby).Autocomplete(t.Context(), "partner stats", "partner", tt.typed)
		if err != nil {
			t.Fatal(err)
		}
		if len(choices) != len(tt.want) {
			t.Errorf("%s types %q: %v", tt.user, tt.typed, choices)
			continue
		}
		for i, c := range choices {
			if i == 0 && c.Value != tt.want[0] {
				t.Errorf("%s types %q: %v", tt.user, tt.typed, choices)
			}
		}
	}
}
