package worker

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/bump"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/post"
	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/showcase"
	"github.com/entente-bot/entente/internal/storage"
	"github.com/entente-bot/entente/internal/view"
)

// A listing is the work on the listing of one partner: the partner is the
// action's subject.
type listing struct {
	*job
	active   bool
	p        partnership.Partnership // while active
	chosen   settings.Settings
	bump     bump.Bump
	overflow showcase.Overflow
	lifted   bool // a message lifts it, or did

	home    showcase.Home
	earlier showcase.Attempt // at a home, by an earlier job
	last    time.Time        // when it was last to be looked at
	next    time.Time        // when it is to be looked at again
	unseen  error            // why it could not be seen where the invite leads to
}

// showcaseSync brings the listing of a partner in line: its home stands, then the
// listing in it, and only then the homes it had before are cleared. Once the
// partnership is over, nothing stands.
func showcaseSync(ctx context.Context, j *job) error {
	l := &listing{job: j}
	if err := l.load(ctx); err != nil {
		return err
	}
	return l.explained(l.bring(ctx))
}

// bring brings it in line.
func (l *listing) bring(ctx context.Context) error {
	if !l.active {
		return l.end(ctx)
	}
	if _, err := showcase.Place(l.chosen); err != nil {
		return err
	}
	if err := l.check(ctx); err != nil {
		if blocks(err) {
			return cmp.Or(l.hide(ctx), err)
		}
		return err
	}
	if !l.p.Offered() { // managers hid it
		return cmp.Or(l.hide(ctx), l.tomorrow(ctx))
	}
	return cmp.Or(l.show(ctx), l.unseen)
}

// explained returns err with the right reason, if a post may not be changed: a post has
// no permissions of its own, and is no channel that can be managed.
func (l *listing) explained(err error) error {
	f := new(action.Failure)
	if !errors.As(err, &f) || f.Code != noPermission {
		return err
	}
	for _, h := range append(slices.Clone(l.home.Old), showcase.Left{Mode: l.home.Mode, Place: l.home.Place}) {
		if h.Mode == settings.Forum && slices.Equal(f.Reason.Args, []string{"channel", h.Place}) {
			told := *f
			told.Reason = action.Blocking("showcase.post-permission", f.Reason.Args...).Reason
			return &told
		}
	}
	return err
}

// load reads all that the listing depends on.
func (l *listing) load(ctx context.Context) error {
	g, p := l.Guild, l.Subject
	tx, err := l.read(ctx, partnership.Key(g, p), settings.Key(g), bump.Key(g, p),
		showcase.HomeKey(g, p), showcase.LiftKey(g, p), showcase.OverflowKey(g))
	if err != nil {
		return err
	}
	l.p, l.active = storage.Read[partnership.Partnership](tx, partnership.Key(g, p))
	l.chosen, l.bump = settings.Of(tx, g), bump.Of(tx, g, p)
	l.home, _ = storage.Read[showcase.Home](tx, showcase.HomeKey(g, p))
	l.overflow, _ = storage.Read[showcase.Overflow](tx, showcase.OverflowKey(g))
	_, l.lifted = storage.Read[post.Post](tx, showcase.LiftKey(g, p))
	l.earlier = l.home.Trying
	l.last, l.next = showcase.Daily(g, p, l.Actions.Now())
	_, err = tx.Changes()
	return err
}

// tomorrow has the listing looked at again.
func (l *listing) tomorrow(ctx context.Context) error {
	return l.save(ctx, action.Keys(l.Ref), func(tx *storage.Tx) error {
		action.Cause(tx, l.Ref, l.next)
		return nil
	})
}

// asked is since when it is to be seen that the listing stands.
func (l *listing) asked() time.Time {
	if l.chosen.Retried.After(l.last) {
		return l.chosen.Retried
	}
	return l.last
}

// errShelves means that the listing waits for a category or a tag.
var errShelves = errors.New("worker: the shelves are not ready")

