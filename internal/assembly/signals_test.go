package assembly_test

import (
	"maps"
	"slices"

	"github.com/entente-bot/entente/internal/fakediscord"
)

// signals makes happen what the alarms are there for, and wants the metric filters
// of the template to find it in the logs: a line that is worded anew is an alarm
// that never rings.
func (s *stage) signals() {
	for _, struck := range []struct {
		partner string
		by      fakediscord.Fault
	}{
		{"Ropewalk", fakediscord.Fault{Status: 403, Code: 50013}},
		{"Capstan", fakediscord.Fault{Status: 429, Global: true, RetryAfter: 0.05}},
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
	for _, name := range []string{"RefusedRequests", "Actions", "BlockedActions", "RateLimited", "CircuitOpened", "PollsLate"} {
		if len(made[name]) == 0 {
			s.Errorf("nothing in the logs became the metric %s", name)
		}
	}
	if len(made) != 6 {
		s.Errorf("there are the metrics %q: make the others happen here, too", slices.Sorted(maps.Keys(made)))
	}
	if refused := made["RefusedRequests"]; len(refused) != 1 {
		s.Errorf("one request was refused, and %d are counted", len(refused))
	}
	if tried, blocked := made["Actions"], made["BlockedActions"]; len(tried) <= len(blocked) {
		s.Errorf("of %d actions, %d were blocked", len(tried), len(blocked))
	}
}
