package discordrest

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"strconv"
	"time"

	"github.com/disgoorg/disgo/discord"
	"github.com/disgoorg/disgo/rest"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/joins"
)

// Discord's codes for what is gone already.
const (
	unknownInvite = 10006
	unknownRole   = 10011
)

// An identity is an object of which only the ID is read.
type identity struct {
	ID string `json:"id"`
}

// A tracked invite as Discord writes it, as far as it is read: of the 870 bytes of
// one, a guild may have a thousand times.
type tracked struct {
	Code    string     `json:"code"`
	Created time.Time  `json:"created_at"`
	Uses    *int       `json:"uses"` // left out for who may not manage the server
	Channel identity   `json:"channel"`
	Inviter identity   `json:"inviter"`
	Roles   []identity `json:"roles"`
}

// joins is t in the words of the domain.
func (t tracked) joins() joins.Invite {
	in := joins.Invite{Code: t.Code, Created: t.Created.UTC(), Uses: t.Uses, Channel: t.Channel.ID, Inviter: t.Inviter.ID}
	for _, r := range t.Roles {
		in.Roles = append(in.Roles, r.ID)
	}
	return in
}

// GuildInvites returns all invites of a guild. Without Manage Server Discord tells
// neither their uses nor when they were made; without that and View Audit Log it is
// an error, code 50013. Of an invite that cannot be read as a whole, only the code
// is told; one without a code is left out.
func (c *Client) GuildInvites(ctx context.Context, guild string) ([]joins.Invite, error) {
	k := ofGuild("read the invites", guild, rest.GetGuildInvites)
	k.need = permissionServer
	raw, err := c.do(ctx, k)
	if err != nil {
		return nil, err
	}
	list, err := unmarshal[[]json.RawMessage](raw)
	if err != nil || list == nil {
		return nil, k.unreadable(errors.New("it is no list of invites"))
	}
	all := make([]joins.Invite, 0, len(list))
	for _, element := range list {
		t, err := unmarshal[tracked](element)
		if err != nil || t.Created.IsZero() {
			t = tracked{Code: codeOf(element)}
		}
		if t.Code != "" {
			all = append(all, t.joins())
		}
	}
	if len(all) == 0 && len(list) > 0 {
		return nil, k.unreadable(errors.New("no invite has a code"))
	}
	return all, nil
}

// codeOf returns the code of an invite, empty if it cannot be read.
func codeOf(raw json.RawMessage) string {
	t, err := unmarshal[struct {
		Code string `json:"code"`
	}](raw)
	if err != nil {
		return ""
	}
	return t.Code
}

// VanityUses returns the code of a guild's vanity URL, empty if it has none, and
// how often it was used. It takes Manage Server.
func (c *Client) VanityUses(ctx context.Context, guild string) (code string, uses int, err error) {
	k := ofGuild("read the vanity URL", guild, rest.GetGuildVanityURL)
	k.need = permissionServer
	raw, err := c.do(ctx, k)
	if err != nil {
		return "", 0, err
	}
	v, err := decode(k, exact[struct {
		Code *string `json:"code"`
		Uses int     `json:"uses"`
	}], raw, "code")
	if err != nil || v.Code == nil {
		return "", 0, err
	}
	return *v.Code, v.Uses, nil
}

// RoleCounts returns how many members of a guild have each role, by the role's
// ID, bots included. It takes no privileged intent.
func (c *Client) RoleCounts(ctx context.Context, guild string) (map[string]int, error) {
	k := ofGuild("count the members", guild, rest.NewEndpoint(http.MethodGet, "/guilds/{guild.id}/roles/member-counts"))
	raw, err := c.do(ctx, k)
	if err != nil {
		return nil, err
	}
	counts, err := unmarshal[map[string]int](raw)
	if err != nil || counts == nil {
		return nil, k.unreadable(errors.New("it is no list of counts"))
	}
	return counts, nil
}

// perPage is how many members Discord lists at once, at most.
const perPage = 1000

// MembersPage returns up to 1,000 members of a guild, in the order of their IDs,
// after the one with the given ID, "" for the first. next is where the next page
// begins, "" on the last. Without the Server Members intent it is an error, code
// 50001.
func (c *Client) MembersPage(ctx context.Context, guild, after string) (list []joins.Person, next string, err error) {
	k := ofGuild("list the members", guild, rest.GetMembers)
	k.query = discord.QueryValues{"limit": perPage}
	if after != "" {
		k.query["after"] = after
	}
	raw, err := c.do(ctx, k)
	if err != nil {
		return nil, "", err
	}
	all, err := unmarshal[[]struct {
		User struct {
			identity
			Bot bool `json:"bot"`
		} `json:"user"`
		Roles  []string  `json:"roles"`
		Joined time.Time `json:"joined_at"` // null for a guest, who is no member
	}](raw)
	if err != nil || all == nil {
		return nil, "", k.unreadable(errors.New("it is no list of members"))
	}
	for _, m := range all {
		if m.User.ID == "" {
			return nil, "", k.unreadable(errors.New("a member has no ID"))
		}
		list = append(list, joins.Person{User: m.User.ID, Joined: m.Joined.UTC(), Roles: m.Roles, Bot: m.User.Bot})
	}
	if len(all) == perPage {
		next = all[len(all)-1].User.ID
	}
	return list, next, nil
}

