package interactions_test

import (
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/apply"
	"github.com/entente-bot/entente/internal/drift"
	"github.com/entente-bot/entente/internal/fakediscord"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/storage"
	"github.com/entente-bot/entente/internal/view"
)

// drifted is a partner whose server changed.
func (s *stage) drifted() apply.Application {
	s.Helper()
	a := s.active(s.Guild)
	key := partnership.Key(s.Guild, a.Server.ID)
	s.update([]storage.Key{key}, func(tx *storage.Tx) error {
		p, _ := storage.Read[partnership.Partnership](tx, key)
		is := p.Server
		is.Name = "Lightbringer"
		tx.Set(key, drift.Look(p, is, 0, time.Now()))
		return nil
	})
	return a
}

// pressDrift presses a button of the card about a partner that changed.
func pressDrift(route string, number ...string) routeCase {
	return func(s *stage) (fakediscord.Interaction, error) {
		return s.press(s.Max, view.ID(route, append([]string{s.drifted().Server.ID}, number...)...))
	}
}

func directDriftStop(s *stage) (fakediscord.Interaction, error) {
	a := s.active(s.Guild)
	id := view.ID("drift/stop", s.Guild, a.ID, a.Server.ID, a.Applicant)
	return s.As(a.Applicant, "", "").BuildComponent(fakediscord.Ref{ID: "1"}, map[string]any{"component_type": 2, "custom_id": id})
}

// TestDriftIsDecidedAsItIsShown refuses the buttons of a card that shows something older.
func TestDriftIsDecidedAsItIsShown(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	a := s.drifted()
	accept := func(number string) *fakediscord.Exchange {
		return s.deliver(s.press(s.Max, view.ID("drift/accept", a.Server.ID, number)))
	}
	s.says(accept("0"), "changed once more")
	s.says(accept("2"), "changed once more")
	s.says(accept("1"), "You accepted the change")
	s.says(accept("1"), "is left to decide")
}
