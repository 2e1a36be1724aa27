package partnership

import (
	"regexp"
	"strings"
	"unicode"

	"github.com/entente-bot/entente/internal/refuse"
)

// inviteLink is an invite as Discord's clients copy and show it, with what other apps add to
// links.
var inviteLink = regexp.MustCompile(`^(?i:(?:https?://)?(?:(?:www|ptb|canary)\.)?(?:discord\.gg(?:/invite)?|discord(?:app)?\.com/invite)/)?` +
	`([A-Za-z0-9-]{2,32})/?(?:\?[A-Za-z0-9_%+.=&~-]*)?$`)

// wrapping is what people write around a link, and behind it.
const wrapping = "<>()[]\"'`“”„‚‘’«»‹›*_~|.,;:!…?#"

// ParseInvite returns the code in an invite link as a person pastes it: with or
// without https://, in quotes, of an event; or the code alone. Anything else is refused.
func ParseInvite(link string) (string, error) {
	m := inviteLink.FindStringSubmatch(strings.TrimFunc(link, func(r rune) bool {
		return unicode.IsSpace(r) || unseen(r) || strings.ContainsRune(wrapping, r)
	}))
	if m == nil {
		return "", refuse.Because("apply.not-an-invite")
	}
	return m[1], nil
}

// An InviteType is what an invite leads to, as Discord numbers it.
type InviteType int

// The types. NoInvite means that Discord knows no such invite, or that it has expired;
// BannedInvite, that Entente is banned where it leads to, and may not look.
const (
	GuildInvite   InviteType = 0
	GroupDMInvite InviteType = 1
	FriendInvite  InviteType = 2
	NoInvite      InviteType = -1
	BannedInvite  InviteType = -2
)

// An Inviter is the user who made an invite. It is zero where Discord does not say,
// as of a vanity URL.
type Inviter struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// An Invite is what Discord says about an invite.
type Invite struct {
	Code      string     `json:"code"`
	Type      InviteType `json:"type"`
	Permanent bool       `json:"permanent"`           // has no time at which it expires
	Guest     bool       `json:"guest,omitempty"`     // makes nobody a member
	Temporary bool       `json:"temporary,omitempty"` // makes members who are removed when they leave
	Server    Server     `json:"server"`              // with GuildInvite
	Inviter   Inviter    `json:"inviter,omitzero"`

	// Stray is the code of an invite in the texts of the ad that does not lead to
	// Server. It is no part of what Discord says.
	Stray string `json:"-"`
}
