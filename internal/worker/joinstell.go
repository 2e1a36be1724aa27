package worker

import (
	"context"
	"time"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/apply"
	"github.com/entente-bot/entente/internal/joins"
	"github.com/entente-bot/entente/internal/storage"
	"github.com/entente-bot/entente/internal/view"
)

// toldKey is where the post of the word about a tracked invite is kept, until it is
// known to stand.
func (t *tracking) toldKey() storage.Key {
	return storage.Key{Table: storage.Records, Part: "guild#" + t.Guild, Sort: "joins-post#" + t.Subject}
}

// tell gives the contact the tracked invite, once, and again if there is another one
// or another contact. Who can be told in no way finds it in /partner info.
func (t *tracking) tell(ctx context.Context) error {
	done, told := joins.Word{Code: t.mine.Code, User: t.p.Contact}, t.making.Told
	if t.mine.Code == "" || told.Code == done.Code && told.User == done.User {
		return nil
	}
	if told.User == done.User { // it is another one, of which they read once a day
		if next := told.Again.Add(24 * time.Hour); t.Actions.Now().Before(next) {
			return t.save(ctx, nil, func(tx *storage.Tx) error {
				action.Cause(tx, t.Ref, next)
				return nil
			})
		}
		done.Again = t.Actions.Now()
	}
	tx, err := t.read(ctx, apply.Key(t.Guild, t.p.Application), apply.UserKey(t.Guild, t.p.Contact))
	if err != nil {
		return err
	}
	a, _ := storage.Read[apply.Application](tx, apply.Key(t.Guild, t.p.Application))
	contact, _ := storage.Read[apply.Standing](tx, apply.UserKey(t.Guild, t.p.Contact))
	if _, err := tx.Changes(); err != nil {
		return err
	}
	given := view.Given{Partnership: t.p, Guild: t.Guild, Code: t.mine.Code, Again: t.making.Told.User == t.p.Contact}
	if err := t.inform(ctx, t.p.Contact, a, contact, word{
		key: t.toldKey(),
		direct: func(guildName string) wish {
			return wish{mark: view.GivenMark(given.Code), message: view.GivenNotice(t.speak(a.Locale), guildName, given, a)}
		},
		ticket: wish{mark: view.GivenMark(given.Code), message: view.GivenWord(t.speak(t.chosen.Locale), given)},
	}); err != nil {
		return err
	}
	key := t.toldKey()
	return t.save(ctx, []storage.Key{joins.MakingKey(t.Guild, t.Subject), key}, func(tx *storage.Tx) error {
		m, ok := storage.Read[joins.Making](tx, joins.MakingKey(t.Guild, t.Subject))
		if m.Told = done; ok {
			tx.Set(joins.MakingKey(t.Guild, t.Subject), m)
		}
		tx.Delete(key)
		return nil
	})
}
