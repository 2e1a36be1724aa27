package joins

import (
	"slices"
	"time"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/storage"
)

// A Making is what was last done about the tracked invite of a partner, and what
// is being done. Roles and invites have no nonce: before one is made it is noted
// that it may be there, so that it is looked for before another one is made.
type Making struct {
	Partner     string `json:"partner"`
	Application string `json:"application"` // that the partnership came from, which the account is of

	Role   Attempt `json:"role,omitzero"`   // at a marker role
	Invite Attempt `json:"invite,omitzero"` // at a tracked invite

	Made  bool     `json:"made,omitempty"`  // the account had an invite when it was last looked at
	Bare  Lack     `json:"bare,omitempty"`  // why the invite gives no marker role, although it should
	Stale []string `json:"stale,omitempty"` // marker roles that are to be deleted
	Told  Word     `json:"told,omitzero"`   // the latest

	Repairs action.Repairs `json:"repairs,omitempty"` // of the invite
}

// An Attempt is noted before something is made. The zero Attempt is none.
type Attempt struct {
	Name  string    `json:"name"` // of a role: what it is called; of an invite: the channel that it leads to
	Since time.Time `json:"since"`
}

// A Word is that a contact was told of an invite.
type Word struct {
	Code string `json:"code"`
	User string `json:"user"`

	Again time.Time `json:"again,omitzero"` // when they were told that it is another one than before
}

// A Lack is why a tracked invite gives no marker role, although it should. It is a
// key of the text catalog behind "joins.bare-".
type Lack string

// The lacks.
const (
	NoRoom  Lack = "room"  // the guild has as many roles as it can have
	NoRight Lack = "right" // the bot may not make the role, or give it
	NoRole  Lack = "gone"  // the role was deleted by hand
	TooMuch Lack = "much"  // the role came to allow more than everybody may do: it is deleted
)

// Kind implements [storage.Record].
func (Making) Kind() (string, int) { return "making", 1 }

// MakingKey is where the Making of a partner is kept.
func MakingKey(guild, partner string) storage.Key {
	return storage.Key{Table: storage.Records, Part: "guild#" + guild, Sort: "joins-making#" + partner}
}

// Makings lists what is being made for the partners of a guild, or deleted.
func Makings(guild string) storage.Query {
	k := MakingKey(guild, "")
	return storage.Query{Table: k.Table, Part: k.Part, Prefix: k.Sort, Limit: storage.DefaultLimit}
}

// MakingOf returns the Making of a partner, whose key tx must have read.
func MakingOf(tx *storage.Tx, guild, partner string) Making {
	m, _ := storage.Read[Making](tx, MakingKey(guild, partner))
	m.Partner = partner
	return m
}

// Keep writes m as it now is. Nothing is kept once there is no account, and no
// role to be deleted. tx must have read MakingKey.
func (m Making) Keep(tx *storage.Tx, guild string, account bool) {
	if !account && len(m.Stale) == 0 {
		tx.Delete(MakingKey(guild, m.Partner))
		return
	}
	tx.Set(MakingKey(guild, m.Partner), m)
}

// Lost returns m before an invite is made in the place of the one it made, if that
// is gone, and whether that is news. What kept it from giving a role may be mended.
func (m Making) Lost(now time.Time) (after Making, news bool) {
	if news = m.Made; news {
		m.Repairs = m.Repairs.Add(now)
	}
	m.Made, m.Bare = false, ""
	return m, news
}

// Away returns m without a role that is to be deleted.
func (m Making) Away(role string) Making {
	m.Stale = slices.DeleteFunc(slices.Clone(m.Stale), func(r string) bool { return r == role })
	return m
}

// Drops returns m with a role to be deleted; "" is none.
func (m Making) Drops(role string) Making {
	if role != "" && !slices.Contains(m.Stale, role) {
		m.Stale = append(slices.Clone(m.Stale), role)
	}
	return m
}

// RoleName is what the marker role of a server is called: Discord allows 100 characters.
func RoleName(s partnership.Server) string { return s.Called(100) }

// apart is how much Discord's clock may differ from ours.
const apart = 5 * time.Minute

// began reports whether something that Discord made at a time may be of the attempt.
func (a Attempt) began(made time.Time) bool {
	return !a.Since.IsZero() && made.After(a.Since.Add(-apart))
}

// FindRole returns the role that the attempt at the role of m may have made: it has
// that name and no rights, and is no other partner's. The earliest comes first.
func (m Making) FindRole(l Ledger, roles []Role) (id string, found bool) {
	for _, r := range roles {
		ours := r.Name == m.Role.Name && r.Permissions == 0 && !r.Managed && !slices.Contains(m.Stale, r.ID)
		if !ours || !m.Role.began(partnership.Created(r.ID)) || l.hasRole(r.ID) {
			continue
		}
		if !found || partnership.Created(r.ID).Before(partnership.Created(id)) {
			id, found = r.ID, true
		}
	}
	return id, found
}

func (l Ledger) hasRole(role string) bool {
	return slices.ContainsFunc(l.Accounts, func(a Account) bool { return a.Role == role })
}

// FindInvites returns the invites that the attempt at the invite of m may have made,
// earliest first: the bot made them, with that role, if one is given, and they are no
// partner's.
func (m Making) FindInvites(l Ledger, bot, role string, list []Invite) (found []Invite) {
	for _, in := range list {
		ours := in.Inviter == bot && in.Channel == m.Invite.Name && m.Invite.began(in.Created)
		if ours && !l.hasInvite(in) && in.gives(role) {
			found = append(found, in)
		}
	}
	slices.SortFunc(found, func(a, b Invite) int { return a.Created.Compare(b.Created) })
	return found
}

func (in Invite) gives(role string) bool {
	if role == "" {
		return len(in.Roles) == 0
	}
	return slices.Equal(in.Roles, []string{role})
}

func (l Ledger) hasInvite(in Invite) bool {
	return slices.ContainsFunc(l.Accounts, func(a Account) bool { return idOf(a.Code, a.Created) == idOf(in.Code, in.Created) })
}

// inHand is how long whoever makes an invite may take until it is in the ledger.
const inHand = 2 * time.Minute

// Abandoned reports whether nobody can be about to claim an invite that Discord made.
func (in Invite) Abandoned(now time.Time) bool { return now.Sub(in.Created) > inHand }

// Open opens the account of a partner that has none.
func (l Ledger) Open(partner string, now time.Time) Ledger {
	return l.With(Account{Partner: partner, Since: now})
}

// Mark notes the marker role of a partner. It reports false, and changes nothing, if
// the role is another partner's.
func (l Ledger) Mark(partner, role string) (Ledger, bool) {
	a, ok := l.Account(partner)
	if !ok || l.hasRole(role) && a.Role != role {
		return l, false
	}
	a.Role = role
	return l.With(a), true
}

// Claim notes the tracked invite of a partner, which was made by an attempt that
// began at since: until then it has brought nobody. It reports false, and changes
// nothing, if the invite is another partner's.
func (l Ledger) Claim(partner string, in Invite, since time.Time) (Ledger, bool) {
	a, ok := l.Account(partner)
	if !ok || l.hasInvite(in) {
		return l, false
	}
	a.Code, a.Created, a.Channel = in.Code, in.Created, in.Channel
	a.Uses, a.Seen, a.Missing = 0, since, time.Time{}
	return l.With(a), true
}
