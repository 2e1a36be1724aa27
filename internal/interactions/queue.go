package interactions

import (
	"strconv"

	"github.com/disgoorg/disgo/discord"

	"github.com/entente-bot/entente/internal/apply"
	"github.com/entente-bot/entente/internal/view"
)

func needQueue(c *call) needs {
	q := apply.Queued(c.guild)
	return needs{list: &q}
}

// queue shows one page of the applications that wait.
func (c *call) queue(page int) (discord.MessageCreate, error) {
	list, err := apply.WaitingIn(c.page)
	return view.Queue(c.say, c.guild, list, page, c.settings().Remind, c.now), err
}

// queueOpen handles /partnerships queue and the button of a reminder.
func queueOpen(c *call) (discord.InteractionResponse, error) {
	m, err := c.queue(0)
	return reply(hidden(m)), err
}

// queuePage handles the buttons below a page.
func queuePage(c *call) (discord.InteractionResponse, error) {
	page, _ := strconv.Atoi(c.about[0]) // anything else is the first page
	m, err := c.queue(page)
	return replace(m), err
}
