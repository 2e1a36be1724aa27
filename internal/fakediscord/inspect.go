package fakediscord

import (
	"encoding/json"
	"slices"
	"time"
)

// A Ref names a message.
type Ref struct{ Channel, ID string }

// A Message is a message as it stood when it was looked at.
type Message struct {
	Ref
	Author      string // user ID
	Content     string
	Components  []any // decoded JSON, attachment links resolved
	Embeds      []any
	Attachments []Attachment
	Flags       int
	Pings       []string // IDs of users and roles notified, and "everyone"
	Pinned      bool
	Ephemeral   bool
	Loading     bool // a deferred reply that was not filled yet
	Created     time.Time
	Edited      time.Time // zero if never
}

// An Attachment is a file of a message. URL works for a day.
type Attachment struct {
	ID, Name, ContentType, URL string
	Size                       int
}

func (s *Server) snapshot(m *message) Message {
	out := Message{
		Ref: Ref{Channel: m.channel, ID: m.id}, Author: m.author, Content: m.content, Embeds: m.embeds,
		Components: s.resolveMedia(m, m.components), Flags: m.flags, Pings: m.pings, Pinned: m.pinned,
		Ephemeral: m.seenBy != "", Loading: m.flags&flagLoading != 0, Created: m.created, Edited: m.edited,
	}
	for _, a := range m.attachments {
		view := s.attachmentView(m.channel, a)
		out.Attachments = append(out.Attachments, Attachment{
			ID: a.id, Name: a.name, ContentType: a.kind, URL: view["url"].(string), Size: len(a.data),
		})
	}
	return out
}

// Messages returns what stands in a channel for everyone, oldest first.
// Of a channel that is gone it returns nothing.
func (s *Server) Messages(channelID string) []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []Message
	if ch := s.channels[channelID]; ch != nil {
		for _, m := range ch.messages {
			if m.seenBy == "" {
				list = append(list, s.snapshot(m))
			}
		}
	}
	return list
}

// Message returns a message, ephemeral ones too, and whether it stands.
func (s *Server) Message(r Ref) (Message, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if m := s.lookUp(r); m != nil {
		return s.snapshot(m), true
	}
	return Message{}, false
}

// lookUp finds a message, ephemeral or not.
func (s *Server) lookUp(r Ref) *message {
	if ch := s.channels[r.Channel]; ch != nil {
		for _, m := range ch.messages {
			if m.id == r.ID {
				return m
			}
		}
	}
	return nil
}

// DMs returns the direct messages the bot sent to a user, oldest first.
func (s *Server) DMs(userID string) []Message {
	s.mu.Lock()
	id := ""
	for _, ch := range s.channels {
		if ch.kind == DirectMessage && ch.recipient == userID {
			id = ch.id
		}
	}
	s.mu.Unlock()
	return s.Messages(id)
}

// A ChannelState is a channel or thread as it stood when it was looked at.
type ChannelState struct {
	ID, Name, Topic, Parent string
	Type, Position          int
	Overwrites              []Overwrite
	Archived, Locked        bool     // threads
	Tags                    []string // names: a forum's, or those applied to a post
	Members                 []string // of a thread
}

func (s *Server) channelState(ch *channel) ChannelState {
	ch.settle(s.now())
	out := ChannelState{
		ID: ch.id, Name: ch.name, Topic: ch.topic, Parent: ch.parent, Type: ch.kind, Position: ch.position,
		Overwrites: slices.Clone(ch.overwrites), Archived: ch.archived, Locked: ch.locked,
	}
	tags := ch.tags
	if ch.isThread() {
		tags = s.channels[ch.parent].tags
	}
	for _, tag := range tags {
		if !ch.isThread() || slices.Contains(ch.appliedTags, textOf(tag["id"])) {
			out.Tags = append(out.Tags, textOf(tag["name"]))
		}
	}
	for id := range ch.threadMembers {
		out.Members = append(out.Members, id)
	}
	slices.SortFunc(out.Members, compareIDs)
	return out
}

// Channels returns the channels of a guild by position, without threads.
func (s *Server) Channels(guildID string) []ChannelState {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []ChannelState
	for _, ch := range s.mustGuild(guildID).inOrder() {
		list = append(list, s.channelState(ch))
	}
	return list
}

// Threads returns the threads and posts of a channel, oldest first.
func (s *Server) Threads(channelID string) []ChannelState {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []ChannelState
	for _, ch := range sorted(s.channels) {
		if ch.isThread() && ch.parent == channelID {
			list = append(list, s.channelState(ch))
		}
	}
	return list
}

// Channel returns a channel or thread, and whether there is one.
func (s *Server) Channel(id string) (ChannelState, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if ch := s.channels[id]; ch != nil {
		return s.channelState(ch), true
	}
	return ChannelState{}, false
}

// A MemberState is a member as it stood when it was looked at.
type MemberState struct {
	User   string
	Roles  []string
	Joined time.Time
}

// Member returns a member, and whether the user is one.
func (s *Server) Member(guildID, userID string) (MemberState, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	m := s.mustGuild(guildID).members[userID]
	if m == nil {
		return MemberState{}, false
	}
	return MemberState{User: m.user, Roles: slices.Clone(m.roles), Joined: m.joined}, true
}

// A RoleState is a role as it stood when it was looked at.
type RoleState struct {
	ID, Name    string
	Permissions Permission
	Position    int
	Managed     bool
}

// Roles returns the roles of a guild, highest first.
func (s *Server) Roles(guildID string) []RoleState {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []RoleState
	for _, r := range s.mustGuild(guildID).ranked() {
		list = append(list, RoleState{r.id, r.name, r.permissions, r.position, r.managed})
	}
	return list
}

// An InviteState is an invite as it stood when it was looked at.
type InviteState struct {
	Code, Channel, Inviter string
	Uses, MaxUses          int
	MaxAge                 time.Duration
	Roles                  []string
	Created                time.Time // to the microsecond, as Discord writes it
}

// Invites returns the live invites of a guild, oldest first.
func (s *Server) Invites(guildID string) []InviteState {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []InviteState
	for _, i := range s.invitesOf(s.mustGuild(guildID)) {
		list = append(list, InviteState{
			Code: i.code, Channel: i.channel, Inviter: i.inviter, Uses: i.uses, MaxUses: i.maxUses,
			MaxAge: time.Duration(i.maxAge) * time.Second, Roles: slices.Clone(i.roles),
			Created: i.created.Truncate(time.Microsecond),
		})
	}
	return list
}

// Commands returns the registered commands of a guild as Discord lists them,
// the global ones for "".
func (s *Server) Commands(guildID string) []json.RawMessage {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []json.RawMessage
	for _, cmd := range s.commands[guildID] {
		data, err := json.Marshal(cmd)
		if err != nil {
			panic(err) // it came from JSON
		}
		list = append(list, data)
	}
	return list
}
