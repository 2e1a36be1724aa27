package fakediscord

import (
	"slices"
	"time"
)

// nonceWindow is how long a nonce is remembered: what Discord calls a few minutes.
const nonceWindow = 3 * time.Minute

func (s *Server) createMessage(c *call) (any, error) {
	ch, err := s.channelOf(c)
	if err != nil {
		return nil, err
	}
	if err := s.maySend(ch); err != nil {
		return nil, err
	}
	body := c.object()
	key := nonceKey(body)
	if first, found := s.nonces[key]; found && key != "" && s.now().Sub(first.at) < nonceWindow {
		return s.repeated(first)
	}
	m, err := s.draft(c, ch, body)
	if err != nil {
		return nil, err
	}
	s.post(ch, m)
	if key != "" {
		s.nonces[key] = nonce{message: m.id, channel: ch.id, at: s.now()}
	}
	return s.messageView(m), nil
}

// nonceKey returns the nonce that body wants enforced, "" if none. Discord
// compares the nonces of one author, and the bot is the only author here.
func nonceKey(body object) string {
	if body["enforce_nonce"] != true || body["nonce"] == nil {
		return ""
	}
	return textOf(body["nonce"])
}

// repeated answers a repeat within the window with the first message.
func (s *Server) repeated(first nonce) (any, error) {
	if ch := s.channels[first.channel]; ch != nil {
		if m := ch.find(first.message); m != nil {
			return s.messageView(m), nil
		}
	}
	return nil, fail(10008)
}

// maySend checks that the bot can post in ch, and reopens an archived thread
// as Discord does.
func (s *Server) maySend(ch *channel) error {
	switch {
	case ch.guild == "" && !s.reachable(ch.recipient):
		return fail(50007)
	case ch.kind == Category || ch.isForum():
		return fail(50008)
	case !ch.isThread():
		if !s.allowed(ch, SendMessages) {
			return fail(50013)
		}
		return nil
	case !s.allowed(ch, SendMessagesInThreads):
		return fail(50013)
	case ch.locked && !s.allowed(ch, ManageThreads):
		return fail(160005)
	}
	return nil
}

// post puts m into ch. A message in an archived thread opens it again.
func (s *Server) post(ch *channel, m *message) {
	m.channel = ch.id
	ch.messages = append(ch.messages, m)
	if m.seenBy != "" {
		return
	}
	ch.last, ch.active = m.id, s.now()
	if ch.archived {
		ch.archived, ch.archivedAt = false, s.now()
	}
}

func (s *Server) listMessages(c *call) (any, error) {
	ch, err := s.channelOf(c)
	if err != nil {
		return nil, err
	}
	limit, err := c.limit(50, 100)
	if err != nil {
		return nil, err
	}
	list := []object{}
	if !s.allowed(ch, ReadMessageHistory) {
		return list, nil
	}
	visible := slices.DeleteFunc(slices.Clone(ch.messages), func(m *message) bool { return m.seenBy != "" })
	query := c.r.URL.Query()
	for _, m := range slices.Backward(window(visible, query.Get("before"), query.Get("after"), query.Get("around"), limit)) {
		list = append(list, s.messageView(m))
	}
	return list, nil
}

// window cuts the part of list (oldest first) that a query asks for.
func window(list []*message, before, after, around string, limit int) []*message {
	index := func(id string) int {
		i, _ := slices.BinarySearchFunc(list, id, func(m *message, id string) int { return compareIDs(m.id, id) })
		return i
	}
	switch {
	case around != "":
		from := max(index(around)-limit/2, 0)
		return list[from:min(from+limit, len(list))]
	case after != "":
		from := index(after)
		if from < len(list) && list[from].id == after {
			from++
		}
		return list[from:min(from+limit, len(list))]
	case before != "":
		list = list[:index(before)]
	}
	return list[max(len(list)-limit, 0):]
}

// messageOf returns the channel and the message of the path.
func (s *Server) messageOf(c *call) (*channel, *message, error) {
	ch, err := s.channelOf(c)
	if err != nil {
		return nil, nil, err
	}
	m := ch.find(c.r.PathValue("message"))
	if m == nil {
		return nil, nil, fail(10008)
	}
	return ch, m, nil
}

func (s *Server) getMessage(c *call) (any, error) {
	ch, err := s.channelOf(c)
	if err != nil {
		return nil, err
	}
	if !s.allowed(ch, ReadMessageHistory) {
		return nil, fail(50001)
	}
	_, m, err := s.messageOf(c)
	if err != nil {
		return nil, err
	}
	return s.messageView(m), nil
}

func (s *Server) editMessage(c *call) (any, error) {
	ch, m, err := s.messageOf(c)
	switch {
	case err != nil:
		return nil, err
	case m.author != s.appID:
		return nil, fail(50005)
	case ch.archived:
		return nil, fail(50083)
	}
	body := c.object()
	if len(c.files) > 0 && !s.allowed(ch, AttachFiles) {
		return nil, fail(50013)
	}
	if err := s.revise(c, m, body); err != nil {
		return nil, err
	}
	return s.messageView(m), nil
}

func (s *Server) deleteMessage(c *call) (any, error) {
	ch, m, err := s.messageOf(c)
	if err != nil {
		return nil, err
	}
	if m.author != s.appID {
		if !s.allowed(ch, ManageMessages) {
			return nil, fail(50013)
		}
		s.note(s.guilds[ch.guild], auditMessageDelete, s.appID, m.author, c.reason)
	}
	ch.drop(m.id)
	return nil, nil
}

func (ch *channel) drop(id string) {
	ch.messages = slices.DeleteFunc(ch.messages, func(m *message) bool { return m.id == id })
}

func (s *Server) listPins(c *call) (any, error) {
	ch, err := s.channelOf(c)
	if err != nil {
		return nil, err
	}
	items := []object{}
	for _, m := range slices.Backward(ch.messages) {
		if m.pinned {
			items = append(items, object{"pinned_at": stamp(m.created), "message": s.messageView(m)})
		}
	}
	return object{"items": items, "has_more": false}, nil
}

func (s *Server) pin(c *call) (any, error) { return s.setPinned(c, true) }

func (s *Server) unpin(c *call) (any, error) { return s.setPinned(c, false) }

func (s *Server) setPinned(c *call, pinned bool) (any, error) {
	ch, m, err := s.messageOf(c)
	if err != nil {
		return nil, err
	}
	if !s.allowed(ch, PinMessages) {
		return nil, fail(50013)
	}
	n := 0
	for _, other := range ch.messages {
		if other.pinned {
			n++
		}
	}
	if pinned && !m.pinned && n >= 50 {
		return nil, fail(30003)
	}
	m.pinned = pinned
	return nil, nil
}
