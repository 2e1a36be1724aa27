package discordrest

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"github.com/disgoorg/disgo/discord"
	"github.com/disgoorg/disgo/rest"
	"github.com/disgoorg/snowflake/v2"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/showcase"
)

// A place is a channel as it is read for the showcase.
type place struct {
	Channel
	Tags []tag `json:"available_tags"`
}

// A tag is a forum's tag with all that must be sent back when another is added.
type tag struct {
	ID        string  `json:"id,omitempty"` // left out for one that is to be made
	Name      string  `json:"name"`
	Moderated bool    `json:"moderated"`
	EmojiID   *string `json:"emoji_id"`
	Emoji     *string `json:"emoji_name"`
}

// found is p in the words of the domain.
func (p place) found() showcase.Found {
	f := showcase.Found{
		ID: p.ID, Name: p.Name, Topic: p.Topic, Parent: p.ParentID, Applied: p.TagIDs,
		Category: p.Type == discord.ChannelTypeGuildCategory,
		Forum:    p.Type == discord.ChannelTypeGuildForum || p.Type == discord.ChannelTypeGuildMedia,
		Archived: p.Thread != nil && p.Thread.Archived,
		Tags:     foundTags(p.Tags),
	}
	for _, o := range p.Overwrites {
		f.Overwrites = append(f.Overwrites, showcase.Overwrite{
			ID: o.ID, Member: o.Type == discord.PermissionOverwriteTypeMember, Allow: uint64(o.Allow), Deny: uint64(o.Deny),
		})
	}
	return f
}

func foundTags(tags []tag) (list []showcase.Tag) {
	text := func(s *string) string {
		if s == nil {
			return ""
		}
		return *s
	}
	for _, t := range tags {
		list = append(list, showcase.Tag{ID: t.ID, Name: t.Name, Moderated: t.Moderated, EmojiID: text(t.EmojiID), Emoji: text(t.Emoji)})
	}
	return list
}

// Places returns the channels and categories of a guild in the words of the
// showcase, without threads.
func (c *Client) Places(ctx context.Context, guild string) ([]showcase.Found, error) {
	k := ofGuild("read the channels", guild, rest.GetGuildChannels)
	raw, err := c.do(ctx, k)
	if err != nil {
		return nil, err
	}
	list, err := decodeAll(k, exact[place], raw, "id", "type")
	return allFound(list), err
}

func allFound(list []place) (all []showcase.Found) {
	for _, p := range list {
		all = append(all, p.found())
	}
	return all
}

// Place returns a channel, category, forum or post. That it is gone is an error,
// code 10003.
func (c *Client) Place(ctx context.Context, id string) (showcase.Found, error) {
	k := call{
		doing: "read channel " + digits(id), need: permissionChannel, args: []string{"channel", id},
		endpoint: rest.GetChannel, ids: []string{id},
	}
	raw, err := c.do(ctx, k)
	if err != nil {
		return showcase.Found{}, err
	}
	p, err := decode(k, exact[place], raw, "id", "type")
	return p.found(), err
}

// Posts returns the bot's own posts in a forum: those that are open, and the
// hundred that were archived last.
func (c *Client) Posts(ctx context.Context, guild, forum string) ([]showcase.Found, error) {
	me, err := c.self(ctx)
	if err != nil {
		return nil, err
	}
	list, err := c.ActiveThreads(ctx, guild)
	if err != nil {
		return nil, err
	}
	archived, err := c.threads(ctx, call{
		doing: "read the archived posts of forum " + digits(forum), need: permissionForum, args: []string{"channel", forum},
		endpoint: rest.GetPublicArchivedThreads, query: discord.QueryValues{"limit": 100}, ids: []string{forum},
	})
	if err != nil {
		return nil, err
	}
	var posts []showcase.Found
	for _, ch := range append(list, archived...) {
		if ch.ParentID == forum && ch.OwnerID == me {
			posts = append(posts, place{Channel: ch}.found())
		}
	}
	return posts, nil
}

// MakePlace makes a text channel or a category, where the bot may write, and
// returns its ID. That there is no room below the category is
// [showcase.ErrFull], that it is gone [showcase.ErrNoCategory].
//
// A channel has no nonce: if this fails with [action.Again], it may be there.
func (c *Client) MakePlace(ctx context.Context, guild string, d showcase.Draft, reason string) (string, error) {
	me, err := c.self(ctx)
	if err != nil {
		return "", err
	}
	kind := discord.ChannelTypeGuildText
	if d.Category {
		kind = discord.ChannelTypeGuildCategory
	}
	k := ofGuild("make a channel", guild, rest.CreateGuildChannel)
	k.need, k.args, k.reason = permissionCategory, []string{"channel", d.Below}, because(reason)
	body := shape(d, me)
	body["type"] = kind
	k.body = body
	raw, err := c.do(ctx, k)
	if err != nil {
		return "", misplaced(err)
	}
	ch, err := decode(k, exact[Channel], raw, "id")
	return ch.ID, err
}

