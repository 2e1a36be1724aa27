package interactions_test

import (
	"strings"
	"testing"

	"github.com/entente-bot/entente/internal/audit"
	"github.com/entente-bot/entente/internal/block"
	"github.com/entente-bot/entente/internal/interactions"
)

// TestChangesAreNoted plays what managers can do: what changes anything is in the
// trail, with who did it, and in words.
func TestChangesAreNoted(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	later := map[string]string{"submit add/send": "the worker notes what it finds"}
	s.deliver(suggest("block", block.Server)(s)) // from now on the names are there that are suggested
	changed := 0
	for _, name := range interactions.EditRoutes() {
		in, err := caseOf(t, name)(s)
		if err != nil {
			t.Fatal(err)
		}
		before := s.state()
		entries := len(list[audit.Entry](s, s.Guild, "audit#"))
		s.deliver(in, nil)
		trail := list[audit.Entry](s, s.Guild, "audit#")
		if s.state() == before {
			continue
		}
		changed++
		if noted := len(trail) > entries; noted != (later[name] == "") {
			t.Errorf("%s changes something; noted in the trail: %v", name, noted)
		}
	}
	if changed < 15 {
		t.Errorf("only %d routes changed anything", changed)
	}
	for _, e := range list[audit.Entry](s, s.Guild, "audit#") {
		for _, key := range []string{"audit." + e.What, "audit.from-" + e.Surface} {
			if !s.server.Text.Has(key) {
				t.Errorf("there is no text %s", key)
			}
		}
		if e.By == "" || e.At.IsZero() || strings.Contains(e.About, "canary") {
			t.Errorf("noted as %+v", e)
		}
	}
}
