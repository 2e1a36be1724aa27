package fakediscord

import (
	"fmt"
	"strconv"
	"strings"
)

// A Permission is a set of Discord permissions.
type Permission uint64

// The permissions the simulated Discord looks at.
const (
	CreateInvite          Permission = 1 << 0
	KickMembers           Permission = 1 << 1
	BanMembers            Permission = 1 << 2
	Administrator         Permission = 1 << 3
	ManageChannels        Permission = 1 << 4
	ManageServer          Permission = 1 << 5
	ViewAuditLog          Permission = 1 << 7
	ViewChannel           Permission = 1 << 10
	SendMessages          Permission = 1 << 11
	ManageMessages        Permission = 1 << 13
	EmbedLinks            Permission = 1 << 14
	AttachFiles           Permission = 1 << 15
	ReadMessageHistory    Permission = 1 << 16
	MentionEveryone       Permission = 1 << 17
	ManageRoles           Permission = 1 << 28
	UseCommands           Permission = 1 << 31
	ManageThreads         Permission = 1 << 34
	CreatePublicThreads   Permission = 1 << 35
	CreatePrivateThreads  Permission = 1 << 36
	SendMessagesInThreads Permission = 1 << 38
	PinMessages           Permission = 1 << 51

	// All is every permission there is.
	All Permission = 1<<53 - 1

	// Everyday is what @everyone has in a new guild.
	Everyday = CreateInvite | ViewChannel | SendMessages | EmbedLinks | AttachFiles | ReadMessageHistory |
		UseCommands | CreatePublicThreads | CreatePrivateThreads | SendMessagesInThreads
)

// Has reports whether p includes all of q.
func (p Permission) Has(q Permission) bool { return p&q == q }

// String returns p as Discord writes it: a decimal number.
func (p Permission) String() string { return strconv.FormatUint(uint64(p), 10) }

// MarshalText writes p as a decimal number.
func (p Permission) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// UnmarshalJSON reads a decimal number, in quotes or not. Null changes nothing.
func (p *Permission) UnmarshalJSON(data []byte) error {
	if string(data) == "null" {
		return nil
	}
	n, err := strconv.ParseUint(strings.Trim(string(data), `"`), 10, 64)
	if err != nil {
		return fmt.Errorf("read permissions: %w", err)
	}
	*p = Permission(n)
	return nil
}

// ownPermissions returns what a member may do in the guild as a whole.
func (g *guild) ownPermissions(userID string) Permission {
	m := g.members[userID]
	if m == nil {
		return 0
	}
	if g.owner == userID {
		return All
	}
	p := g.roles[g.id].permissions
	for _, id := range m.roles {
		p |= g.roles[id].permissions
	}
	if p.Has(Administrator) {
		return All
	}
	return g.hushed(p, m)
}

// hushed returns what is left of p to m: who is timed out looks on. Owners and
// administrators, who may do all, cannot be.
func (g *guild) hushed(p Permission, m *member) Permission {
	if m.quiet.After(g.now()) {
		return p & (ViewChannel | ReadMessageHistory)
	}
	return p
}

// permissionsIn returns what a member may do in ch, overwrites included.
// In a thread its parent's overwrites count, and a private thread is visible
// only to its members and to those who manage threads.
func (g *guild) permissionsIn(ch *channel, userID string) Permission {
	p := g.ownPermissions(userID)
	if p == All || g.members[userID] == nil {
		return p
	}
	holder := ch
	if ch.isThread() {
		holder = g.channels[ch.parent]
	}
	p = g.hushed(g.overwritten(p, holder.overwrites, userID), g.members[userID])
	if ch.kind == PrivateThread && !ch.threadMembers[userID] && !p.Has(ManageThreads) {
		p &^= ViewChannel
	}
	return p
}

// overwritten applies overwrites in Discord's order: @everyone, the roles
// together, the member.
func (g *guild) overwritten(p Permission, overwrites []Overwrite, userID string) Permission {
	var allow, deny Permission
	for _, o := range overwrites {
		if o.ID == g.id {
			p = p&^o.Deny | o.Allow
		} else if o.Type == OverwriteRole && g.members[userID].has(o.ID) {
			allow, deny = allow|o.Allow, deny|o.Deny
		}
	}
	p = p&^deny | allow
	for _, o := range overwrites {
		if o.Type == OverwriteMember && o.ID == userID {
			p = p&^o.Deny | o.Allow
		}
	}
	return p
}

// outranks reports whether the member's highest role stands above r.
func (g *guild) outranks(userID string, r *role) bool {
	if g.owner == userID {
		return true
	}
	m := g.members[userID]
	if m == nil {
		return false
	}
	for _, id := range m.roles {
		if g.above(g.roles[id], r) {
			return true
		}
	}
	return false
}

// above reports whether a stands higher than b; of two at one position the older one does.
func (g *guild) above(a, b *role) bool {
	if a.position != b.position {
		return a.position > b.position
	}
	return older(a.id, b.id)
}
