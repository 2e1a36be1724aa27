package discordrest

import (
	"context"

	"github.com/disgoorg/disgo/discord"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/ticket"
)

// thread returns ch in the words of the domain.
func thread(ch Channel) ticket.Thread {
	th := ticket.Thread{ID: ch.ID, Name: ch.Name}
	if ch.Thread != nil {
		th.Archived, th.Locked = ch.Thread.Archived, ch.Thread.Locked
	}
	return th
}

// OpenThread is CreatePrivateThread in the words of the domain.
func (c *Client) OpenThread(ctx context.Context, channel, name, reason string) (ticket.Thread, error) {
	ch, err := c.CreatePrivateThread(ctx, channel, name, reason)
	return thread(ch), err
}

// Thread is Channel in the words of the domain.
func (c *Client) Thread(ctx context.Context, id string) (ticket.Thread, error) {
	ch, err := c.Channel(ctx, id)
	return thread(ch), err
}

// FindThread looks for a private thread of the bot's below a channel that
// matches: among the active ones and, if the bot may see them, the latest of the
// archived ones. That the channel is gone is an error, code 10003.
func (c *Client) FindThread(ctx context.Context, guild, channel string, match func(ticket.Thread) bool) (ticket.Thread, bool, error) {
	me, err := c.self(ctx)
	if err != nil {
		return ticket.Thread{}, false, err
	}
	list, err := c.ActiveThreads(ctx, guild)
	if err != nil {
		return ticket.Thread{}, false, err
	}
	archived, err := c.ArchivedPrivateThreads(ctx, channel)
	if code := action.Code(err); err != nil && code != 50001 && code != 50013 {
		return ticket.Thread{}, false, err
	}
	for _, ch := range append(list, archived...) {
		ours := ch.Type == discord.ChannelTypeGuildPrivateThread && ch.ParentID == channel && ch.OwnerID == me
		if ours && match(thread(ch)) {
			return thread(ch), true, nil
		}
	}
	return ticket.Thread{}, false, nil
}
