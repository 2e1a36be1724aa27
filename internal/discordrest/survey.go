package discordrest

import (
	"context"
	"slices"

	"github.com/disgoorg/disgo/discord"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/setup"
)

// Survey looks at a guild as the rules of its setup do. That the bot is no
// member of it is an answer, not an error.
func (c *Client) Survey(ctx context.Context, guild string) (setup.Facts, error) {
	f, err := c.survey(ctx, guild)
	switch action.Code(err) {
	case 10004, 10007, 50001:
		return setup.Facts{Absent: true}, nil
	}
	return f, err
}

func (c *Client) survey(ctx context.Context, guild string) (setup.Facts, error) {
	me, err := c.self(ctx)
	if err != nil {
		return setup.Facts{}, err
	}
	g, err := c.Guild(ctx, guild)
	if err != nil {
		return setup.Facts{}, err
	}
	m, err := c.Member(ctx, guild, me)
	if err != nil {
		return setup.Facts{}, err
	}
	roles, err := c.Roles(ctx, guild)
	if err != nil {
		return setup.Facts{}, err
	}
	channels, err := c.Channels(ctx, guild)
	if err != nil {
		return setup.Facts{}, err
	}
	intent, err := c.membersIntent(ctx)
	if err != nil {
		return setup.Facts{}, err
	}
	f := setup.Facts{Owner: g.OwnerID.String(), NSFW: int(g.NSFWLevel), Bot: me, Intent: intent}
	f.Paused = slices.Contains(g.Features, discord.GuildFeatureInvitesDisabled)
	if g.RulesChannelID != nil {
		f.Rules = g.RulesChannelID.String()
	}
	if g.SystemChannelID != nil {
		f.System = g.SystemChannelID.String()
	}
	if until := m.CommunicationDisabledUntil; until != nil && until.After(c.now()) {
		f.TimedOut = *until
	}
	for _, id := range m.RoleIDs {
		f.BotRoles = append(f.BotRoles, id.String())
	}
	for _, r := range roles {
		f.Roles = append(f.Roles, setup.Role{ID: r.ID, Position: r.Position, Rights: setup.Rights(r.Permissions), Managed: r.Managed})
	}
	for _, ch := range channels {
		f.Channels = append(f.Channels, ch.surveyed())
	}
	return f, nil
}

// membersIntent reports whether the Server Members intent is switched on in the
// developer portal, so that members can be listed.
func (c *Client) membersIntent(ctx context.Context) (bool, error) {
	app, err := c.Application(ctx)
	return app.ListsMembers(), err
}

// surveyed is c in the words of the domain.
func (c Channel) surveyed() setup.Channel {
	out := setup.Channel{ID: c.ID, Type: int(c.Type)}
	for _, o := range c.Overwrites {
		out.Overwrites = append(out.Overwrites, setup.Overwrite{
			ID: o.ID, Member: o.Type == discord.PermissionOverwriteTypeMember, Allow: setup.Rights(o.Allow), Deny: setup.Rights(o.Deny),
		})
	}
	return out
}
