package worker

import (
	"context"
	"errors"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/audit"
	"github.com/entente-bot/entente/internal/post"
	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/storage"
	"github.com/entente-bot/entente/internal/view"
)

// logMessages is how many messages of a log one run posts: Discord takes about one a
// second in a channel, and nobody else's work waits for a guild in which much happens.
const logMessages = 10

// auditPost posts in the log channel what waits for it, several entries a message
// and each once: which entries a message holds is recorded before it is posted. What
// is too much for one run is posted by the next, behind what else is due.
func auditPost(ctx context.Context, j *job) error {
	for range logMessages {
		more, err := j.postLog(ctx)
		if err != nil || !more {
			return err
		}
	}
	return j.save(ctx, nil, func(tx *storage.Tx) error {
		action.Cause(tx, j.Ref, j.Actions.Now())
		return nil
	})
}

// postLog posts one message, and reports whether there may be more to post.
func (j *job) postLog(ctx context.Context) (more bool, err error) {
	key := audit.LogKey(j.Guild)
	tx, err := j.read(ctx, key, settings.Key(j.Guild))
	if err != nil {
		return false, err
	}
	page, err := j.Actions.DB.List(ctx, audit.Waiting(j.Guild))
	if err != nil {
		return false, err
	}
	kept, _ := storage.Read[audit.Log](tx, key)
	chosen := settings.Of(tx, j.Guild)
	if _, err := tx.Changes(); err != nil {
		return false, err
	}
	next, list, err := kept.Next(page, chosen.Log)
	switch {
	case err != nil, len(next.Batch) == 0:
		return false, err
	case chosen.Log == "" && !next.Old, len(list) == 0: // nobody wants them, or they are over
		return true, j.logged(ctx, next)
	}
	w := wish{
		channel: next.Channel, mark: view.LogMark(next.Last()),
		message: view.Log(j.speak(chosen.Locale), list, next.Last()),
	}
	p := post.Post{Number: next.Number, Trying: post.Attempt{Channel: next.Channel, Since: j.Since}}
	if next.Channel != chosen.Log && !next.Old { // it may stand where the log was before
		_, found, err := j.published(ctx, p, w)
		if f := new(action.Failure); errors.As(err, &f) && f.Verdict == action.Again {
			return false, err
		}
		if found {
			return true, j.logged(ctx, next)
		}
		next.Channel, w.channel = chosen.Log, chosen.Log
	}
	if next.Channel != kept.Channel || len(kept.Batch) == 0 {
		err := j.save(ctx, []storage.Key{key}, func(tx *storage.Tx) error {
			tx.Set(key, next)
			return nil
		})
		if err != nil {
			return false, err
		}
	}
	_, err = j.create(ctx, p, w, j.Attempts > 1)
	if f := new(action.Failure); next.Old && errors.As(err, &f) && f.Verdict != action.Again {
		err = nil // it was deleted, or closed to the bot: the trail has it all the same
	}
	if err != nil {
		return false, err
	}
	return true, j.logged(ctx, next)
}

// logged records that the batch of l needs nothing more.
func (j *job) logged(ctx context.Context, l audit.Log) error {
	return j.save(ctx, []storage.Key{audit.LogKey(j.Guild)}, func(tx *storage.Tx) error {
		l.Posted(tx, j.Guild)
		return nil
	})
}
