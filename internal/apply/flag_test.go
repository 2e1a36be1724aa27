package apply_test

import (
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/apply"
)

// snowflake is an ID made at the given time.
func snowflake(at time.Time) string {
	return strconv.FormatInt((at.UnixMilli()-1420070400000)<<22, 10)
}

func TestFlags(t *testing.T) {
	sent := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	old := snowflake(sent.Add(-400 * 24 * time.Hour))
	fine := apply.Application{Applicant: old, Sent: sent}
	fine.Server.ID, fine.Server.Members, fine.Server.Features = old, 1000, []string{"NEWS", "COMMUNITY"}
	tests := []struct {
		name   string
		guild  int // its NSFW level
		change func(*apply.Application)
		want   []apply.Flag
	}{
		{"nothing", 0, func(*apply.Application) {}, nil},
		{"explicit", 0, func(a *apply.Application) { a.Server.NSFW = 1 }, []apply.Flag{apply.AdultOnly}},
		{"age-restricted", 2, func(a *apply.Application) { a.Server.NSFW = 3 }, []apply.Flag{apply.AdultOnly}},
		{"safe", 0, func(a *apply.Application) { a.Server.NSFW = 2 }, nil},
		{"both for adults", 3, func(a *apply.Application) { a.Server.NSFW = 1 }, nil},
		{"29 days old", 0, func(a *apply.Application) { a.Server.ID = snowflake(sent.Add(-29 * 24 * time.Hour)) }, []apply.Flag{apply.Young}},
		{"30 days old", 0, func(a *apply.Application) { a.Server.ID = snowflake(sent.Add(-30 * 24 * time.Hour)) }, nil},
		{"49 members", 0, func(a *apply.Application) { a.Server.Members = 49 }, []apply.Flag{apply.Tiny}},
		{"lost a fifth", 0, func(a *apply.Application) { a.Earlier.Latest.Members = 1250 }, nil},
		{"lost more", 0, func(a *apply.Application) { a.Earlier.Latest.Members = 1251 }, []apply.Flag{apply.Shrunken}},
		{"no community", 0, func(a *apply.Application) { a.Server.Features = nil }, []apply.Flag{apply.NoCommunity}},
		{"denied", 0, func(a *apply.Application) { a.Earlier.Denied = 2 }, []apply.Flag{apply.DeniedBefore}},
		{"new account", 0, func(a *apply.Application) { a.Applicant = snowflake(sent.Add(-time.Hour)) }, []apply.Flag{apply.NewAccount}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a := fine
			tt.change(&a)
			if got := a.Flags(tt.guild); !slices.Equal(got, tt.want) {
				t.Errorf("Flags = %v, want %v", got, tt.want)
			}
		})
	}
}
