package fakediscord

import (
	"slices"
)

func (s *Server) memberView(m *member) object {
	return object{
		"user": s.userView(m.user), "nick": text(m.nick), "avatar": nil, "banner": nil, "roles": roleIDs(m.roles),
		"joined_at": stamp(m.joined), "premium_since": nil, "deaf": false, "mute": false,
		"flags": 0, "pending": false, "communication_disabled_until": s.quietUntil(m),
	}
}

// quietUntil is until when m is timed out: null if never, and when it is over.
func (s *Server) quietUntil(m *member) any {
	if !m.quiet.After(s.now()) {
		return nil
	}
	return stamp(m.quiet)
}

// roleIDs never is null.
func roleIDs(ids []string) []string {
	if ids == nil {
		return []string{}
	}
	return ids
}

func (s *Server) getMember(c *call) (any, error) {
	g, err := s.guildOf(c)
	if err != nil {
		return nil, err
	}
	m, err := s.memberOf(g, c)
	if err != nil {
		return nil, err
	}
	return s.memberView(m), nil
}

// listMembers needs the Server Members intent, as Discord's does.
func (s *Server) listMembers(c *call) (any, error) {
	g, err := s.guildOf(c)
	if err != nil {
		return nil, err
	}
	if !s.membersIntent {
		return nil, fail(50001)
	}
	limit, err := c.limit(1, 1000)
	if err != nil {
		return nil, err
	}
	after := c.r.URL.Query().Get("after")
	list := []object{}
	for _, m := range sorted(g.members) {
		if len(list) < limit && (after == "" || older(after, m.user)) {
			list = append(list, s.memberView(m))
		}
	}
	return list, nil
}

// removeMember takes someone out of a guild: roles, thread memberships, and of
// a bot its role too.
func (s *Server) removeMember(g *guild, userID string) {
	delete(g.members, userID)
	for _, ch := range g.channels {
		delete(ch.threadMembers, userID)
	}
	for _, r := range sorted(g.roles) {
		if r.botID == userID && userID != "" {
			s.dropRole(g, r.id)
		}
	}
}

func (s *Server) banView(g *guild, userID string) object {
	return object{"reason": text(g.bans[userID]), "user": s.userView(userID)}
}

func (s *Server) listBans(c *call) (any, error) {
	g, err := s.guildWith(c, BanMembers)
	if err != nil {
		return nil, err
	}
	list := []object{}
	ids := make([]string, 0, len(g.bans))
	for id := range g.bans {
		ids = append(ids, id)
	}
	slices.SortFunc(ids, compareIDs)
	for _, id := range ids {
		list = append(list, s.banView(g, id))
	}
	return list, nil
}

func (s *Server) getBan(c *call) (any, error) {
	g, err := s.guildWith(c, BanMembers)
	if err != nil {
		return nil, err
	}
	id := c.r.PathValue("user")
	if _, banned := g.bans[id]; !banned {
		return nil, fail(10026)
	}
	return s.banView(g, id), nil
}

func (s *Server) ban(c *call) (any, error) {
	g, err := s.guildWith(c, BanMembers)
	if err != nil {
		return nil, err
	}
	id := c.r.PathValue("user")
	if s.users[id] == nil {
		return nil, fail(10013)
	}
	if id == g.owner || g.members[id] != nil && slices.ContainsFunc(g.members[id].roles, func(r string) bool {
		return !g.outranks(s.appID, g.roles[r])
	}) {
		return nil, fail(50013)
	}
	s.removeMember(g, id)
	g.bans[id] = c.reason
	s.note(g, auditBanAdd, s.appID, id, c.reason)
	return nil, nil
}

func (s *Server) unban(c *call) (any, error) {
	g, err := s.guildWith(c, BanMembers)
	if err != nil {
		return nil, err
	}
	id := c.r.PathValue("user")
	if _, banned := g.bans[id]; !banned {
		return nil, fail(10026)
	}
	delete(g.bans, id)
	s.note(g, auditBanRemove, s.appID, id, c.reason)
	return nil, nil
}
