package worker

import (
	"context"
	"slices"
	"time"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/apply"
	"github.com/entente-bot/entente/internal/audit"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/removal"
	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/storage"
)

// guildLook looks at a guild, every day and when what was due may be lost: what
// follows from its records and is not planned is planned, and what stands in Discord
// is seen to. What is done is not done again, so that an attempt goes on where the one
// before ended.
func guildLook(ctx context.Context, j *job) error {
	out, err := j.lookOut(ctx)
	if err != nil || out {
		return err
	}
	if err := j.save(ctx, nil, func(tx *storage.Tx) error {
		action.Cause(tx, j.Ref, removal.Daily(j.Guild, j.Actions.Now())) // before anything keeps it from being planned
		return nil
	}); err != nil {
		return err
	}
	r, err := j.listSpans(ctx, lookSpans(j.Guild), true)
	if err != nil {
		return err
	}
	if err := j.lookOver(ctx, r); err != nil {
		return err
	}
	return j.gatherStanding(ctx, r)
}

// lookOut plans what is to be done about a guild that the bot is out of, and
// reports whether it is.
func (j *job) lookOut(ctx context.Context) (out bool, err error) {
	tx, err := j.read(ctx, removal.Key(j.Guild))
	if err != nil {
		return false, err
	}
	r, out := removal.Of(tx, j.Guild)
	if _, err := tx.Changes(); err != nil || !out {
		return false, err
	}
	return true, j.plan(ctx, []due{
		{Ref: removal.Check(j.Guild), at: removal.Daily(j.Guild, j.Actions.Now())},
		{Ref: removal.Purge(j.Guild), at: r.Until},
	})
}

// A due is an action that is to be planned: for a time, or for at once if that is
// zero.
type due struct {
	action.Ref
	at     time.Time
	sooner bool // it may be planned for too late
}

// A look is a guild that is looked at.
type look struct {
	*job
	records
	now      time.Time
	chosen   settings.Settings
	active   []partnership.Partnership
	partners map[string]bool // active
	waiting  []apply.Waiting
	dues     []due // what was found
}

// A following is a kind of record from which actions follow.
type following struct {
	kind string // as in the table of package storage
	see  func(*look, context.Context) error
}

// followings lists what is due because of which records.
func followings() []following {
	return []following{
		{"settings", (*look).guild},
		{"log", (*look).log},
		{"waiting", (*look).queue},
		{"application", (*look).decisions},
		{"draft", (*look).drafts},
		{"partnership", (*look).partnerships},
		{"ended", (*look).endings},
		{"home", (*look).homes},
		{"bump", (*look).bumps},
		{"contact", (*look).contacts},
		{"edit", (*look).edits},
		{"ledger", (*look).joins},
		{"block", (*look).blocks},
		{"ticket", (*look).tickets},
		{"panel", (*look).panels},
	}
}

// lookAgain is lookOver after the settings were changed: with the records as they now stand.
func (j *job) lookAgain(ctx context.Context) error {
	r, err := j.listSpans(ctx, lookSpans(j.Guild), false)
	if err != nil {
		return err
	}
	return j.lookOver(ctx, r)
}

// lookOver plans what follows from the records of the guild and is not planned, or too
// late.
func (j *job) lookOver(ctx context.Context, r records) error {
	l := &look{job: j, records: r, now: j.Actions.Now(), partners: map[string]bool{}}
	tx, err := j.read(ctx, settings.Key(j.Guild))
	if err != nil {
		return err
	}
	l.chosen = settings.Of(tx, j.Guild)
	if _, err := tx.Changes(); err != nil {
		return err
	}
	if l.active, err = among[partnership.Partnership](r, partnership.All(j.Guild)); err != nil {
		return err
	}
	for _, p := range l.active {
		l.partners[p.Partner] = true
	}
	if l.waiting, err = among[apply.Waiting](r, apply.Queued(j.Guild)); err != nil {
		return err
	}
	for _, f := range followings() {
		if err := f.see(l, ctx); err != nil {
			return err
		}
	}
	return j.plan(ctx, l.dues)
}

// due notes that actions are to be planned, for at once if they are not.
func (l *look) due(refs ...action.Ref) {
	for _, r := range refs {
		l.dues = append(l.dues, due{Ref: r})
	}
}

// plan plans what of dues is not planned, or for too late, or was given up.
func (j *job) plan(ctx context.Context, dues []due) error {
	var late []due
	for some := range slices.Chunk(dues, storage.MaxGet) {
		tx, err := j.read(ctx, keysOf(some)...)
		if err != nil {
			return err
		}
		for _, d := range some {
			if d.missing(tx) {
				late = append(late, d)
			}
		}
		if _, err := tx.Changes(); err != nil {
			return err
		}
	}
	for some := range slices.Chunk(late, atOnce) {
		if err := j.save(ctx, keysOf(some), func(tx *storage.Tx) error {
			for _, d := range some {
				if d.missing(tx) {
					action.Cause(tx, d.Ref, d.when(j.Actions.Now()))
				}
			}
			return nil
		}); err != nil {
			return err
		}
	}
	return nil
}

// keysOf are the keys of the actions of dues: each once.
func keysOf(dues []due) (keys []storage.Key) {
	for _, d := range dues {
		if k := d.Key(); !slices.Contains(keys, k) {
			keys = append(keys, k)
		}
	}
	return keys
}

// missing reports whether d is to be planned.
func (d due) missing(tx *storage.Tx) bool {
	a, planned := storage.Read[action.Action](tx, d.Key())
	switch {
	case !planned, a.State == action.Dead:
		return true
	case a.State == action.Leased: // whoever is at it may have looked too early
		return d.sooner
	}
	return d.sooner && a.State == action.Due && a.Due.After(d.at)
}

// when is when d is to be done.
func (d due) when(now time.Time) time.Time {
	if d.at.IsZero() {
		return now
	}
	return d.at
}

// every returns all that a query lists.
func every[T storage.Record](ctx context.Context, j *job, q storage.Query) (list []T, err error) {
	for {
		page, err := j.Actions.DB.List(ctx, q)
		if err != nil {
			return nil, err
		}
		for _, it := range page.Items {
			v, err := storage.Decode[T](it)
			if err != nil {
				return nil, err
			}
			list = append(list, v)
		}
		if q.Cursor = page.Cursor; q.Cursor == "" {
			return list, nil
		}
	}
}

// guild: it is looked at again.
func (l *look) guild(context.Context) error {
	l.dues = append(l.dues, due{Ref: removal.Check(l.Guild), at: removal.Daily(l.Guild, l.now)})
	return nil
}

// log: what waits for the log channel is posted.
func (l *look) log(ctx context.Context) error {
	q := audit.Waiting(l.Guild)
	q.Limit, q.Stale = 1, true
	page, err := l.Actions.DB.List(ctx, q)
	if err == nil && len(page.Items) > 0 {
		l.due(audit.Post(l.Guild))
	}
	return err
}
