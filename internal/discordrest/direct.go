package discordrest

import (
	"context"
	"fmt"
	"time"

	"github.com/disgoorg/disgo/rest"

	"github.com/entente-bot/entente/internal/action"
)

// DirectChannel returns the channel in which the bot and a user write to each
// other; it is always the same. That there is one does not mean that the user
// takes messages: if they do not, [Client.CreateMessage] fails there with code
// 50007, or with 50278 if they share no guild with the bot. A user that does not
// exist is code 10013 or 50033.
//
// While Discord takes the bot for a sender of spam, code 20026, nobody is written to.
func (c *Client) DirectChannel(ctx context.Context, user string) (channel string, err error) {
	k := call{
		doing: "open a direct message", need: permission, endpoint: rest.CreateDMChannel,
		body: map[string]string{"recipient_id": user},
	}
	if digits(user) != user || user == "" {
		return "", k.bug("an ID is malformed")
	}
	if err := c.quieted(k); err != nil {
		return "", err
	}
	raw, err := c.do(ctx, k)
	if err != nil {
		return "", err
	}
	ch, err := decode(k, lenient[Channel], raw, "id")
	return ch.ID, err
}

// quietWait is for how long nobody is sent direct messages after Discord took the
// bot for a sender of spam: more of them make that worse.
const quietWait = time.Hour

// quieted returns why call k, which begins a direct message, cannot be made now.
func (c *Client) quieted(k call) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	wait := c.quiet.Sub(c.now())
	if wait <= 0 {
		return nil
	}
	return &action.Failure{
		Verdict: action.Block, Code: 20026, After: wait, Reason: action.Reason{Key: quarantined},
		Err: fmt.Errorf("%s: not sent: the bot is quarantined as spam", k.doing),
	}
}
