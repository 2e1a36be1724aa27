package interactions_test

import (
	"strings"
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/fakediscord"
	"github.com/entente-bot/entente/internal/joins"
	"github.com/entente-bot/entente/internal/storage"
	"github.com/entente-bot/entente/internal/view"
)

// directJoinsStop presses the button of the direct message with a tracked invite.
func directJoinsStop(s *stage) (fakediscord.Interaction, error) {
	a := s.active(s.Guild)
	s.update([]storage.Key{joins.LedgerKey(s.Guild)}, func(tx *storage.Tx) error {
		l, _ := joins.LedgerOf(tx, s.Guild).Open(a.Server.ID, time.Now()).Claim(a.Server.ID, joins.Invite{Code: "harbour-1"}, time.Now())
		tx.Set(joins.LedgerKey(s.Guild), l)
		return nil
	})
	id := view.ID("joins/stop", s.Guild, a.ID, a.Server.ID, a.Applicant)
	return s.As(a.Applicant, "", "").BuildComponent(fakediscord.Ref{ID: "1"}, map[string]any{"component_type": 2, "custom_id": id})
}

// TestJoinsStop shows the invite to its contact, and to nobody who forges the button.
func TestJoinsStop(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	in, err := directJoinsStop(s)
	s.says(s.deliver(in, err), "discord.gg/harbour-1")
	forged := view.ID("joins/stop", s.Guild, "7", "8", s.Nora)
	ex := s.deliver(s.As(s.Nora, "", "").BuildComponent(fakediscord.Ref{ID: "1"}, map[string]any{"component_type": 2, "custom_id": forged}))
	if strings.Contains(ex.Text(), "harbour-1") {
		t.Errorf("somebody else reads the invite: %s", ex.Text())
	}
}
