package fakediscord

import "slices"

// threadOf returns the thread of the path.
func (s *Server) threadOf(c *call) (*channel, error) {
	ch, err := s.channelOf(c)
	if err != nil {
		return nil, err
	}
	if !ch.isThread() {
		return nil, fail(50024)
	}
	return ch, nil
}

func (s *Server) threadUser(c *call) string {
	if id := c.r.PathValue("user"); id != "@me" {
		return id
	}
	return s.appID
}

func (s *Server) listThreadMembers(c *call) (any, error) {
	ch, err := s.threadOf(c)
	if err != nil {
		return nil, err
	}
	if !s.membersIntent {
		return nil, fail(50001)
	}
	ids := []string{}
	for id := range ch.threadMembers {
		ids = append(ids, id)
	}
	slices.SortFunc(ids, compareIDs)
	list := []object{}
	for _, id := range ids {
		list = append(list, threadMember(ch, id))
	}
	return list, nil
}

func (s *Server) getThreadMember(c *call) (any, error) {
	ch, err := s.threadOf(c)
	if err != nil {
		return nil, err
	}
	id := s.threadUser(c)
	if !ch.threadMembers[id] {
		return nil, fail(10007)
	}
	return threadMember(ch, id), nil
}

func (s *Server) addThreadMember(c *call) (any, error) {
	ch, err := s.threadOf(c)
	if err != nil {
		return nil, err
	}
	id := s.threadUser(c)
	switch {
	case ch.archived:
		return nil, fail(50083)
	case s.users[id] == nil:
		return nil, fail(10013)
	case !s.guilds[ch.guild].permissionsIn(s.channels[ch.parent], id).Has(ViewChannel): // nor is a member
		return nil, fail(50001)
	case id != s.appID && !s.allowed(ch, SendMessagesInThreads):
		return nil, fail(50013)
	}
	ch.threadMembers[id] = true
	return nil, nil
}

func (s *Server) removeThreadMember(c *call) (any, error) {
	ch, err := s.threadOf(c)
	if err != nil {
		return nil, err
	}
	id := s.threadUser(c)
	owned := ch.kind == PrivateThread && ch.owner == s.appID
	switch {
	case ch.archived:
		return nil, fail(50083)
	case id != s.appID && !owned && !s.allowed(ch, ManageThreads):
		return nil, fail(50013)
	case !ch.threadMembers[id]:
		return nil, fail(10007)
	}
	delete(ch.threadMembers, id)
	return nil, nil
}
