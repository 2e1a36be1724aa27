package worker

import (
	"context"
	"slices"
	"time"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/apply"
	"github.com/entente-bot/entente/internal/index"
	"github.com/entente-bot/entente/internal/post"
	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/showcase"
	"github.com/entente-bot/entente/internal/storage"
	"github.com/entente-bot/entente/internal/ticket"
)

// A standing message of ours should be in a channel, and seen there since it was
// asked for.
type standing struct {
	post    storage.Key
	sync    action.Ref // brings it in line
	channel string
	asked   time.Time
}

// gather has the review cards of the applications that wait, the notices of the
// tickets that have none, and then the listings of all partners, brought in line
// that stand elsewhere than they should, or were not looked at since managers
// wanted that.
func (j *job) gather(ctx context.Context) error {
	tx, err := j.read(ctx, settings.Key(j.Guild))
	if err != nil {
		return err
	}
	chosen := settings.Of(tx, j.Guild)
	if _, err := tx.Changes(); err != nil {
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
	if err := j.recall(ctx, j.cards(waiting, chosen)); err != nil {
		return err
	}
	if err := j.gatherNotices(ctx, chosen); err != nil {
		return err
	}
	// The listings are gathered after what they share is in line.
	return j.offerAll(ctx, []action.Ref{showcase.Shelves(j.Guild), index.Sync(j.Guild)})
}

// cards are the review cards of the applications that wait, as they should stand.
func (j *job) cards(waiting []apply.Waiting, chosen settings.Settings) (list []standing) {
	if chosen.Review == "" {
		return nil
	}
	for _, w := range waiting {
		list = append(list, standing{
			apply.CardKey(j.Guild, w.ID), apply.Card(j.Guild, w.ID), chosen.Review, chosen.Retried,
		})
	}
	return list
}

// gatherNotices is gather for the notices of tickets.
func (j *job) gatherNotices(ctx context.Context, chosen settings.Settings) error {
	if chosen.Review == "" {
		return nil
	}
	q := ticket.Opened(j.Guild)
	for {
		page, err := j.Actions.DB.List(ctx, q)
		if err != nil {
			return err
		}
		var keys []storage.Key
		for _, it := range page.Items {
			c, err := storage.Decode[ticket.Current](it)
			if err != nil {
				return err
			}
			if c.Ticket != "" {
				keys = append(keys, ticket.Key(j.Guild, c.Ticket))
			}
		}
		tx, err := j.read(ctx, keys...)
		if err != nil {
			return err
		}
		var list []standing
		for _, k := range keys {
			if t, ok := storage.Read[ticket.Ticket](tx, k); ok && t.Noticed() {
				list = append(list, standing{
					ticket.NoticeKey(j.Guild, t.ID), ticket.Sync(j.Guild, t.ID), chosen.Review, chosen.Retried,
				})
			}
		}
		if _, err := tx.Changes(); err != nil {
			return err
		}
		if err := j.recall(ctx, list); err != nil {
			return err
		}
		if q.Cursor = page.Cursor; q.Cursor == "" {
			return nil
		}
	}
}

// atOnce is how many actions are caused in one write.
const atOnce = 20

// recall causes what brings those of list in line that are not.
func (j *job) recall(ctx context.Context, list []standing) error {
	var refs []action.Ref
	for some := range slices.Chunk(list, storage.MaxGet) {
		var keys []storage.Key
		for _, s := range some {
			keys = append(keys, s.post)
		}
		tx, err := j.read(ctx, keys...)
		if err != nil {
			return err
		}
		for _, s := range some {
			if p, _ := storage.Read[post.Post](tx, s.post); p.Message == "" || p.Channel != s.channel || p.Unseen(s.asked) {
				refs = append(refs, s.sync)
			}
		}
		if _, err := tx.Changes(); err != nil {
			return err
		}
	}
	return j.offerAll(ctx, refs)
}

// causeAll causes actions, some in each write.
func (j *job) causeAll(ctx context.Context, refs []action.Ref) error {
	return j.each(ctx, refs, action.Cause)
}

// offerAll causes actions that are not blocked, some in each write.
func (j *job) offerAll(ctx context.Context, refs []action.Ref) error {
	return j.each(ctx, refs, action.Offer)
}

// each does something with actions now, some in each write.
func (j *job) each(ctx context.Context, refs []action.Ref, do func(*storage.Tx, action.Ref, time.Time)) error {
	for some := range slices.Chunk(refs, atOnce) {
		var keys []storage.Key
		for _, r := range some {
			keys = append(keys, action.Keys(r)...)
		}
		if err := j.save(ctx, keys, func(tx *storage.Tx) error {
			for _, r := range some {
				do(tx, r, j.Actions.Now())
			}
			return nil
		}); err != nil {
			return err
		}
	}
	return nil
}
