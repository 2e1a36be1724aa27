package interactions

import (
	"github.com/disgoorg/disgo/discord"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/view"
)

func needStatus(c *call) needs {
	blocked := action.BlockedQuery(c.guild)
	return needs{keys: append(settings.Keys(c.guild), partnership.CountsKey(c.guild)), list: &blocked}
}

// status shows how the guild stands.
func (c *call) status(retrying bool) (discord.MessageCreate, error) {
	stops, err := action.BlockedIn(c.page)
	counts := partnership.CountsOf(c.tx, c.guild)
	return view.Status(c.say, c.settings(), counts, c.limits, stops, retrying), err
}

// statusOpen handles /partnerships status.
func statusOpen(c *call) (discord.InteractionResponse, error) {
	m, err := c.status(false)
	return reply(hidden(m)), err
}

// statusRetry handles Retry: everything that is blocked is tried again, and what
// stands is looked at.
func statusRetry(c *call) (discord.InteractionResponse, error) {
	settings.Again(c.tx, c.guild, c.now)
	c.audit("status.retry", "", "button")
	m, err := c.status(true)
	return replace(m), err
}
