package worker

import (
	"context"
	"errors"
	"time"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/audit"
	"github.com/entente-bot/entente/internal/edit"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/showcase"
	"github.com/entente-bot/entente/internal/storage"
	"github.com/entente-bot/entente/internal/view"
)

// editCheck looks the invite of a changed ad up and decides what becomes of it.
func editCheck(ctx context.Context, j *job) error {
	tx, err := j.read(ctx, edit.DraftKey(j.Guild, j.Subject))
	if err != nil {
		return err
	}
	d, ok := storage.Read[edit.Draft](tx, edit.DraftKey(j.Guild, j.Subject))
	if _, err := tx.Changes(); err != nil || !ok || d.Checked {
		return err
	}
	found, err := j.lookForm(ctx, d.Form, d.By)
	if err != nil {
		return j.wait(ctx, err)
	}
	picture, err := j.judged(ctx, d.Form.Banner)
	if err != nil {
		return err
	}
	now := j.Actions.Now()
	return j.save(ctx, append(edit.SendKeys(j.Guild, d.Partner, d.By, d.ID), settings.Key(j.Guild)), func(tx *storage.Tx) error {
		edit.Judge(tx, j.Guild, d.ID, picture)
		did, err := edit.Resolve(tx, j.Guild, d.ID, found, now)
		if did != "" && err == nil {
			audit.Write(tx, j.Guild, d.ID, audit.Entry{At: now, By: d.By, What: did, About: d.Partner, Surface: "form"})
		}
		return err
	})
}

// editAnswer tells who sent a changed ad, in the reply to their form, how it
// stands, as long as Discord lets that reply be changed.
func editAnswer(ctx context.Context, j *job) error {
	draft, token := edit.DraftKey(j.Guild, j.Subject), edit.TokenKey(j.Subject)
	tx, err := j.read(ctx, draft, token)
	if err != nil {
		return err
	}
	d, ok := storage.Read[edit.Draft](tx, draft)
	t, alive := storage.Read[edit.Token](tx, token)
	if _, err := tx.Changes(); err != nil || !ok || !alive {
		return err
	}
	var e edit.Edit
	if d.Card != "" {
		tx, err := j.read(ctx, edit.Key(j.Guild, d.Partner), edit.PastKey(j.Guild, d.Card))
		if err != nil {
			return err
		}
		e, _ = edit.On(tx, j.Guild, d.Partner, d.Card)
		if _, err := tx.Changes(); err != nil {
			return err
		}
	}
	err = j.editReply(ctx, t.Token, view.Update(view.EditAnswer(j.speak(d.Locale), d, e)))
	if replyOver(err) {
		return nil // /partner info tells the same
	}
	return err
}

// editCard brings the review cards of a partner's edits in line: of those that
// were settled, and of the one that waits.
func editCard(ctx context.Context, j *job) error {
	e, err := j.editFollow(ctx)
	if err != nil {
		return err
	}
	for _, card := range e.Cards {
		if err := j.editSettled(ctx, e, card); err != nil {
			return err
		}
	}
	if !e.Open() {
		return nil
	}
	tx, err := j.read(ctx, partnership.Key(j.Guild, j.Subject), settings.Key(j.Guild))
	if err != nil {
		return err
	}
	p, active := storage.Read[partnership.Partnership](tx, partnership.Key(j.Guild, j.Subject))
	s := settings.Of(tx, j.Guild)
	if _, err := tx.Changes(); err != nil || !active {
		return err // it ended just now, which is a cause of its own
	}
	e.Before = p.Ad
	now := j.Actions.Now()
	err = j.editPublish(ctx, e, s, e.Looked(s.Retried, now))
	if err == nil { // somebody may delete the card: it is looked for tomorrow
		return j.save(ctx, nil, func(tx *storage.Tx) error {
			action.Cause(tx, j.Ref, now.Add(edit.LookEvery))
			return nil
		})
	}
	if !errors.Is(err, errNoBanner) {
		return err
	}
	if err := j.save(ctx, edit.FollowKeys(j.Guild, e), func(tx *storage.Tx) error {
		edit.Lose(tx, j.Guild, e.Partner, e.ID)
		return nil
	}); err != nil {
		return err
	}
	return editCard(ctx, j)
}

// editFollow settles the edit that waits if its partnership ended, and returns
// the latest edit of the partner.
func (j *job) editFollow(ctx context.Context) (e edit.Edit, err error) {
	tx, err := j.read(ctx, edit.Key(j.Guild, j.Subject))
	if err != nil {
		return e, err
	}
	e = edit.Of(tx, j.Guild, j.Subject)
	if _, err := tx.Changes(); err != nil || e.Partner == "" {
		return e, err
	}
	now := j.Actions.Now()
	err = j.save(ctx, edit.FollowKeys(j.Guild, e), func(tx *storage.Tx) error {
		if was := edit.Of(tx, j.Guild, j.Subject); was.ID == e.ID && edit.Follow(tx, j.Guild, j.Subject, now) {
			audit.Write(tx, j.Guild, e.ID, audit.Entry{At: now, By: audit.System, What: "edit.drop", About: j.Subject, Surface: "worker"})
		}
		e = edit.Of(tx, j.Guild, j.Subject)
		return nil
	})
	return e, err
}

// editSettled shows on a card how its edit was settled.
func (j *job) editSettled(ctx context.Context, latest edit.Edit, card string) error {
	tx, err := j.read(ctx, edit.PastKey(j.Guild, card), settings.Key(j.Guild))
	if err != nil {
		return err
	}
	e, ok := storage.Read[edit.Edit](tx, edit.PastKey(j.Guild, card))
	s := settings.Of(tx, j.Guild)
	if _, err := tx.Changes(); err != nil {
		return err
	}
	if ok {
		if err := j.editPublish(ctx, e, s, time.Time{}); err != nil && !errors.Is(err, errNoBanner) {
			return err
		}
	}
	return j.save(ctx, edit.FollowKeys(j.Guild, latest), func(tx *storage.Tx) error {
		edit.Shown(tx, j.Guild, j.Subject, card)
		return nil
	})
}

// editPublish publishes the card of e, and sees that it stands if it was not seen
// since it was asked for.
func (j *job) editPublish(ctx context.Context, e edit.Edit, s settings.Settings, asked time.Time) error {
	if s.Review == "" {
		return action.Blocking("worker.no-review-channel")
	}
	key := edit.CardKey(j.Guild, e.Card)
	w := wish{
		channel: s.Review, mark: view.EditMark(e.Card), message: view.EditCard(j.speak(s.Locale), e), asked: asked,
	}
	if b := e.Ad.Banner; b != e.Before.Banner {
		w.file, w.named = j.banner(b, key, showcase.Key(j.Guild, e.Partner)), b.File()
	}
	if w.file != nil {
		e.Ad.Banner.Bare = true
		w.bare = view.EditCard(j.speak(s.Locale), e)
	}
	return j.publish(ctx, key, w)
}

// editAgain has the cards of edits looked at and brought in line, wherever they
// are to stand by now.
func (j *job) editAgain(ctx context.Context) error {
	page, err := j.Actions.DB.List(ctx, edit.All(j.Guild))
	if err != nil {
		return err
	}
	var refs []action.Ref
	for _, it := range page.Items {
		e, err := storage.Decode[edit.Edit](it)
		if err != nil {
			return err
		}
		if e.Open() || len(e.Cards) > 0 {
			refs = append(refs, edit.Card(j.Guild, e.Partner))
		}
	}
	return j.offerAll(ctx, refs)
}
