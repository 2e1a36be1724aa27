package apply

import (
	"time"

	"github.com/entente-bot/entente/internal/block"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/refuse"
	"github.com/entente-bot/entente/internal/storage"
)

// server and user are what of the case can be on the blocklist.
func (c Case) server() block.Target { return block.Target{What: block.Server, ID: c.Partner} }
func (c Case) user() block.Target   { return block.Target{What: block.User, ID: c.Applicant} }

// listed returns the entry of the blocklist that the case is about, if any is.
func (c Case) listed(tx *storage.Tx, guild string, now time.Time) (block.Entry, bool) {
	for _, t := range []block.Target{c.server(), c.user()} {
		if e, ok := block.Listed(tx, guild, t, now); ok {
			return e, true
		}
	}
	return block.Entry{}, false
}

// BlockKeys are what Block needs to have read, beside the settings.
func (c Case) BlockKeys(guild string) []storage.Key {
	return append(append(c.Keys(guild), block.Keys(guild, c.server())...), block.Keys(guild, c.user())...)
}

// Block denies the application without a word to the applicant, and puts the
// server on the blocklist as e says; the applicant too, if told so.
func (c Case) Block(tx *storage.Tx, guild string, e block.Entry, applicant bool, l partnership.Limits) (Application, error) {
	a, err := c.Deny(tx, guild, e.By, "", e.Reason, e.At)
	if err != nil {
		return a, err
	}
	if _, active := storage.Read[partnership.Partnership](tx, partnership.Key(guild, c.Partner)); active {
		return a, refuse.Because("block.partner")
	}
	e.Target, e.Name = c.server(), a.Server.Name
	if err := block.Add(tx, guild, e, l); err != nil || !applicant {
		return a, err
	}
	e.Target, e.Name = c.user(), ""
	return a, block.Add(tx, guild, e, l)
}

// Enforce denies the application if it is on the blocklist, on behalf of the
// manager who put it there. It reports whether it did.
func (c Case) Enforce(tx *storage.Tx, guild string, now time.Time) (Application, bool, error) {
	e, ok := c.listed(tx, guild, now)
	if !ok {
		return Application{}, false, nil
	}
	a, err := c.Deny(tx, guild, e.By, "", e.Reason, now)
	return a, err == nil, err
}
