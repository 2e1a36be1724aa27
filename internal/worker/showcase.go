package worker

import (
	"cmp"
	"context"
	"errors"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/apply"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/showcase"
	"github.com/entente-bot/entente/internal/storage"
	"github.com/entente-bot/entente/internal/view"
)

// showcaseSync brings the listing of a partner in line: published while the
// partnership is active, gone when it is not.
func showcaseSync(ctx context.Context, j *job) error {
	tx, err := j.read(ctx, partnership.Key(j.Guild, j.Subject), settings.Key(j.Guild))
	if err != nil {
		return err
	}
	p, active := storage.Read[partnership.Partnership](tx, partnership.Key(j.Guild, j.Subject))
	s := settings.Of(tx, j.Guild)
	if _, err := tx.Changes(); err != nil {
		return err
	}
	if !active {
		return j.publish(ctx, showcase.Key(j.Guild, j.Subject), wish{mark: view.ListingMark(j.Subject)})
	}
	channel, err := showcase.Place(s)
	if err != nil {
		return err
	}
	listing := showcase.Key(j.Guild, j.Subject)
	if err := j.leads(ctx, p); err != nil {
		if blocks(err) {
			return cmp.Or(j.publish(ctx, listing, wish{mark: view.ListingMark(p.Partner)}), err)
		}
		return err
	}
	w := wish{
		channel: channel, mark: view.ListingMark(p.Partner), message: view.Listing(j.speak(s.Locale), p), asked: s.Retried,
		file: j.banner(p.Ad.Banner, listing, apply.CardKey(j.Guild, p.Application)),
	}
	if w.file != nil {
		p.Ad.Banner.Bare = true
		w.bare = view.Listing(j.speak(s.Locale), p)
	}
	err = j.publish(ctx, listing, w)
	if !errors.Is(err, errNoBanner) {
		return err
	}
	if err := j.loseListed(ctx, p.Partner); err != nil {
		return err
	}
	return showcaseSync(ctx, j)
}

// leads fails, and blocks, if the invite of an ad no longer leads to the
// partner. Codes that lapse are used again by strangers: nobody is sent there.
func (j *job) leads(ctx context.Context, p partnership.Partnership) error {
	found, known, err := j.Invites.Recheck(ctx, p.Ad.Invite)
	if err != nil || !known {
		return err
	}
	name := partnership.Named(p.Server)
	switch {
	case found.Type == partnership.NoInvite:
		return action.Blocking("showcase.invite-gone", "server", name, "contact", p.Contact)
	case found.Server.ID != p.Partner:
		return action.Blocking("showcase.invite-elsewhere", "server", name, "contact", p.Contact)
	}
	return nil
}

// blocks reports whether err waits for people.
func blocks(err error) bool {
	f := new(action.Failure)
	return errors.As(err, &f) && f.Verdict == action.Block
}
