package worker

import (
	"context"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/apply"
	"github.com/entente-bot/entente/internal/contact"
	"github.com/entente-bot/entente/internal/drift"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/storage"
	"github.com/entente-bot/entente/internal/view"
)

// driftCard tells the contact of a partner that their ad is hidden, and shows the
// managers on one card what changed about the partner, and that its contact is on the
// blocklist, as long as they have not decided and it is not as it was.
func driftCard(ctx context.Context, j *job) error {
	about := partnership.Key(j.Guild, j.Subject)
	tx, err := j.read(ctx, about, settings.Key(j.Guild), contact.Key(j.Guild, j.Subject))
	if err != nil {
		return err
	}
	p, active := storage.Read[partnership.Partnership](tx, about)
	held := contact.Of(tx, j.Guild, j.Subject)
	asks := held.Asks() && held.User == p.Contact
	s := settings.Of(tx, j.Guild)
	if _, err := tx.Changes(); err != nil {
		return err
	}
	if active && !p.Offered() && p.Hidden.Told != p.Contact {
		if err := j.driftTell(ctx, p, s); err != nil {
			return err
		}
	}
	card := wish{mark: view.DriftMark(j.Subject)}
	stands := active && (p.Drift.Held() || p.Hidden.ByInvite() || asks)
	if stands {
		if s.Review == "" {
			return action.Blocking("worker.no-review-channel")
		}
		now := j.Actions.Now()
		card.channel, card.asked = s.Review, now.Truncate(drift.LookEvery)
		card.message = view.DriftCard(j.speak(s.Locale), p, s.Minimum, asks)
	}
	if err := j.publish(ctx, drift.CardKey(j.Guild, j.Subject), card); err != nil || !stands {
		return err
	}
	return j.save(ctx, action.Keys(j.Ref), func(tx *storage.Tx) error { // somebody may delete the card
		action.Cause(tx, j.Ref, j.Actions.Now().Add(drift.LookEvery))
		return nil
	})
}

// driftTell tells the contact of p, once, that their ad is hidden, and what to do. Who
// can be told in no way reads it in /partner info.
func (j *job) driftTell(ctx context.Context, p partnership.Partnership, s settings.Settings) error {
	from, user := apply.Key(j.Guild, p.Application), apply.UserKey(j.Guild, p.Contact)
	tx, err := j.read(ctx, from, user)
	if err != nil {
		return err
	}
	a, _ := storage.Read[apply.Application](tx, from)
	standing, _ := storage.Read[apply.Standing](tx, user)
	if _, err := tx.Changes(); err != nil {
		return err
	}
	key := drift.WordKey(j.Guild, p.Partner)
	if err := j.inform(ctx, p.Contact, a, standing, word{
		key: key,
		direct: func(guildName string) wish {
			return wish{mark: view.HiddenMark(p.Partner), message: view.HiddenNotice(j.speak(a.Locale), j.Guild, guildName, p, a)}
		},
		ticket: wish{mark: view.HiddenMark(p.Partner), message: view.HiddenWord(j.speak(s.Locale), p)},
	}); err != nil {
		return err
	}
	about := partnership.Key(j.Guild, p.Partner)
	return j.save(ctx, []storage.Key{about, key}, func(tx *storage.Tx) error {
		is, ok := storage.Read[partnership.Partnership](tx, about)
		if ok && is.Application == p.Application && is.Hidden.Since.Equal(p.Hidden.Since) {
			is.Hidden.Told = p.Contact
			tx.Set(about, is)
		}
		tx.Delete(key)
		return nil
	})
}