// ShapePlace changes a channel or a post: what d leaves out stays as it is. It
// fails as MakePlace does.
func (c *Client) ShapePlace(ctx context.Context, id string, d showcase.Draft, reason string) error {
	me, err := c.self(ctx)
	if err != nil {
		return err
	}
	_, err = c.do(ctx, call{
		doing: "change channel " + digits(id), need: permissionChannel, args: []string{"channel", id},
		endpoint: rest.UpdateChannel, ids: []string{id}, reason: because(reason), mute: true, body: shape(d, me),
	})
	return misplaced(err)
}

// shape is d as Discord wants it.
func shape(d showcase.Draft, me string) map[string]any {
	body := map[string]any{}
	for field, value := range map[string]string{"name": d.Name, "topic": d.Topic, "parent_id": d.Below} {
		if value != "" {
			body[field] = value
		}
	}
	if d.Tagged {
		body["applied_tags"] = append([]string{}, d.Tags...)
	}
	if d.Overwrites != nil {
		list := []map[string]any{}
		for _, o := range append(d.Overwrites, showcase.Overwrite{ID: me, Member: true, Allow: showcase.Own}) {
			kind := discord.PermissionOverwriteTypeRole
			if o.Member {
				kind = discord.PermissionOverwriteTypeMember
			}
			list = append(list, map[string]any{
				"id": o.ID, "type": kind, "allow": strconv.FormatUint(o.Allow, 10), "deny": strconv.FormatUint(o.Deny, 10),
			})
		}
		body["permission_overwrites"] = list
	}
	return body
}

// misplaced makes what Discord says of a category an error of the showcase's.
func misplaced(err error) error {
	const invalidBody = 50035
	if action.Code(err) != invalidBody {
		return err
	}
	for code, means := range map[string]error{"CHANNEL_PARENT_MAX_CHANNELS": showcase.ErrFull, "CHANNEL_PARENT_INVALID": showcase.ErrNoCategory} {
		if strings.Contains(err.Error(), code) {
			return means
		}
	}
	return err
}

// MakePost makes a post of the bot's in a forum, with m as its beginning, and
// returns its ID, which is also that of its first message.
//
// A post has no nonce: if this fails with [action.Again], it may be there.
func (c *Client) MakePost(ctx context.Context, forum string, d showcase.Draft, m discord.MessageCreate, reason string) (string, error) {
	k := call{
		doing: "make a post in forum " + digits(forum), need: permissionForum, args: []string{"channel", forum},
		endpoint: rest.CreateThread, ids: []string{forum}, reason: because(reason),
	}
	m.AllowedMentions = closed(m.AllowedMentions)
	if !safeNames(m.Files) {
		return "", k.bug("the name of a file is not plain")
	}
	p := discord.ThreadChannelPostCreate{Name: d.Name, AutoArchiveDuration: discord.AutoArchiveDuration1w, Message: m}
	for _, id := range d.Tags {
		t, err := snowflake.Parse(id)
		if err != nil {
			return "", k.bug("the ID of a tag is malformed")
		}
		p.AppliedTags = append(p.AppliedTags, t)
	}
	var err error
	if k.body, err = p.ToBody(); err != nil {
		return "", k.bug("a file cannot be read")
	}
	raw, err := c.do(ctx, k)
	if err != nil {
		return "", err
	}
	ch, err := decode(k, exact[Channel], raw, "id")
	return ch.ID, err
}

// DeletePlace deletes a channel, category or post with all that stands in it. It
// succeeds if it is gone already.
func (c *Client) DeletePlace(ctx context.Context, id, reason string) error {
	_, err := c.do(ctx, call{
		doing: "delete channel " + digits(id), need: permissionChannel, args: []string{"channel", id},
		endpoint: rest.DeleteChannel, ids: []string{id}, reason: because(reason), mute: true,
	})
	const unknownChannel = 10003
	if action.Code(err) == unknownChannel {
		return nil
	}
	return err
}

// SetTags gives a forum these tags and no others, and returns them: those
// without an ID are made.
func (c *Client) SetTags(ctx context.Context, forum string, tags []showcase.Tag, reason string) ([]showcase.Tag, error) {
	list := []tag{}
	for _, t := range tags {
		out := tag{ID: t.ID, Name: t.Name, Moderated: t.Moderated}
		if t.EmojiID != "" {
			out.EmojiID = &t.EmojiID
		}
		if t.Emoji != "" {
			out.Emoji = &t.Emoji
		}
		list = append(list, out)
	}
	k := call{
		doing: "set the tags of forum " + digits(forum), need: permissionTags, args: []string{"channel", forum},
		// disgo's own call changes more than it is told, and gives new tags an ID that is none.
		endpoint: rest.NewEndpoint(http.MethodPatch, "/channels/{channel.id}"), ids: []string{forum}, reason: because(reason),
		body: map[string]any{"available_tags": list},
	}
	raw, err := c.do(ctx, k)
	if err != nil {
		return nil, err
	}
	var answer struct {
		Tags []tag `json:"available_tags"`
	}
	if err := json.Unmarshal(raw, &answer); err != nil {
		return nil, k.unreadable(errors.New("it has no tags"))
	}
	return foundTags(answer.Tags), nil
}
