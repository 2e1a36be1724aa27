package discordrest

import (
	"context"

	"github.com/disgoorg/disgo/discord"
	"github.com/disgoorg/disgo/rest"
)

// EditReply changes the first reply to the interaction with the given token.
// Codes 10015, 10062 and 50027 mean that the interaction is over; 10008, that
// the reply was deleted.
func (c *Client) EditReply(ctx context.Context, token string, m discord.MessageUpdate) error {
	k := call{
		doing: "edit a reply", need: permission,
		endpoint: rest.UpdateInteractionResponse, ids: []string{c.app}, text: token, mute: true,
	}
	var err error
	if k.body, err = updated(k, m); err != nil {
		return err
	}
	return c.reply(ctx, k)
}

// FollowUp sends one more reply to the interaction with the given token. It has
// no nonce: after an [action.Again] it may have been sent. The codes are those
// of [Client.EditReply].
func (c *Client) FollowUp(ctx context.Context, token string, m discord.MessageCreate) error {
	k := call{
		doing: "follow a reply up", need: permission,
		endpoint: rest.CreateFollowupMessage, ids: []string{c.app}, text: token, mute: true,
	}
	var err error
	if k.body, err = created(k, m); err != nil {
		return err
	}
	return c.reply(ctx, k)
}

// reply makes a call with an interaction's token.
func (c *Client) reply(ctx context.Context, k call) error {
	// Escaping takes care of all else, but a path of dots leads elsewhere.
	if k.text == "" || k.text == "." || k.text == ".." {
		return k.bug("the interaction's token is malformed")
	}
	_, err := c.do(ctx, k)
	return err
}
