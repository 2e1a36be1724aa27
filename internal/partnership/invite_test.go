package partnership_test

import (
	"testing"

	"github.com/entente-bot/entente/internal/partnership"
)

// FAULTS S31: no way of writing an invite hides it from the check.
func TestInvitesElsewhere(t *testing.T) {
	t.Parallel()
	tests := []struct {
		text string
		want bool
	}{
		{"join discord.gg/stranger now", true},
		{"join discord.\u200bgg/stranger now", true},
		{"discord\u00ad.gg/stranger", true},
		{"disc\u200dord.gg/stranger", true},
		{"[x](https://discord.\u2060gg/stranger)", true},
		{"[our rules](https://discord.gg/stranger)", true},
		{"disc\u200bord.com/invite/stranger", true},
		{"discord.gg/\u200bstranger", true},
		{"https://discord.com/\u200binvite/stranger", true},
		{"https://discordapp.com//invite//stranger", true},
		{"https://ptb.discord.com/invite/stranger", true},
		{`discord.gg\/stranger`, true},
		{"discord.com:443/invite/stranger", true},
		{"https://discord.gg:443/stranger", true},
		{"https://discord.gg./stranger", true},
		{"https://discord.com/%69nvite/stranger", true},
		{"https://discord%2egg/stranger", true},
		{"https://discord.%E2%80%8Bgg/stranger", true},
		{"https://discord.com/./invite/stranger", true},
		{"https://discord.com/app/../invite/stranger", true},
		{"ｄｉｓｃｏｒｄ．ｇｇ／stranger", true},
		{"discord。gg/stranger", true},
		{"DISCORD.GG/stranger", true},
		{"discord.gg/HOME", true}, // another code
		{"discord.gg/home, then discord.gg/stranger", true},
		{"we are discord.gg/home", false},
		{"https://discord.com/invite/home", false},
		{"https://discord.com/channels/1/2 tells, and you can invite/bring friends", false},
		{"100%, see discord.com and https://example.org/invite/friends", false},
		{"", false},
	}
	for _, tt := range tests {
		if got := partnership.InvitesElsewhere(tt.text, "home"); got != tt.want {
			t.Errorf("InvitesElsewhere(%q) = %v", tt.text, got)
		}
	}
}
