package setup

import (
	"math"
	"slices"

	"github.com/entente-bot/entente/internal/access"
	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/storage"
)

// Given reports whether Entente gives the role that is chosen for f to people.
func (f Feature) Given() bool { return f == FeatureContact }

// excess is what r may do that a role for f must not. A role that Entente gives
// may do what everybody may, and what is harmless; one of staff has no powers.
func (f Feature) excess(r, everybody Rights) Rights {
	if f.Given() {
		return r &^ (harmless | everybody)
	}
	return r & powers
}

// problem returns why r, which may do more than it should by excess, cannot be a
// role for f in a guild where the bot's highest role is at top; "" if it can.
func (f Feature) problem(r Role, guild string, top int, excess Rights) Problem {
	switch {
	case r.ID == guild:
		return Everyone
	case r.Managed:
		return Managed
	case excess != 0 && f.Given():
		return Beyond
	case excess != 0:
		return Powerful
	case r.Position >= top:
		return AboveBot
	}
	return ""
}

// Distrust returns why the caller cannot choose r as a role for f, and whether
// that is so. How high the bot and the caller stand, and what everybody may do, is
// known from the last look at the guild. Before the first, a role that is harmless
// in itself is taken: see [Unproven].
func (h Health) Distrust(guild string, f Feature, r Role, by access.Caller) (Finding, bool) {
	top, highest, everybody := math.MaxInt, math.MaxInt, usual
	if !h.At.IsZero() && !h.Absent {
		top, highest, everybody = h.Top, h.highest(by), h.Everybody
	}
	excess := f.excess(r.Rights, everybody)
	problem := f.problem(r, guild, top, excess)
	switch {
	case problem != "":
	case h.Absent:
		problem = Unplaced
	case r.Position >= highest:
		problem = AboveYou
	}
	return Finding{Feature: f, Problem: problem, About: r.ID, Rights: excess.Words()}, problem != ""
}

// Clash reports whether a role that is chosen for f would be one of staff and that
// of contacts at once: contacts of partners would have the rights of staff.
func Clash(s settings.Settings, f Feature, role string) bool {
	if f == FeatureContact {
		return slices.Contains(s.Managers, role) || slices.Contains(s.Viewers, role)
	}
	return role == s.Contact
}

// An Unproven is a role that was chosen before the first look at a guild, while
// nobody knew how high it stands. The look proves it, or takes it back.
type Unproven struct {
	Feature Feature  `json:"feature"`
	Role    string   `json:"role"`
	User    string   `json:"user"`  // who chose it
	Roles   []string `json:"roles"` // theirs
}

// Trust notes that the caller chose roles for f. tx must have read what Keys says.
func Trust(tx *storage.Tx, guild string, f Feature, roles []string, by access.Caller) {
	h := HealthOf(tx, guild)
	if !h.At.IsZero() {
		return
	}
	for _, id := range roles {
		h.Unproven = slices.DeleteFunc(h.Unproven, func(u Unproven) bool { return u.Feature == f && u.Role == id })
		h.Unproven = append(h.Unproven, Unproven{Feature: f, Role: id, User: by.User, Roles: by.Roles})
	}
	if len(roles) > 0 {
		tx.Set(HealthKey(guild), h)
	}
}

// takenBack is the cost of a role that was chosen, and is not any more.
const takenBack = "taken-back"

// takeBack takes those of roles out of s that h, what is known by now, does not
// let their choosers choose. It returns what is wrong with them.
func (h Health) takeBack(guild string, s *settings.Settings, roles []Unproven, f Facts) (list []Finding) {
	for _, u := range roles {
		if !slices.Contains(u.Feature.chosen(*s), u.Role) {
			continue
		}
		r, ok := f.role(u.Role)
		r.ID = u.Role
		found, no := h.Distrust(guild, u.Feature, r, access.Caller{User: u.User, Roles: u.Roles})
		if !ok && !f.Absent {
			found.Problem, no = Gone, true
		}
		if no {
			found.Cost = takenBack
			list = append(list, found)
			u.Feature.drop(s, u.Role)
		}
	}
	return list
}

// takenBack are the findings of h about choices that were taken back.
func (h Health) takenBack() (list []Finding) {
	for _, f := range h.Findings {
		if f.Cost == takenBack {
			list = append(list, f)
		}
	}
	return list
}

// drop takes a role that was chosen for f out of s.
func (f Feature) drop(s *settings.Settings, role string) {
	if f == FeatureContact {
		s.Contact = ""
		return
	}
	list := rolesOf(s)[f]
	*list = slices.DeleteFunc(slices.Clone(*list), func(id string) bool { return id == role })
}

// highest is the position of the highest role of a member. The owner of a guild
// stands above all roles.
func (h Health) highest(by access.Caller) (highest int) {
	if by.User == h.Owner {
		return math.MaxInt
	}
	for _, id := range by.Roles {
		highest = max(highest, h.Ranks[id])
	}
	return highest
}