// show brings the listing of an active partnership in line.
func (l *listing) show(ctx context.Context) error {
	if l.chosen.Mode != settings.Single && !l.overflow.Ready(l.chosen) {
		return l.await(ctx)
	}
	for range 4 { // what it stands in may turn out to be gone, and then its picture
		err := l.house(ctx)
		if errors.Is(err, errShelves) {
			return l.await(ctx)
		}
		if err == nil {
			err = l.stand(ctx)
		}
		gone := l.home.Mode != settings.Single && action.Code(err) == unknownChannel
		switch {
		case err == nil:
			if err := l.clear(ctx); err != nil {
				return err
			}
			return l.finish(ctx)
		case errors.Is(err, errNoBanner):
			if err := l.loseListed(ctx, l.Subject, l.p.Ad.Banner); err != nil {
				return err
			}
			l.p.Ad.Banner.Lost = true
		case errors.Is(err, errUnhoused), gone:
			if err := l.keep(ctx, l.home.Gone()); err != nil {
				return err
			}
		default:
			return err
		}
	}
	return &action.Failure{Verdict: action.Again, Err: fmt.Errorf("the home of listing %s keeps vanishing", l.Subject)}
}

// await leaves the listing to what makes categories and tags: it causes it again.
// It is known that this job made no home: the next one need not look for it.
func (l *listing) await(ctx context.Context) error {
	ref, key := showcase.Shelves(l.Guild), showcase.HomeKey(l.Guild, l.Subject)
	return l.save(ctx, append(action.Keys(ref), key), func(tx *storage.Tx) error {
		if h := l.home; h.Trying.Tried(l.want()) && l.earlier.Mode == "" {
			tx.Set(key, h.Untried(""))
		}
		action.Cause(tx, ref, l.Actions.Now())
		return nil
	})
}

// stand brings the listing in line in its home, and the message that lifts it.
func (l *listing) stand(ctx context.Context) error {
	w := l.wish()
	w.channel, w.turn, w.begins = l.home.Place, l.bump.Count, l.home.Mode == settings.Forum
	w.leaves = l.home.Leaving()
	if err := l.open(ctx, func() error { return l.publish(ctx, l.key(), w) }); err != nil {
		return err
	}
	lifts := l.home.Mode == settings.Forum && l.bump.Count > l.home.Turn
	if !lifts && !l.lifted {
		return nil
	}
	up := wish{mark: view.LiftMark(l.Subject), leaves: w.leaves}
	if lifts {
		up.channel, up.turn, up.message = l.home.Place, l.bump.Count, view.Lifted(l.speak(l.chosen.Locale), l.p, l.bump.By)
	}
	l.lifted = true
	return l.open(ctx, func() error { return l.publish(ctx, showcase.LiftKey(l.Guild, l.Subject), up) })
}

// Discord's codes for posts that were closed.
const (
	threadArchived = 50083
	threadLocked   = 160005
)

// open does something in the home of the listing, and opens it first if it is a
// post that was closed.
func (l *listing) open(ctx context.Context, do func() error) error {
	err := do()
	if code := action.Code(err); code != threadArchived && code != threadLocked {
		return err
	}
	if err := l.Discord.EditThread(ctx, l.home.Place, false, false, l.reason(l.chosen.Locale)); err != nil {
		return err
	}
	return do()
}

func (l *listing) key() storage.Key { return showcase.Key(l.Guild, l.Subject) }

// wish is the message of the listing, wherever it stands.
func (l *listing) wish() wish {
	ad, say := l.p.Ad, l.speak(l.chosen.Locale)
	write := view.Listing
	if l.home.Mode == settings.Forum && l.home.Plain {
		write = view.PlainListing
	}
	w := wish{mark: view.ListingMark(l.Subject), message: write(say, l.p), asked: l.asked(), file: l.drawing(ad)}
	if w.file != nil {
		w.named = ad.Banner.File()
		bare := l.p
		bare.Ad.Banner.Bare = true
		w.bare = write(say, bare)
	}
	return w
}

// finish has the listing looked at again tomorrow, and the index follow if it
// stands elsewhere than the index was told.
func (l *listing) finish(ctx context.Context) error {
	self, index := l.Ref, action.Ref{Name: "index.sync", Guild: l.Guild, Subject: "all"}
	homeKey := showcase.HomeKey(l.Guild, l.Subject)
	return l.save(ctx, append(action.Keys(self, index), homeKey, l.key()), func(tx *storage.Tx) error {
		p, _ := storage.Read[post.Post](tx, l.key())
		h := l.home
		if spot := (showcase.Spot{Channel: p.Channel, Message: p.Message}); h.Shown != spot {
			h.Shown = spot
			action.Cause(tx, index, l.Actions.Now())
		}
		tx.Set(homeKey, h)
		if l.unseen == nil {
			action.Cause(tx, self, l.next)
		}
		return nil
	})
}

// blocks reports whether err waits for people.
func blocks(err error) bool {
	f := new(action.Failure)
	return errors.As(err, &f) && f.Verdict == action.Block
}
