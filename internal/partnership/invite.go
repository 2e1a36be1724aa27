package partnership

import (
	"regexp"
	"strings"

	"github.com/entente-bot/entente/internal/refuse"
)

// inviteCode is what Discord accepts as an invite's code.
var inviteCode = regexp.MustCompile(`^[A-Za-z0-9-]{2,32}$`)

// inviteHosts are what may stand before the code.
var inviteHosts = []string{
	"discord.gg/", "www.discord.gg/", "discord.com/invite/", "www.discord.com/invite/",
	"discordapp.com/invite/", "www.discordapp.com/invite/",
}

// ParseInvite returns the code in an invite link as a person pastes it: with or
// without https://, or the code alone. Anything else is refused.
func ParseInvite(link string) (string, error) {
	rest := strings.TrimSpace(link)
	lower := strings.ToLower(rest)
	for _, scheme := range []string{"https://", "http://"} {
		if strings.HasPrefix(lower, scheme) {
			rest, lower = rest[len(scheme):], lower[len(scheme):]
			break
		}
	}
	for _, h := range inviteHosts {
		if strings.HasPrefix(lower, h) {
			rest = strings.TrimSuffix(rest[len(h):], "/")
			break
		}
	}
	if !inviteCode.MatchString(rest) {
		return "", refuse.Because("apply.not-an-invite")
	}
	return rest, nil
}

// An InviteType is what an invite leads to, as Discord numbers it.
type InviteType int

// The types. NoInvite means that Discord knows no such invite, or that it has expired.
const (
	GuildInvite   InviteType = 0
	GroupDMInvite InviteType = 1
	FriendInvite  InviteType = 2
	NoInvite      InviteType = -1
)

// An Invite is what Discord says about an invite.
type Invite struct {
	Code      string     `json:"code"`
	Type      InviteType `json:"type"`
	Permanent bool       `json:"permanent"` // has no time at which it expires
	Server    Server     `json:"server"`    // with GuildInvite
}
