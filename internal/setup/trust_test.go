package setup_test

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/access"
	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/setup"
)

// TestTakeBack has the first look prove what was chosen before it, by the guild's
// owner (100) or by somebody whose highest role is 2.
func TestTakeBack(t *testing.T) {
	owner, low := access.Caller{User: "100"}, access.Caller{User: "7", Roles: []string{"2"}}
	tests := []struct {
		name   string
		by     access.Caller
		role   string
		absent bool
		want   setup.Problem // "" if it stays
	}{
		{"below the bot", owner, "2", false, ""},
		{"above the bot", owner, "4", false, setup.AboveBot},
		{"the bot's own", owner, "3", false, setup.Managed},
		{"the chooser's own", low, "2", false, setup.AboveYou},
		{"gone meanwhile", owner, "77", false, setup.Gone},
		{"the bot is not there", owner, "2", true, setup.Unplaced},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tx := looked()
			s := chosen()
			s.Managers, s.Viewers = []string{"1000", tt.role}, []string{tt.role}
			tx.Set(settings.Key(guild), s)
			setup.Trust(tx, guild, setup.FeatureManagers, []string{tt.role}, low)
			setup.Trust(tx, guild, setup.FeatureManagers, []string{tt.role}, tt.by) // who chose it last
			f := facts()
			if tt.absent {
				f = setup.Facts{Absent: true}
			}
			lost := setup.Record(tx, guild, f, time.Unix(1, 0))
			got, h := settings.Of(tx, guild), setup.HealthOf(tx, guild)
			said := slices.IndexFunc(h.Now(got), func(f setup.Finding) bool {
				return f.Problem == tt.want && f.About == tt.role && f.Cost == "taken-back"
			}) >= 0
			if taken := !slices.Contains(got.Managers, tt.role); taken != (tt.want != "") || said != taken || (len(lost) == 1) != taken {
				t.Errorf("managers %v, lost %v, found %+v", got.Managers, lost, h.Findings)
			}
			if got.Managers[0] != "1000" || !reflect.DeepEqual(got.Viewers, s.Viewers) || len(h.Unproven) != 0 {
				t.Errorf("it took more: %+v, %+v", got, h.Unproven)
			}
			setup.Trust(tx, guild, setup.FeatureManagers, []string{"5"}, low)
			if h := setup.HealthOf(tx, guild); len(h.Unproven) != 0 {
				t.Errorf("not proven after the look: %+v", h.Unproven)
			}
		})
	}
}
