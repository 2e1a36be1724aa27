package setup

import (
	"slices"
	"time"
)

// Facts are what Discord says of a guild, as far as Entente looks at it.
type Facts struct {
	Absent   bool   // the bot is no member: all else is empty
	Intent   bool   // the bot may list members: the Server Members intent is switched on
	Paused   bool   // the guild paused its invites: nobody can join by one
	Rules    string // channel of the rules; empty if there is none
	System   string // channel where Discord greets newcomers; empty if there is none
	Owner    string
	NSFW     int       // Discord's NSFW level of the guild
	Bot      string    // the bot's user
	TimedOut time.Time // until when the bot is timed out, and may write nothing; zero if it is not
	BotRoles []string  // without @everyone
	Roles    []Role    // with @everyone
	Channels []Channel
}

// A Role is a role of a guild.
type Role struct {
	ID       string
	Position int // higher is above
	Rights   Rights
	Managed  bool // belongs to a bot, a subscription, the boosters: nobody can give it
}

// A Channel is a channel of a guild.
type Channel struct {
	ID         string
	Type       int // as Discord numbers them
	Overwrites []Overwrite
}

// An Overwrite changes rights in a channel.
type Overwrite struct {
	ID     string // of a role, or of a user
	Member bool   // it is a user's
	Allow  Rights
	Deny   Rights
}

// allows is what c gives to a role beside what the role has.
func (c Channel) allows(role string) Rights {
	i := slices.IndexFunc(c.Overwrites, func(o Overwrite) bool { return !o.Member && o.ID == role })
	if i < 0 {
		return 0
	}
	return c.Overwrites[i].Allow
}

// role returns the role with the given ID.
func (f Facts) role(id string) (Role, bool) {
	i := slices.IndexFunc(f.Roles, func(r Role) bool { return r.ID == id })
	if i < 0 {
		return Role{}, false
	}
	return f.Roles[i], true
}

// channel returns the channel with the given ID.
func (f Facts) channel(id string) (Channel, bool) {
	i := slices.IndexFunc(f.Channels, func(c Channel) bool { return c.ID == id })
	if i < 0 {
		return Channel{}, false
	}
	return f.Channels[i], true
}

// top is the position of the bot's highest role.
func (f Facts) top() (highest int) {
	for _, id := range f.BotRoles {
		if r, ok := f.role(id); ok {
			highest = max(highest, r.Position)
		}
	}
	return highest
}

// server returns what the bot may do wherever no overwrite says otherwise.
func (f Facts) server(guild string) Rights { return f.rights(guild, Channel{}, f.Bot, f.BotRoles) }

// rights returns what a user with the given roles may do in c: what their roles
// give them, and then the overwrites of @everyone, of their roles together, and
// of their own, in this order.
func (f Facts) rights(guild string, c Channel, user string, roles []string) Rights {
	r := Rights(0)
	for _, id := range append([]string{guild}, roles...) {
		role, _ := f.role(id)
		r |= role.Rights
	}
	if r&Administrator != 0 || user != "" && user == f.Owner {
		return everything
	}
	var everyone, theirs, own Overwrite
	for _, o := range c.Overwrites {
		switch {
		case o.Member && o.ID == user:
			own = o
		case !o.Member && o.ID == guild:
			everyone = o
		case !o.Member && slices.Contains(roles, o.ID):
			theirs.Allow, theirs.Deny = theirs.Allow|o.Allow, theirs.Deny|o.Deny
		}
	}
	for _, o := range []Overwrite{everyone, theirs, own} {
		r = r&^o.Deny | o.Allow
	}
	return r
}
