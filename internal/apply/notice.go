package apply

import (
	"time"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/refuse"
	"github.com/entente-bot/entente/internal/storage"
)

// own is Load for the applicant: others learn nothing.
func (c Case) own(tx *storage.Tx, guild, by string) (Application, error) {
	a, err := c.Load(tx, guild)
	if err == nil && a.Applicant != by {
		err = refuse.Because("apply.not-found")
	}
	return a, err
}

// Own returns the application for its applicant, if it can still be decided.
func (c Case) Own(tx *storage.Tx, guild, by string) (Application, error) {
	a, err := c.own(tx, guild, by)
	if err != nil {
		return a, err
	}
	return a, a.open()
}

// AskNotice notes whether the applicant wants a direct message about the
// decision. Without it, none is ever sent.
func (c Case) AskNotice(tx *storage.Tx, guild, by string, wanted bool) (Application, error) {
	a, err := c.Own(tx, guild, by)
	if err != nil {
		return a, err
	}
	a.Notify = wanted
	tx.Set(Key(guild, a.ID), a)
	if wanted {
		c.quiet(tx, guild, false)
	}
	return a, nil
}

// Stop takes every consent to direct messages back that the applicant gave in
// the guild.
func (c Case) Stop(tx *storage.Tx, guild, by string) (Application, error) {
	a, err := c.own(tx, guild, by)
	if err != nil {
		return a, err
	}
	a.Notify = false
	tx.Set(Key(guild, a.ID), a)
	c.quiet(tx, guild, true)
	return a, nil
}

// quiet notes whether the applicant wants to be left alone.
func (c Case) quiet(tx *storage.Tx, guild string, is bool) {
	u, _ := storage.Read[Standing](tx, UserKey(guild, c.Applicant))
	u.Quiet = is
	tx.Set(UserKey(guild, c.Applicant), u)
}

// Tell reports whether the applicant of a is to be told of the decision by direct
// message: they asked for it, and have not stopped it since.
func (a Application) Tell(applicant Standing) bool {
	return a.Status != Pending && a.Notify && !applicant.Quiet
}

// Untold notes that the applicant cannot be reached. It is not tried again.
func (c Case) Untold(tx *storage.Tx, guild string, now time.Time) error {
	a, err := c.Load(tx, guild)
	if err != nil {
		return err
	}
	a.Untold = true
	tx.Set(Key(guild, a.ID), a)
	action.Cause(tx, Card(guild, a.ID), now)
	return nil
}
