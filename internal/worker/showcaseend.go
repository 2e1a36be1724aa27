package worker

import (
	"cmp"
	"context"
	"errors"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/index"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/post"
	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/showcase"
	"github.com/entente-bot/entente/internal/storage"
	"github.com/entente-bot/entente/internal/view"
)

// clear deletes the homes that the listing moved out of, with all that stands in
// them. Where it may not, the listing at least goes.
func (l *listing) clear(ctx context.Context) error {
	for len(l.home.Old) > 0 {
		old := l.home.Old[0]
		err := l.Discord.DeletePlace(ctx, old.Place, l.reason(l.chosen.Locale))
		if blocks(err) {
			return cmp.Or(l.strip(ctx), err)
		}
		if err != nil {
			return err
		}
		if err := l.cleared(ctx, old); err != nil {
			return err
		}
	}
	return nil
}

// cleared records that a home is gone, with the messages in it; and that there is
// room where it was.
func (l *listing) cleared(ctx context.Context, old showcase.Left) error {
	h := l.home.Cleared()
	homeKey, lift, shelf := showcase.HomeKey(l.Guild, l.Subject), showcase.LiftKey(l.Guild, l.Subject), showcase.OverflowKey(l.Guild)
	keys := []storage.Key{homeKey, l.key(), lift}
	ref := showcase.Shelves(l.Guild)
	if old.Below != "" {
		keys = append(keys, append(action.Keys(ref), shelf)...)
	}
	err := l.save(ctx, keys, func(tx *storage.Tx) error {
		tx.Set(homeKey, h)
		for _, k := range []storage.Key{l.key(), lift} {
			p, ok := storage.Read[post.Post](tx, k)
			if rest, with := p.Without([]string{old.Place}); ok && len(with) > 0 {
				tx.Set(k, rest)
			}
		}
		if old.Below == "" {
			return nil
		}
		if o, ok := storage.Read[showcase.Overflow](tx, shelf); ok && o.Full(old.Below) {
			o.Fill(old.Below, false)
			tx.Set(shelf, o)
		}
		if l.chosen.Mode != settings.Channels { // a category of ours may be empty by then
			action.Cause(tx, ref, l.Actions.Now().Add(showcase.Tidy))
		}
		return nil
	})
	if err == nil {
		l.home = h
	}
	return err
}

// strip deletes what stands in homes that cannot be deleted.
func (l *listing) strip(ctx context.Context) error {
	kept := l.home.Old
	l.home.Old = nil
	defer func() { l.home.Old = kept }()
	if l.active {
		return l.stand(ctx)
	}
	return l.unpublish(ctx)
}

// unpublish deletes the listing and what lifts it, but for what goes with its home.
func (l *listing) unpublish(ctx context.Context) error {
	leaves := l.home.Leaving()
	err := l.publish(ctx, l.key(), wish{mark: view.ListingMark(l.Subject), leaves: leaves})
	if err != nil || !l.lifted {
		return err
	}
	return l.publish(ctx, showcase.LiftKey(l.Guild, l.Subject), wish{mark: view.LiftMark(l.Subject), leaves: leaves})
}

// hide takes the listing of an active partnership away for a while. Its channel
// stays; a post goes, as it begins with the listing.
func (l *listing) hide(ctx context.Context) error {
	if l.home.Mode == settings.Forum && l.home.Place != "" {
		if err := l.keep(ctx, l.home.Gone()); err != nil {
			return err
		}
	}
	if err := l.unpublish(ctx); err != nil {
		return err
	}
	if l.home.Shown != (showcase.Spot{}) {
		if err := l.vanish(ctx); err != nil {
			return err
		}
	}
	return l.clear(ctx)
}

// vanish has the index follow after a listing was hidden.
func (l *listing) vanish(ctx context.Context) error {
	key, ref := showcase.HomeKey(l.Guild, l.Subject), index.Sync(l.Guild)
	l.home.Shown = showcase.Spot{}
	return l.save(ctx, append(action.Keys(ref), key), func(tx *storage.Tx) error {
		tx.Set(key, l.home)
		action.Cause(tx, ref, l.Actions.Now())
		return nil
	})
}

// end takes the listing of a partnership that is over away, or closes and keeps
// it, and forgets it.
func (l *listing) end(ctx context.Context) error {
	if l.home.Place != "" && l.home.Mode != settings.Single && l.chosen.Archive {
		kept, err := l.archive(ctx)
		if err != nil {
			return err
		}
		if kept {
			if err := l.keep(ctx, l.home.Lost()); err != nil {
				return err
			}
			if err := l.clear(ctx); err != nil {
				return err
			}
			return l.forget(ctx)
		}
	}
	for l.home.Next(showcase.Want{}) != showcase.Done {
		var err error
		switch l.home.Next(showcase.Want{}) {
		case showcase.Search:
			err = l.searchHome(ctx)
		case showcase.Leave:
			err = l.keep(ctx, l.home.Gone())
		}
		if err != nil {
			return err
		}
	}
	if err := l.unpublish(ctx); err != nil {
		return err
	}
	if err := l.clear(ctx); err != nil {
		return err
	}
	return l.forget(ctx)
}

// archive has the listing tell that the partnership is over, and closes its home.
// It reports false if there is nothing to keep.
func (l *listing) archive(ctx context.Context) (kept bool, err error) {
	page, err := l.Actions.DB.List(ctx, partnership.EndedWith(l.Guild, l.Subject, storage.MaxLimit))
	if err != nil {
		return false, err
	}
	over, err := partnership.EndedIn(page)
	if err != nil || len(over) == 0 {
		return false, err
	}
	e := over[0]
	for _, o := range over {
		if o.At.After(e.At) {
			e = o
		}
	}
	w := wish{
		channel: l.home.Place, mark: view.ListingMark(l.Subject), begins: true, leaves: l.home.Leaving(),
		message: view.Ended(l.speak(l.chosen.Locale), e, l.home.Plain),
	}
	err = l.open(ctx, func() error { return l.publish(ctx, l.key(), w) })
	if errors.Is(err, errUnhoused) || action.Code(err) == unknownChannel {
		return false, nil
	}
	if err != nil || l.home.Mode != settings.Forum {
		return err == nil, err
	}
	_, err = l.shut(ctx, l.home.Place, l.reason(l.chosen.Locale))
	if action.Code(err) == unknownChannel {
		return false, nil
	}
	return err == nil, err
}

// forget drops what is known of a listing that is gone, unless the partner is
// back already: then this action was caused again.
func (l *listing) forget(ctx context.Context) error {
	keys := []storage.Key{showcase.HomeKey(l.Guild, l.Subject), l.key(), showcase.LiftKey(l.Guild, l.Subject)}
	return l.save(ctx, keys, func(tx *storage.Tx) error {
		for _, k := range keys {
			tx.Delete(k)
		}
		return nil
	})
}
