// Package contact decides who has the role of contacts, and notices when a
// contact is no member any more.
//
// It keeps:
//
//	guild#<g>   contact#<p>     one Contact: who holds what because of partner <p>
//	guild#<g>   contacts-left   one Absence
package contact

import (
	"hash/fnv"
	"slices"
	"strconv"
	"time"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/refuse"
	"github.com/entente-bot/entente/internal/storage"
)

// A Contact is what was last done about the contact of a partner.
type Contact struct {
	Partner string    `json:"partner"`
	Server  string    `json:"server"`           // the partner's name
	User    string    `json:"user"`             // the contact
	Role    string    `json:"role,omitempty"`   // what User was given, or is being given; empty if nothing
	Old     []Holding `json:"old,omitempty"`    // still to be taken back
	Gone    time.Time `json:"gone,omitzero"`    // when User was found to be no member
	Barred  bool      `json:"barred,omitempty"` // User is on the blocklist: they have no role meanwhile
	Given   bool      `json:"given,omitempty"`  // the trail has it that User was given Role
	Kept    bool      `json:"kept,omitempty"`   // managers keep User as the contact all the same
}

// A Holding is a role that a user has because of a partnership.
type Holding struct {
	User string `json:"user"`
	Role string `json:"role"`
}

// Short tells h from others, without saying who it is.
func (h Holding) Short() string {
	sum := fnv.New32a()
	sum.Write([]byte(h.User + "#" + h.Role))
	return strconv.FormatUint(uint64(sum.Sum32()), 16)
}

// Kind implements [storage.Record].
func (Contact) Kind() (string, int) { return "contact", 1 }

// Left reports whether the contact was found to have left.
func (c Contact) Left() bool { return !c.Gone.IsZero() }

// prefix is what the Sort of every Contact begins with.
const prefix = "contact#"

// Key is where the Contact of a partner is kept.
func Key(guild, partner string) storage.Key {
	return storage.Key{Table: storage.Records, Part: "guild#" + guild, Sort: prefix + partner}
}

// All lists the contacts of a guild: as many as it has partners.
func All(guild string) storage.Query {
	return storage.Query{Table: storage.Records, Part: "guild#" + guild, Prefix: prefix, Limit: storage.MaxLimit}
}

// In returns the contacts of a page of All.
func In(page storage.Page) ([]Contact, error) {
	var list []Contact
	for _, it := range page.Items {
		c, err := storage.Decode[Contact](it)
		if err != nil {
			return nil, err
		}
		list = append(list, c)
	}
	return list, nil
}

// An Absence is every contact of a guild who left: what managers see at a glance.
type Absence struct {
	Left []Contact `json:"left"`
}

// Kind implements [storage.Record].
func (Absence) Kind() (string, int) { return "absence", 1 }

// AbsenceKey is where the contacts of a guild are kept who left.
func AbsenceKey(guild string) storage.Key {
	return storage.Key{Table: storage.Records, Part: "guild#" + guild, Sort: "contacts-left"}
}

// Left returns the contacts of a guild who left, the latest last. tx must have
// read AbsenceKey.
func Left(tx *storage.Tx, guild string) []Contact {
	a, _ := storage.Read[Absence](tx, AbsenceKey(guild))
	return a.Left
}

// Of returns what is kept about the contact of a partner, whose key tx must have read.
func Of(tx *storage.Tx, guild, partner string) Contact {
	c, _ := storage.Read[Contact](tx, Key(guild, partner))
	return c
}

// Keys are what Keep needs to have read.
func Keys(guild, partner string) []storage.Key {
	return []storage.Key{Key(guild, partner), AbsenceKey(guild)}
}

// Keep writes c as it now is. Nothing is kept of a partner that has no contact,
// once there is nothing to be taken back.
func Keep(tx *storage.Tx, guild, partner string, c Contact) {
	if c.User == "" && len(c.Old) == 0 {
		tx.Delete(Key(guild, partner))
	} else {
		tx.Set(Key(guild, partner), c)
	}
	a, _ := storage.Read[Absence](tx, AbsenceKey(guild))
	listed := slices.ContainsFunc(a.Left, func(l Contact) bool { return l.Partner == partner })
	if !listed && !c.Left() {
		return
	}
	a.Left = slices.DeleteFunc(slices.Clone(a.Left), func(l Contact) bool { return l.Partner == partner })
	if c.Left() {
		a.Left = append(a.Left, Contact{Partner: c.Partner, Server: c.Server, User: c.User, Gone: c.Gone})
	}
	if len(a.Left) == 0 {
		tx.Delete(AbsenceKey(guild))
		return
	}
	tx.Set(AbsenceKey(guild), a)
}

