package contact

import (
	"time"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/block"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/refuse"
	"github.com/entente-bot/entente/internal/storage"
)

// Asks reports whether managers are to say what becomes of a contact who is on the
// blocklist.
func (c Contact) Asks() bool { return c.Barred && !c.Kept }

// A Question asks managers what becomes of a contact who is on the blocklist.
type Question struct {
	Partner string
	User    string // the contact
}

// Keys are what Load and Keep need to have read.
func (q Question) Keys(guild string) []storage.Key {
	review := partnership.Review(guild, q.Partner)
	return append(Keys(guild, q.Partner), partnership.Key(guild, q.Partner), barKey(guild, q.User), review.Key())
}

// Load returns the partnership that q is about. It refuses if there is nothing to be
// asked any more.
func (q Question) Load(tx *storage.Tx, guild string, now time.Time) (partnership.Partnership, error) {
	p, active := storage.Read[partnership.Partnership](tx, partnership.Key(guild, q.Partner))
	switch {
	case !active:
		return p, refuse.Because("partnership.not-found")
	case p.Contact != q.User:
		return p, refuse.Because("contact.replaced", "server", partnership.Named(p.Server), "user", p.Contact)
	case !barred(tx, guild, q.User, now):
		return p, refuse.Because("contact.free", "server", partnership.Named(p.Server), "user", q.User)
	}
	return p, nil
}

// Keep leaves the contact as they are, on the blocklist: managers are asked no more.
// It reports whether that is news.
func (q Question) Keep(tx *storage.Tx, guild string, now time.Time) (p partnership.Partnership, news bool, err error) {
	p, err = q.Load(tx, guild, now)
	if err != nil {
		return p, false, err
	}
	c := Of(tx, guild, q.Partner)
	if c.User == "" { // nothing was done about them yet
		c = Contact{Partner: q.Partner, Server: p.Server.Name, User: q.User, Old: c.Old}
	}
	if c.Kept {
		return p, false, nil
	}
	c.Kept = true
	Keep(tx, guild, q.Partner, c)
	action.Cause(tx, partnership.Review(guild, q.Partner), now)
	return p, true, nil
}

// barKey is where it is kept that a user is on the blocklist.
func barKey(guild, user string) storage.Key {
	return block.Key(guild, block.Target{What: block.User, ID: user})
}

// barred reports whether a user is on the blocklist.
func barred(tx *storage.Tx, guild, user string, now time.Time) bool {
	_, listed := block.Listed(tx, guild, block.Target{What: block.User, ID: user}, now)
	return listed
}
