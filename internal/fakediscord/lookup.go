package fakediscord

import (
	"slices"
	"time"
)

// The look-ups every handler starts with. They fail as Discord does when the
// thing is not there or the bot may not see it. The caller holds the lock.

// guildOf returns the guild of the path, if the bot is in it.
func (s *Server) guildOf(c *call) (*guild, error) {
	g := s.guilds[c.r.PathValue("guild")]
	switch {
	case g == nil:
		return nil, fail(10004)
	case g.members[s.appID] == nil:
		return nil, fail(50001)
	}
	return g, nil
}

// guildWith is guildOf, and checks the bot's permissions in the guild as a whole.
func (s *Server) guildWith(c *call, need Permission) (*guild, error) {
	g, err := s.guildOf(c)
	if err != nil {
		return nil, err
	}
	if !g.ownPermissions(s.appID).Has(need) {
		return nil, fail(50013)
	}
	return g, nil
}

// channelOf returns the channel of the path, if the bot can see it.
func (s *Server) channelOf(c *call) (*channel, error) {
	ch := s.channels[c.r.PathValue("channel")]
	if ch == nil {
		return nil, fail(10003)
	}
	ch.settle(s.now())
	if !s.allowed(ch, ViewChannel) {
		return nil, fail(50001)
	}
	return ch, nil
}

// channelWith is channelOf, and checks the bot's permissions in the channel.
func (s *Server) channelWith(c *call, need Permission) (*channel, error) {
	ch, err := s.channelOf(c)
	if err != nil {
		return nil, err
	}
	if !s.allowed(ch, need) {
		return nil, fail(50013)
	}
	return ch, nil
}

// allowed reports whether the bot has the permissions in ch.
func (s *Server) allowed(ch *channel, need Permission) bool {
	if ch.guild == "" {
		return true // its own direct message
	}
	return s.guilds[ch.guild].permissionsIn(ch, s.appID).Has(need)
}

// find returns the message with that ID, nil if it is gone or ephemeral.
func (ch *channel) find(id string) *message {
	for _, m := range ch.messages {
		if m.id == id && m.seenBy == "" {
			return m
		}
	}
	return nil
}

// roleOf returns the role of the path.
func (g *guild) roleOf(c *call) (*role, error) {
	if r := g.roles[c.r.PathValue("role")]; r != nil {
		return r, nil
	}
	return nil, fail(10011)
}

// memberOf returns the member of the path. A user who never was here is 10013
// if there is no such user at all.
func (s *Server) memberOf(g *guild, c *call) (*member, error) {
	id := c.r.PathValue("user")
	if id == "@me" {
		id = s.appID
	}
	switch {
	case g.members[id] != nil:
		return g.members[id], nil
	case s.users[id] == nil:
		return nil, fail(10013)
	}
	return nil, fail(10007)
}

// stamp writes a time as Discord does; nil for the zero time.
func stamp(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UTC().Format("2006-01-02T15:04:05.000000+00:00")
}

// text returns nil for "", which Discord writes as null.
func text(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// sorted returns the values of a map in the order of their snowflakes.
func sorted[V any](m map[string]V) []V {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, compareIDs)
	list := make([]V, 0, len(m))
	for _, k := range keys {
		list = append(list, m[k])
	}
	return list
}
