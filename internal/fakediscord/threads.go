package fakediscord

import (
	"cmp"
	"slices"
)

func (s *Server) threadView(view object, ch *channel) object {
	metadata := object{
		"archived": ch.archived, "locked": ch.locked, "auto_archive_duration": ch.archiveAfter,
		"archive_timestamp": stamp(ch.created), "create_timestamp": stamp(ch.created),
	}
	if !ch.archivedAt.IsZero() {
		metadata["archive_timestamp"] = stamp(ch.archivedAt)
	}
	if ch.kind == PrivateThread {
		metadata["invitable"] = ch.invitable
	}
	view["owner_id"], view["thread_metadata"] = ch.owner, metadata
	view["message_count"], view["total_message_sent"] = len(ch.messages), len(ch.messages)
	view["member_count"] = len(ch.threadMembers)
	if s.channels[ch.parent].isForum() {
		view["applied_tags"] = roleIDs(ch.appliedTags)
	}
	return view
}

// threadBody is what a thread can be made or changed to.
type threadBody struct {
	Name      *string   `json:"name"`
	Type      *int      `json:"type"`
	Archived  *bool     `json:"archived"`
	Locked    *bool     `json:"locked"`
	Invitable *bool     `json:"invitable"`
	Archive   *int      `json:"auto_archive_duration"`
	Slowmode  *int      `json:"rate_limit_per_user"`
	Flags     *int      `json:"flags"`
	Tags      *[]string `json:"applied_tags"`
}

func (s *Server) editThread(c *call, ch *channel) (any, error) {
	var body threadBody
	if err := c.into(&body); err != nil {
		return nil, err
	}
	manager := s.allowed(ch, ManageThreads)
	reopens := body.Archived != nil && !*body.Archived
	switch {
	case !manager && (ch.owner != s.appID || ch.locked || body.Locked != nil && *body.Locked):
		return nil, fail(50013)
	case ch.archived && !reopens:
		return nil, fail(50083)
	}
	if body.Tags != nil {
		if err := s.checkTags(s.channels[ch.parent], *body.Tags); err != nil {
			return nil, err
		}
		ch.appliedTags = *body.Tags
	}
	set(&ch.name, body.Name)
	set(&ch.locked, body.Locked)
	set(&ch.invitable, body.Invitable)
	set(&ch.archiveAfter, body.Archive)
	set(&ch.slowmode, body.Slowmode)
	set(&ch.flags, body.Flags)
	if body.Archived != nil && *body.Archived != ch.archived {
		ch.archived, ch.archivedAt, ch.active = *body.Archived, s.now(), s.now()
	}
	s.note(s.guilds[ch.guild], auditThreadUpdate, s.appID, ch.id, c.reason)
	return s.channelView(ch), nil
}

// createThread makes a thread without a message, or a forum post with one.
func (s *Server) createThread(c *call) (any, error) {
	parent, err := s.channelOf(c)
	if err != nil {
		return nil, err
	}
	var body threadBody
	if err := c.into(&body); err != nil {
		return nil, err
	}
	if parent.isForum() {
		return s.createPost(c, parent, body)
	}
	kind, need := PublicThread, CreatePublicThreads
	set(&kind, body.Type)
	switch kind {
	case PublicThread:
	case PrivateThread:
		need = CreatePrivateThreads
	default:
		return nil, wrong("type", "Value must be one of {11, 12}.")
	}
	if parent.kind != TextChannel && (parent.kind != Announcement || kind == PrivateThread) {
		return nil, fail(50024)
	}
	if !s.allowed(parent, need) {
		return nil, fail(50013)
	}
	th, err := s.openThread(parent, s.ids.next(s.now()), kind, body)
	if err != nil {
		return nil, err
	}
	s.note(s.guilds[parent.guild], auditThreadCreate, s.appID, th.id, c.reason)
	return created{s.channelView(th)}, nil
}

// openThread makes a thread of the bot's.
func (s *Server) openThread(parent *channel, id string, kind int, body threadBody) (*channel, error) {
	g := s.guilds[parent.guild]
	if s.activeThreads(g) >= maxActiveThreads {
		return nil, fail(160006)
	}
	now := s.now()
	th := &channel{
		id: id, guild: g.id, kind: kind, parent: parent.id, owner: s.appID, created: now, active: now,
		archiveAfter: defaultArchiveMin, invitable: true, threadMembers: map[string]bool{s.appID: true},
	}
	set(&th.name, body.Name)
	set(&th.archiveAfter, body.Archive)
	set(&th.invitable, body.Invitable)
	set(&th.slowmode, body.Slowmode)
	s.keepChannel(g, th)
	parent.last = id
	return th, nil
}