// inviteDeleted is the audit log's number for a deleted invite.
const inviteDeleted = 42

// DeletedInvites returns how often the invites were used that were deleted of late,
// by code, as far as the guild's audit log tells: of the latest hundred, at most 45
// days back. Nothing is said of a code that was deleted twice: nobody can tell which
// invite is meant. It takes View Audit Log.
func (c *Client) DeletedInvites(ctx context.Context, guild string) (map[string]int, error) {
	k := ofGuild("read the audit log", guild, rest.NewEndpoint(http.MethodGet, "/guilds/{guild.id}/audit-logs"))
	k.need = permission
	k.query = discord.QueryValues{"action_type": inviteDeleted, "limit": 100}
	raw, err := c.do(ctx, k)
	if err != nil {
		return nil, err
	}
	type change struct {
		Key string          `json:"key"`
		Old json.RawMessage `json:"old_value"`
	}
	log, err := decode(k, exact[struct {
		Entries []struct {
			Changes []change `json:"changes"`
		} `json:"audit_log_entries"`
	}], raw, "audit_log_entries")
	if err != nil {
		return nil, err
	}
	uses := make(map[string]int)
	for _, e := range log.Entries {
		code, count := "", -1
		for _, ch := range e.Changes {
			switch ch.Key {
			case "code":
				_ = json.Unmarshal(ch.Old, &code) // what does not fit tells nothing
			case "uses":
				count = number(ch.Old)
			}
		}
		if _, again := uses[code]; again {
			count = -1
		}
		uses[code] = count
	}
	maps.DeleteFunc(uses, func(code string, count int) bool { return code == "" || count < 0 })
	return uses, nil
}

// number reads a count that Discord writes as a number or as text; -1 if it is none.
func number(raw json.RawMessage) int {
	var n json.Number
	if err := json.Unmarshal(raw, &n); err != nil {
		return -1
	}
	count, err := strconv.Atoi(n.String())
	if err != nil {
		return -1
	}
	return count
}

// MakeInvite makes an invite to a channel that neither expires nor runs out, is
// nobody else's, and gives roles. It takes Create Invite in the channel and, for
// roles, Manage Roles above them.
func (c *Client) MakeInvite(ctx context.Context, channel string, roles []string, reason string) (joins.Invite, error) {
	k := call{
		doing: "make an invite to channel " + digits(channel), need: permission,
		endpoint: rest.CreateInvite, ids: []string{channel}, reason: because(reason),
		body: struct {
			MaxAge  int      `json:"max_age"`
			MaxUses int      `json:"max_uses"`
			Unique  bool     `json:"unique"`
			Roles   []string `json:"role_ids,omitempty"`
		}{Unique: true, Roles: roles},
	}
	raw, err := c.do(ctx, k)
	if err != nil {
		return joins.Invite{}, err
	}
	t, err := decode(k, exact[tracked], raw, "code", "created_at")
	if err != nil {
		return joins.Invite{}, err
	}
	if t.Code == "" || t.Created.IsZero() {
		return joins.Invite{}, k.unreadable(errors.New("it has no code, or no time"))
	}
	return t.joins(), nil
}

// DeleteInvite deletes an invite. It succeeds if the invite is gone already.
func (c *Client) DeleteInvite(ctx context.Context, code, reason string) error {
	k := call{doing: "delete an invite", need: permissionServer, endpoint: rest.DeleteInvite, text: code, reason: because(reason), mute: true}
	if !validCode(code) {
		return k.bug("it is no invite code")
	}
	_, err := c.do(ctx, k)
	if action.Code(err) == unknownInvite {
		return nil
	}
	return err
}

// MarkerRoles returns the roles of a guild in the words of the domain.
func (c *Client) MarkerRoles(ctx context.Context, guild string) ([]joins.Role, error) {
	roles, err := c.Roles(ctx, guild)
	if err != nil {
		return nil, err
	}
	list := make([]joins.Role, len(roles))
	for i, r := range roles {
		list[i] = joins.Role{ID: r.ID, Name: r.Name, Permissions: int64(r.Permissions), Managed: r.Managed, Position: r.Position}
	}
	return list, nil
}

// MakeRole makes a role without permissions that nobody can mention. It takes
// Manage Roles.
func (c *Client) MakeRole(ctx context.Context, guild, name, reason string) (id string, err error) {
	k := ofGuild("make a role", guild, rest.CreateRole)
	k.need, k.reason = permission, because(reason)
	k.body = struct {
		Name        string `json:"name"`
		Permissions int    `json:"permissions"`
		Mentionable bool   `json:"mentionable"`
	}{Name: name}
	raw, err := c.do(ctx, k)
	if err != nil {
		return "", err
	}
	r, err := decode(k, exact[identity], raw, "id")
	return r.ID, err
}

// DeleteRole deletes a role. It succeeds if the role is gone already.
func (c *Client) DeleteRole(ctx context.Context, guild, role, reason string) error {
	_, err := c.do(ctx, call{
		doing: "delete role " + digits(role) + " in guild " + digits(guild), need: permissionRole, args: []string{"role", role},
		endpoint: rest.DeleteRole, ids: []string{guild, role}, reason: because(reason), mute: true,
	})
	if action.Code(err) == unknownRole {
		return nil
	}
	return err
}
