package apply

import (
	"errors"
	"time"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/block"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/refuse"
	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/storage"
)

// A Case names an application on a review card: which it is, and whose. It
// comes from a custom ID, so it is only a reference: what it names is looked up
// in the guild of the signed payload.
type Case struct {
	ID, Partner, Applicant string
}

// CaseOf returns the case of an application.
func CaseOf(a Application) Case { return Case{a.ID, a.Server.ID, a.Applicant} }

// Keys are what Load and all decisions need to have read, beside the settings.
func (c Case) Keys(guild string) []storage.Key {
	return append(partnership.StartKeys(guild, c.Partner),
		Key(guild, c.ID), PendingKey(guild, c.ID), Remind(guild).Key(), partnerKey(guild, c.Partner), UserKey(guild, c.Applicant),
		block.Key(guild, c.server()), block.Key(guild, c.user()),
		Card(guild, c.ID).Key(), Answer(guild, c.ID).Key(), Expire(guild, c.ID).Key(), Notify(guild, c.ID).Key(), Compare(guild, c.Partner).Key())
}

// Load returns the application of c. It refuses if the guild has none such.
func (c Case) Load(tx *storage.Tx, guild string) (Application, error) {
	a, ok := storage.Read[Application](tx, Key(guild, c.ID))
	if !ok || CaseOf(a) != c || c.Applicant == partnership.Nobody {
		return Application{}, refuse.Because("apply.not-found")
	}
	return a, nil
}

// LoadPending is Load for an application that can still be decided.
func (c Case) LoadPending(tx *storage.Tx, guild string) (Application, error) {
	a, err := c.Load(tx, guild)
	if err != nil {
		return a, err
	}
	return a, a.open()
}

// decide loads the application, lets rule settle it, and writes what follows.
func (c Case) decide(tx *storage.Tx, guild string, now time.Time, rule func(*Application) error) (Application, error) {
	a, err := c.Load(tx, guild)
	if err != nil {
		return a, err
	}
	if err := rule(&a); err != nil {
		return a, err
	}
	c.settle(tx, guild, a, now)
	return a, nil
}

// Approve settles the application in favor and makes it a partnership.
func (c Case) Approve(tx *storage.Tx, guild, by string, l partnership.Limits, now time.Time) (Application, error) {
	return c.decide(tx, guild, now, func(a *Application) error {
		if err := a.Approve(by, now); err != nil {
			return err
		}
		if _, active := storage.Read[partnership.Partnership](tx, partnership.Key(guild, c.Partner)); active {
			return refuse.Because("apply.already-partner", "server", partnership.Named(a.Server))
		}
		if _, blocked := c.listed(tx, guild, now); blocked {
			return refuse.Because("apply.listed")
		}
		if err := partnership.CountsOf(tx, guild).StaffRoom(settings.Of(tx, guild).Active, l); err != nil {
			return err
		}
		partnership.Start(tx, guild, partnership.Partnership{
			Partner: c.Partner, Application: a.ID, Server: a.Server, Ad: a.Ad,
			Contact: a.Applicant, Since: now, By: by,
		})
		return nil
	})
}

// Deny settles the application against the applicant.
func (c Case) Deny(tx *storage.Tx, guild, by, reason, note string, now time.Time) (Application, error) {
	return c.decide(tx, guild, now, func(a *Application) error { return a.Deny(by, reason, note, now) })
}

// Withdraw takes the application back, for its applicant.
func (c Case) Withdraw(tx *storage.Tx, guild, by string, now time.Time) (Application, error) {
	return c.decide(tx, guild, now, func(a *Application) error { return a.Withdraw(by, now) })
}

// Until is when an application that was sent at the given time expires.
func Until(s settings.Settings, sent time.Time) time.Time { return sent.Add(days(s.Expiry)) }

// Since is when the earliest application was sent that can have waited at a time.
func Since(s settings.Settings, at time.Time) time.Time { return at.Add(-days(s.Expiry)) }

// Expire ends the application if it has waited for as long as the guild lets
// it; it returns when it will have if it has not.
func (c Case) Expire(tx *storage.Tx, guild string, now time.Time) (until time.Time, err error) {
	_, err = c.decide(tx, guild, now, func(a *Application) error {
		if until = Until(settings.Of(tx, guild), a.Sent); now.Before(until) {
			return errNotYet
		}
		return a.settle(Expired, "", now)
	})
	if errors.Is(err, errNotYet) {
		err = nil
	}
	return until, err
}

// Overtake ends the application if its server became a partner by another one.
func (c Case) Overtake(tx *storage.Tx, guild string, now time.Time) (a Application, did bool, err error) {
	if _, active := storage.Read[partnership.Partnership](tx, partnership.Key(guild, c.Partner)); !active {
		return a, false, nil
	}
	a, err = c.decide(tx, guild, now, func(a *Application) error { return a.settle(Overtaken, "", now) })
	return a, err == nil, err
}

// errNotYet keeps an application from being settled before its time.
var errNotYet = errors.New("apply: not yet")

// change loads the application and changes what does not settle it.
func (c Case) change(tx *storage.Tx, guild string, now time.Time, rule func(*Application) error) (Application, error) {
	a, err := c.Load(tx, guild)
	if err != nil {
		return a, err
	}
	if err := rule(&a); err != nil {
		return a, err
	}
	tx.Set(Key(guild, a.ID), a)
	if a.Status == Pending {
		wait(tx, guild, a)
	}
	action.Cause(tx, Card(guild, a.ID), now)
	return a, nil
}

// Claim notes that a manager looks after the application.
func (c Case) Claim(tx *storage.Tx, guild, by string, now time.Time) (Application, error) {
	return c.change(tx, guild, now, func(a *Application) error { return a.Claim(by) })
}

// Release undoes a claim.
func (c Case) Release(tx *storage.Tx, guild string, now time.Time) (Application, error) {
	return c.change(tx, guild, now, (*Application).Release)
}

// Discuss notes the ticket in which the application is talked about, settled or
// not. One that has a ticket keeps it.
func (c Case) Discuss(tx *storage.Tx, guild, ticket string, now time.Time) (Application, error) {
	return c.change(tx, guild, now, func(a *Application) error {
		if a.Ticket == "" {
			a.Ticket = ticket
		}
		return nil
	})
}

// settle writes a settled application with all that follows from it.
func (c Case) settle(tx *storage.Tx, guild string, a Application, now time.Time) {
	p, _ := storage.Read[Standing](tx, partnerKey(guild, c.Partner))
	u, _ := storage.Read[Standing](tx, UserKey(guild, c.Applicant))
	p, u = p.note(a, now).without(a.ID), u.without(a.ID)
	if u.Latest.ID == a.ID {
		u = u.note(a, now)
	}
	if a.Status == Denied {
		p.Denied++
	}
	if a.Status == Denied || a.Status == Withdrawn {
		u.Last = now
	}
	if len(p.Waiting) > 0 {
		action.Cause(tx, Compare(guild, c.Partner), now)
	}
	counts := partnership.CountsOf(tx, guild)
	counts.Pending--
	tx.Set(partnership.CountsKey(guild), counts)
	tx.Set(partnerKey(guild, c.Partner), p)
	tx.Set(UserKey(guild, c.Applicant), u)
	tx.Set(Key(guild, a.ID), a)
	settled(tx, guild, a, now)
	action.Cause(tx, Card(guild, a.ID), now)
	action.Cause(tx, Answer(guild, a.ID), now)
	action.Cancel(tx, Expire(guild, a.ID))
	if a.wantsNotice() && a.By != a.Applicant {
		action.Cause(tx, Notify(guild, a.ID), now)
	}
}
