package discordrest

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/disgoorg/disgo/discord"
	"github.com/disgoorg/disgo/rest"
)

// CreatePrivateThread makes a private thread below a text channel and returns
// it: only the bot is in it, and only those who manage threads see it or can add
// others. Discord archives it once nobody wrote in it for a week.
//
// A thread has no nonce: if this fails with [action.Again], the thread may be
// there. Look for it before making another.
func (c *Client) CreatePrivateThread(ctx context.Context, channel, name, reason string) (Channel, error) {
	closed := false
	k := call{
		doing: "create a private thread below channel " + digits(channel), need: permissionThread, args: []string{"channel", channel},
		endpoint: rest.CreateThread, ids: []string{channel}, reason: because(reason),
		body: discord.GuildPrivateThreadCreate{Name: name, AutoArchiveDuration: discord.AutoArchiveDuration1w, Invitable: &closed},
	}
	raw, err := c.do(ctx, k)
	if err != nil {
		return Channel{}, err
	}
	return decode(k, exact[Channel], raw, "id", "type")
}

// EditThread archives a thread or opens it again, and locks it or not. Locking
// and what is locked needs Manage Threads.
func (c *Client) EditThread(ctx context.Context, thread string, archived, locked bool, reason string) error {
	_, err := c.do(ctx, call{
		doing: "edit thread " + digits(thread), need: permissionThread, args: []string{"channel", thread},
		endpoint: rest.UpdateChannel, ids: []string{thread}, reason: because(reason), mute: true,
		body: map[string]bool{"archived": archived, "locked": locked},
	})
	return err
}

// AddThreadMember puts a user into a thread, which must not be archived. It does
// nothing if they are in it. That they cannot be is an error: code 10007, 10013
// or, if they do not see the thread's channel, 50001.
func (c *Client) AddThreadMember(ctx context.Context, thread, user string) error {
	_, err := c.do(ctx, call{
		doing: "add a member to thread " + digits(thread), need: permissionThread, args: []string{"channel", thread},
		endpoint: rest.AddThreadMember, ids: []string{thread, user}, mute: true,
	})
	return err
}

// ActiveThreads returns the threads of a guild that the bot sees and that are
// not archived, in no order.
func (c *Client) ActiveThreads(ctx context.Context, guild string) ([]Channel, error) {
	return c.threads(ctx, ofGuild("read the active threads", guild, rest.GetActiveGuildThreads))
}

// ArchivedPrivateThreads returns the private threads below a channel that were
// archived last, at most 100. It needs Manage Threads and the channel's history.
func (c *Client) ArchivedPrivateThreads(ctx context.Context, channel string) ([]Channel, error) {
	return c.threads(ctx, call{
		doing: "read the archived threads of channel " + digits(channel), need: permissionThread, args: []string{"channel", channel},
		endpoint: rest.GetPrivateArchivedThreads, query: discord.QueryValues{"limit": 100}, ids: []string{channel},
	})
}

// threads returns the threads in the answer to k.
func (c *Client) threads(ctx context.Context, k call) ([]Channel, error) {
	raw, err := c.do(ctx, k)
	if err != nil {
		return nil, err
	}
	list, err := unmarshal[struct {
		Threads json.RawMessage `json:"threads"`
	}](raw)
	if err != nil || list.Threads == nil {
		return nil, k.unreadable(errors.New("it has no threads"))
	}
	return decodeAll(k, exact[Channel], list.Threads, "id", "type")
}
