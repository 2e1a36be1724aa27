package poller

import (
	"context"
	"errors"
	"time"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/joins"
	"github.com/entente-bot/entente/internal/poll"
	"github.com/entente-bot/entente/internal/removal"
	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/storage"
)

// Counter is what a census needs of Discord. Errors are [action.Failure]s.
type Counter interface {
	// VanityUses returns the code of a guild's vanity URL, empty if it has none,
	// and how often it was used.
	VanityUses(ctx context.Context, guild string) (code string, uses int, err error)

	// RoleCounts returns how many members of a guild have each role.
	RoleCounts(ctx context.Context, guild string) (map[string]int, error)

	// MembersPage returns the members of a guild after the one with the given ID,
	// and where the next page begins: "" on the last. Without the members intent
	// it fails with code 50001.
	MembersPage(ctx context.Context, guild, after string) (list []joins.Person, next string, err error)
}

// How long after a census the next one is due: mostly, and after one that failed.
const (
	hourly    = time.Hour
	recounted = 5 * time.Minute
)

// maxPages is how many pages of members are read, at most. A guild with more of them
// has its members counted, but not identified.
const maxPages = 500

// A list of more than short pages is long. Of long lists, longAtOnce are read at
// once, at most: there are only so many polls abreast, and requests, for all guilds.
const (
	short      = 10
	longAtOnce = 2
)

// errBusy means that the long lists of other guilds are being read.
var errBusy = errors.New("poller: long lists of other guilds' members are being read")

// errCut means that a guild has more members than are listed.
var errCut = errors.New("poller: the list of members is too long")

// census counts the members of a guild, and sees who they are as far as Discord
// tells. What fails changes nothing, and is tried again.
func (r *run) census(ctx context.Context, w poll.Watch) poll.Watch {
	c := &census{run: r, guild: w.Guild}
	next, err := c.take(ctx)
	now := r.Now()
	switch {
	case ctx.Err() != nil: // the run is over: the next one does it
		return w
	case err != nil:
		r.Log.WarnContext(ctx, "members not counted", "guild", w.Guild, "code", action.Code(err), "err", err)
		next = now.Add(recounted)
		if f := new(action.Failure); errors.As(err, &f) {
			next = now.Add(max(recounted, f.After))
		}
	case next.IsZero() || next.After(now.Add(hourly)):
		next = now.Add(hourly)
	}
	w.Census = next
	return w
}

// A census of a guild is being taken.
type census struct {
	*run
	guild  string
	ledger joins.Ledger
	stay   time.Duration
}

// take takes the census. It returns when the next one should be, if that is sooner
// than the usual.
func (c *census) take(ctx context.Context) (next time.Time, err error) {
	keys := []storage.Key{joins.LedgerKey(c.guild), removal.Key(c.guild), settings.Key(c.guild)}
	tx, err := storage.Begin(ctx, c.DB, keys...)
	if err != nil {
		return next, err
	}
	c.ledger, c.stay = joins.LedgerOf(tx, c.guild), settings.Of(tx, c.guild).StayTime()
	_, gone := removal.Of(tx, c.guild)
	if _, err := tx.Changes(); err != nil || gone {
		return next, err
	}
	if c.ledger.Marked() {
		next, err = c.members(ctx)
	}
	if ctx.Err() == nil {
		c.vanity(ctx) // last: few guilds have one
	}
	return next, err
}

// members counts the members with marker roles, and sees who they are: each also
// where Discord refuses the other.
func (c *census) members(ctx context.Context) (next time.Time, err error) {
	err = c.counts(ctx)
	if at, ever := c.ledger.Lists(c.Now()); ever && !at.After(c.Now()) {
		err = errors.Join(err, c.list(ctx))
	}
	next, _ = c.ledger.Lists(c.Now())
	return next, err
}

// write changes what is kept of the guild as it now is.
func (c *census) write(ctx context.Context, keys []storage.Key, change func(*storage.Tx)) error {
	var last *storage.Tx
	err := storage.Update(ctx, c.DB, append(keys, joins.LedgerKey(c.guild)), func(tx *storage.Tx) error {
		change(tx)
		last = tx
		return nil
	})
	if err == nil {
		c.ledger = joins.LedgerOf(last, c.guild)
	}
	return err
}

// notes changes what is known of censuses.
func (c *census) notes(ctx context.Context, change func(*joins.Census)) error {
	return c.write(ctx, nil, func(tx *storage.Tx) {
		if l, ok := storage.Read[joins.Ledger](tx, joins.LedgerKey(c.guild)); ok {
			change(&l.Census)
			tx.Set(joins.LedgerKey(c.guild), l)
		}
	})
}

