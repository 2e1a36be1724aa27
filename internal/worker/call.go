package worker

import (
	"context"
	"time"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/roll"
	"github.com/entente-bot/entente/internal/storage"
)

// guildCall has what was given up tried again, and every guild on the roll looked
// at: what was due may be lost, or can be done by now. It notes how far it is after
// each page, and hands over to the next run when half of its time is over.
func guildCall(ctx context.Context, j *job) error {
	tx, err := j.read(ctx, roll.ProgressKey())
	if err != nil {
		return err
	}
	p, began := storage.Read[roll.Progress](tx, roll.ProgressKey())
	if _, err := tx.Changes(); err != nil {
		return err
	}
	if !began {
		if err := j.reviveAll(ctx); err != nil {
			return err
		}
	}
	for enough := halfTime(ctx); p.Shard < roll.Shards; {
		if p, err = j.callPage(ctx, p); err != nil {
			return err
		}
		if time.Now().After(enough) {
			return j.save(ctx, nil, func(tx *storage.Tx) error {
				action.Cause(tx, j.Ref, j.Actions.Now())
				return nil
			})
		}
	}
	return j.save(ctx, []storage.Key{roll.ProgressKey()}, func(tx *storage.Tx) error {
		tx.Delete(roll.ProgressKey())
		return nil
	})
}

// halfTime is when half of the time is over that ctx leaves, by the machine's clock.
func halfTime(ctx context.Context) time.Time {
	end, limited := ctx.Deadline()
	if !limited {
		return time.Now().Add(within / 2)
	}
	return time.Now().Add(time.Until(end) / 2)
}

// callPage has the guilds of the next page of the roll looked at, and returns how
// far it then is.
func (j *job) callPage(ctx context.Context, p roll.Progress) (roll.Progress, error) {
	q := roll.In(p.Shard)
	q.Cursor = p.Cursor
	page, err := j.Actions.DB.List(ctx, q)
	if err != nil {
		return p, err
	}
	var refs []action.Ref
	for _, g := range roll.Guilds(page) {
		refs = append(refs, roll.Look(g))
	}
	if err := j.causeAll(ctx, refs); err != nil {
		return p, err
	}
	if p.Cursor = page.Cursor; p.Cursor == "" {
		p.Shard++
	}
	return p, j.save(ctx, []storage.Key{roll.ProgressKey()}, func(tx *storage.Tx) error {
		tx.Set(roll.ProgressKey(), p)
		return nil
	})
}

// reviveAll has everything tried again that was given up, in all guilds.
func (j *job) reviveAll(ctx context.Context) error {
	for shard := range action.Shards {
		if err := j.Actions.EachDead(ctx, shard, func(refs []action.Ref) error {
			return j.each(ctx, refs, action.Retry)
		}); err != nil {
			return err
		}
	}
	return nil
}

// retryStops has those actions of the guild tried again that are blocked or given up
// and fit.
func (j *job) retryStops(ctx context.Context, fit func(action.Stop) bool) error {
	stops, err := j.stops(ctx)
	if err != nil {
		return err
	}
	var refs []action.Ref
	for _, s := range stops {
		if fit(s) {
			refs = append(refs, s.Ref)
		}
	}
	return j.each(ctx, refs, action.Retry)
}
