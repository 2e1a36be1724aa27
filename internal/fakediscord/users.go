package fakediscord

import (
	"net/http"
)

func (s *Server) userView(id string) object {
	u := s.users[id]
	if u == nil {
		u = &user{id: id, name: "Deleted User"}
	}
	view := object{
		"id": u.id, "username": u.name, "discriminator": "0", "global_name": text(u.name),
		"avatar": text(u.avatar), "public_flags": 0, "flags": 0,
		"banner": nil, "accent_color": nil, "avatar_decoration_data": nil,
	}
	if u.bot {
		view["bot"], view["global_name"], view["discriminator"] = true, nil, "0001"
	}
	return view
}

func (s *Server) getMe(*call) (any, error) {
	view := s.userView(s.appID)
	view["verified"], view["mfa_enabled"], view["locale"], view["email"] = true, true, "en-US", nil
	return view, nil
}

func (s *Server) getUser(c *call) (any, error) {
	if s.users[c.r.PathValue("user")] == nil {
		return nil, fail(10013)
	}
	return s.userView(c.r.PathValue("user")), nil
}

func (s *Server) getMyGuilds(*call) (any, error) {
	list := []object{}
	for _, g := range sorted(s.guilds) {
		if g.members[s.appID] == nil {
			continue
		}
		list = append(list, object{
			"id": g.id, "name": g.info.Name, "icon": text(g.info.Icon), "banner": nil, "owner": false,
			"permissions": g.ownPermissions(s.appID), "features": g.features(),
		})
	}
	return list, nil
}

func (s *Server) leaveGuild(c *call) (any, error) {
	g, err := s.guildOf(c)
	if err != nil {
		return nil, err
	}
	s.removeMember(g, s.appID)
	return nil, nil
}

func (s *Server) getApplication(*call) (any, error) {
	guilds := 0
	for _, g := range s.guilds {
		if g.members[s.appID] != nil {
			guilds++
		}
	}
	return object{
		"id": s.appID, "name": "Entente", "icon": nil, "description": "", "summary": "",
		"bot_public": true, "bot_require_code_grant": false, "verify_key": s.PublicKey(),
		"flags": s.applicationFlags(), "bot": s.userView(s.appID), "tags": []string{},
		"interactions_endpoint_url": text(s.endpoint), "approximate_guild_count": guilds,
		"integration_types_config": object{"0": object{}},
	}, nil
}

// applicationFlags tells whether the Server Members intent is switched on.
func (s *Server) applicationFlags() int {
	if s.membersIntent {
		return 1 << 15 // GATEWAY_GUILD_MEMBERS_LIMITED
	}
	return 0
}

// openDM opens a direct message. It works even with people who take none:
// only sending fails.
func (s *Server) openDM(c *call) (any, error) {
	var body struct {
		Recipient string `json:"recipient_id"`
	}
	if err := c.into(&body); err != nil {
		return nil, err
	}
	u := s.users[body.Recipient]
	if u == nil || u.bot {
		return nil, fail(50033)
	}
	return s.channelView(s.directMessage(u.id)), nil
}

func (s *Server) directMessage(userID string) *channel {
	for _, ch := range s.channels {
		if ch.kind == DirectMessage && ch.recipient == userID {
			return ch
		}
	}
	ch := &channel{id: s.ids.next(s.now()), kind: DirectMessage, recipient: userID, created: s.now()}
	s.channels[ch.id] = ch
	return ch
}

// reachable reports whether the bot can send direct messages to a user: they
// share a guild, and the user takes messages.
func (s *Server) reachable(userID string) bool {
	u := s.users[userID]
	if u == nil || u.refusesDMs {
		return false
	}
	for _, g := range s.guilds {
		if g.members[userID] != nil && g.members[s.appID] != nil {
			return true
		}
	}
	return false
}

func (s *Server) typing(c *call) (any, error) {
	if _, err := s.channelWith(c, SendMessages); err != nil {
		return nil, err
	}
	return nil, nil
}

// foreignApplication refuses calls about an application that is not this one.
func (s *Server) foreignApplication(c *call) error {
	if c.r.PathValue("application") != s.appID {
		return &apiError{Status: http.StatusForbidden, Code: 20012, Message: "You are not authorized to perform this action on this application"}
	}
	return nil
}
