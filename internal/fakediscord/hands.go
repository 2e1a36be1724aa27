package fakediscord

import (
	"fmt"
	"slices"
	"time"
)

// The methods of this file do what people do behind the bot's back: delete
// things, join by an invite, leave. What is gone already stays gone.

// RemoveBot kicks the bot out of a guild.
func (s *Server) RemoveBot(guildID string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.commandsOnly, guildID)
	s.removeMember(s.mustGuild(guildID), s.appID)
}

// RemoveMember makes a user leave a guild.
func (s *Server) RemoveMember(guildID, userID string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.removeMember(s.mustGuild(guildID), userID)
}

// TimeOut times a member out until the given time: the zero time ends that.
func (s *Server) TimeOut(guildID, userID string, until time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mustGuild(guildID).members[userID].quiet = until
}

// DeleteGuild deletes a guild with everything in it.
func (s *Server) DeleteGuild(guildID string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	g := s.mustGuild(guildID)
	for _, ch := range g.channels {
		delete(s.channels, ch.id)
	}
	for code, i := range s.invites {
		if i.guild == guildID {
			delete(s.invites, code)
		}
	}
	delete(s.guilds, guildID)
}

// DeleteChannel deletes a channel or a thread.
func (s *Server) DeleteChannel(channelID string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if ch := s.channels[channelID]; ch != nil {
		s.dropChannel(s.guilds[ch.guild], ch)
	}
}

// EditChannel changes the name, the topic, the category or the tags of a channel
// or a post. Tags with other names are other tags.
func (s *Server) EditChannel(channelID string, edit func(*Channel)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	ch := s.mustChannel(channelID)
	as := Channel{Name: ch.name, Topic: ch.topic, Parent: ch.parent}
	edit(&as)
	ch.name, ch.topic, ch.parent = as.Name, as.Topic, as.Parent
	if as.Tags != nil {
		ch.tags = nil
		for _, name := range as.Tags {
			ch.tags = append(ch.tags, object{"name": name})
		}
		ch.tags = s.nameTags(ch.tags)
		s.guilds[ch.guild].untag(ch)
	}
}

// DeleteMessage deletes a message.
func (s *Server) DeleteMessage(r Ref) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if ch := s.channels[r.Channel]; ch != nil {
		ch.drop(r.ID)
	}
}

// DeleteRole deletes a role.
func (s *Server) DeleteRole(guildID, roleID string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.dropRole(s.mustGuild(guildID), roleID)
}

// RevokeRole takes a role from a member.
func (s *Server) RevokeRole(guildID, userID, roleID string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if m := s.mustGuild(guildID).members[userID]; m != nil {
		m.roles = slices.DeleteFunc(m.roles, func(id string) bool { return id == roleID })
	}
}

// SetOverwrite sets a channel's overwrite for a role or a member.
func (s *Server) SetOverwrite(channelID string, o Overwrite) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mustChannel(channelID).setOverwrite(o)
}

// Archive archives a thread, and locks it if told to.
func (s *Server) Archive(threadID string, locked bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	th := s.mustChannel(threadID)
	th.archived, th.locked, th.archivedAt = true, locked, s.now()
}

// RefuseDMs says whether a user takes direct messages.
func (s *Server) RefuseDMs(userID string, refuse bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mustUser(userID).refusesDMs = refuse
}

// Speaks sets the language of a user's client, such as "de"; it is "en-US" before.
func (s *Server) Speaks(userID, locale string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mustUser(userID).locale = locale
}

// EditGuild changes what a guild says of itself.
func (s *Server) EditGuild(guildID string, edit func(*Guild)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	edit(&s.mustGuild(guildID).info)
}

// Ban bans a user by hand.
func (s *Server) Ban(guildID, userID, reason string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	g := s.mustGuild(guildID)
	s.removeMember(g, userID)
	g.bans[userID] = reason
}

// Say posts a message as a person, without asking for permission.
func (s *Server) Say(userID, channelID, content string) Ref {
	s.mu.Lock()
	defer s.mu.Unlock()
	ch := s.mustChannel(channelID)
	s.mustUser(userID)
	m := &message{id: s.ids.next(s.now()), author: userID, content: content, created: s.now()}
	s.post(ch, m)
	return Ref{Channel: ch.id, ID: m.id}
}

// An Invite describes an invite to make.
type Invite struct {
	Code      string        // "" for a new one
	Channel   string        // "" for the guild's first channel
	Type      int           // 0 guild, 1 group DM, 2 friend
	Inviter   string        // user ID, "" for none
	MaxAge    time.Duration // zero for ever
	MaxUses   int           // zero for any number
	Uses      int
	Roles     []string
	Temporary bool
	Flags     int // 1 for a guest invite: who follows it becomes no member
}

// AddInvite makes an invite to a guild, or to none if its type is not 0. It
// returns the code.
func (s *Server) AddInvite(guildID string, v Invite) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := &invite{
		code: v.Code, kind: v.Type, guild: guildID, channel: v.Channel, inviter: v.Inviter, uses: v.Uses,
		maxUses: v.MaxUses, maxAge: int(v.MaxAge / time.Second), temporary: v.Temporary, flags: v.Flags, roles: v.Roles, created: s.now(),
	}
	if i.code == "" {
		i.code = s.newCode()
	}
	if v.MaxAge > 0 {
		i.expires = i.created.Add(v.MaxAge)
	}
	if v.Type == 0 && i.channel == "" {
		i.channel = s.mustGuild(guildID).inOrder()[0].id
	}
	s.invites[i.code] = i
	return i.code
}

// SetVanity gives a guild a vanity invite; an empty code takes it away.
func (s *Server) SetVanity(guildID, code string, uses int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	g := s.mustGuild(guildID)
	g.vanity = nil
	if code != "" {
		g.vanity = &invite{code: code, guild: guildID, channel: g.inOrder()[0].id, uses: uses, created: s.now()}
	}
}

// SetUses sets how often an invite was used, without anyone joining.
func (s *Server) SetUses(code string, uses int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.invites[code].uses = uses
}

// DeleteInvite deletes an invite by hand.
func (s *Server) DeleteInvite(code string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if i := s.invites[code]; i != nil && s.guilds[i.guild] != nil {
		s.note(s.guilds[i.guild], auditInviteDelete, s.guilds[i.guild].owner, "", "", change("code", code, nil), change("uses", i.uses, nil))
	}
	delete(s.invites, code)
}

// UseInvite makes a user follow an invite: it counts a use, makes the user a
// member, and grants the invite's roles, to a member too. As on Discord the
// invite of someone who already is a member counts no use.
func (s *Server) UseInvite(code, userID string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := s.liveInvite(code)
	if i == nil {
		i = s.vanityInvite(code)
	}
	if i == nil || s.guilds[i.guild] == nil {
		return fmt.Errorf("use invite %s: %w", code, fail(10006))
	}
	g := s.guilds[i.guild]
	if _, banned := g.bans[userID]; banned {
		return fmt.Errorf("use invite %s: %w", code, fail(40007))
	}
	s.mustUser(userID)
	if g.members[userID] == nil {
		i.uses++
	}
	m := s.join(g, userID)
	for _, id := range i.roles {
		m.grant(id)
	}
	return nil
}
