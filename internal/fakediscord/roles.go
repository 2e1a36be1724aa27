package fakediscord

import (
	"cmp"
	"slices"
)

const maxRoles = 250

func (r *role) view() object {
	view := object{
		"id": r.id, "name": r.name, "description": nil, "color": r.color,
		"colors": object{"primary_color": r.color, "secondary_color": nil, "tertiary_color": nil},
		"hoist":  r.hoist, "icon": nil, "unicode_emoji": nil, "position": r.position,
		"permissions": r.permissions, "managed": r.managed, "mentionable": r.mentionable, "flags": 0,
	}
	if r.botID != "" {
		view["tags"] = object{"bot_id": r.botID}
	}
	return view
}

func (g *guild) roleViews() []object {
	list := []object{}
	for _, r := range sorted(g.roles) {
		list = append(list, r.view())
	}
	return list
}

func (s *Server) listRoles(c *call) (any, error) {
	g, err := s.guildOf(c)
	if err != nil {
		return nil, err
	}
	return g.roleViews(), nil
}

func (s *Server) getRole(c *call) (any, error) {
	g, err := s.guildOf(c)
	if err != nil {
		return nil, err
	}
	r, err := g.roleOf(c)
	if err != nil {
		return nil, err
	}
	return r.view(), nil
}

// countRoleMembers leaves @everyone out, as Discord does.
func (s *Server) countRoleMembers(c *call) (any, error) {
	g, err := s.guildOf(c)
	if err != nil {
		return nil, err
	}
	counts := map[string]int{}
	for id := range g.roles {
		if id != g.id {
			counts[id] = 0
		}
	}
	for _, m := range g.members {
		for _, id := range m.roles {
			counts[id]++
		}
	}
	return counts, nil
}

// roleBody is what a role can be made or changed to.
type roleBody struct {
	Name        *string     `json:"name"`
	Permissions *Permission `json:"permissions"`
	Color       *int        `json:"color"`
	Hoist       *bool       `json:"hoist"`
	Mentionable *bool       `json:"mentionable"`
}

func (b roleBody) apply(r *role) {
	set(&r.name, b.Name)
	set(&r.permissions, b.Permissions)
	set(&r.color, b.Color)
	set(&r.hoist, b.Hoist)
	set(&r.mentionable, b.Mentionable)
}

// set copies a value that was stated.
func set[T any](to *T, from *T) {
	if from != nil {
		*to = *from
	}
}

func (s *Server) createRole(c *call) (any, error) {
	g, err := s.guildWith(c, ManageRoles)
	if err != nil {
		return nil, err
	}
	var body roleBody
	if err := c.into(&body); err != nil {
		return nil, err
	}
	if body.Permissions != nil && !g.ownPermissions(s.appID).Has(*body.Permissions) {
		return nil, fail(50013)
	}
	if len(g.roles) >= maxRoles {
		return nil, fail(30005)
	}
	r := s.newRole(g, "new role", 1)
	r.permissions = g.roles[g.id].permissions
	body.apply(r)
	s.note(g, auditRoleCreate, s.appID, r.id, c.reason)
	return r.view(), nil
}

// newRole makes a role at a position; roles at and above position 1 move up for one at 1.
func (s *Server) newRole(g *guild, name string, position int) *role {
	r := &role{id: s.ids.next(s.now()), name: name, position: position}
	if position == 1 {
		for _, other := range g.roles {
			if other.position >= 1 {
				other.position++
			}
		}
	}
	g.roles[r.id] = r
	return r
}

func (s *Server) editRole(c *call) (any, error) {
	g, err := s.guildWith(c, ManageRoles)
	if err != nil {
		return nil, err
	}
	r, err := g.roleOf(c)
	if err != nil {
		return nil, err
	}
	var body roleBody
	if err := c.into(&body); err != nil {
		return nil, err
	}
	granted := body.Permissions != nil && !g.ownPermissions(s.appID).Has(*body.Permissions&^r.permissions)
	if !g.outranks(s.appID, r) || granted {
		return nil, fail(50013)
	}
	body.apply(r)
	s.note(g, auditRoleUpdate, s.appID, r.id, c.reason)
	return r.view(), nil
}

func (s *Server) deleteRole(c *call) (any, error) {
	g, err := s.guildWith(c, ManageRoles)
	if err != nil {
		return nil, err
	}
	r, err := g.roleOf(c)
	if err != nil {
		return nil, err
	}
	if r.managed || r.id == g.id {
		return nil, fail(50028)
	}
	if !g.outranks(s.appID, r) {
		return nil, fail(50013)
	}
	s.dropRole(g, r.id)
	s.note(g, auditRoleDelete, s.appID, r.id, c.reason)
	return nil, nil
}

func (s *Server) dropRole(g *guild, id string) {
	delete(g.roles, id)
	for _, m := range g.members {
		m.roles = slices.DeleteFunc(m.roles, func(r string) bool { return r == id })
	}
	for _, ch := range g.channels {
		ch.overwrites = slices.DeleteFunc(ch.overwrites, func(o Overwrite) bool { return o.ID == id })
	}
	for _, i := range s.invites {
		i.roles = slices.DeleteFunc(i.roles, func(r string) bool { return r == id })
	}
}

// grantable reports whether the bot may give or take r.
func (s *Server) grantable(g *guild, r *role) error {
	switch {
	case r.id == g.id:
		return fail(50028)
	case r.managed, !g.outranks(s.appID, r):
		return fail(50013)
	}
	return nil
}

func (s *Server) grantRole(c *call) (any, error) { return s.changeRoles(c, true) }

func (s *Server) revokeRole(c *call) (any, error) { return s.changeRoles(c, false) }

func (s *Server) changeRoles(c *call, grant bool) (any, error) {
	g, err := s.guildWith(c, ManageRoles)
	if err != nil {
		return nil, err
	}
	m, err := s.memberOf(g, c)
	if err != nil {
		return nil, err
	}
	r, err := g.roleOf(c)
	if err != nil {
		return nil, err
	}
	if err := s.grantable(g, r); err != nil {
		return nil, err
	}
	key := "$remove"
	if grant {
		key = "$add"
		m.grant(r.id)
	} else {
		m.roles = slices.DeleteFunc(m.roles, func(id string) bool { return id == r.id })
	}
	change := object{"key": key, "new_value": []object{{"id": r.id, "name": r.name}}}
	s.note(g, auditMemberRoles, s.appID, m.user, c.reason, change)
	return nil, nil
}

func (m *member) grant(roleID string) {
	if !m.has(roleID) {
		m.roles = append(m.roles, roleID)
	}
}

// ranked returns the roles of g, highest first.
func (g *guild) ranked() []*role {
	list := sorted(g.roles)
	slices.SortStableFunc(list, func(a, b *role) int { return cmp.Compare(b.position, a.position) })
	return list
}
