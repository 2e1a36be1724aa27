package partnership_test

import (
	"slices"
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
		{"discord.gg/HOME", false}, // vanity codes have no letter case
		{`https://discord.gg\stranger`, true},
		{`https:\\discord.gg\stranger`, true},
		{`discord\.gg\stranger`, true},
		{"discord․gg/stranger", true},
		{"𝐝𝐢𝐬𝐜𝐨𝐫𝐝.𝐠𝐠/stranger", true},
		{"diſcord﹒gg/stranger", true},
		{"disc\u200cord.gg/stranger", true},
		{"https://discord%252egg/stranger", true},
		{"https://user@discord.gg/stranger", true},
		{"discord.gg/invite/stranger", true},
		{"discord.gg/home/../stranger", true},
		{"discord.gg/../discord.com/../stranger", true},
		{"discord.gg/stranger/invite/home", true},
		{"discord.com/%3f/../invite/stranger", true},
		{"discord.com/%20/../invite/stranger", true},
		{"discord.com/invite/stranger,discord.com/invite/home", true},
		{"discord://-/invite/stranger", true},
		{"<https://canary.discord.com/invite/home?event=1>, discord.gg/invite/home.", false},
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

// Each other invite of a text is named once, as it stands there.
func TestInvitesBeside(t *testing.T) {
	t.Parallel()
	text := `We are discord.gg/Home; events: discord.gg/Other1?event=5, [more](https://discord\.gg/two) and DISCORD.GG/other1.`
	if got, want := partnership.InvitesBeside(text, "home"), []string{"Other1", "two"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}
