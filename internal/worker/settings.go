package worker

import (
	"context"
	"slices"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/storage"
)

// settingsRetry has tried again what was blocked or given up in a guild: its managers
// changed a setting, which may have been what it waited for. The panels show settings,
// reminders and expiries go by them, and cards and listings stand where they say, so
// they are brought in line, too.
//
// Of what is stopped for one reason, one is tried, and at most once a minute. With
// such a reason for a subject, the others follow that one.
func settingsRetry(ctx context.Context, j *job) error {
	if j.Subject != settings.Retry(j.Guild).Subject {
		return j.release(ctx, j.Subject)
	}
	for _, step := range []func(context.Context) error{
		j.lookAgain, j.remind, j.gather, j.contactAgain, j.joinsAgain, j.editAgain, j.probe,
	} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return panelRefresh(ctx, j)
}

// remind has the reminder of applications that wait looked at.
func (j *job) remind(ctx context.Context) error { return j.remindAgain(ctx, j.Actions.Now(), nil) }

// stops returns what is blocked or given up in the guild.
func (j *job) stops(ctx context.Context) (all []action.Stop, err error) {
	q := action.BlockedQuery(j.Guild)
	for {
		page, err := j.Actions.DB.List(ctx, q)
		if err != nil {
			return nil, err
		}
		some, err := action.BlockedIn(page)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
		if q.Cursor = page.Cursor; q.Cursor == "" {
			return all, nil
		}
	}
}

// probe has one action tried for each reason that stops some, and comes again for
// those that were tried less than a minute ago.
func (j *job) probe(ctx context.Context) error {
	stops, err := j.stops(ctx)
	if err != nil || len(stops) == 0 {
		return err
	}
	key, now := action.ProbesKey(j.Guild), j.Actions.Now()
	tx, err := j.read(ctx, key)
	if err != nil {
		return err
	}
	p, _ := storage.Read[action.Probes](tx, key)
	if _, err := tx.Changes(); err != nil {
		return err
	}
	try, later := p.Next(stops, now)
	for some := range slices.Chunk(try, atOnce) {
		var refs []action.Ref
		for _, s := range some {
			refs = append(refs, s.Ref)
		}
		if err := j.save(ctx, append(action.Keys(refs...), key), func(tx *storage.Tx) error {
			p, _ := storage.Read[action.Probes](tx, key)
			tx.Set(key, p.Tried(some, now))
			for _, r := range refs {
				action.Probe(tx, r, now)
			}
			return nil
		}); err != nil {
			return err
		}
	}
	if later.IsZero() {
		return nil
	}
	return j.save(ctx, nil, func(tx *storage.Tx) error {
		action.Cause(tx, j.Ref, later)
		return nil
	})
}

// release has everything tried that is stopped by a cause which is over.
func (j *job) release(ctx context.Context, cause string) error {
	stops, err := j.stops(ctx)
	if err != nil {
		return err
	}
	var refs []action.Ref
	for _, s := range stops {
		if s.Cause() == cause {
			refs = append(refs, s.Ref)
		}
	}
	return j.each(ctx, refs, action.Retry)
}
