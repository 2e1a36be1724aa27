package local

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/entente-bot/entente/internal/storage"
)

// A Clock goes as fast as the real one, and [System.Advance] moves it on. What that
// added is kept in the store: after a restart time goes on from where it was. The
// zero Clock begins with the real time.
type Clock struct {
	set   time.Duration // how far from the real time it began
	ahead atomic.Int64  // nanoseconds that it was moved on
}

// NewClock returns a clock that shows start now, whatever the real time is: so what
// happens on it is the same on any day.
func NewClock(start time.Time) *Clock { return &Clock{set: time.Until(start)} }

// Now returns the clock's time.
func (c *Clock) Now() time.Time {
	return time.Now().Add(c.set + time.Duration(c.ahead.Load())).UTC()
}

// advanced is how far the clock is ahead, as it is kept.
type advanced struct {
	By time.Duration `json:"by"`
}

// Kind implements [storage.Record].
func (advanced) Kind() (string, int) { return "clock", 1 }

func clockKey() storage.Key { return storage.Key{Table: storage.Actions, Part: "dev", Sort: "clock"} }

// restore sets the clock to where it was kept.
func (c *Clock) restore(ctx context.Context, db storage.DB) error {
	tx, err := storage.Begin(ctx, db, clockKey())
	if err != nil {
		return err
	}
	a, _ := storage.Read[advanced](tx, clockKey())
	c.ahead.Store(int64(a.By))
	_, err = tx.Changes()
	return err
}

// advance moves the clock on.
func (c *Clock) advance(ctx context.Context, db storage.DB, by time.Duration) error {
	var now time.Duration
	err := storage.Update(ctx, db, []storage.Key{clockKey()}, func(tx *storage.Tx) error {
		a, _ := storage.Read[advanced](tx, clockKey())
		a.By += by
		now = a.By
		tx.Set(clockKey(), a)
		return nil
	})
	if err == nil {
		c.ahead.Store(int64(now))
	}
	return err
}
