package partnership

import (
	"regexp"
	"strconv"
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

var (
	// inviteLink finds invites in running text: by any way that a browser takes to
	// one, such as a port, more slashes, or another path before it.
	inviteLink = regexp.MustCompile(`(?i)discord(?:\.gg\.?(?::\d*)?|(?:app)?\.com\.?(?::\d*)?/(?:\S*/)?invite)/+([a-z0-9-]+)`)
	// encoded is a byte as links write it.
	encoded = regexp.MustCompile(`%[0-9A-Fa-f]{2}`)
	// unlike are characters that a browser takes for others, or that only stand between.
	unlike = strings.NewReplacer("\\", "", "\u200d", "", "。", ".", "｡", ".")
)

// InvitesElsewhere reports whether a text that a user wrote holds an invite with
// another code. It goes by what is left of the text once it is cleaned and read
// as a browser reads links.
func InvitesElsewhere(text, code string) bool {
	text = encoded.ReplaceAllStringFunc(text, func(hex string) string {
		n, _ := strconv.ParseUint(hex[1:], 16, 8) // it is two digits
		return string([]byte{byte(n)})
	})
	text = strings.Map(narrow, unlike.Replace(Clean(text, len(text)*2)))
	for _, m := range inviteLink.FindAllStringSubmatch(text, -1) {
		if m[1] != code {
			return true
		}
	}
	return false
}

// narrow returns the ASCII character of a full-width one.
func narrow(r rune) rune {
	if r >= '！' && r <= '～' {
		return r - '！' + '!'
	}
	return r
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
