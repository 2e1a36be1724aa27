package interactions

import (
	"strconv"

	"github.com/disgoorg/disgo/discord"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/apply"
	"github.com/entente-bot/entente/internal/post"
	"github.com/entente-bot/entente/internal/refuse"
	"github.com/entente-bot/entente/internal/storage"
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

// waiting is the application that the caller chose from the queue.
func (c *call) waiting() string {
	if len(c.values) == 0 || !isID(c.values[0]) {
		return "0"
	}
	return c.values[0]
}

func needQueueShow(c *call) needs {
	id := c.waiting()
	return needs{keys: append(action.Keys(apply.Card(c.guild, id)), apply.Key(c.guild, id), apply.CardKey(c.guild, id))}
}

// queueShow handles the select of an application: it can be decided on there, and its
// review card is looked for, which somebody may have deleted.
func queueShow(c *call) (discord.InteractionResponse, error) {
	id := c.waiting()
	a, ok := storage.Read[apply.Application](c.tx, apply.Key(c.guild, id))
	if !ok {
		return discord.InteractionResponse{}, refuse.Because("apply.not-found")
	}
	card, posted := storage.Read[post.Post](c.tx, apply.CardKey(c.guild, id))
	if a.Status == apply.Pending {
		if posted {
			c.tx.Set(apply.CardKey(c.guild, id), card.Unknown())
		}
		action.Cause(c.tx, apply.Card(c.guild, id), c.now)
	}
	return reply(hidden(view.CardCopy(c.say, c.guild, a, c.settings(), post.Place{Channel: card.Channel, Message: card.Message}))), nil
}
