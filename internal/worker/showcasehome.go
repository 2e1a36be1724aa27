package worker

import (
	"context"
	"errors"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/post"
	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/showcase"
	"github.com/entente-bot/entente/internal/storage"
	"github.com/entente-bot/entente/internal/view"
)

// house brings the home of the listing in line: step by step, each recorded
// before the next is taken.
func (l *listing) house(ctx context.Context) error {
	for {
		w, h := l.want(), l.home
		if h.Next(w) == showcase.Done && h.Mode != settings.Single && l.asked().After(h.Looked) {
			if err := l.lookHome(ctx); err != nil {
				return err
			}
			continue
		}
		var err error
		switch h.Next(w) {
		case showcase.Done:
			return nil
		case showcase.Search:
			err = l.searchHome(ctx)
		case showcase.Settle:
			err = l.keep(ctx, h.Made(w, w.Parent, ""))
		case showcase.Try:
			err = l.tryHome(ctx, w)
		case showcase.Make:
			if w.Mode == settings.Forum {
				err = l.makePost(ctx, w)
			} else {
				err = l.makeChannel(ctx, w)
			}
		case showcase.Adjust:
			err = l.adjust(ctx, w)
		}
		if action.Code(err) == invalidBody {
			err = l.bar(ctx, w, err)
		}
		if err != nil {
			return err
		}
	}
}

// bar notes that Discord refused a home, perhaps for its name: it is called plainly
// then. Nothing was made.
func (l *listing) bar(ctx context.Context, w showcase.Want, refused error) error {
	h := l.home
	switch {
	case w.Name == showcase.PlainName(l.Subject):
		return action.Blocking("showcase.name-refused", "server", partnership.Named(l.p.Server))
	case w.Name == "" || w.Name == h.Name:
		return refused // it was not for the name
	}
	h.Barred = w.Name
	if h.Trying.Mode != "" {
		h = h.Untried("")
	}
	return l.keep(ctx, h)
}

// tryHome notes that a home is about to be made, unless it is taken away each time.
func (l *listing) tryHome(ctx context.Context, w showcase.Want) error {
	event := channelDeleted
	if w.Mode == settings.Forum {
		event = threadDeleted
	}
	if err := l.damped(ctx, l.home.Repairs, event, ""); err != nil {
		return err
	}
	return l.keep(ctx, l.home.Tries(w, l.Actions.Now()))
}

// lostHome returns h after it was found to be gone.
func (l *listing) lostHome(h showcase.Home) showcase.Home {
	h = h.Lost()
	h.Repairs = h.Repairs.Add(l.Actions.Now())
	return h
}

// keep records the home of the listing.
func (l *listing) keep(ctx context.Context, h showcase.Home) error {
	l.home = h
	key := showcase.HomeKey(l.Guild, l.Subject)
	return l.save(ctx, []storage.Key{key}, func(tx *storage.Tx) error {
		tx.Set(key, h)
		return nil
	})
}

// shelve changes what the homes of the guild share. Whatever is not of the place
// that was chosen any more waits for what makes it so.
func (l *listing) shelve(ctx context.Context, change func(*showcase.Overflow)) error {
	key := showcase.OverflowKey(l.Guild)
	err := l.save(ctx, []storage.Key{key}, func(tx *storage.Tx) error {
		o, _ := storage.Read[showcase.Overflow](tx, key)
		change(&o)
		tx.Set(key, o)
		l.overflow = o
		return nil
	})
	if err == nil && !l.overflow.Ready(l.chosen) {
		return errShelves
	}
	return err
}

// searchHome looks for what an attempt made that ended before its outcome was
// known, and that is not wanted any more.
func (l *listing) searchHome(ctx context.Context) error {
	found, err := "", error(nil)
	if l.home.Trying.Mode == settings.Forum {
		found, _, err = l.findPost(ctx, l.home.Trying.Parent)
	} else {
		var f showcase.Found
		f, err = l.findChannel(ctx)
		found = f.ID
	}
	switch action.Code(err) {
	case unknownChannel, missingAccess, noPermission: // nor could it be deleted there
		err = nil
	}
	if err != nil {
		return err
	}
	return l.keep(ctx, l.home.Untried(found))
}

