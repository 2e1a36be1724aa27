package discordrest

import (
	"context"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/partnership"
)

// guestInvite is the flag of invites that make nobody a member.
const guestInvite = 1

// Ask is Invite in the words of the domain, for an invite desk: that there is no such
// invite, or that the bot is banned where it leads to, is an answer, not an error.
func (c *Client) Ask(ctx context.Context, code string) (partnership.Invite, error) {
	in, err := c.Invite(ctx, code)
	switch action.Code(err) {
	case 10006:
		return partnership.Invite{Code: code, Type: partnership.NoInvite}, nil
	case 40007:
		return partnership.Invite{Code: code, Type: partnership.BannedInvite}, nil
	}
	if err != nil {
		return partnership.Invite{}, err
	}
	out := partnership.Invite{
		Code: code, Type: partnership.InviteType(in.Type), Permanent: in.ExpiresAt == nil, Guest: in.Flags&guestInvite != 0, Temporary: in.Temporary,
		Inviter: partnership.Inviter(in.Inviter),
	}
	if in.Guild == nil {
		return out, nil
	}
	out.Server = partnership.Server{
		ID: in.Guild.ID.String(), Name: in.Guild.Name, Members: in.Members, Online: in.Online,
		Verification: int(in.Guild.VerificationLevel), NSFW: int(in.Guild.NSFWLevel), Seen: c.now().UTC(),
	}
	if in.Guild.Icon != nil {
		out.Server.Icon = *in.Guild.Icon
	}
	for _, f := range in.Guild.Features {
		out.Server.Features = append(out.Server.Features, string(f))
	}
	return out, nil
}
