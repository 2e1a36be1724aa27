package fakediscord

import (
	"fmt"
	"time"
)

// The methods of this file build a world by hand. They do what the people of a
// server would do, need no permission, and panic on IDs that do not exist: that
// is a mistake in the test.

// A Guild describes a server to make.
type Guild struct {
	Name              string
	Description       string
	Icon              string // hash, "" for none
	Features          []string
	VerificationLevel int
	NSFWLevel         int
	Locale            string    // "" for en-US
	MemberCount       int       // people who are there without having been added; see AddMember
	Online            int       // approximate presence count
	Owner             string    // user ID; "" for a new user
	Created           time.Time // zero for now
}

// AddGuild makes a server with its owner, an @everyone role and a channel
// named general. It returns the server's ID.
func (s *Server) AddGuild(info Guild) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	g := &guild{
		now: s.now,
		id:  s.newID(info.Created), info: info, owner: info.Owner, roles: make(map[string]*role),
		members: make(map[string]*member), channels: make(map[string]*channel), bans: make(map[string]string),
	}
	if g.owner == "" {
		g.owner = s.addUser(User{Name: "owner of " + info.Name})
	}
	g.roles[g.id] = &role{id: g.id, name: "@everyone", permissions: Everyday}
	s.guilds[g.id] = g
	s.join(g, g.owner)
	s.addChannel(g, Channel{Name: "general"})
	return g.id
}

// newID makes a snowflake for something made at t; zero means now.
func (s *Server) newID(t time.Time) string {
	if t.IsZero() {
		return s.ids.next(s.now())
	}
	return s.ids.at(t)
}

// A User describes a Discord account to make.
type User struct {
	Name       string
	Avatar     string    // hash, "" for none
	Created    time.Time // zero for 100 days ago
	RefusesDMs bool
}

// AddUser makes an account with that name, 100 days old. It returns the user's ID.
func (s *Server) AddUser(name string) string { return s.AddUserWith(User{Name: name}) }

// AddUserWith makes an account. It returns the user's ID.
func (s *Server) AddUserWith(u User) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.addUser(u)
}

func (s *Server) addUser(u User) string {
	if u.Created.IsZero() {
		u.Created = s.now().Add(-100 * 24 * time.Hour)
	}
	id := s.ids.at(u.Created)
	s.users[id] = &user{id: id, name: u.Name, avatar: u.Avatar, refusesDMs: u.RefusesDMs}
	return id
}

// AddMember makes a user a member with roles, or gives a member those roles.
func (s *Server) AddMember(guildID, userID string, roles ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	g := s.mustGuild(guildID)
	s.mustUser(userID)
	m := s.join(g, userID)
	for _, id := range roles {
		if g.roles[id] == nil {
			panic(fmt.Sprintf("fakediscord: no role %s in %s", id, g.info.Name))
		}
		m.grant(id)
	}
}

func (s *Server) join(g *guild, userID string) *member {
	if g.members[userID] == nil {
		g.members[userID] = &member{user: userID, joined: s.now()}
	}
	return g.members[userID]
}

// A Role describes a role to make.
type Role struct {
	Name        string
	Permissions Permission
	Position    int // zero for the lowest above @everyone
	Managed     bool
}

// AddRole makes a role. It returns the role's ID.
func (s *Server) AddRole(guildID string, r Role) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	made := s.newRole(s.mustGuild(guildID), r.Name, max(r.Position, 1))
	made.permissions, made.managed = r.Permissions, r.Managed
	return made.id
}

// SetRole changes the permissions and the position of a role. The ID of the
// guild stands for @everyone.
func (s *Server) SetRole(guildID, roleID string, permissions Permission, position int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.mustGuild(guildID).roles[roleID]
	r.permissions, r.position = permissions, position
}

// A Channel describes a channel to make.
type Channel struct {
	Name       string
	Topic      string
	Type       int    // TextChannel unless stated
	Parent     string // ID of its category
	Overwrites []Overwrite
	NSFW       bool
	Tags       []string // names; of a forum
	RequireTag bool     // of a forum
}

// AddChannel makes a channel. It returns the channel's ID.
func (s *Server) AddChannel(guildID string, c Channel) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.addChannel(s.mustGuild(guildID), c).id
}

func (s *Server) addChannel(g *guild, c Channel) *channel {
	ch := &channel{
		id: s.ids.next(s.now()), guild: g.id, kind: c.Type, name: c.Name, topic: c.Topic, parent: c.Parent,
		position: len(g.channels), overwrites: c.Overwrites, nsfw: c.NSFW, created: s.now(),
	}
	for _, name := range c.Tags {
		ch.tags = append(ch.tags, object{"name": name})
	}
	ch.tags = s.nameTags(ch.tags)
	if c.RequireTag {
		ch.flags |= flagRequireTag
	}
	s.keepChannel(g, ch)
	return ch
}

// InstallBot adds the bot with a managed role that has the permissions and
// stands above all other roles so far. It returns that role's ID. Installing it
// again only sets the permissions.
func (s *Server) InstallBot(guildID string, permissions Permission) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	g := s.mustGuild(guildID)
	delete(s.commandsOnly, guildID)
	for _, r := range g.roles {
		if r.botID == s.appID {
			r.permissions = permissions
			return r.id
		}
	}
	r := s.newRole(g, "Entente", g.ranked()[0].position+10)
	r.permissions, r.managed, r.botID = permissions, true, s.appID
	s.join(g, s.appID).grant(r.id)
	return r.id
}

// InstallCommandsOnly installs the commands without the bot.
func (s *Server) InstallCommandsOnly(guildID string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.removeMember(s.mustGuild(guildID), s.appID)
	s.commandsOnly[guildID] = true
}

func (s *Server) mustGuild(id string) *guild {
	if s.guilds[id] == nil {
		panic("fakediscord: no guild " + id)
	}
	return s.guilds[id]
}

func (s *Server) mustUser(id string) *user {
	if s.users[id] == nil {
		panic("fakediscord: no user " + id)
	}
	return s.users[id]
}

func (s *Server) mustChannel(id string) *channel {
	if s.channels[id] == nil {
		panic("fakediscord: no channel " + id)
	}
	return s.channels[id]
}
