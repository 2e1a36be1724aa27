package discordrest

import (
	"context"
	"encoding/json"

	"github.com/disgoorg/disgo/discord"
	"github.com/disgoorg/disgo/rest"
)

// Commands returns the commands registered in a guild, or with guild "" those
// registered everywhere, as Discord wrote them: with all localizations, and with
// kinds and options that disgo does not know.
func (c *Client) Commands(ctx context.Context, guild string) ([]json.RawMessage, error) {
	k := c.commands("read", guild, rest.GetGlobalCommands, rest.GetGuildCommands)
	k.query = discord.QueryValues{"with_localizations": true}
	raw, err := c.do(ctx, k)
	if err != nil {
		return nil, err
	}
	return decodeAll(k, exact[json.RawMessage], raw, "id", "name")
}

// SetCommands replaces the commands registered in a guild, or with guild "" those
// registered everywhere, by commands: none, if there are none.
func (c *Client) SetCommands(ctx context.Context, guild string, commands []discord.ApplicationCommandCreate) error {
	k := c.commands("register", guild, rest.SetGlobalCommands, rest.SetGuildCommands)
	k.mute = true
	k.body = append([]discord.ApplicationCommandCreate{}, commands...) // a list, never null
	_, err := c.do(ctx, k)
	return err
}

// commands returns a call about the commands of a guild or of all.
func (c *Client) commands(verb, guild string, global, local *rest.Endpoint) call {
	if guild == "" {
		return call{doing: verb + " the commands", need: permission, endpoint: global, ids: []string{c.app}}
	}
	return call{doing: verb + " the commands of guild " + digits(guild), need: guildGone, endpoint: local, ids: []string{c.app, guild}}
}
