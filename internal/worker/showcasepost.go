package worker

import (
	"context"
	"time"

	"github.com/disgoorg/disgo/discord"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/post"
	"github.com/entente-bot/entente/internal/showcase"
	"github.com/entente-bot/entente/internal/storage"
)

// Discord's codes about posts.
const (
	unknownTag  = 10087
	invalidBody = 50035
)

// findPost looks for the post that an earlier attempt made in a forum: one that
// begins with this listing.
func (l *listing) findPost(ctx context.Context, forum string) (id string, begins discord.Message, err error) {
	posts, err := l.Discord.Posts(ctx, l.Guild, forum)
	if err != nil {
		return "", begins, err
	}
	ours := wish{mark: l.wish().mark}.among(post.Post{})
	for _, f := range l.home.Finds(posts) {
		if f.Name != l.home.Trying.Name {
			continue
		}
		m, err := l.Discord.Message(ctx, f.ID, f.ID)
		if code := action.Code(err); code == unknownMessage || code == unknownChannel {
			continue
		}
		if err != nil {
			return "", begins, err
		}
		if ours(m) {
			return f.ID, m, nil
		}
	}
	return "", begins, nil
}

// makePost makes the post of the listing, which begins with it, unless an earlier
// attempt did.
func (l *listing) makePost(ctx context.Context, w showcase.Want) error {
	if err := l.untry(ctx); err != nil {
		return err
	}
	if l.earlier.Tried(w) {
		l.earlier = showcase.Attempt{}
		id, m, err := l.findPost(ctx, w.Parent)
		if err != nil {
			return err
		}
		if id != "" { // it may show something older: that is edited
			return l.posted(ctx, w, id, "", len(m.Embeds) > 0, !pictured(m))
		}
	}
	h := l.home
	l.home.Mode, l.home.Plain = w.Mode, l.overflow.Plain
	defer func() { // until it is recorded, the home is what it was
		if l.home.Place == h.Place {
			l.home = h
		}
	}()
	for bare := false; ; {
		m := l.wish()
		id, hash, err := l.begin(ctx, w, m, bare)
		switch code := action.Code(err); {
		case err == nil:
			plain := l.home.Plain
			l.home = h
			return l.posted(ctx, w, id, hash, plain, bare)
		case code == noPermission && m.file != nil && !bare: // nobody waits for a picture
			bare = true
		case code == invalidBody && !l.home.Plain: // Discord may take no components at the beginning of a post
			l.home.Plain = true
		case code == unknownTag:
			return l.staleTags(ctx, err)
		case code == unknownChannel:
			return action.Blocking("showcase.forum-gone")
		default:
			return err
		}
	}
}

// begin makes a post that begins with a message.
func (l *listing) begin(ctx context.Context, w showcase.Want, m wish, bare bool) (id, hash string, err error) {
	sent := m.message
	if bare {
		sent = m.bare
	}
	m.channel = w.Parent
	if hash, err = m.hash(sent); err != nil {
		return "", "", err
	}
	if m.file != nil && !bare {
		f, err := m.file(ctx)
		if err != nil {
			return "", "", err
		}
		sent.Files = []*discord.File{f}
	}
	d := showcase.Draft{Name: w.Name}
	if w.Tag != "" {
		d.Tags = []string{w.Tag}
	}
	id, err = l.Discord.MakePost(ctx, w.Parent, d, sent, l.reason(l.chosen.Locale))
	return id, hash, err
}

// posted records a post and the listing that it begins with, in one write.
func (l *listing) posted(ctx context.Context, w showcase.Want, id, hash string, plain, bare bool) error {
	h := l.looked(l.home.Made(w, id, ""))
	h.Turn, h.Plain = l.bump.Count, plain
	homeKey, shelf := showcase.HomeKey(l.Guild, l.Subject), showcase.OverflowKey(l.Guild)
	err := l.save(ctx, []storage.Key{homeKey, l.key(), shelf}, func(tx *storage.Tx) error {
		p, _ := storage.Read[post.Post](tx, l.key())
		p = p.Created(id, id, hash, l.bump.Count)
		p.Seen = l.asked()
		if l.p.Ad.Banner.Shown() {
			p.File, p.Bare = l.p.Ad.Banner.File(), bare
		}
		tx.Set(l.key(), p)
		tx.Set(homeKey, h)
		if o, _ := storage.Read[showcase.Overflow](tx, shelf); plain && !o.Plain {
			o.Plain = true
			tx.Set(shelf, o)
		}
		return nil
	})
	if err == nil {
		l.home = h
	}
	return err
}

// untry looks for the listing of an attempt that ended before its outcome was
// known: a post is another place.
func (l *listing) untry(ctx context.Context) error {
	tx, err := l.read(ctx, l.key())
	if err != nil {
		return err
	}
	p, _ := storage.Read[post.Post](tx, l.key())
	if _, err := tx.Changes(); err != nil || p.Trying.Channel == "" {
		return err
	}
	if p, err = l.search(ctx, p, l.wish()); err != nil {
		return err
	}
	return l.save(ctx, []storage.Key{l.key()}, func(tx *storage.Tx) error {
		tx.Set(l.key(), p)
		return nil
	})
}

// staleTags notes that a tag is gone, which people may delete at any time. If it
// was there a moment ago, the next look has to wait.
func (l *listing) staleTags(ctx context.Context, gone error) error {
	if l.Actions.Now().Sub(l.overflow.Tagged) < time.Minute {
		return &action.Failure{Verdict: action.Again, Err: gone}
	}
	return l.shelve(ctx, func(o *showcase.Overflow) { o.Stale = true })
}
