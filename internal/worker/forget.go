package worker

import (
	"context"
	"errors"
	"strings"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/audit"
	"github.com/entente-bot/entente/internal/forget"
	"github.com/entente-bot/entente/internal/joins"
	"github.com/entente-bot/entente/internal/storage"
	"github.com/entente-bot/entente/internal/view"
)

// forgetPages is how many pages of records one run goes through: a guild with more
// of them has another run, so that none takes too long.
const forgetPages = 20

// forgetUser deletes what the guild keeps about a user: it goes through all of the
// guild's records, [forget.Walks] times, some of them a run, and notes how far it is.
func forgetUser(ctx context.Context, j *job) error {
	f := &forgetJob{job: j, user: j.Subject}
	tx, err := j.read(ctx, forget.Key(j.Guild, f.user))
	if err != nil {
		return err
	}
	p, asked := storage.Read[forget.Progress](tx, forget.Key(j.Guild, f.user))
	if _, err := tx.Changes(); err != nil || !asked {
		return err
	}
	f.Progress = p
	if !p.Done.IsZero() {
		return f.answer(ctx)
	}
	if p.Cursor == "" { // before anything else: from now on nobody writes down who they are
		if err := f.nobody(ctx); err != nil {
			return err
		}
	}
	q := storage.Query{Table: storage.Records, Part: "guild#" + j.Guild, Cursor: p.Cursor}
	for range forgetPages {
		page, err := j.Actions.DB.List(ctx, q)
		if err != nil {
			return err
		}
		for _, it := range page.Items {
			if err := f.item(ctx, it); err != nil {
				return err
			}
		}
		q.Cursor, f.Cursor = page.Cursor, page.Cursor
		if page.Cursor == "" {
			f.Walk++
		}
		if f.Walk == forget.Walks {
			return f.done(ctx)
		}
		if err := f.note(ctx, nil); err != nil {
			return err
		}
	}
	return f.note(ctx, func(tx *storage.Tx) { action.Cause(tx, j.Ref, j.Actions.Now()) })
}

// A forgetJob is the deletion of a user's data in hand.
type forgetJob struct {
	*job
	forget.Progress
	user string
}

// nobody deletes by which partner the user joined, and marks that they are never to
// be identified again.
func (f *forgetJob) nobody(ctx context.Context) error {
	return f.save(ctx, joins.ForgetKeys(f.Guild, f.user), func(tx *storage.Tx) error {
		joins.Forget(tx, f.Guild, f.user)
		return nil
	})
}

// note records how far it is, and what else is to be.
func (f *forgetJob) note(ctx context.Context, also func(*storage.Tx)) error {
	key := forget.Key(f.Guild, f.user)
	return f.save(ctx, []storage.Key{key}, func(tx *storage.Tx) error {
		tx.Set(key, f.Progress)
		if also != nil {
			also(tx)
		}
		return nil
	})
}

// done takes the user out of what waits for the log channel, too, and tells them
// that it is done.
func (f *forgetJob) done(ctx context.Context) error {
	for q := audit.Waiting(f.Guild); !f.Staff; {
		page, err := f.Actions.DB.List(ctx, q)
		if err != nil {
			return err
		}
		for _, it := range page.Items {
			if _, err := f.scrub(ctx, it); err != nil {
				return err
			}
		}
		if q.Cursor = page.Cursor; q.Cursor == "" {
			break
		}
	}
	f.Done = f.Actions.Now()
	if err := f.note(ctx, nil); err != nil {
		return err
	}
	return f.answer(ctx)
}

// answer tells the user what was deleted and what is kept, as long as Discord lets
// the reply be changed.
func (f *forgetJob) answer(ctx context.Context) error {
	key := forget.AnswerKey(f.Guild, f.user)
	tx, err := f.read(ctx, key)
	if err != nil {
		return err
	}
	a, alive := storage.Read[forget.Answer](tx, key)
	if _, err := tx.Changes(); err != nil || !alive {
		return err
	}
	err = f.editReply(ctx, a.Token, view.Update(view.Forgotten(f.speak(a.Locale), f.Gone, f.Staff)))
	if err != nil && !replyOver(err) {
		return err
	}
	return f.save(ctx, []storage.Key{key}, func(tx *storage.Tx) error {
		tx.Delete(key)
		return nil
	})
}

// item takes the user out of one record.
func (f *forgetJob) item(ctx context.Context, it storage.Item) error {
	if !forget.Names(it.Key.Sort+" "+string(it.Value), f.user) {
		return nil
	}
	for _, r := range forgetRules() {
		if strings.HasPrefix(it.Key.Sort, r.prefix) {
			if goOn, err := r.rule(ctx, f, it); err != nil || !goOn {
				return err
			}
			break
		}
	}
	if f.Staff { // what else names them is what they did as such
		return nil
	}
	if items, err := f.Actions.DB.Get(ctx, it.Key); err != nil {
		return err
	} else if it = items[0]; it.Value == nil {
		return nil
	}
	_, err := f.scrub(ctx, it)
	return err
}

// scrub takes the user's ID out of a record, and reports whether it was there.
func (f *forgetJob) scrub(ctx context.Context, it storage.Item) (bool, error) {
	for {
		value, named := forget.Scrub(it.Value, f.user)
		if !named {
			return false, nil
		}
		it.Value = value
		err := f.Actions.DB.Put(ctx, it)
		if !errors.Is(err, storage.ErrConflict) {
			return true, err
		}
		items, err := f.Actions.DB.Get(ctx, it.Key) // somebody was faster
		if err != nil {
			return false, err
		}
		if it = items[0]; it.Value == nil {
			return false, nil
		}
	}
}

// remove deletes a record.
func (f *forgetJob) remove(ctx context.Context, it storage.Item) error {
	return f.save(ctx, []storage.Key{it.Key}, func(tx *storage.Tx) error {
		tx.Delete(it.Key)
		return nil
	})
}
