package discordrest

import (
	"context"

	"github.com/disgoorg/disgo/rest"
)

// DirectChannel returns the channel in which the bot and a user write to each
// other; it is always the same. That there is one does not mean that the user
// takes messages: if they do not, [Client.CreateMessage] fails there with code
// 50007, or with 50278 if they share no guild with the bot. A user that does not
// exist is code 10013 or 50033.
func (c *Client) DirectChannel(ctx context.Context, user string) (channel string, err error) {
	k := call{
		doing: "open a direct message", need: permission, endpoint: rest.CreateDMChannel,
		body: map[string]string{"recipient_id": user},
	}
	if digits(user) != user || user == "" {
		return "", k.bug("an ID is malformed")
	}
	raw, err := c.do(ctx, k)
	if err != nil {
		return "", err
	}
	ch, err := decode(k, lenient[Channel], raw, "id")
	return ch.ID, err
}
