package worker

import (
	"context"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/apply"
	"github.com/entente-bot/entente/internal/edit"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/storage"
	"github.com/entente-bot/entente/internal/view"
)

// editTell tells the contact who sent a changed ad how managers decided, by direct
// message, once, and only if they asked to be told so. Whoever cannot be reached
// reads it in /partner info.
func editTell(ctx context.Context, j *job) error {
	past, notice := edit.PastKey(j.Guild, j.Subject), edit.NoticeKey(j.Guild, j.Subject)
	tx, err := j.read(ctx, past)
	if err != nil {
		return err
	}
	e, ok := storage.Read[edit.Edit](tx, past)
	if _, err := tx.Changes(); err != nil || !ok || e.Told {
		return err
	}
	a, wanted, err := j.editTells(ctx, e)
	if err != nil {
		return err
	}
	if wanted {
		err = j.editWrite(ctx, e, a)
	}
	switch action.Code(err) {
	case noMessages, noSharedGuild, noRecipient, unknownUser:
		err = nil
	}
	if err != nil {
		return err
	}
	return j.save(ctx, []storage.Key{past, notice}, func(tx *storage.Tx) error {
		edit.Told(tx, j.Guild, j.Subject)
		return nil
	})
}

// editTells reports whether who sent e is told of the decision: they are still the
// contact, and asked for it with the application that the partnership came from.
func (j *job) editTells(ctx context.Context, e edit.Edit) (a apply.Application, wanted bool, err error) {
	about, from, user := partnership.Key(j.Guild, e.Partner), apply.Key(j.Guild, e.Application), apply.UserKey(j.Guild, e.By)
	tx, err := j.read(ctx, about, from, user)
	if err != nil {
		return a, false, err
	}
	p, _ := storage.Read[partnership.Partnership](tx, about)
	a, _ = storage.Read[apply.Application](tx, from)
	standing, _ := storage.Read[apply.Standing](tx, user)
	_, err = tx.Changes()
	return a, p.Contact == e.By && p.Application == e.Application && a.Reaches(e.By, standing), err
}

// editWrite sends the direct message about e, in the language of a.
func (j *job) editWrite(ctx context.Context, e edit.Edit, a apply.Application) error {
	guild, err := j.Discord.Guild(ctx, j.Guild)
	if err != nil {
		return err
	}
	channel, err := j.Discord.DirectChannel(ctx, e.By)
	if err != nil {
		return err
	}
	return j.publish(ctx, edit.NoticeKey(j.Guild, e.Card), wish{
		channel: channel, mark: view.EditNoticeMark(e.Card), message: view.EditNotice(j.speak(a.Locale), j.Guild, guild.Name, e),
	})
}
