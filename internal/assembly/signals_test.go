package assembly_test

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/fakediscord"
	"github.com/entente-bot/entente/internal/removal"
	"github.com/entente-bot/entente/internal/storage"
)

// signals makes happen what the alarms are there for, and wants the metric filters
// of the template to find it in the logs: a line that is worded anew is an alarm
// that never rings.
func (s *stage) signals() {
	s.apologies()
	s.refuses("/", http.StatusNotFound)
	s.loses()
	for _, struck := range []struct {
		partner string
		by      fakediscord.Fault
	}{
		{"Ropewalk", fakediscord.Fault{Status: 403, Code: 50013}},
		{"Capstan", fakediscord.Fault{Status: 429, Global: true, RetryAfter: 0.05}},
		{"Bollard", fakediscord.Fault{Status: 400, Code: 31999}},
		{"Gunwale", fakediscord.Fault{Status: 403, Code: 20026}},
		{"Fairway", fakediscord.Fault{Status: 401}}, // the worker sends nothing after that
	} {
		card := s.waiting(struck.partner)
		struck.by.Method, struck.by.Route = "POST", "/channels/"+s.Showcase+"/messages"
		s.Scene.Fail(struck.by)
		s.press(card, "Approve")
		s.pump()
	}
	made, err := s.Signals()
	s.must(err)
	names := []string{"RefusedRequests", "FailedInteractions", "BusyInteractions", "Actions", "BlockedActions", "RateLimited",
		"CircuitOpened", "Quarantined", "UnforeseenCodes", "GuildsLost", "PollsLate"}
	for _, name := range names {
		if len(made[name]) == 0 {
			s.Errorf("nothing in the logs became the metric %s", name)
		}
	}
	if len(made) != len(names) {
		s.Errorf("there are the metrics %q: make the others happen here, too", slices.Sorted(maps.Keys(made)))
	}
	for name, want := range map[string]int{"RefusedRequests": 2, "FailedInteractions": 1, "BusyInteractions": 1} {
		if n := len(made[name]); n != want {
			s.Errorf("%d are counted as %s, want %d", n, name, want)
		}
	}
	if tried, blocked := made["Actions"], made["BlockedActions"]; len(tried) <= len(blocked) {
		s.Errorf("of %d actions, %d were blocked", len(tried), len(blocked))
	}
}

// apologies takes the function that Discord calls its database, and then has others
// always be faster. Members are told, with status 200, and somebody else has to know.
func (s *stage) apologies() {
	for _, trouble := range []struct {
		with func(function string, on bool)
		says string
	}{{s.Revoke, "Something went wrong"}, {s.Contend, "try again"}} {
		trouble.with("interactions", true)
		told, err := s.As(s.Nora, s.Guild, s.Lobby).Command(s.Context(), "partner list")
		s.must(err)
		if text := told.Text(); !strings.Contains(text, trouble.says) {
			s.Errorf("Nora reads %q, want %q", text, trouble.says)
		}
		trouble.with("interactions", false)
	}
}

// loses has the bot be out of three guilds at once, and in one still.
func (s *stage) loses() {
	for range 3 {
		check := removal.Check(s.AddGuild(fakediscord.Guild{Name: "Elsewhere", Owner: s.Max}))
		s.must(storage.Update(s.Context(), s.db, action.Keys(check), func(tx *storage.Tx) error {
			action.Cause(tx, check, time.Now().Add(-time.Minute))
			return nil
		}))
	}
	s.minute("scheduler")
}

// refuses calls a path that is none of Discord's.
func (s *stage) refuses(path string, want int) {
	s.Helper()
	rs, err := http.Post(s.Assembly.URL+path, "application/json", strings.NewReader("{}"))
	s.must(err)
	_ = rs.Body.Close()
	if rs.StatusCode != want {
		s.Errorf("POST %s: %d, want %d", path, rs.StatusCode, want)
	}
}
