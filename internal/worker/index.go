package worker

import (
	"context"
	"slices"
	"time"

	"github.com/disgoorg/disgo/discord"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/index"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/post"
	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/showcase"
	"github.com/entente-bot/entente/internal/storage"
	"github.com/entente-bot/entente/internal/view"
)

// indexing is the work on the index of a guild's partners.
type indexing struct {
	*job
	index.Index
	chosen settings.Settings
	posts  []post.Post // by page, of all that there ever were
	wishes []wish      // by page
	last   time.Time   // when it was last to be looked at
	next   time.Time   // when it is to be looked at again
}

// indexSync brings the index in line: a while after something changed, and once a
// day. Where none is wanted any more it is removed at once, and where none stands
// nobody waits for one.
func indexSync(ctx context.Context, j *job) error {
	x := &indexing{job: j}
	if err := x.load(ctx); err != nil {
		return err
	}
	if x.chosen.Index == "" {
		return x.remove(ctx, 0)
	}
	stands := slices.ContainsFunc(x.posts, func(p post.Post) bool { return p.Message != "" && p.Channel == x.chosen.Index })
	if next := x.Gathers(j.Actions.Now()); stands && j.Actions.Now().Before(next.Due) {
		return x.keep(ctx, next, next.Due)
	}
	groups, err := x.groups(ctx)
	if err != nil {
		return err
	}
	x.wish(view.Index(x.speak(x.chosen.Locale), groups))
	for try := range 4 { // pages may turn out to be gone, and people may delete them meanwhile
		settled, err := x.plan(ctx)
		if err != nil {
			return err
		}
		if settled && try > 0 {
			break
		}
		if err := x.show(ctx); err != nil {
			return err
		}
		if err := x.load(ctx); err != nil {
			return err
		}
	}
	if err := x.remove(ctx, len(x.wishes)); err != nil {
		return err
	}
	return x.keep(ctx, x.Done(j.Actions.Now()), x.next)
}

// load reads how far the index is.
func (x *indexing) load(ctx context.Context) error {
	tx, err := x.read(ctx, settings.Key(x.Guild), index.Key(x.Guild))
	if err != nil {
		return err
	}
	x.chosen = settings.Of(tx, x.Guild)
	x.Index, _ = storage.Read[index.Index](tx, index.Key(x.Guild))
	if _, err := tx.Changes(); err != nil {
		return err
	}
	x.last, x.next = showcase.Daily(x.Guild, "index", x.Actions.Now())
	x.posts = make([]post.Post, len(x.Turns))
	var keys []storage.Key
	for n := range x.posts {
		keys = append(keys, index.PageKey(x.Guild, n))
	}
	for some := range slices.Chunk(keys, storage.MaxGet) {
		tx, err := x.read(ctx, some...)
		if err != nil {
			return err
		}
		for i, k := range some {
			x.posts[slices.Index(keys, some[0])+i], _ = storage.Read[post.Post](tx, k)
		}
		if _, err := tx.Changes(); err != nil {
			return err
		}
	}
	return nil
}

// wish notes the pages that should stand.
func (x *indexing) wish(pages []discord.MessageCreate) {
	asked := x.last
	if x.chosen.Retried.After(asked) {
		asked = x.chosen.Retried
	}
	x.wishes = nil
	for n, m := range pages {
		x.wishes = append(x.wishes, wish{channel: x.chosen.Index, mark: view.IndexMark(n), message: m, asked: asked})
	}
}

// plan records for which turns the pages are to be published. It reports whether
// all of them stand as they should, as far as is known.
func (x *indexing) plan(ctx context.Context) (settled bool, err error) {
	pages := make([]index.Page, len(x.wishes))
	for n, w := range x.wishes {
		if n >= len(x.posts) || x.posts[n].Channel != w.channel {
			continue
		}
		p := x.posts[n]
		hash, err := w.hash(w.message)
		if err != nil {
			return false, err
		}
		pages[n] = index.Page{Message: p.Message, Turn: p.Turn, Changed: p.Hash != hash}
	}
	next := x.Plan(pages, x.Actions.Now())
	settled = true
	for n, p := range pages {
		x.wishes[n].turn = next.Turns[n]
		settled = settled && !p.Changed && !next.Missing(n, p)
	}
	if slices.Equal(next.Turns, x.Turns) {
		return settled, nil
	}
	return settled, x.keep(ctx, next, time.Time{})
}

// show brings the pages in line, one after the other.
func (x *indexing) show(ctx context.Context) error {
	for n, w := range x.wishes {
		if err := x.publish(ctx, index.PageKey(x.Guild, n), w); err != nil {
			return err
		}
	}
	return nil
}

// remove deletes the pages from the given one on. That they are known to be gone
// is kept, as is how many there were: the next one there is another message.
func (x *indexing) remove(ctx context.Context, from int) error {
	for n := from; n < len(x.posts); n++ {
		if p := x.posts[n]; p.Next("", "", 0) == post.Done {
			continue
		}
		if err := x.publish(ctx, index.PageKey(x.Guild, n), wish{mark: view.IndexMark(n)}); err != nil {
			return err
		}
	}
	return nil
}

// keep records how far the index is, and when it is to be looked at again, if at
// some time.
func (x *indexing) keep(ctx context.Context, next index.Index, again time.Time) error {
	key := index.Key(x.Guild)
	x.Index = next
	return x.save(ctx, append(action.Keys(x.Ref), key), func(tx *storage.Tx) error {
		tx.Set(key, next)
		if !again.IsZero() {
			action.Cause(tx, x.Ref, again)
		}
		return nil
	})
}

// groups are the partners whose listings stand, with links to them. A listing
// that is hidden is not in the index, either.
func (x *indexing) groups(ctx context.Context) ([]index.Group, error) {
	homes, err := listed[showcase.Home](ctx, x.job, showcase.Homes(x.Guild))
	if err != nil {
		return nil, err
	}
	listings, err := listed[post.Post](ctx, x.job, showcase.Listings(x.Guild))
	if err != nil {
		return nil, err
	}
	partners, err := listed[partnership.Partnership](ctx, x.job, partnership.All(x.Guild))
	if err != nil {
		return nil, err
	}
	var entries []index.Entry
	for _, p := range partners {
		home, stands := homes[showcase.HomeKey(x.Guild, p.Partner)], listings[showcase.Key(x.Guild, p.Partner)]
		if stands.Message == "" || !p.Offered() {
			continue
		}
		entries = append(entries, index.Entry{
			Partner: p.Partner, Name: p.Server.Name, Category: p.Ad.Category, Link: x.link(home, stands),
		})
	}
	return index.Arrange(entries, x.chosen.Topics), nil
}

// link leads to a listing. A channel or post stays where it is when its listing
// is posted anew.
func (x *indexing) link(h showcase.Home, stands post.Post) string {
	if h.Mode == settings.Single || h.Place == "" {
		return view.Link(x.Guild, stands.Channel, stands.Message)
	}
	return view.Place(x.Guild, h.Place)
}

// listed returns all that a query lists, by its key.
func listed[T storage.Record](ctx context.Context, j *job, q storage.Query) (map[storage.Key]T, error) {
	all := make(map[storage.Key]T)
	for {
		page, err := j.Actions.DB.List(ctx, q)
		if err != nil {
			return nil, err
		}
		for _, it := range page.Items {
			if all[it.Key], err = storage.Decode[T](it); err != nil {
				return nil, err
			}
		}
		if q.Cursor = page.Cursor; q.Cursor == "" {
			return all, nil
		}
	}
}
