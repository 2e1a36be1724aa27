// Package access decides who may do what in a guild. It looks at the signed
// payload only, never at what Discord's interface hides.
package access

import (
	"slices"
	"strconv"
)

// A Right is what a route asks of its caller.
type Right string

const (
	Everyone Right = "everyone"          // any member; the handler checks whose record it is
	View     Right = "partnerships.view" // read applications, partners and numbers
	Edit     Right = "partnerships.edit" // approve, deny, end, configure
)

// A Caller is the member who sent an interaction, as Discord signed it.
type Caller struct {
	User  string
	Roles []string

	// Permissions is Discord's decimal string, computed for the channel with its
	// overwrites. Only bits that no overwrite can give are looked at.
	Permissions string
}

// Staff names the roles that a guild trusts.
type Staff struct {
	Managers []string // have View and Edit
	Viewers  []string // have View
}

// The permission bits that count: no channel overwrite can grant them.
const (
	administrator = 1 << 3
	manageGuild   = 1 << 5
)

// Allow reports whether c has r in a guild with the given staff roles.
// Permissions that are not a decimal number of at most 64 bits count as none.
func (c Caller) Allow(r Right, s Staff) bool {
	switch r {
	case Everyone:
		return c.User != ""
	case View:
		return c.Manages() || c.hasAny(s.Managers) || c.hasAny(s.Viewers)
	case Edit:
		return c.Manages() || c.hasAny(s.Managers)
	}
	return false
}

// Manages reports whether c has Manage Server or Administrator.
func (c Caller) Manages() bool {
	bits, err := strconv.ParseUint(c.Permissions, 10, 64)
	return err == nil && c.User != "" && bits&(administrator|manageGuild) != 0
}

func (c Caller) hasAny(roles []string) bool {
	return c.User != "" && slices.ContainsFunc(c.Roles, func(r string) bool { return slices.Contains(roles, r) })
}
