package worker

import (
	"context"
	"strconv"
	"time"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/apply"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/post"
	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/storage"
	"github.com/entente-bot/entente/internal/view"
)

// queueRemind brings the reminder of a guild in line: one message while
// applications are overdue, a new one in its place a day later, none when none is.
func queueRemind(ctx context.Context, j *job) error {
	key := apply.RemindKey(j.Guild)
	tx, err := j.read(ctx, key, settings.Key(j.Guild))
	if err != nil {
		return err
	}
	page, err := j.Actions.DB.List(ctx, apply.Queued(j.Guild))
	if err != nil {
		return err
	}
	list, err := apply.WaitingIn(page)
	if err != nil {
		return err
	}
	p, _ := storage.Read[post.Post](tx, key)
	s := settings.Of(tx, j.Guild)
	if _, err := tx.Changes(); err != nil {
		return err
	}
	now := j.Actions.Now()
	late, next := apply.Late(list, s.Remind, now)
	if len(late) == 0 {
		return j.remindAgain(ctx, next, j.publish(ctx, key, wish{mark: view.ReminderMark()}))
	}
	if s.Review == "" {
		return action.Blocking("worker.no-review-channel")
	}
	if err := j.recall(ctx, j.cards(late, s)); err != nil {
		return err
	}
	if p.Message != "" && !now.Before(stood(p).Add(apply.RemindEvery)) {
		if p, err = j.leave(ctx, key); err != nil {
			return err
		}
	}
	about := strconv.Itoa(p.Number)
	err = j.publish(ctx, key, wish{
		channel: s.Review, mark: view.ReminderMark(), asked: j.daily("queue", s),
		message: view.Reminder(j.speak(s.Locale), j.Guild, late, about),
	})
	again := now.Add(apply.RemindEvery)
	if p.Message != "" {
		again = stood(p).Add(apply.RemindEvery)
	}
	if next.IsZero() || again.Before(next) {
		next = again
	}
	return j.remindAgain(ctx, next, err)
}

// stood returns since when a post's message has stood.
func stood(p post.Post) time.Time { return partnership.Created(p.Message) }

// leave notes that another message is to take the place of the one under key.
func (j *job) leave(ctx context.Context, key storage.Key) (p post.Post, err error) {
	err = j.save(ctx, []storage.Key{key}, func(tx *storage.Tx) error {
		p, _ = storage.Read[post.Post](tx, key)
		p = p.Leaving()
		tx.Set(key, p)
		return nil
	})
	return p, err
}

// remindAgain has the reminder looked at again at the given time, unless it is
// zero or publishing it failed.
func (j *job) remindAgain(ctx context.Context, at time.Time, failed error) error {
	if failed != nil || at.IsZero() {
		return failed
	}
	return j.save(ctx, []storage.Key{apply.Remind(j.Guild).Key()}, func(tx *storage.Tx) error {
		action.Offer(tx, apply.Remind(j.Guild), at)
		return nil
	})
}

// queueCard notes in the queue where the review card of an application stands. If
// it is another one than it was, the reminder leads to the old one.
func (j *job) queueCard(ctx context.Context, id string) error {
	card, waits := apply.CardKey(j.Guild, id), apply.PendingKey(j.Guild, id)
	tx, err := j.read(ctx, card, waits)
	if err != nil {
		return err
	}
	p, _ := storage.Read[post.Post](tx, card)
	old, _ := storage.Read[apply.Waiting](tx, waits)
	apply.Stands(tx, j.Guild, id, p.Channel, p.Message)
	if changes, err := tx.Changes(); err != nil || len(changes) == 0 {
		return err
	}
	remind := apply.Remind(j.Guild)
	return j.save(ctx, append(action.Keys(remind), waits), func(tx *storage.Tx) error {
		apply.Stands(tx, j.Guild, id, p.Channel, p.Message)
		if old.Message != "" {
			action.Cause(tx, remind, j.Actions.Now())
		}
		return nil
	})
}
