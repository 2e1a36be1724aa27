package action

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	mathrand "math/rand/v2"
	"time"

	"github.com/entente-bot/entente/internal/storage"
)

// How long things take. A crash is made good within Lease and one sweep a
// minute: under 2 minutes.
const (
	Lease   = 50 * time.Second // how long a worker holds an action unless it saves
	GiveUp  = 24 * time.Hour   // how long an action that fails is tried again, but in an outage
	Recheck = 6 * time.Hour    // how often a blocked action is tried unasked
	Revive  = 24 * time.Hour   // how often one that was given up is: no failure ends what repeats

	Grace = 15 * time.Second // how long a pointer has to arrive before a sweep sends another
)

// The longest waits between two tries. What waited for the end of an outage, however
// long, is done within maxOutage and one sweep.
const (
	maxBackoff = 15 * time.Minute
	maxOutage  = 4 * time.Minute
)

// ErrNotYours means that the action is not the worker's to do: it is done or
// cancelled, another worker holds it, or its time has not come.
var ErrNotYours = errors.New("action: not yours")

// A Holder takes and finishes actions for one process.
type Holder struct {
	DB    storage.DB
	Now   func() time.Time
	Owner string // names this process; another one has another name

	// Sole is set where there can be no other process: a lease of another
	// owner was then left behind by a crash, and does not count.
	Sole bool
}

// Take leases r and returns it as it stands. It returns [ErrNotYours] if there
// is nothing to do.
func (h *Holder) Take(ctx context.Context, r Ref) (Action, error) {
	var a Action
	err := storage.Update(ctx, h.DB, Keys(r), func(tx *storage.Tx) error {
		old, found := storage.Read[Action](tx, r.Key())
		now := h.Now()
		a = old
		switch {
		case !found, a.State == Due && a.Due.After(now), h.held(a):
			return ErrNotYours
		}
		if a.State == Dead {
			a.Due = now // Attempts stay: an earlier one may have had its effect
		}
		if a.Attempts++; a.Since.IsZero() {
			a.Since = now
		}
		a.State, a.Lease, a.Owner, a.Until = Leased, rand.Text(), h.Owner, now.Add(Lease)
		keep(tx, old, a)
		return nil
	})
	return a, err
}

// Save reads keys, lets write change them and stores that, provided that a is
// still held under the lease it was taken with; it extends the lease. It returns
// [ErrNotYours] if the lease was lost: nothing was stored then.
func (h *Holder) Save(ctx context.Context, a Action, keys []storage.Key, write func(*storage.Tx) error) error {
	return storage.Update(ctx, h.DB, append(Keys(a.Ref), keys...), func(tx *storage.Tx) error {
		held, found := storage.Read[Action](tx, a.Key())
		if !found || held.State != Leased || held.Lease != a.Lease {
			return ErrNotYours
		}
		next := held
		next.Until = h.Now().Add(Lease)
		keep(tx, held, next)
		return write(tx)
	})
}

// Finish ends the lease on a with what came of it: nil if a is done. It returns
// the action as it then waits, with ok false if it is gone, for good or because
// the lease was lost.
func (h *Holder) Finish(ctx context.Context, a Action, outcome error) (left Action, ok bool, err error) {
	err = storage.Update(ctx, h.DB, Keys(a.Ref), func(tx *storage.Tx) error {
		held, found := storage.Read[Action](tx, a.Key())
		if !found || held.State != Leased || held.Lease != a.Lease {
			ok = false
			return ErrNotYours
		}
		left, ok = settle(held, a.Generation, outcome, h.Now())
		if !ok {
			drop(tx, held)
			return nil
		}
		keep(tx, held, left)
		return nil
	})
	if errors.Is(err, ErrNotYours) {
		err = nil
	}
	return left, ok, err
}

// settle returns held as it waits after it was done up to a generation with
// outcome, and whether it still waits.
func settle(held Action, done int64, outcome error, now time.Time) (Action, bool) {
	a := held
	a.State, a.Lease, a.Owner, a.Until, a.Next = Due, "", "", time.Time{}, time.Time{}
	raised := held.Generation > done
	if outcome == nil {
		a.Attempts, a.Since, a.Failing, a.Error, a.Reason, a.Due = 0, time.Time{}, time.Time{}, "", Reason{}, held.Next
		return a, raised
	}
	f := failureOf(outcome)
	a.Error, a.Failing = f.Error(), time.Time{}
	failing, most := cmp.Or(held.Failing, now), maxBackoff
	if f.Outage {
		failing, most = time.Time{}, maxOutage
	}
	switch {
	case f.Verdict == Again && (f.Outage || now.Sub(failing) < GiveUp):
		a.Failing, a.Due = failing, now.Add(Backoff(held.Attempts, most, f.After, mathrand.Float64()))
	case raised && (f.Verdict == Block || !held.Next.After(now)): // it may be mended by what came meanwhile
		a.Due = held.Next
	case f.Verdict == Block:
		a.State, a.Reason, a.Due = Blocked, f.Reason, now.Add(max(Recheck, f.After))
	default:
		a.State, a.Reason, a.Due = Dead, Blocking(givenUp).Reason, now.Add(Revive)
		if raised && held.Next.Before(a.Due) {
			a.Due = held.Next
		}
	}
	return a, true
}

// held reports whether somebody is at work on a.
func (h *Holder) held(a Action) bool {
	return a.State == Leased && a.Until.After(h.Now()) && (a.Owner == h.Owner || !h.Sole)
}

// Sweep finds the actions of one shard that have been due for at least grace
// and are held by nobody: their pointer was lost, their worker crashed, or their
// delay is over. It gives them to send, page by page, earliest first, also when
// a page has none, and stops at the first error.
func (h *Holder) Sweep(ctx context.Context, shard int, grace time.Duration, send func(context.Context, []Ref) error) error {
	q := storage.Query{
		Table: storage.Actions, Part: duePart(shard), Limit: 100,
		Before: stamp(h.Now().Add(-grace).Add(time.Millisecond)),
	}
	for {
		page, err := h.DB.List(ctx, q)
		if err != nil || len(page.Items) == 0 {
			return err
		}
		actions, err := behind(ctx, h.DB, page.Items)
		if err != nil {
			return err
		}
		var refs []Ref
		for _, a := range actions {
			if !h.held(a) {
				refs = append(refs, a.Ref)
			}
		}
		if err := send(ctx, refs); err != nil {
			return err
		}
		if q.Cursor = page.Cursor; q.Cursor == "" {
			return nil
		}
	}
}

// behind returns the actions that pointers lead to, without those that are gone.
func behind(ctx context.Context, db storage.DB, pointers []storage.Item) ([]Action, error) {
	keys := make([]storage.Key, len(pointers))
	for i, it := range pointers {
		p, err := storage.Decode[pointer](it)
		if err != nil {
			return nil, err
		}
		keys[i] = p.Key()
	}
	items, err := db.Get(ctx, keys...)
	if err != nil {
		return nil, err
	}
	var actions []Action
	for _, it := range items {
		if it.Value == nil {
			continue
		}
		a, err := storage.Decode[Action](it)
		if err != nil {
			return nil, err
		}
		actions = append(actions, a)
	}
	return actions, nil
}
