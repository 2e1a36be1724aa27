package fakediscord

import (
	"slices"
)

func (s *Server) editChannel(c *call) (any, error) {
	ch, err := s.channelOf(c)
	if err != nil {
		return nil, err
	}
	switch {
	case ch.guild == "":
		return nil, fail(50024)
	case ch.isThread():
		return s.editThread(c, ch)
	case !s.allowed(ch, ManageChannels):
		return nil, fail(50013)
	}
	g := s.guilds[ch.guild]
	var body channelBody
	if err := c.into(&body); err != nil {
		return nil, err
	}
	if c.has("permission_overwrites") && !s.allowed(ch, ManageRoles) {
		return nil, fail(50013)
	}
	if err := s.shape(g, ch, body); err != nil {
		return nil, err
	}
	if c.has("parent_id") && body.Parent == nil {
		ch.parent = ""
	}
	s.note(g, auditChannelUpdate, s.appID, ch.id, c.reason)
	return s.channelView(ch), nil
}

func (s *Server) deleteChannel(c *call) (any, error) {
	ch, err := s.channelOf(c)
	if err != nil {
		return nil, err
	}
	view := s.channelView(ch)
	if ch.guild == "" {
		return view, nil // closing a direct message forgets nothing
	}
	need, event := ManageChannels, auditChannelDelete
	if ch.isThread() {
		need, event = ManageThreads, auditThreadDelete
	}
	if !s.allowed(ch, need) {
		return nil, fail(50013)
	}
	g := s.guilds[ch.guild]
	s.dropChannel(g, ch)
	s.note(g, event, s.appID, ch.id, c.reason)
	return view, nil
}

// dropChannel removes a channel, its threads and its invites. Channels of a
// category stay, without it.
func (s *Server) dropChannel(g *guild, ch *channel) {
	delete(g.channels, ch.id)
	delete(s.channels, ch.id)
	for _, child := range g.channels {
		if child.parent != ch.id {
			continue
		}
		if child.isThread() {
			delete(g.channels, child.id)
			delete(s.channels, child.id)
		} else {
			child.parent = ""
		}
	}
	for code, i := range s.invites {
		if i.channel == ch.id {
			delete(s.invites, code)
		}
	}
}

// moveChannels is Modify Guild Channel Positions.
func (s *Server) moveChannels(c *call) (any, error) {
	g, err := s.guildWith(c, ManageChannels)
	if err != nil {
		return nil, err
	}
	var body []struct {
		ID       string  `json:"id"`
		Position *int    `json:"position"`
		Parent   *string `json:"parent_id"`
	}
	if err := c.into(&body); err != nil {
		return nil, err
	}
	for _, move := range body {
		ch := g.channels[move.ID]
		if ch == nil {
			return nil, fail(10003)
		}
		if err := s.shape(g, ch, channelBody{Position: move.Position, Parent: move.Parent}); err != nil {
			return nil, err
		}
	}
	return nil, nil
}

func (s *Server) setOverwrite(c *call) (any, error) {
	ch, err := s.channelWith(c, ManageRoles)
	if err != nil {
		return nil, err
	}
	o := Overwrite{ID: c.r.PathValue("overwrite")}
	if err := c.into(&o); err != nil {
		return nil, err
	}
	o.ID = c.r.PathValue("overwrite")
	if err := s.mayOverwrite(s.guilds[ch.guild], ch, []Overwrite{o}); err != nil {
		return nil, err
	}
	ch.setOverwrite(o)
	return nil, nil
}

func (ch *channel) setOverwrite(o Overwrite) {
	ch.overwrites = slices.DeleteFunc(ch.overwrites, func(old Overwrite) bool { return old.ID == o.ID })
	ch.overwrites = append(ch.overwrites, o)
}

func (s *Server) deleteOverwrite(c *call) (any, error) {
	ch, err := s.channelWith(c, ManageRoles)
	if err != nil {
		return nil, err
	}
	id := c.r.PathValue("overwrite")
	if !slices.ContainsFunc(ch.overwrites, func(o Overwrite) bool { return o.ID == id }) {
		return nil, fail(10009)
	}
	ch.overwrites = slices.DeleteFunc(ch.overwrites, func(o Overwrite) bool { return o.ID == id })
	return nil, nil
}
