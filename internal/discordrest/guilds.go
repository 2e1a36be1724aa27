package discordrest

import (
	"context"

	"github.com/disgoorg/disgo/discord"
	"github.com/disgoorg/disgo/rest"
)

// A Channel is a channel or thread of a guild. Its type may be one that disgo
// does not know.
type Channel struct {
	ID       string              `json:"id"`
	GuildID  string              `json:"guild_id"`
	Type     discord.ChannelType `json:"type"`
	Name     string              `json:"name"`
	ParentID string              `json:"parent_id"` // of its category, or of a thread's channel; "" if it has none
	OwnerID  string              `json:"owner_id"`  // of a thread: who opened it
	Topic    string              `json:"topic"`     // of a forum: its guidelines

	Position   int         `json:"position"`
	NSFW       bool        `json:"nsfw"`
	Flags      int         `json:"flags"`
	Overwrites []Overwrite `json:"permission_overwrites"`
	Tags       []Tag       `json:"available_tags"`  // of a forum
	TagIDs     []string    `json:"applied_tags"`    // of a forum's post
	Thread     *Thread     `json:"thread_metadata"` // nil if it is no thread
}

// An Overwrite changes permissions in a channel.
type Overwrite struct {
	ID    string                          `json:"id"` // of a role or a member
	Type  discord.PermissionOverwriteType `json:"type"`
	Allow Permissions                     `json:"allow"`
	Deny  Permissions                     `json:"deny"`
}

// A Role is a role of a guild.
type Role struct {
	ID          string      `json:"id"`
	Name        string      `json:"name"`
	Position    int         `json:"position"` // higher is above
	Permissions Permissions `json:"permissions"`
	Managed     bool        `json:"managed"` // belongs to a bot or an integration
}

// A Tag can be put on a forum's posts.
type Tag struct {
	ID        string `json:"id"`
	Name      string `json:"name"`
	Moderated bool   `json:"moderated"` // only those who manage threads may use it
}

// Thread is what only threads have.
type Thread struct {
	Archived bool `json:"archived"`
	Locked   bool `json:"locked"`
}

// Self returns the bot's own user.
func (c *Client) Self(ctx context.Context) (discord.User, error) {
	k := call{doing: "read the bot's user", need: permission, endpoint: rest.GetCurrentUser}
	raw, err := c.do(ctx, k)
	if err != nil {
		return discord.User{}, err
	}
	return decode(k, lenient[discord.User], raw, "id")
}

// Channel returns a channel or thread.
func (c *Client) Channel(ctx context.Context, channel string) (Channel, error) {
	k := call{
		doing: "read channel " + digits(channel), need: permissionRead, args: []string{"channel", channel},
		endpoint: rest.GetChannel, ids: []string{channel},
	}
	raw, err := c.do(ctx, k)
	if err != nil {
		return Channel{}, err
	}
	return decode(k, exact[Channel], raw, "id", "type")
}

// Channels returns the channels of a guild, without threads and in no order.
func (c *Client) Channels(ctx context.Context, guild string) ([]Channel, error) {
	k := ofGuild("read the channels", guild, rest.GetGuildChannels)
	raw, err := c.do(ctx, k)
	if err != nil {
		return nil, err
	}
	return decodeAll(k, exact[Channel], raw, "id", "type")
}

// Guild returns a guild with its roles and approximate counts. That the bot is
// not in it is an error, code 10004 or 50001.
func (c *Client) Guild(ctx context.Context, guild string) (discord.RestGuild, error) {
	k := ofGuild("read the guild", guild, rest.GetGuild)
	k.query = discord.QueryValues{"with_counts": true}
	raw, err := c.do(ctx, k)
	if err != nil {
		return discord.RestGuild{}, err
	}
	return decode(k, lenient[discord.RestGuild], raw, "id", "owner_id")
}

// Roles returns the roles of a guild, @everyone among them, in no order.
func (c *Client) Roles(ctx context.Context, guild string) ([]Role, error) {
	k := ofGuild("read the roles", guild, rest.GetRoles)
	raw, err := c.do(ctx, k)
	if err != nil {
		return nil, err
	}
	// Who may do what hangs on these: what cannot be read must not count as none.
	return decodeAll(k, exact[Role], raw, "id", "permissions", "position", "managed")
}

// Member returns a member of a guild. That there is none is an error, code 10007.
func (c *Client) Member(ctx context.Context, guild, user string) (discord.Member, error) {
	k := ofGuild("read a member", guild, rest.GetMember)
	k.ids = append(k.ids, user)
	raw, err := c.do(ctx, k)
	if err != nil {
		return discord.Member{}, err
	}
	return decode(k, lenient[discord.Member], raw, "user", "roles")
}

// ofGuild returns a call that whoever is in a guild may make.
func ofGuild(doing, guild string, e *rest.Endpoint) call {
	return call{doing: doing + " of guild " + digits(guild), need: guildGone, endpoint: e, ids: []string{guild}}
}

// AddRole gives a member a role. It does nothing if they have it.
func (c *Client) AddRole(ctx context.Context, guild, user, role, reason string) error {
	return c.setRole(ctx, "give role ", rest.AddMemberRole, guild, user, role, reason)
}

// RemoveRole takes a role from a member. It does nothing if they lack it.
func (c *Client) RemoveRole(ctx context.Context, guild, user, role, reason string) error {
	return c.setRole(ctx, "take role ", rest.RemoveMemberRole, guild, user, role, reason)
}

func (c *Client) setRole(ctx context.Context, doing string, e *rest.Endpoint, guild, user, role, reason string) error {
	_, err := c.do(ctx, call{
		doing: doing + digits(role) + " in guild " + digits(guild), need: permissionRole, args: []string{"role", role},
		endpoint: e, ids: []string{guild, user, role}, reason: because(reason), mute: true,
	})
	return err
}