// findChannel looks for the channel that an earlier attempt made: not one that was
// kept, a moment ago, of a partnership that is over.
func (l *listing) findChannel(ctx context.Context) (showcase.Found, error) {
	places, err := l.Discord.Places(ctx, l.Guild)
	if err != nil {
		return showcase.Found{}, err
	}
	for _, f := range l.home.Finds(places) {
		if !f.Marked(l.Subject) {
			continue
		}
		_, kept, err := l.Discord.FindMessage(ctx, f.ID, 1, wish{mark: view.OverMark(l.Subject)}.among(post.Post{}))
		switch action.Code(err) {
		case unknownChannel:
			continue
		case missingAccess, noPermission: // the attempt's, for all that is known
			err = nil
		}
		if err != nil || !kept {
			return f, err
		}
	}
	return showcase.Found{}, nil
}

// makeChannel makes the channel of the listing, unless an earlier attempt did.
func (l *listing) makeChannel(ctx context.Context, w showcase.Want) error {
	if l.earlier.Tried(w) {
		l.earlier = showcase.Attempt{}
		f, err := l.findChannel(ctx)
		if err != nil {
			return err
		}
		if f.ID != "" {
			return l.keep(ctx, l.looked(l.home.Made(w, f.ID, f.Parent)))
		}
	}
	c, ok := l.overflow.Room()
	if !ok {
		return errShelves
	}
	id, err := l.Discord.MakePlace(ctx, l.Guild, showcase.Draft{
		Name: w.Name, Topic: l.topic(), Below: c.ID, Overwrites: showcase.Closed(l.Guild, c.Overwrites),
	}, l.reason(l.chosen.Locale))
	if err != nil {
		return l.noRoom(ctx, c.ID, err)
	}
	return l.keep(ctx, l.looked(l.home.Made(w, id, c.ID)))
}

// looked returns a home that was just made.
func (l *listing) looked(h showcase.Home) showcase.Home {
	h.Looked = l.asked()
	return h
}

// noRoom notes that a channel cannot be put below a category, if that is why it
// failed: the next try takes another one.
func (l *listing) noRoom(ctx context.Context, category string, err error) error {
	switch {
	case errors.Is(err, showcase.ErrFull):
		return l.shelve(ctx, func(o *showcase.Overflow) { o.Fill(category, true) })
	case errors.Is(err, showcase.ErrNoCategory) && category == l.chosen.Category:
		return action.Blocking("showcase.category-gone")
	case errors.Is(err, showcase.ErrNoCategory):
		return l.shelve(ctx, func(o *showcase.Overflow) { o.Drop(category) })
	}
	return err
}

// topic is what the channel says of itself. The channel is found again by the mark.
func (l *listing) topic() string {
	return l.speak(l.chosen.Locale).Say("showcase.topic", "server", partnership.Named(l.p.Server), "mark", showcase.Mark(l.Subject))
}

// adjust calls, tags and puts the home as it should be.
func (l *listing) adjust(ctx context.Context, w showcase.Want) error {
	h, d := l.home, showcase.Draft{}
	if h.Name != w.Name {
		d.Name = w.Name
	}
	if h.Tag != w.Tag {
		d.Tagged = true
		if w.Tag != "" {
			d.Tags = []string{w.Tag}
		}
	}
	if h.Adrift {
		c, ok := l.overflow.Category(h.Below)
		if !ok {
			return errShelves
		}
		d.Topic, d.Below, d.Overwrites = l.topic(), c.ID, showcase.Closed(l.Guild, c.Overwrites)
		h.Below = c.ID
	}
	err := l.open(ctx, func() error { return l.Discord.ShapePlace(ctx, h.Place, d, l.reason(l.chosen.Locale)) })
	switch code := action.Code(err); {
	case code == unknownChannel:
		return l.keep(ctx, l.lostHome(h))
	case code == unknownTag:
		return l.staleTags(ctx, err)
	case err != nil:
		return l.noRoom(ctx, d.Below, err)
	}
	h.Name, h.Tag, h.Adrift = w.Name, w.Tag, false
	return l.keep(ctx, h)
}
