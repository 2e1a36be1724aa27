package local

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/entente-bot/entente/internal/storage"
)

// A Clock is the real one, or one that goes on whenever somebody looks at it, and
// [System.Advance] moves it on. What that added is kept in the store: after a restart
// time goes on from where it was. The zero Clock is the real one.
type Clock struct {
	began time.Time     // the real time when it was made; zero for the real clock
	set   time.Duration // how far from the real time it began
	looks atomic.Int64  // how often somebody looked at it
	ahead atomic.Int64  // nanoseconds that it was moved on
}

// look is how far a clock goes on when somebody looks at it.
const look = 200 * time.Microsecond

// NewClock returns a clock that begins at start and goes on by what happens, not by
// how long that takes: it is the same on any day, and on a machine of any speed.
func NewClock(start time.Time) *Clock {
	now := time.Now()
	return &Clock{began: now, set: start.Sub(now)}
}

// Now returns the clock's time.
func (c *Clock) Now() time.Time {
	if c.began.IsZero() {
		return c.running()
	}
	passed := time.Duration(c.looks.Add(1))*look + time.Duration(c.ahead.Load())
	return c.began.Add(c.set + passed).UTC()
}

// running is the time for who waits for it to pass: it goes on as the real time does.
func (c *Clock) running() time.Time {
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
