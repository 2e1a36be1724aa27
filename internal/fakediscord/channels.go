package fakediscord

import (
	"cmp"
	"slices"
)

// Discord's limits on channels.
const (
	maxChannels       = 500
	maxCategory       = 50
	maxActiveThreads  = 1000
	defaultArchiveMin = 4320 // minutes
)

// Kinds of overwrites.
const (
	OverwriteRole   = 0
	OverwriteMember = 1
)

// An Overwrite changes permissions in one channel for a role or a member.
type Overwrite struct {
	ID    string     `json:"id"`
	Type  int        `json:"type"`
	Allow Permission `json:"allow"`
	Deny  Permission `json:"deny"`
}

func (s *Server) channelView(ch *channel) object {
	view := object{"id": ch.id, "type": ch.kind, "flags": ch.flags, "last_message_id": text(ch.last)}
	if ch.kind == DirectMessage {
		view["recipients"] = []object{s.userView(ch.recipient)}
		return view
	}
	view["guild_id"], view["name"], view["rate_limit_per_user"] = ch.guild, ch.name, ch.slowmode
	view["parent_id"] = text(ch.parent)
	if ch.isThread() {
		return s.threadView(view, ch)
	}
	view["position"], view["topic"], view["nsfw"] = ch.position, text(ch.topic), ch.nsfw
	view["permission_overwrites"] = append([]Overwrite{}, ch.overwrites...)
	switch {
	case ch.isForum():
		view["available_tags"] = append([]object{}, ch.tags...)
		view["default_reaction_emoji"], view["default_sort_order"], view["default_forum_layout"] = nil, nil, 0
	case ch.kind == VoiceChannel:
		view["bitrate"], view["user_limit"], view["rtc_region"] = 64000, 0, nil
	case ch.kind == Category:
		delete(view, "topic")
		delete(view, "last_message_id")
	}
	return view
}

func (s *Server) getChannel(c *call) (any, error) {
	ch, err := s.channelOf(c)
	if err != nil {
		return nil, err
	}
	return s.channelView(ch), nil
}

// inOrder returns the channels of g that are no threads, by position.
func (g *guild) inOrder() []*channel {
	list := slices.DeleteFunc(sorted(g.channels), func(ch *channel) bool { return ch.isThread() })
	slices.SortStableFunc(list, func(a, b *channel) int { return cmp.Compare(a.position, b.position) })
	return list
}

func (s *Server) listChannels(c *call) (any, error) {
	g, err := s.guildOf(c)
	if err != nil {
		return nil, err
	}
	list := []object{}
	for _, ch := range g.inOrder() {
		list = append(list, s.channelView(ch))
	}
	return list, nil
}

// channelBody is what a channel can be made or changed to.
type channelBody struct {
	Type       *int         `json:"type"`
	Name       *string      `json:"name"`
	Topic      *string      `json:"topic"`
	NSFW       *bool        `json:"nsfw"`
	Position   *int         `json:"position"`
	Parent     *string      `json:"parent_id"`
	Slowmode   *int         `json:"rate_limit_per_user"`
	Flags      *int         `json:"flags"`
	Overwrites *[]Overwrite `json:"permission_overwrites"`
	Tags       *[]object    `json:"available_tags"`
}

func (s *Server) createChannel(c *call) (any, error) {
	g, err := s.guildWith(c, ManageChannels)
	if err != nil {
		return nil, err
	}
	var body channelBody
	if err := c.into(&body); err != nil {
		return nil, err
	}
	if body.Name == nil || *body.Name == "" {
		return nil, wrong("name", "This field is required")
	}
	if len(g.inOrder()) >= maxChannels {
		return nil, fail(30013)
	}
	ch := &channel{guild: g.id, position: len(g.channels), created: s.now()}
	set(&ch.kind, body.Type)
	if err := s.shape(g, ch, body); err != nil {
		return nil, err
	}
	ch.id = s.ids.next(s.now())
	s.keepChannel(g, ch)
	s.note(g, auditChannelCreate, s.appID, ch.id, c.reason)
	return created{s.channelView(ch)}, nil
}

func (s *Server) keepChannel(g *guild, ch *channel) {
	g.channels[ch.id] = ch
	s.channels[ch.id] = ch
}

// shape checks body and applies it to ch. It changes nothing if it refuses.
func (s *Server) shape(g *guild, ch *channel, body channelBody) error {
	if body.Parent != nil && *body.Parent != ch.parent {
		if err := g.roomUnder(*body.Parent); err != nil {
			return err
		}
	}
	if body.Overwrites != nil {
		if err := s.mayOverwrite(g, ch, *body.Overwrites); err != nil {
			return err
		}
		ch.overwrites = *body.Overwrites
	} else if body.Parent != nil && ch.id == "" {
		ch.overwrites = slices.Clone(g.channels[*body.Parent].overwrites)
	}
	set(&ch.name, body.Name)
	set(&ch.topic, body.Topic)
	set(&ch.nsfw, body.NSFW)
	set(&ch.position, body.Position)
	set(&ch.parent, body.Parent)
	set(&ch.slowmode, body.Slowmode)
	set(&ch.flags, body.Flags)
	if body.Tags != nil {
		ch.tags = s.nameTags(*body.Tags)
		g.untag(ch)
	}
	return nil
}

// untag takes from the posts of a forum the tags that it has no more.
func (g *guild) untag(forum *channel) {
	for _, post := range g.channels {
		if post.parent == forum.id {
			post.appliedTags = slices.DeleteFunc(post.appliedTags, func(id string) bool {
				return !slices.ContainsFunc(forum.tags, func(t object) bool { return t["id"] == id })
			})
		}
	}
}

// roomUnder refuses what is no category of g, and a category that is full.
func (g *guild) roomUnder(parent string) error {
	category := g.channels[parent]
	if category == nil || category.kind != Category {
		return wrongly("parent_id", "CHANNEL_PARENT_INVALID", "Category does not exist")
	}
	n := 0
	for _, ch := range g.channels {
		if ch.parent == parent {
			n++
		}
	}
	if n >= maxCategory {
		return wrongly("parent_id", "CHANNEL_PARENT_MAX_CHANNELS", "Maximum number of channels in category reached (50)")
	}
	return nil
}

// mayOverwrite checks that the bot gives and takes only what it has itself.
// Manage Roles in a channel is for administrators to hand out.
func (s *Server) mayOverwrite(g *guild, ch *channel, list []Overwrite) error {
	own := g.ownPermissions(s.appID)
	if ch.id != "" {
		own |= g.permissionsIn(ch, s.appID)
	}
	for _, o := range list {
		was := ch.overwrite(o.ID)
		changed := o.Allow ^ was.Allow | o.Deny ^ was.Deny
		if !own.Has(changed) || changed.Has(ManageRoles) && !own.Has(Administrator) {
			return fail(50013)
		}
		if o.Type == OverwriteRole && g.roles[o.ID] == nil {
			return fail(10009)
		}
	}
	return nil
}

func (ch *channel) overwrite(id string) Overwrite {
	for _, o := range ch.overwrites {
		if o.ID == id {
			return o
		}
	}
	return Overwrite{ID: id}
}

// nameTags gives new forum tags their IDs.
func (s *Server) nameTags(tags []object) []object {
	for _, tag := range tags {
		if id, _ := tag["id"].(string); id == "" || id == "0" {
			tag["id"] = s.ids.next(s.now())
		}
		for _, field := range []string{"emoji_id", "emoji_name"} {
			if _, ok := tag[field]; !ok {
				tag[field] = nil
			}
		}
		if tag["moderated"] == nil {
			tag["moderated"] = false
		}
	}
	return tags
}
