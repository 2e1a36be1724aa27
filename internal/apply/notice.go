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
	return a, a.over()
}

// AskNotice notes whether the applicant wants a direct message about the
// decision, and reports whether that is new. Without it, none is ever sent.
func (c Case) AskNotice(tx *storage.Tx, guild, by string, wanted bool, now time.Time) (a Application, changed bool, err error) {
	a, err = c.Own(tx, guild, by)
	if err != nil {
		return a, false, err
	}
	u, _ := storage.Read[Standing](tx, UserKey(guild, c.Applicant))
	changed, before := a.asks(u) != wanted, a.Asked
	switch {
	case !wanted:
		a.Asked = time.Time{}
	case changed:
		a.Asked = now
	}
	if a.Asked != before {
		tx.Set(Key(guild, a.ID), a)
	}
	return a, changed, nil
}

// Stop takes every consent to direct messages back that the applicant gave in
// the guild, and reports whether they gave one for c. One they give later, for
// one application, holds for that one alone.
func (c Case) Stop(tx *storage.Tx, guild, by string, now time.Time) (a Application, changed bool, err error) {
	a, err = c.own(tx, guild, by)
	if err != nil {
		return a, false, err
	}
	u, _ := storage.Read[Standing](tx, UserKey(guild, c.Applicant))
	changed = a.asks(u)
	u.Stopped = now
	tx.Set(UserKey(guild, c.Applicant), u)
	return a, changed, nil
}

// wantsNotice reports whether the applicant of a asked to be told of the decision.
func (a Application) wantsNotice() bool { return !a.Asked.IsZero() }

// Notifies reports whether a decision on a is told by direct message, unless the
// applicant stopped that: somebody else decided, and they can be reached.
func (a Application) Notifies() bool {
	return a.Status != Pending && a.wantsNotice() && !a.Untold && a.By != a.Applicant
}

// asks reports whether they did, and have not stopped it since.
func (a Application) asks(applicant Standing) bool {
	return a.wantsNotice() && a.Asked.After(applicant.Stopped)
}

// Tell reports whether the applicant of a is to be told of the decision by direct
// message: they asked for it, and have not stopped it since.
func (a Application) Tell(applicant Standing) bool {
	return a.Status != Pending && a.asks(applicant)
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

// Reaches reports whether a user may be told by direct message what became of a,
// and of the partnership that it made: they are its applicant, asked to be told,
// have not stopped that since, and could be reached.
func (a Application) Reaches(user string, applicant Standing) bool {
	return a.Applicant == user && !a.Untold && a.asks(applicant)
}
