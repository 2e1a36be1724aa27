package worker

import (
	"cmp"
	"context"
	"slices"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/post"
	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/showcase"
	"github.com/entente-bot/entente/internal/storage"
)

// shelves is the work on what the listings of a guild share. One job at a time is
// at it: so two listings that find no room never make two categories.
type shelves struct {
	*job
	chosen settings.Settings
	showcase.Overflow
	earlier showcase.Attempt // at a category, by an earlier job
}

// showcaseCategory brings the categories or tags of the listings in line, and then
// has every listing follow that is not where it should be.
func showcaseCategory(ctx context.Context, j *job) error {
	tx, err := j.read(ctx, settings.Key(j.Guild), showcase.OverflowKey(j.Guild))
	if err != nil {
		return err
	}
	s := &shelves{job: j, chosen: settings.Of(tx, j.Guild)}
	s.Overflow, _ = storage.Read[showcase.Overflow](tx, showcase.OverflowKey(j.Guild))
	if _, err := tx.Changes(); err != nil {
		return err
	}
	s.earlier = s.Trying
	if s.chosen.Place() == "" {
		return nil
	}
	s.Overflow = s.Move(s.chosen.Place())
	var blocked error
	switch s.chosen.Mode {
	case settings.Channels:
		err = s.categories(ctx)
	case settings.Forum:
		blocked, err = s.tags(ctx)
	default:
		err = s.keepShelves(ctx)
	}
	if err != nil {
		return err
	}
	if err := s.gatherListings(ctx); err != nil {
		return err
	}
	return cmp.Or(blocked, s.tidy(ctx))
}

// keepShelves records what the listings share. What listings found out meanwhile
// of Discord is kept.
func (s *shelves) keepShelves(ctx context.Context) error {
	key := showcase.OverflowKey(s.Guild)
	return s.save(ctx, []storage.Key{key}, func(tx *storage.Tx) error {
		o, _ := storage.Read[showcase.Overflow](tx, key)
		next := s.Overflow
		next.Plain = o.Plain
		tx.Set(key, next)
		return nil
	})
}

// categories sees to it that there is a category with room.
func (s *shelves) categories(ctx context.Context) error {
	channels, err := s.Discord.Places(ctx, s.Guild)
	if err != nil {
		return err
	}
	if !s.Survey(channels) {
		return action.Blocking("showcase.category-gone")
	}
	if _, room := s.Room(); !room && s.earlier.Mode != "" {
		if f, found := s.Made(channels); found {
			s.Add(f.ID)
		}
	}
	if _, room := s.Room(); room || s.Adopt(channels) {
		return s.keepShelves(ctx)
	}
	s.Tries(s.Actions.Now())
	if err := s.keepShelves(ctx); err != nil {
		return err
	}
	id, err := s.Discord.MakePlace(ctx, s.Guild, showcase.Draft{
		Category: true, Name: s.NextName(), Overwrites: showcase.Closed(s.Guild, s.Categories[0].Overwrites),
	}, s.reason(s.chosen.Locale))
	if err != nil {
		return err
	}
	s.Add(id)
	return s.keepShelves(ctx)
}

// tags brings the tags of the forum in line with the categories of the guild.
// Listings do not wait for tags that may not be made.
func (s *shelves) tags(ctx context.Context) (blocked, err error) {
	f, err := s.Discord.Place(ctx, s.Parent)
	if action.Code(err) == unknownChannel {
		return nil, action.Blocking("showcase.forum-gone")
	}
	if err != nil {
		return nil, err
	}
	tags, ours := showcase.Plan(f.Tags, s.Mine, s.chosen.Topics)
	if !slices.Equal(tags, f.Tags) {
		s.Mine = append(s.Mine, ours...) // before they are made: nobody else's are deleted for ours
		if err := s.keepShelves(ctx); err != nil {
			return nil, err
		}
		if tags, err = s.Discord.SetTags(ctx, s.Parent, tags, s.reason(s.chosen.Locale)); blocks(err) {
			blocked, tags, ours = err, f.Tags, s.Mine
		} else if err != nil {
			return nil, err
		}
	}
	s.Tags, s.Mine, s.Stale, s.Tagged = tags, ours, false, s.Actions.Now()
	return blocked, s.keepShelves(ctx)
}

// gatherListings causes the listings that are not where they should be, or were
// not looked at since managers wanted that.
func (s *shelves) gatherListings(ctx context.Context) error {
	q := partnership.All(s.Guild)
	q.Limit = storage.MaxGet / 2
	for {
		page, err := s.Actions.DB.List(ctx, q)
		if err != nil {
			return err
		}
		refs, err := s.astray(ctx, page)
		if err != nil {
			return err
		}
		if err := s.offerAll(ctx, refs); err != nil {
			return err
		}
		if q.Cursor = page.Cursor; q.Cursor == "" {
			return nil
		}
	}
}

// astray returns the listings of a page of partners that are to be brought in line.
func (s *shelves) astray(ctx context.Context, page storage.Page) (refs []action.Ref, err error) {
	var keys []storage.Key
	var list []partnership.Partnership
	for _, it := range page.Items {
		p, err := storage.Decode[partnership.Partnership](it)
		if err != nil {
			return nil, err
		}
		list = append(list, p)
		keys = append(keys, showcase.HomeKey(s.Guild, p.Partner), showcase.Key(s.Guild, p.Partner))
	}
	if len(keys) == 0 {
		return nil, nil
	}
	tx, err := s.read(ctx, keys...)
	if err != nil {
		return nil, err
	}
	for _, p := range list {
		h, _ := storage.Read[showcase.Home](tx, showcase.HomeKey(s.Guild, p.Partner))
		m, _ := storage.Read[post.Post](tx, showcase.Key(s.Guild, p.Partner))
		l := listing{job: s.job, p: p, chosen: s.chosen, overflow: s.Overflow}
		stands := m.Message != "" && m.Channel == h.Place && len(h.Old) == 0
		if !stands || h.Next(l.wantFor(p.Partner)) != showcase.Done || m.Unseen(s.chosen.Retried) {
			refs = append(refs, partnership.Sync(s.Guild, p.Partner))
		}
	}
	_, err = tx.Changes()
	return refs, err
}

// tidy deletes the categories we made that are not wanted any more, once nothing
// stands below them.
func (s *shelves) tidy(ctx context.Context) error {
	if len(s.Left) == 0 {
		return nil
	}
	channels, err := s.Discord.Places(ctx, s.Guild)
	if err != nil {
		return err
	}
	empty, gone := s.Empty(channels)
	for _, id := range empty {
		if err := s.Discord.DeletePlace(ctx, id, s.reason(s.chosen.Locale)); err != nil {
			return err
		}
	}
	if len(empty)+len(gone) == 0 {
		return nil
	}
	for _, id := range append(empty, gone...) {
		s.Drop(id)
	}
	return s.keepShelves(ctx)
}
