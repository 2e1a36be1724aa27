package interactions

import (
	"github.com/disgoorg/disgo/discord"

	"github.com/entente-bot/entente/internal/export"
	"github.com/entente-bot/entente/internal/view"
)

func needExport(c *call) needs { return needs{keys: export.Keys(c.guild)} }

// exportMake handles /partnerships export: the files come into the reply.
func exportMake(c *call) (discord.InteractionResponse, error) {
	if err := export.Ask(c.tx, c.guild, c.token, c.locale, c.now); err != nil {
		return discord.InteractionResponse{}, err
	}
	c.audit("export.make", "", "command")
	return c.whisper(view.Exporting(c.say)), nil
}