// Sync is the action that brings the contact's role of a partner in line.
func Sync(guild, partner string) action.Ref {
	return action.Ref{Name: "contact.sync", Guild: guild, Subject: partner}
}

// Wanted returns c before what should be is done: the contact of p is to have
// role, empty if contacts have none. Whoever had another role, or was the contact
// before, is to lose it. A p that is not active has no contact.
func (c Contact) Wanted(p partnership.Partnership, active bool, role string) Contact {
	user := p.Contact
	if !active {
		user, role = "", ""
	}
	next := Contact{Partner: c.Partner, Server: c.Server, User: user, Role: role}
	if active {
		next.Partner, next.Server = p.Partner, p.Server.Name
	}
	if c.User == user {
		next.Gone, next.Kept = c.Gone, c.Kept
		next.Given = c.Given && c.Role == role
	}
	had, has := Holding{c.User, c.Role}, Holding{user, role}
	for _, h := range append(slices.Clone(c.Old), had) {
		if h.Role != "" && h != has && !slices.Contains(next.Old, h) {
			next.Old = append(next.Old, h)
		}
	}
	return next
}

// Equal reports whether there is nothing to note about c that d does not say.
func (c Contact) Equal(d Contact) bool {
	return c.Partner == d.Partner && c.Server == d.Server && c.User == d.User && c.Role == d.Role &&
		c.Gone.Equal(d.Gone) && c.Barred == d.Barred && c.Kept == d.Kept && c.Given == d.Given && slices.Equal(c.Old, d.Old)
}

// Revoked returns c after h was taken back.
func (c Contact) Revoked(h Holding) Contact {
	c.Old = slices.DeleteFunc(slices.Clone(c.Old), func(old Holding) bool { return old == h })
	return c
}

// Found returns c after its user was looked for, and whether that is news.
func (c Contact) Found(member bool, now time.Time) (after Contact, news bool) {
	switch {
	case member && c.Left():
		c.Gone = time.Time{}
		return c, true
	case !member && !c.Left():
		c.Gone = now
		return c, true
	}
	return c, false
}

// Daily is when the contact of a partner is looked at next: once a day, at a time
// of its own, so that a guild's partners are spread over the day.
func Daily(guild, partner string, now time.Time) time.Time {
	h := fnv.New32a()
	h.Write([]byte(guild + "#" + partner))
	const day = 24 * time.Hour
	at := now.UTC().Truncate(day).Add(time.Duration(h.Sum32()%86400) * time.Second)
	for !at.After(now) {
		at = at.Add(day)
	}
	return at
}

// ChangeKeys are what Change needs to have read, beside the settings.
func ChangeKeys(guild, partner, user string) []storage.Key {
	return append(partnership.ChangeKeys(guild, partner), barKey(guild, user))
}

// Change makes user, who may be a bot, the contact of a partner, and returns the
// partnership as it then is and who was its contact before.
func Change(tx *storage.Tx, guild, partner, user string, bot bool, now time.Time) (p partnership.Partnership, before string, err error) {
	p, ok := storage.Read[partnership.Partnership](tx, partnership.Key(guild, partner))
	switch {
	case !ok:
		return p, "", refuse.Because("partnership.not-found")
	case user == "" || bot:
		return p, "", refuse.Because("contact.not-a-person")
	case user == p.Contact:
		return p, "", refuse.Because("contact.same", "user", user, "server", partnership.Named(p.Server))
	case barred(tx, guild, user, now):
		return p, "", refuse.Because("contact.on-blocklist", "user", user)
	}
	before, p.Contact = p.Contact, user
	partnership.Change(tx, guild, p, now)
	return p, before, nil
}
