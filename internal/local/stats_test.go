package local_test

import (
	"bytes"
	"image/png"
	"strings"
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/fakediscord"
	"github.com/entente-bot/entente/internal/fakediscord/contract"
	"github.com/entente-bot/entente/internal/joins"
	"github.com/entente-bot/entente/internal/stats"
	"github.com/entente-bot/entente/internal/storage"
	"github.com/entente-bot/entente/internal/view"
)

// brought writes what a partner brought so many days ago, as polls and looks at the
// members would have, and has as many members with its marker role there.
func (s *stage) brought(partner string, ago int, b joins.Books) {
	s.Helper()
	at := s.Now().AddDate(0, 0, -ago)
	there, role := 0, ""
	l, _ := recordOf[joins.Ledger](s, joins.LedgerKey(s.Guild))
	if a, ok := l.Account(partner); ok {
		if role = a.Role; a.Here != nil {
			there = *a.Here
		}
	}
	for ; b.Here != nil && there < *b.Here; there++ {
		s.AddMember(s.Guild, s.AddUser("Somebody"), role)
	}
	s.update([]storage.Key{joins.LedgerKey(s.Guild), joins.DayKey(s.Guild, at)}, func(tx *storage.Tx) error {
		d := joins.DayOf(tx, s.Guild, at).Add(map[string]int{partner: b.Counted})
		d.Books[partner] = b
		tx.Set(joins.DayKey(s.Guild, at), d)
		l := joins.LedgerOf(tx, s.Guild)
		if a, ok := l.Account(partner); ok {
			a.Since, a.Counted, a.Here = s.Now().AddDate(0, 0, -40), a.Counted+b.Counted, b.Here
			a.Seen = s.Now()
			tx.Set(joins.LedgerKey(s.Guild), l.With(a))
		}
		return nil
	})
}

// counting makes the Lighthouse a partner whose joins are known.
func (s *stage) counting() {
	s.Helper()
	s.tracks(true)
	s.SetMembersIntent(true)
	s.lighthoused()
	s.brought(s.Lighthouse, 20, joins.Books{Counted: 30, Identified: 20, Early: 3, Here: new(15)})
	s.brought(s.Lighthouse, 1, joins.Books{Counted: 12, Identified: 9, Young: 2, Here: new(21)})
}

// picture returns what the picture of a reply is described as, and fails the test
// unless it is one.
func (s *stage) picture(ex *fakediscord.Exchange) (alt string) {
	s.Helper()
	files := s.attached(ex)
	img, err := png.Decode(strings.NewReader(files[view.StatsFile]))
	if err != nil || len(files) != 1 || img.Bounds().Dx() != 1600 {
		s.Fatalf("%d files, %v", len(files), err)
	}
	contract.Walk(ex.Current().Components, func(_ string, c map[string]any) {
		if items, ok := c["items"].([]any); ok && len(items) == 1 {
			alt, _ = items[0].(map[string]any)["description"].(string)
		}
	})
	return alt
}

func TestStats(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.counting()
	ex := s.command(s.Rio, "partner stats")
	if !ex.Ephemeral {
		t.Error("everybody sees it")
	}
	s.says(ex.Text(), "is preparing the statistics")
	for _, part := range []string{"Joins through Lighthouse", "30 days", "Joins counted: 42", "Identified members: 29", "Not identified: 13", "Left early: 3", "younger than 7 days: 2", "Still here, by the marker role: 21", "42 counted in all"} {
		s.says(ex.Current().Text(), part)
	}
	s.says(s.picture(ex), "30 (20), 0 (0)")
	first := ex.Current().Attachments[0].URL

	s.on(s.Rio, ex.Message, "7 days")
	s.says(ex.Current().Text(), "Joins counted: 12")
	s.says(s.picture(ex), "12 (9), 0 (0)")
	if ex.Current().Attachments[0].URL == first {
		t.Error("it is the picture of before")
	}
	s.Scene.Fail(fakediscord.Fault{Method: "PATCH", Route: replyRoute, Code: 50013, Status: 403, Times: 1})
	s.on(s.Rio, ex.Message, "90 days")
	s.says(ex.Current().Text(), "Attach Files")
	if n := len(ex.Current().Attachments); n > 0 {
		t.Errorf("%d pictures of before are left", n)
	}
	all := s.command(s.Max, "partner stats")
	s.says(all.Current().Text(), "Joins through all partners")
	s.says(all.Current().Text(), "Lighthouse: **42** counted · 29 identified · 21 still here")
	s.picture(all)
	s.on(s.Max, all.Message, "90 days")
	s.says(all.Current().Text(), "90 days")

	for _, other := range []string{s.Nora} {
		refused := s.command(other, "partner stats", fakediscord.Opt("partner", s.Lighthouse))
		s.says(refused.Text(), "Only the contact of **Lighthouse**")
		if len(refused.Current().Attachments) > 0 {
			t.Error("whoever is not concerned sees the picture")
		}
	}
	info := s.command(s.Rio, "partner info", fakediscord.Opt("partner", s.Lighthouse))
	s.says(info.Text(), "Your tracked invite: https://discord.gg/"+s.account().Code)
	s.says(s.on(s.Rio, info.Message, "Statistics").Current().Text(), "Joins through Lighthouse")
	s.silent(s.command(s.Nora, "partner info", fakediscord.Opt("partner", s.Lighthouse)).Text(), "tracked invite")
	s.says(s.command(s.Max, "partnerships info", fakediscord.Opt("partner", s.Lighthouse)).Text(), "Still here: **21**")
}

