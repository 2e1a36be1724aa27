package worker

import (
	"context"
	"errors"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/apply"
	"github.com/entente-bot/entente/internal/audit"
	"github.com/entente-bot/entente/internal/block"
	"github.com/entente-bot/entente/internal/contact"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/storage"
)

// target is what of the blocklist the job is about.
func (j *job) target() (block.Target, error) {
	t, ok := block.Parse(j.Subject)
	if !ok {
		return t, &action.Failure{Verdict: action.Bury, Err: errors.New("no such entry can be on the blocklist")}
	}
	return t, nil
}

// blockLift takes an entry off the blocklist when its time is over.
func blockLift(ctx context.Context, j *job) error {
	t, err := j.target()
	if err != nil {
		return err
	}
	now := j.Actions.Now()
	return j.save(ctx, block.Keys(j.Guild, t), func(tx *storage.Tx) error {
		if block.Expire(tx, j.Guild, t, now) {
			action.Cause(tx, block.Enforce(j.Guild, t), now) // a contact has their role again
			audit.Write(tx, j.Guild, t.ID, audit.Entry{At: now, By: audit.System, What: "block.lift", About: t.ID, Surface: "worker"})
		}
		return nil
	})
}

// blockEnforce denies the applications that wait and are of a server, or by a
// user, that was put on the blocklist.
func blockEnforce(ctx context.Context, j *job) error {
	t, err := j.target()
	if err != nil {
		return err
	}
	if err := j.barContact(ctx, t); err != nil {
		return err
	}
	page, err := j.Actions.DB.List(ctx, apply.Queued(j.Guild))
	if err != nil {
		return err
	}
	waiting, err := apply.WaitingIn(page)
	if err != nil {
		return err
	}
	for _, w := range waiting {
		c := apply.Case{ID: w.ID, Partner: w.Partner, Applicant: w.Applicant}
		if t.ID != c.Partner && t.ID != c.Applicant {
			continue
		}
		if err := j.enforce(ctx, c); err != nil {
			return err
		}
	}
	return nil
}

// barContact has the role of contacts brought in line where the target speaks for
// a partner.
func (j *job) barContact(ctx context.Context, t block.Target) error {
	if t.What != block.User {
		return nil
	}
	var refs []action.Ref
	if err := j.eachPartner(ctx, func(p partnership.Partnership) error {
		if p.Contact == t.ID {
			refs = append(refs, contact.Sync(j.Guild, p.Partner))
		}
		return nil
	}); err != nil {
		return err
	}
	return j.causeAll(ctx, refs)
}

// enforce denies one application, if it is on the blocklist.
func (j *job) enforce(ctx context.Context, c apply.Case) error {
	now := j.Actions.Now()
	return settled(j.save(ctx, append(c.Keys(j.Guild), settings.Key(j.Guild)), func(tx *storage.Tx) error {
		a, denied, err := c.Enforce(tx, j.Guild, now)
		if denied {
			audit.Write(tx, j.Guild, a.ID, audit.Entry{
				At: now, By: a.By, What: "apply.deny", About: a.ID, Partner: c.Partner, Surface: "worker",
			})
		}
		return err
	}))
}
