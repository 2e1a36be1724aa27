package discordrest

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"github.com/disgoorg/disgo/discord"
	"github.com/disgoorg/disgo/rest"
)

// An Invite is what Discord says of an invite.
type Invite struct {
	Code      string             `json:"code"`
	Type      discord.InviteType `json:"type"`
	ExpiresAt *time.Time         `json:"expires_at"` // nil if it never does; the documentation lets it be left out then
	Flags     int                `json:"flags"`
	Temporary bool               `json:"temporary"`                  // members are removed when they leave, unless they got a role
	Inviter   inviter            `json:"inviter"`                    // zero of vanity URLs, and of the widget's
	Guild     *InviteGuild       `json:"guild"`                      // nil if it leads to no server
	Members   int                `json:"approximate_member_count"`   // bots included
	Online    int                `json:"approximate_presence_count"` // bots included
}

// An inviter is the user who made an invite.
type inviter struct {
	ID   string `json:"id"`
	Name string `json:"username"`
}

// UnmarshalJSON implements [json.Unmarshaler]. It never fails: who made an invite is
// a hint, and keeps nobody from being told the rest.
func (i *inviter) UnmarshalJSON(b []byte) error {
	type plain inviter
	var read plain
	if json.Unmarshal(b, &read) == nil {
		*i = inviter(read)
	}
	return nil
}

// An InviteGuild is the server that an invite leads to.
type InviteGuild struct {
	discord.InviteGuild
	NSFWLevel discord.NSFWLevel `json:"nsfw_level"` // which disgo leaves out
}

// Invite looks an invite up. It asks Discord each time, which bans bots that ask
// often: go through a budget. An invite that does not exist is an error, code
// 10006; a code that cannot be one is never sent.
func (c *Client) Invite(ctx context.Context, code string) (*Invite, error) {
	k := call{
		doing: "look an invite up", need: permission,
		endpoint: rest.GetInvite, query: discord.QueryValues{"with_counts": true}, text: code,
	}
	if !validCode(code) {
		return nil, k.bug("it is no invite code")
	}
	raw, err := c.do(ctx, k)
	if err != nil {
		return nil, err
	}
	in, err := decode(k, exact[Invite], raw, "code")
	if err != nil {
		return nil, err
	}
	return &in, nil
}

// validCode reports whether code matches ^[A-Za-z0-9-]{2,32}$.
func validCode(code string) bool {
	const allowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-"
	return len(code) >= 2 && len(code) <= 32 && strings.Trim(code, allowed) == ""
}