// TestStatsOfNothing asks where nothing was ever counted: there is nothing to draw,
// and no zero that would look like a count.
func TestStatsOfNothing(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.lighthoused()
	ex := s.command(s.Rio, "partner stats")
	s.says(ex.Current().Text(), "Joins are not counted. Managers can switch that on")
	s.silent(ex.Current().Text(), "Joins counted")
	if len(ex.Current().Attachments) > 0 {
		t.Error("nothing was drawn")
	}
	s.silent(s.command(s.Max, "partnerships info", fakediscord.Opt("partner", s.Lighthouse)).Text(), "Statistics")
}

// TestStatsAfterTheEnd asks for the numbers of a partnership that is over: staff
// sees them, whoever spoke for it does not any more.
func TestStatsAfterTheEnd(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.counting()
	form := s.command(s.Max, "partnerships end", fakediscord.Opt("partner", s.Lighthouse))
	s.submit(s.Max, form, map[string]any{"reason": "over"})
	s.settle()
	info := s.command(s.Max, "partnerships info", fakediscord.Opt("partner", s.Lighthouse))
	ex := s.on(s.Max, info.Message, "Statistics")
	s.says(ex.Current().Text(), "Joins through Lighthouse")
	s.says(ex.Current().Text(), "Joins counted: 42")
	s.says(ex.Current().Text(), "This partnership is over")
	s.silent(ex.Current().Text(), "being made")
	s.says(s.command(s.Rio, "partner stats", fakediscord.Opt("partner", s.Lighthouse)).Text(), "This server has no such partner")
	s.says(s.command(s.Max, "partner stats").Current().Text(), "Joins counted: 42")
}

// TestStatsFaults puts statistics into a reply while Discord misbehaves: they come
// once, without the picture if it must be, or the reply is over and nothing is left.
func TestStatsFaults(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		fault fakediscord.Fault
		says  string
		files int
	}{
		{"faster than the reply", fakediscord.Fault{Status: 404, Code: 10015}, "Joins counted: 42", 1},
		{"429", fakediscord.Fault{Status: 429, RetryAfter: 0.01, Scope: "user"}, "Joins counted: 42", 1},
		{"500", fakediscord.Fault{Status: 500, Times: 2}, "Joins counted: 42", 1},
		{"reset after the effect", fakediscord.Fault{Reset: true, After: true}, "Joins counted: 42", 1},
		{"no permission", fakediscord.Fault{Code: 50013, Status: 403, Times: 1}, "Attach Files", 0},
		{"too large", fakediscord.Fault{Code: 40005, Status: 413, Times: 1}, "Joins counted: 42", 0},
		{"token over", fakediscord.Fault{Code: 50027, Status: 401, Times: 1}, "is preparing the statistics", 0},
		{"dismissed", fakediscord.Fault{Code: 10008, Status: 404, Times: 1}, "is preparing the statistics", 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t)
			s.counting()
			tt.fault.Method, tt.fault.Route = "PATCH", replyRoute
			s.Scene.Fail(tt.fault)
			ex := s.command(s.Rio, "partner stats")
			s.settle()
			s.says(ex.Current().Text(), tt.says)
			if n := len(ex.Current().Attachments); n != tt.files {
				t.Errorf("%d files", n)
			}
			if left := s.left(); left.Blocked > 0 || len(s.dead()) > 0 {
				t.Errorf("%+v are left, dead: %v", left, s.dead())
			}
		})
	}
}

// TestStatsTooLate (FAULTS R16): the worker comes when the token is over. There is
// nothing to do, and nothing to complain about; a press of a button begins anew.
func TestStatsTooLate(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.counting()
	subject := stats.Subject(s.Rio, "900000000000000001")
	s.update(stats.Keys(s.Guild, subject), func(tx *storage.Tx) error {
		stats.Ask(tx, s.Guild, subject, stats.Request{Partner: s.Lighthouse, Days: 7, Token: "canary", Locale: "en-US", Asked: s.Now().Add(-time.Second - action.TokenLife)})
		return nil
	})
	s.drain()
	ex := s.command(s.Rio, "partner stats")
	s.advance(action.TokenLife + time.Second)
	s.on(s.Rio, ex.Message, "90 days")
	s.says(ex.Current().Text(), "90 days")
	s.picture(ex)
	if left := s.left(); left.Blocked > 0 || len(s.dead()) > 0 || bytes.Contains([]byte(s.logs.String()), []byte("canary")) {
		t.Errorf("%+v are left, dead: %v", left, s.dead())
	}
}

// TestCrashWhileDrawing kills the process at one step: the statistics come into the
// reply, or were never asked for.
func TestCrashWhileDrawing(t *testing.T) {
	t.Parallel()
	play := func(t *testing.T, m *mortal) {
		s := newStage(t)
		s.counting()
		var ex *fakediscord.Exchange
		s.die(m, func() (confirmed bool) {
			var err error
			ex, err = s.As(s.Rio, s.Guild, s.Lobby).Command(t.Context(), "partner stats")
			return err == nil
		})
		s.settledAll()
		s.picture(ex)
	}
	deaths(t, 3, play)
}

// TestStatsOfJoins has people join by the invite of a partner, and shows what polls
// and looks at the members made of that.
func TestStatsOfJoins(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.tracks(true)
	s.SetMembersIntent(true)
	s.lighthoused()
	s.advance(time.Minute)
	users := s.joined(s.account().Code, 5)
	for range 3 { // they are counted, and then looked for
		s.advance(time.Minute)
	}
	s.RemoveMember(s.Guild, users[0])
	s.advance(10 * time.Minute) // the time that members must stay
	s.advance(time.Hour)
	text := s.command(s.Rio, "partner stats").Current().Text()
	for _, part := range []string{"Joins counted: 5", "Identified members: 5", "Not identified: 0", "Left early: 1", "Still here, by the marker role: 4"} {
		s.says(text, part)
	}
	s.silent(text, "What is missing")
}
