package worker

import (
	"context"
	"time"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/poll"
	"github.com/entente-bot/entente/internal/removal"
	"github.com/entente-bot/entente/internal/roll"
	"github.com/entente-bot/entente/internal/storage"
)

// pagesPerRun is how many writes one run of the purge makes before it hands over
// to the next.
const pagesPerRun = 40

// removalPurge deletes what is kept of a guild that the bot has been out of for
// longer than the grace period: the records, what of the guild waits in the actions
// table, and its actions. The note that the bot is out goes last, so that a purge
// that was interrupted goes on.
func removalPurge(ctx context.Context, j *job) error {
	tx, err := j.read(ctx, removal.Key(j.Guild))
	if err != nil {
		return err
	}
	r, out := removal.Of(tx, j.Guild)
	if _, err := tx.Changes(); err != nil || !out {
		return err
	}
	now := j.Actions.Now()
	if now.Before(r.Until) {
		return j.later(ctx, removal.Purge(j.Guild), r)
	}
	if !r.Purging {
		switch _, err := j.Discord.Guild(ctx, j.Guild); action.Code(err) { // lest it is back since yesterday
		case unknownGuild, missingAccess:
		default:
			if err != nil {
				return err
			}
			return removalCheck(ctx, j)
		}
		if held, err := j.held(ctx, r); held || err != nil {
			return err
		}
		if err := j.save(ctx, removal.Keys(j.Guild), func(tx *storage.Tx) error {
			r, known := storage.Read[removal.Removal](tx, removal.Key(j.Guild))
			if r.Purging = true; known {
				tx.Set(removal.Key(j.Guild), r)
			}
			action.Cancel(tx, removal.Check(j.Guild))
			return nil
		}); err != nil {
			return err
		}
	}
	for range pagesPerRun {
		more, err := j.purge(ctx)
		if err != nil {
			return err
		}
		if !more {
			return j.save(ctx, append(action.Keys(removal.Check(j.Guild)), removal.Key(j.Guild)), func(tx *storage.Tx) error {
				action.Cancel(tx, removal.Check(j.Guild))
				tx.Delete(removal.Key(j.Guild))
				tx.Unindex(poll.Key(j.Guild))
				roll.Strike(tx, j.Guild)
				return nil
			})
		}
	}
	return j.later(ctx, removal.Purge(j.Guild), removal.Removal{Until: now})
}

// held reports whether the purge has to wait until somebody looked: the guild was lost
// together with so many others that a fault is likelier than that people wanted it. It
// is asked again the next day.
func (j *job) held(ctx context.Context, r removal.Removal) (bool, error) {
	left, err := j.Discord.Presence(ctx)
	if err != nil {
		return false, err
	}
	tx, err := j.read(ctx, removal.LossesKeys(r.Since)...)
	if err != nil {
		return false, err
	}
	lost := removal.LostWith(tx, r.Since)
	if _, err := tx.Changes(); err != nil || !removal.Unusual(lost, left) {
		return false, err
	}
	j.Log.ErrorContext(ctx, "deletion held: many guilds were lost at once", "guild", j.Guild, "since", r.Since, "lost", lost, "left", left)
	return true, j.later(ctx, removal.Purge(j.Guild), removal.Removal{Until: j.Actions.Now().Add(24 * time.Hour)})
}

// later has the purge go on when r says.
func (j *job) later(ctx context.Context, purge action.Ref, r removal.Removal) error {
	return j.save(ctx, action.Keys(purge), func(tx *storage.Tx) error {
		action.Cause(tx, purge, r.Until)
		return nil
	})
}

// purge makes one write of the purge, and reports whether there may be more to do.
func (j *job) purge(ctx context.Context) (more bool, err error) {
	part := storage.Query{Table: storage.Records, Part: "guild#" + j.Guild, Limit: storage.DefaultLimit}
	if more, err := j.purgePart(ctx, part); more || err != nil {
		return more, err
	}
	for _, p := range removal.Parts(j.Guild) {
		part = storage.Query{Table: storage.Actions, Part: p, Limit: storage.DefaultLimit}
		if more, err := j.purgePart(ctx, part); more || err != nil {
			return more, err
		}
	}
	page, err := j.Actions.DB.List(ctx, action.BlockedQuery(j.Guild))
	if err != nil {
		return false, err
	}
	stops, err := action.BlockedIn(page)
	if err != nil {
		return false, err
	}
	refs := removal.Always(j.Guild)
	for _, s := range stops[:min(len(stops), perPurge)] {
		refs = append(refs, s.Ref)
	}
	return len(stops) > 0, j.drop(ctx, nil, refs)
}

// perPurge is how many actions are deleted in one write, each with its pointers.
const perPurge = 15

// purgePart deletes the first items of a part, with the actions that wait because
// of them.
func (j *job) purgePart(ctx context.Context, part storage.Query) (more bool, err error) {
	page, err := j.Actions.DB.List(ctx, part)
	if err != nil {
		return false, err
	}
	var items []storage.Item
	var refs []action.Ref
	for _, it := range page.Items {
		if it.Key == removal.Key(j.Guild) {
			continue
		}
		mine := removal.Actions(j.Guild, it.Key.Sort)
		if len(refs)+len(mine) > perPurge || len(items) == 40 {
			break
		}
		items, refs = append(items, it), append(refs, mine...)
	}
	if len(items) == 0 {
		return false, nil
	}
	return true, j.drop(ctx, items, refs)
}

// drop deletes items, whatever they are by now, and takes actions back.
func (j *job) drop(ctx context.Context, items []storage.Item, refs []action.Ref) error {
	return j.save(ctx, action.Keys(refs...), func(tx *storage.Tx) error {
		for _, r := range refs {
			action.Cancel(tx, r)
		}
		for _, it := range items {
			tx.Unindex(it.Key)
		}
		return nil
	})
}
