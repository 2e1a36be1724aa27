package poller

import (
	"context"
	"crypto/rand"
	"errors"
	"time"

	"github.com/entente-bot/entente/internal/storage"
)

// errHeld means that another run is polling.
var errHeld = errors.New("poller: another run holds the lease")

// A lease is who polls. It ends when its run must have: so whatever crashed is
// made good by the run a minute later.
type lease struct {
	Owner string    `json:"owner"` // the process
	Token string    `json:"token"` // the run
	Until time.Time `json:"until"`
}

// Kind implements [storage.Record].
func (lease) Kind() (string, int) { return "lease", 1 }

// ExpiresAt implements [storage.Expiring].
func (l lease) ExpiresAt() time.Time { return l.Until.Add(time.Hour) }

func leaseKey() storage.Key {
	return storage.Key{Table: storage.Actions, Part: "poller", Sort: "lease"}
}

// held reports whether somebody polls under l.
func (p *Poller) held(l lease) bool {
	now := p.Now()
	left := l.Until.Sub(now)
	// One that is far off was taken by a clock that was wrong.
	return left > 0 && left <= 2*within && !(p.Sole && l.Owner != p.Owner)
}

// take takes the lease and returns the token of it, or errHeld.
func (p *Poller) take(ctx context.Context) (token string, err error) {
	token = rand.Text()
	err = storage.Update(ctx, p.DB, []storage.Key{leaseKey()}, func(tx *storage.Tx) error {
		if l, ok := storage.Read[lease](tx, leaseKey()); ok && p.held(l) {
			return errHeld
		}
		tx.Set(leaseKey(), lease{p.Owner, token, p.Now().Add(within)})
		return nil
	})
	return token, err
}

// mine reports whether the lease is still the one with the given token. tx must
// have read its key.
func mine(tx *storage.Tx, token string) bool {
	l, ok := storage.Read[lease](tx, leaseKey())
	return ok && l.Token == token
}

// release gives the lease back, so that the next run need not wait. What is lost
// lapses.
func (p *Poller) release(ctx context.Context, token string) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
	defer cancel()
	err := storage.Update(ctx, p.DB, []storage.Key{leaseKey()}, func(tx *storage.Tx) error {
		if mine(tx, token) {
			tx.Delete(leaseKey())
		}
		return nil
	})
	if err != nil {
		p.Log.WarnContext(ctx, "the lease of the poller stays until it lapses", "err", err)
	}
}
