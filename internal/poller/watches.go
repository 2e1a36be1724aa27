package poller

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/entente-bot/entente/internal/poll"
	"github.com/entente-bot/entente/internal/storage"
)

// watches reads who is to be polled, and when.
func (p *Poller) watches(ctx context.Context) ([]poll.Watch, error) {
	type answer struct {
		list []poll.Watch
		err  error
	}
	answers := make(chan answer, poll.Shards)
	for shard := range poll.Shards {
		go func() {
			list, err := p.shard(ctx, shard)
			answers <- answer{list, err}
		}()
	}
	var all []poll.Watch
	var err error
	for range poll.Shards {
		a := <-answers
		all, err = append(all, a.list...), errors.Join(err, a.err)
	}
	return all, err
}

// shard reads one shard of the watches. One that cannot be read does not keep the
// others from being polled.
func (p *Poller) shard(ctx context.Context, shard int) (list []poll.Watch, err error) {
	q := poll.In(shard)
	for {
		page, err := p.DB.List(ctx, q)
		if err != nil {
			return nil, err
		}
		for _, it := range page.Items {
			w, err := storage.Decode[poll.Watch](it)
			if err != nil {
				p.Log.ErrorContext(ctx, "a guild is not polled", "err", err)
				continue
			}
			list = append(list, w)
		}
		if q.Cursor = page.Cursor; q.Cursor == "" {
			return list, nil
		}
	}
}

// anyDue reports whether it is the turn of any of watches.
func anyDue(watches []poll.Watch, now time.Time) bool {
	return slices.ContainsFunc(watches, func(w poll.Watch) bool { return !w.Due.After(now) })
}

// together is how many watches are saved in one write, with the lease.
const together = storage.MaxPut - 10

// errLost means that another run took the lease.
var errLost = errors.New("poller: the lease was lost")

// A lesson is a watch as it was read, and as it is after what was learned.
type lesson struct{ before, after poll.Watch }

// save keeps what was learned, as long as the lease is ours.
func (p *Poller) save(ctx context.Context, token string, lessons []lesson) error {
	for some := range slices.Chunk(lessons, together) {
		keys := []storage.Key{leaseKey()}
		for _, l := range some {
			keys = append(keys, poll.Key(l.after.Guild))
		}
		err := storage.Update(ctx, p.DB, keys, func(tx *storage.Tx) error {
			l, ok := storage.Read[lease](tx, leaseKey())
			if !ok || l.Token != token {
				return errLost
			}
			tx.Set(leaseKey(), l) // nobody can take it while this is written
			for _, l := range some {
				k := poll.Key(l.after.Guild)
				if now, ok := storage.Read[poll.Watch](tx, k); ok {
					tx.Set(k, l.onto(now))
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// onto returns what was learned, for a watch that somebody may have changed
// meanwhile: who wanted the guild polled at once is not overruled by what was
// planned before. One that was deleted stays deleted.
func (l lesson) onto(now poll.Watch) poll.Watch {
	w := l.after
	if now.Excited.After(l.before.Excited) && now.Excited.After(w.Polled) {
		return w.Excite(now.Excited)
	}
	if now.Due.Before(l.before.Due) && now.Due.Before(w.Due) && now.Due.After(w.Polled) {
		w.Due = now.Due
	}
	return w
}
