package discordrest_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/discordrest"
)

// TestIdentify: a token is believed only if Discord says that it is the application's.
func TestIdentify(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		d     trip
		wrong bool
		says  string // "" for no error
	}{
		{"its own", always(200, `{"id":"99","approximate_guild_count":7}`), false, ""},
		{"another's", always(200, `{"id":"98"}`), true, "of application 98, not of 99"},
		{"nobody's", always(401, `{"code":0}`), true, "Discord refuses the bot token"},
		{"not said", always(500, `{}`), false, "status 500"},
		{"not readable", always(200, `{}`), false, "read the answer"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := open(tt.d)
			guilds, err := c.Presence(t.Context())
			if errors.Is(err, discordrest.ErrToken) != tt.wrong || (err == nil) != (tt.says == "") || err != nil && !strings.Contains(err.Error(), tt.says) {
				t.Errorf("%v, want %q", err, tt.says)
			}
			if f := new(action.Failure); err != nil && (!errors.As(err, &f) || f.Verdict != action.Again) {
				t.Errorf("%v is not tried again", err)
			}
			if err == nil && guilds != 7 {
				t.Errorf("%d guilds, want 7", guilds)
			}
			if c.Refused() != (tt.name == "nobody's") {
				t.Errorf("Refused = %v", c.Refused())
			}
		})
	}
}
