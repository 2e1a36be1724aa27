// Package poller reads, again and again, the invites of every guild that tracks
// its joins, and books what they brought. When a guild's turn comes is decided by
// package poll, what is booked by package joins.
//
// There is one lane for a whole deployment, apart from the worker's: however many
// invites are read, no listing waits for it. It sends nothing that people see, but
// leaves actions.
//
// It keeps, in the actions table:
//
//	poller   lease   one lease: who polls now
package poller

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/entente-bot/entente/internal/joins"
	"github.com/entente-bot/entente/internal/storage"
)

// Discord is what the poller needs of Discord. Errors are [action.Failure]s.
type Discord interface {
	// GuildInvites lists the invites of a guild. Their uses are nil where Discord
	// does not tell them.
	GuildInvites(ctx context.Context, guild string) ([]joins.Invite, error)

	// DeletedInvites returns the last uses of the invites that were deleted of
	// late, by code, from the guild's audit log.
	DeletedInvites(ctx context.Context, guild string) (map[string]int, error)

	Counter
}

// A Poller polls. All fields must be set; see [New].
type Poller struct {
	DB      storage.DB
	Discord Discord
	Log     *slog.Logger
	Now     func() time.Time
	Budget  int    // requests a second, all together
	Owner   string // names this process; another one has another name

	// Sole is set where there can be no other process: a lease of another owner
	// was then left behind by a crash, and does not count.
	Sole bool
}

// DefaultBudget is how many requests a second a deployment spends on polls that
// says nothing else. Discord takes 50 of a bot, and the worker needs some.
const DefaultBudget = 20

// MaxBudget is the most that can be spent on polls.
const MaxBudget = 45

// New returns a poller with the default budget and a name of its own.
func New(db storage.DB, d Discord, log *slog.Logger, now func() time.Time) *Poller {
	return &Poller{DB: db, Discord: d, Log: log, Now: now, Budget: DefaultBudget, Owner: rand.Text()}
}

// within is how long one run may take, so that it ends before the next begins.
const within = 55 * time.Second

// How long before its end a run begins no new poll, and waits for none any more:
// what it learned is still to be saved.
const (
	enough = 5 * time.Second
	cut    = 2 * time.Second
)

// span is how long a run has that is given ctx: less, if its function is cut off
// before.
func span(ctx context.Context) time.Duration {
	if d, ok := ctx.Deadline(); ok {
		return min(within, time.Until(d)-time.Second)
	}
	return within
}

// ServeSchedule is Run as a Lambda function that a schedule invokes once a minute:
// what it is given means nothing.
func (p *Poller) ServeSchedule(ctx context.Context) error {
	_, err := p.Run(ctx)
	return err
}

// Run polls for most of a minute: each guild when its turn comes, as far as the
// budget goes. It returns how many polls there were. It does nothing while another run is
// at it, and ends at once if no turn comes in its time.
//
// A poll that fails is no failure of Run.
func (p *Poller) Run(ctx context.Context) (polled int, err error) {
	began, long := time.Now(), span(ctx) // the machine's time: how long it takes, not when it is
	ctx, cancel := context.WithTimeout(ctx, long)
	defer cancel()
	token, err := p.take(ctx)
	if errors.Is(err, errHeld) {
		p.Log.InfoContext(ctx, "another run is polling")
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("take the lease of the poller: %w", err)
	}
	defer p.release(ctx, token)
	watches, err := p.watches(ctx)
	if err != nil {
		return 0, fmt.Errorf("read who is to be polled: %w", err)
	}
	r := p.newRun(watches, token)
	r.pace.every = time.Second / time.Duration(p.Budget)
	last := p.Now().Add(long - enough - time.Since(began))
	r.until(ctx, last, last)
	return r.end(ctx)
}

// Once polls every guild whose turn it is by now, once, and waits for nothing but
// the answers. It returns how many polls there were.
func (p *Poller) Once(ctx context.Context) (polled int, err error) {
	watches, err := p.watches(ctx)
	if err != nil {
		return 0, fmt.Errorf("read who is to be polled: %w", err)
	}
	now := p.Now()
	if !anyDue(watches, now) {
		return 0, nil
	}
	ctx, cancel := context.WithTimeout(ctx, span(ctx))
	defer cancel()
	token, err := p.take(ctx)
	if errors.Is(err, errHeld) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("take the lease of the poller: %w", err)
	}
	defer p.release(ctx, token)
	r := p.newRun(watches, token)
	r.saveAll = true // whose turn it was would else be whose turn it is
	r.until(ctx, now, now.Add(within))
	return r.end(ctx)
}