// vanity counts who came by the vanity URL, once a day. Most guilds have none, which
// Discord says in several ways: where it refuses to tell, it is asked again a day later.
// Whatever fails, the rest of the census stands.
func (c *census) vanity(ctx context.Context) {
	if c.Now().Sub(c.ledger.Census.Plain) < joins.Daily || c.ask(ctx) != nil {
		return
	}
	start := c.Now().Round(0)
	code, uses, err := c.Discord.VanityUses(ctx, c.guild)
	switch f := new(action.Failure); {
	case err == nil:
		err = c.write(ctx, []storage.Key{joins.DayKey(c.guild, start)}, func(tx *storage.Tx) {
			joins.BookVanity(tx, c.guild, code, uses, start)
		})
	case errors.As(err, &f) && f.Verdict != action.Again:
		err = c.notes(ctx, func(k *joins.Census) { k.Plain = start })
	}
	if err != nil {
		c.Log.InfoContext(ctx, "the vanity URL was not read", "guild", c.guild, "code", action.Code(err), "err", err)
	}
}

// counts counts the members with marker roles.
func (c *census) counts(ctx context.Context) error {
	if err := c.ask(ctx); err != nil {
		return err
	}
	start, before := c.Now().Round(0), c.ledger
	counts, err := c.Discord.RoleCounts(ctx, c.guild)
	if err != nil {
		return err
	}
	return c.write(ctx, joins.CountKeys(c.guild, before, counts, start), func(tx *storage.Tx) {
		joins.BookCounts(tx, c.guild, before, counts, start, c.Now())
	})
}

// list lists the members and writes who is identified, and who left. Without the
// members intent Discord does not list them: that is noted.
func (c *census) list(ctx context.Context) error {
	start, tally := c.Now().Round(0), c.ledger.Tally()
	known, err := all[joins.Member](ctx, c.DB, joins.Members(c.guild))
	if err != nil {
		return err
	}
	marks, err := items(ctx, c.DB, joins.Nobodies(c.guild))
	if err != nil {
		return err
	}
	look := joins.NewLook(c.ledger, known, c.stay, start)
	look.Forget(c.guild, keysOf(marks))
	pages, err := c.pages(ctx, look)
	if err != nil {
		if action.Code(err) != missingAccess && !errors.Is(err, errCut) {
			return err
		}
		return c.notes(ctx, func(k *joins.Census) {
			k.Tried, k.Again = start, time.Time{}
			if k.Blind.IsZero() {
				k.Blind = start
			}
		})
	}
	days, err := all[joins.Day](ctx, c.DB, joins.Days(c.guild, joins.From(start)))
	if err != nil {
		return err
	}
	look.Over(c.Now().Round(0), days)
	for _, some := range joins.Batches(look.Changes()) {
		if err := joins.Write(ctx, c.DB, c.guild, some); err != nil {
			return err
		}
	}
	return c.notes(ctx, func(k *joins.Census) {
		*k = joins.Census{Listed: start, Pages: pages, Tally: tally, Again: look.Again(), Plain: k.Plain}
	})
}

// pages reads the list of members, and returns how many pages it has. One that is
// cut short is an error, and no look.
func (c *census) pages(ctx context.Context, look *joins.Look) (n int, err error) {
	held := false
	defer func() {
		if held {
			<-c.long
		}
	}()
	for after := ""; n < maxPages; {
		if n == short {
			select {
			case c.long <- struct{}{}:
				held = true
			default:
				return n, errBusy
			}
		}
		if err := c.ask(ctx); err != nil {
			return n, err
		}
		people, next, err := c.Discord.MembersPage(ctx, c.guild, after)
		if err != nil {
			return n, err
		}
		look.Note(people)
		n++
		if after = next; after == "" {
			return n, nil
		}
	}
	return n, errCut
}

// all reads all records that a query lists.
func all[T storage.Record](ctx context.Context, db storage.DB, q storage.Query) (list []T, err error) {
	found, err := items(ctx, db, q)
	for _, it := range found {
		v, err := storage.Decode[T](it)
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	return list, err
}

// items reads all items that a query lists.
func items(ctx context.Context, db storage.DB, q storage.Query) (list []storage.Item, err error) {
	for {
		page, err := db.List(ctx, q)
		if err != nil {
			return nil, err
		}
		list = append(list, page.Items...)
		if q.Cursor = page.Cursor; q.Cursor == "" {
			return list, nil
		}
	}
}

func keysOf(list []storage.Item) (keys []storage.Key) {
	for _, it := range list {
		keys = append(keys, it.Key)
	}
	return keys
}