func (s *Server) activeThreads(g *guild) int {
	n := 0
	for _, ch := range g.channels {
		ch.settle(s.now())
		if ch.isThread() && !ch.archived {
			n++
		}
	}
	return n
}

func (s *Server) createPost(c *call, forum *channel, body threadBody) (any, error) {
	if !s.allowed(forum, SendMessages) {
		return nil, fail(50013)
	}
	starter, _ := c.object()["message"].(object)
	var tags []string
	set(&tags, body.Tags)
	if err := s.checkTags(forum, tags); err != nil {
		return nil, err
	}
	draft, err := s.draft(c, forum, starter)
	if err != nil {
		return nil, err
	}
	th, err := s.openThread(forum, draft.id, PublicThread, body)
	if err != nil {
		return nil, err
	}
	th.appliedTags = tags
	s.post(th, draft)
	s.note(s.guilds[forum.guild], auditThreadCreate, s.appID, th.id, c.reason)
	view := s.channelView(th)
	view["message"] = s.messageView(draft)
	return created{view}, nil
}

func (s *Server) checkTags(forum *channel, tags []string) error {
	if forum.flags&flagRequireTag != 0 && len(tags) == 0 {
		return fail(40067)
	}
	for _, id := range tags {
		i := slices.IndexFunc(forum.tags, func(t object) bool { return t["id"] == id })
		if i < 0 {
			return fail(10087)
		}
		if forum.tags[i]["moderated"] == true && !s.allowed(forum, ManageThreads) {
			return fail(50013)
		}
	}
	return nil
}

func (s *Server) createThreadOnMessage(c *call) (any, error) {
	parent, err := s.channelWith(c, CreatePublicThreads|ReadMessageHistory)
	if err != nil {
		return nil, err
	}
	m := parent.find(c.r.PathValue("message"))
	switch {
	case m == nil:
		return nil, fail(10008)
	case s.channels[m.id] != nil:
		return nil, fail(160004)
	}
	var body threadBody
	if err := c.into(&body); err != nil {
		return nil, err
	}
	th, err := s.openThread(parent, m.id, PublicThread, body)
	if err != nil {
		return nil, err
	}
	return created{s.channelView(th)}, nil
}

func (s *Server) listActiveThreads(c *call) (any, error) {
	g, err := s.guildOf(c)
	if err != nil {
		return nil, err
	}
	threads, members := []object{}, []object{}
	for _, ch := range slices.Backward(sorted(g.channels)) {
		ch.settle(s.now())
		if !ch.isThread() || ch.archived || !s.allowed(ch, ViewChannel) {
			continue
		}
		threads = append(threads, s.channelView(ch))
		if ch.threadMembers[s.appID] {
			members = append(members, threadMember(ch, s.appID))
		}
	}
	return object{"threads": threads, "members": members}, nil
}

func (s *Server) listArchivedThreads(c *call) (any, error) {
	parent, err := s.channelWith(c, ReadMessageHistory)
	if err != nil {
		return nil, err
	}
	kind := PublicThread
	if path := c.r.URL.Path; path[len(path)-len("private"):] == "private" {
		kind = PrivateThread
		if !s.allowed(parent, ManageThreads) {
			return nil, fail(50013)
		}
	}
	limit, err := c.limit(50, 100)
	if err != nil {
		return nil, err
	}
	list := slices.DeleteFunc(sorted(s.guilds[parent.guild].channels), func(ch *channel) bool {
		ch.settle(s.now())
		return ch.parent != parent.id || ch.kind != kind || !ch.archived ||
			c.tooLate(ch.archivedAt)
	})
	slices.SortStableFunc(list, func(a, b *channel) int { return cmp.Compare(b.archivedAt.UnixNano(), a.archivedAt.UnixNano()) })
	more := len(list) > limit
	threads := []object{}
	for _, ch := range list[:min(limit, len(list))] {
		threads = append(threads, s.channelView(ch))
	}
	return object{"threads": threads, "members": []object{}, "has_more": more}, nil
}

func threadMember(ch *channel, userID string) object {
	return object{"id": ch.id, "user_id": userID, "join_timestamp": stamp(ch.created), "flags": 0}
}
