package worker

import (
	"context"
	"slices"
	"time"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/apply"
	"github.com/entente-bot/entente/internal/index"
	"github.com/entente-bot/entente/internal/panel"
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

// gather has everything of ours that stands brought in line, that stands elsewhere
// than it should, or was not looked at since managers wanted that: the listings after
// what they share.
func (j *job) gather(ctx context.Context) error {
	r, err := j.listSpans(ctx, standingSpans(j.Guild), false)
	if err != nil {
		return err
	}
	if err := j.gatherStanding(ctx, r); err != nil {
		return err
	}
	return j.offerAll(ctx, []action.Ref{showcase.Shelves(j.Guild), index.Sync(j.Guild)})
}

// gatherStanding is gather for what has no daily look of its own: the review cards
// of applications that wait, the messages of open tickets, and the panels.
func (j *job) gatherStanding(ctx context.Context, r records) error {
	tx, err := j.read(ctx, settings.Key(j.Guild))
	if err != nil {
		return err
	}
	chosen := settings.Of(tx, j.Guild)
	if _, err := tx.Changes(); err != nil {
		return err
	}
	waiting, err := among[apply.Waiting](r, apply.Queued(j.Guild))
	if err != nil {
		return err
	}
	list := j.cards(waiting, chosen)
	tickets, err := among[ticket.Ticket](r, ticket.All(j.Guild))
	if err != nil {
		return err
	}
	list = append(list, j.ofTickets(tickets, chosen)...)
	panels, err := among[panel.Panel](r, panel.All(j.Guild))
	if err != nil {
		return err
	}
	for _, p := range panels {
		list = append(list, standing{panel.PostKey(j.Guild, p.Channel), panel.Sync(j.Guild, p.Channel), p.Channel, j.daily(p.Channel, chosen)})
	}
	return j.recall(ctx, list)
}

// daily is since when a message of ours, which about names, must have been seen to
// stand: once a day, and since managers wanted everything looked at.
func (j *job) daily(about string, chosen settings.Settings) time.Time {
	last, _ := showcase.Daily(j.Guild, about, j.Actions.Now())
	if chosen.Retried.After(last) {
		return chosen.Retried
	}
	return last
}

// cards are the review cards of the applications that wait, as they should stand.
func (j *job) cards(waiting []apply.Waiting, chosen settings.Settings) (list []standing) {
	if chosen.Review == "" {
		return nil
	}
	for _, w := range waiting {
		list = append(list, standing{
			apply.CardKey(j.Guild, w.ID), apply.Card(j.Guild, w.ID), chosen.Review,
			apply.Looked(w.Sent, chosen.Retried, j.Actions.Now()),
		})
	}
	return list
}

// ofTickets are the first messages in the threads of open tickets, and the notices
// of those that managers find by nothing else.
func (j *job) ofTickets(tickets []ticket.Ticket, chosen settings.Settings) (list []standing) {
	for _, t := range tickets {
		if !t.Closed.IsZero() || t.Thread == "" {
			continue
		}
		asked := j.daily(t.ID, chosen)
		list = append(list, standing{ticket.PostKey(j.Guild, t.ID, ""), ticket.Sync(j.Guild, t.ID), t.Thread, asked})
		if t.Noticed() && chosen.Review != "" {
			list = append(list, standing{ticket.NoticeKey(j.Guild, t.ID), ticket.Sync(j.Guild, t.ID), chosen.Review, asked})
		}
	}
	return list
}

// atOnce is how many actions are caused in one write.
const atOnce = 20

// recall has those of list brought in line that are not. What is blocked stays so:
// it is tried again when that may be mended.
func (j *job) recall(ctx context.Context, list []standing) error {
	var dues []due
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
				dues = append(dues, due{s.sync, j.Actions.Now(), true})
			}
		}
		if _, err := tx.Changes(); err != nil {
			return err
		}
	}
	return j.plan(ctx, dues)
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
