package worker

import (
	"cmp"
	"context"

	"github.com/entente-bot/entente/internal/apply"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/storage"
	"github.com/entente-bot/entente/internal/view"
)

// endTell tells the other side that a partnership is over, once: the managers, if
// the contact ended it, else the contact, as far as they can be told. The log
// channel has it in any case.
func endTell(ctx context.Context, j *job) error {
	page, err := j.Actions.DB.List(ctx, partnership.EndedWith(j.Guild, j.Subject, storage.DefaultLimit))
	if err != nil {
		return err
	}
	list, err := partnership.EndedIn(page)
	if err != nil {
		return err
	}
	var failed error
	for _, e := range list {
		if !e.Told {
			failed = cmp.Or(j.tellEnd(ctx, e), failed)
		}
	}
	return failed
}

// tellEnd tells of one end. What people delete later is not put back.
func (j *job) tellEnd(ctx context.Context, e partnership.Ended) error {
	tx, err := j.read(ctx, apply.Key(j.Guild, e.Application), apply.UserKey(j.Guild, e.Contact), settings.Key(j.Guild))
	if err != nil {
		return err
	}
	a, _ := storage.Read[apply.Application](tx, apply.Key(j.Guild, e.Application))
	contact, _ := storage.Read[apply.Standing](tx, apply.UserKey(j.Guild, e.Contact))
	chosen := settings.Of(tx, j.Guild)
	if _, err := tx.Changes(); err != nil {
		return err
	}
	switch {
	case e.Why == partnership.WhyContact:
		err = j.tellManagers(ctx, e, chosen)
	case e.EndedBy != e.Contact:
		err = j.tellContact(ctx, e, a, contact, chosen)
	}
	if err != nil {
		return err
	}
	key, said := partnership.EndedKey(j.Guild, e.Partner, e.Application), saidKey(j.Guild, e)
	return j.save(ctx, []storage.Key{key, said}, func(tx *storage.Tx) error {
		now, ok := storage.Read[partnership.Ended](tx, key)
		if now.Told = true; ok {
			tx.Set(key, now)
		}
		tx.Delete(said)
		return nil
	})
}

// saidKey is where the post of the word about an end is kept, until it is known
// to stand.
func saidKey(guild string, e partnership.Ended) storage.Key {
	return storage.Key{Table: storage.Records, Part: "guild#" + guild, Sort: "end-post#" + e.Partner + "#" + e.Application}
}

// tellManagers tells in the review channel that a contact ended a partnership.
func (j *job) tellManagers(ctx context.Context, e partnership.Ended, chosen settings.Settings) error {
	if chosen.Review == "" {
		return nil
	}
	return j.publish(ctx, saidKey(j.Guild, e), wish{
		channel: chosen.Review, mark: view.EndCardMark(e.Application), message: view.EndCard(j.speak(chosen.Locale), e),
	})
}

// tellContact tells a contact that managers ended their partnership.
func (j *job) tellContact(ctx context.Context, e partnership.Ended, a apply.Application, contact apply.Standing, chosen settings.Settings) error {
	return j.inform(ctx, e.Contact, a, contact, word{
		key: saidKey(j.Guild, e),
		direct: func(guildName string) wish {
			return wish{
				mark:    view.EndNoticeMark(e.Application),
				message: view.EndNotice(j.speak(a.Locale), j.Guild, guildName, e, a),
			}
		},
		ticket: wish{mark: view.EndWordMark(e.Application), message: view.EndWord(j.speak(chosen.Locale), e)},
	})
}
