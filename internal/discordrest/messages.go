package discordrest

import (
	"context"
	"strconv"
	"strings"

	"github.com/disgoorg/disgo/discord"
	"github.com/disgoorg/disgo/rest"
	"github.com/disgoorg/snowflake/v2"

	"github.com/entente-bot/entente/internal/action"
)

// CreateMessage posts m in a channel or thread and returns the message. Nonce
// and EnforceNonce go as they are in m: set both, and a repeat within a few
// minutes returns the first message. Without allowed mentions nobody is
// mentioned; allowed mentions that parse the text are refused.
//
// If it fails with [action.Again], the message may stand.
func (c *Client) CreateMessage(ctx context.Context, channel string, m discord.MessageCreate) (discord.Message, error) {
	k := call{
		doing: "create a message in channel " + digits(channel), need: permissionSend, args: []string{"channel", channel},
		endpoint: rest.CreateMessage, ids: []string{channel},
	}
	var err error
	if k.body, err = created(k, m); err != nil {
		return discord.Message{}, err
	}
	raw, err := c.do(ctx, k)
	if err != nil {
		return discord.Message{}, err
	}
	return decode(k, lenient[discord.Message], raw, "id")
}

// EditMessage changes a message of the bot's. What m leaves out stays.
func (c *Client) EditMessage(ctx context.Context, channel, message string, m discord.MessageUpdate) error {
	k := call{
		doing: "edit message " + digits(message), need: permissionRead, args: []string{"channel", channel},
		endpoint: rest.UpdateMessage, ids: []string{channel, message}, mute: true,
	}
	var err error
	if k.body, err = updated(k, m); err != nil {
		return err
	}
	_, err = c.do(ctx, k)
	return err
}

// DeleteMessage deletes a message. One that is gone already counts as deleted;
// that its channel is gone is an error, code 10003.
func (c *Client) DeleteMessage(ctx context.Context, channel, message, reason string) error {
	_, err := c.do(ctx, call{
		doing: "delete message " + digits(message), need: permissionRead, args: []string{"channel", channel},
		endpoint: rest.DeleteMessage, ids: []string{channel, message}, reason: because(reason), mute: true,
	})
	const unknownMessage = 10008
	if action.Code(err) == unknownMessage {
		return nil
	}
	return err
}

// Message returns a message, with fresh links to its attachments.
func (c *Client) Message(ctx context.Context, channel, message string) (discord.Message, error) {
	k := call{
		doing: "read message " + digits(message), need: permissionRead, args: []string{"channel", channel},
		endpoint: rest.GetMessage, ids: []string{channel, message},
	}
	raw, err := c.do(ctx, k)
	if err != nil {
		return discord.Message{}, err
	}
	return decode(k, lenient[discord.Message], raw, "id")
}

// FindMessage looks for the bot's latest message in a channel that matches,
// among the most recent messages: pages of 100, at least one. It returns false
// if there is none there.
//
// Without the permission to read the history, Discord shows no message and no
// error: check the permission where it matters.
func (c *Client) FindMessage(ctx context.Context, channel string, pages int, match func(discord.Message) bool) (discord.Message, bool, error) {
	me, err := c.self(ctx)
	if err != nil {
		return discord.Message{}, false, err
	}
	const size = 100
	k := call{
		doing: "read channel " + digits(channel), need: permissionRead, args: []string{"channel", channel},
		endpoint: rest.GetMessages, query: discord.QueryValues{"limit": size}, ids: []string{channel},
	}
	for range max(pages, 1) {
		raw, err := c.do(ctx, k)
		if err != nil {
			return discord.Message{}, false, err
		}
		found, err := decodeAll(k, lenient[discord.Message], raw, "id", "author")
		if err != nil {
			return discord.Message{}, false, err
		}
		for _, m := range found {
			if m.Author.ID.String() == me && match(m) {
				return m, true, nil
			}
		}
		all, err := decodeAll(k, exact[identity], raw, "id")
		if err != nil || len(all) < size {
			return discord.Message{}, false, err
		}
		k.query = discord.QueryValues{"limit": size, "before": all[len(all)-1].ID}
	}
	return discord.Message{}, false, nil
}

// self returns the bot's user ID, which is not always that of its application.
func (c *Client) self(ctx context.Context) (string, error) {
	c.mu.Lock()
	me := c.me
	c.mu.Unlock()
	if me != "" {
		return me, nil
	}
	u, err := c.Self(ctx)
	if err != nil {
		return "", err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.me = u.ID.String()
	return c.me, nil
}

// created returns m as the body of k.
func created(k call, m discord.MessageCreate) (any, error) {
	m.AllowedMentions = closed(m.AllowedMentions)
	if !safeNames(m.Files) {
		return nil, k.bug("the name of a file is not plain")
	}
	body, err := m.ToBody()
	if err != nil {
		return nil, k.bug("a file cannot be read")
	}
	return body, nil
}

// updated returns m as the body of k.
func updated(k call, m discord.MessageUpdate) (any, error) {
	m.AllowedMentions = closed(m.AllowedMentions)
	if !safeNames(m.Files) {
		return nil, k.bug("the name of a file is not plain")
	}
	if len(m.Files) == 0 {
		return m, nil
	}
	// disgo writes the IDs of new files as numbers, which Discord documents as text.
	type upload struct {
		ID   string `json:"id"`
		Name string `json:"filename"`
	}
	edit := struct {
		discord.MessageUpdate
		Attachments []any `json:"attachments"`
	}{MessageUpdate: m, Attachments: []any{}}
	if m.Attachments != nil {
		for _, a := range *m.Attachments {
			edit.Attachments = append(edit.Attachments, a)
		}
	}
	for i, f := range m.Files {
		edit.Attachments = append(edit.Attachments, upload{strconv.Itoa(i), f.Name})
	}
	body, err := discord.PayloadWithFiles(edit, m.Files...)
	if err != nil {
		return nil, k.bug("a file cannot be read")
	}
	return body, nil
}

// closed returns m with every list there: to Discord, null allows everything.
func closed(m *discord.AllowedMentions) *discord.AllowedMentions {
	c := discord.AllowedMentions{}
	if m != nil {
		c = *m
	}
	if c.Parse == nil {
		c.Parse = []discord.AllowedMentionType{}
	}
	if c.Roles == nil {
		c.Roles = []snowflake.ID{}
	}
	if c.Users == nil {
		c.Users = []snowflake.ID{}
	}
	return &c
}

// safeNames reports whether the names of files can stand in a header, into which
// disgo writes them as they are.
func safeNames(files []*discord.File) bool {
	for _, f := range files {
		if strings.ContainsFunc(f.Name, func(r rune) bool { return r < ' ' || r == '"' || r == '\\' || r == 0x7f }) {
			return false
		}
	}
	return true
}

// because returns reason, or who did it if there is none.
func because(reason string) string {
	if strings.TrimSpace(reason) == "" {
		return "Entente"
	}
	return reason
}

// digits returns id if it looks like one: an error is not to hold anything else.
func digits(id string) string {
	if len(id) > 20 || strings.ContainsFunc(id, func(r rune) bool { return r < '0' || r > '9' }) {
		return "?"
	}
	return id
}
