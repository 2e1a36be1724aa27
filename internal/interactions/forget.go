package interactions

import (
	"github.com/disgoorg/disgo/discord"

	"github.com/entente-bot/entente/internal/access"
	"github.com/entente-bot/entente/internal/audit"
	"github.com/entente-bot/entente/internal/forget"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/view"
)

// needForget reads the partners, too: their contacts cannot be forgotten.
func needForget(c *call) needs {
	n := needPartners(c)
	n.keys = append(n.keys, forget.Keys(c.guild, c.caller.User)...)
	return n
}

// mayForget refuses if the data of the caller cannot be deleted now.
func (c *call) mayForget() error {
	partners, err := c.partners()
	if err != nil {
		return err
	}
	return forget.May(c.tx, c.guild, c.caller.User, partners, c.now)
}

// staff reports whether the caller is staff of the guild.
func (c *call) staff() bool { return c.caller.Allow(access.View, c.settings().Staff()) }

// forgetAsk handles /partner forget: it asks whether the caller means it.
func forgetAsk(c *call) (discord.InteractionResponse, error) {
	if err := c.mayForget(); err != nil {
		return discord.InteractionResponse{}, err
	}
	return c.whisper(view.Forget(c.say, c.staff())...), nil
}

// forgetConfirm handles the confirmation. The trail does not say who it was.
func forgetConfirm(c *call) (discord.InteractionResponse, error) {
	if err := c.mayForget(); err != nil {
		return discord.InteractionResponse{}, err
	}
	forget.Ask(c.tx, c.guild, c.caller.User, c.token, c.locale, c.staff(), c.now)
	audit.Write(c.tx, c.guild, c.id, audit.Entry{At: c.now, By: partnership.Nobody, What: "forget.user", Surface: "button"})
	return replace(view.Forgetting(c.say)), nil
}
