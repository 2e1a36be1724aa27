// Package invite looks invites up: it asks Discord rarely, and remembers the
// answer.
//
// It keeps, in the actions table:
//
//	invite#<code>   server   what Discord said, for hours
//	invite          budget   who had Discord asked in the last 10 minutes, and who waits
//
// The look-ups of the deployment are shared: see queue.go.
package invite

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/storage"
)

// found is an answer of Discord's, as it is remembered.
type found struct {
	Invite partnership.Invite `json:"invite"`
	Until  time.Time          `json:"until"` // how long it is trusted
}

// Kind implements [storage.Record].
func (found) Kind() (string, int) { return "invite", 1 }

// ExpiresAt implements [storage.Expiring].
func (f found) ExpiresAt() time.Time { return f.Until }

// The budget: a bot was banned for a day after 251 look-ups in 10 minutes.
const (
	Budget = 200
	Window = 10 * time.Minute
)

// How long an answer is trusted. An invite that is none now will hardly become
// one; one that expires is looked at again soon, when it may have been mended.
const (
	trusted     = 6 * time.Hour
	trustedNone = 10 * time.Minute
)

func foundKey(code string) storage.Key {
	return storage.Key{Table: storage.Actions, Part: "invite#" + code, Sort: "server"}
}

// A Desk looks invites up for the whole deployment.
type Desk struct {
	DB  storage.DB
	Now func() time.Time

	// Ask asks Discord about a code that [partnership.ParseInvite] returned. It
	// returns an invite of Type NoInvite, and no error, if there is no such.
	Ask func(ctx context.Context, code string) (partnership.Invite, error)
}

// An Asker is somebody who waits for what Discord says.
type Asker struct {
	Guild string // where
	User  string // who sent the form
	ID    string // of the interaction that sent it: the lesser came first
}

// Waiting means that an asker has to wait for their turn.
type Waiting struct {
	Until time.Time // when to look again
}

// Error implements error.
func (w *Waiting) Error() string { return "invite: not their turn until " + w.Until.String() }

// Look returns what Discord says about code, from memory if it was asked in the
// last hours. It fails with [Waiting] if it is not who's turn.
func (d *Desk) Look(ctx context.Context, code string, who Asker) (partnership.Invite, error) {
	return d.look(ctx, code, func(b budget) (budget, error) { return b.take(who, d.Now()) })
}

// errUsedUp means that no invites are rechecked for now.
var errUsedUp = errors.New("invite: rechecks used up")

// Recheck is Look for an invite that a guild accepted before, and that was not looked
// at for so long. known is false if Discord was not asked: rechecks leave half of the
// budget to those who wait, and of their half most to what was unseen longest.
func (d *Desk) Recheck(ctx context.Context, code, guild string, unseen time.Duration) (in partnership.Invite, known bool, err error) {
	in, err = d.look(ctx, code, func(b budget) (budget, error) { return b.recheck(guild, unseen, d.Now()) })
	if errors.Is(err, errUsedUp) {
		return in, false, nil
	}
	return in, err == nil, err
}

// look returns what is known of code, or has Discord asked if take lets it.
func (d *Desk) look(ctx context.Context, code string, take func(budget) (budget, error)) (partnership.Invite, error) {
	known, err := d.remember(ctx, code, take)
	if err != nil || known.Code != "" {
		return known, err
	}
	in, err := d.Ask(ctx, code)
	if err != nil {
		return partnership.Invite{}, err
	}
	in.Code = code
	f := found{in, d.Now().Add(trusted)}
	if in.Type != partnership.GuildInvite || !in.Permanent {
		f.Until = d.Now().Add(trustedNone)
	}
	return in, storage.Update(ctx, d.DB, []storage.Key{foundKey(code)}, func(tx *storage.Tx) error {
		tx.Set(foundKey(code), f)
		return nil
	})
}

// remember returns what is known of code. If nothing is, it returns the zero
// Invite, and has taken a look-up from the budget, or noted who waits.
func (d *Desk) remember(ctx context.Context, code string, take func(budget) (budget, error)) (known partnership.Invite, err error) {
	var refused error
	err = storage.Update(ctx, d.DB, []storage.Key{foundKey(code), budgetKey()}, func(tx *storage.Tx) error {
		known, refused = partnership.Invite{}, nil
		if f, ok := storage.Read[found](tx, foundKey(code)); ok {
			known = f.Invite
			return nil
		}
		b, _ := storage.Read[budget](tx, budgetKey())
		var next budget
		if next, refused = take(b.at(d.Now())); refused == nil || !slices.Equal(next.Line, b.Line) {
			tx.Set(budgetKey(), next)
		}
		return nil
	})
	return known, errors.Join(err, refused)
}
