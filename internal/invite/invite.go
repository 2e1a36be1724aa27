// Package invite looks invites up: it asks Discord rarely, and remembers the
// answer.
//
// It keeps, in the actions table:
//
//	invite#<code>   server   what Discord said, for hours
//	invite          budget   when Discord was asked in the last 10 minutes
package invite

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/entente-bot/entente/internal/action"
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

// budget is when Discord was asked, in Unix seconds, oldest first.
type budget struct {
	Asked []int64 `json:"asked"`
}

// Kind implements [storage.Record].
func (budget) Kind() (string, int) { return "budget", 1 }

func budgetKey() storage.Key {
	return storage.Key{Table: storage.Actions, Part: "invite", Sort: "budget"}
}

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

// errBudget means that Discord was asked as often as it may be for now.
var errBudget = errors.New("invite: look-up budget used up")

// Look returns what Discord says about code, from memory if it was asked in the
// last hours. It fails with an [action.Failure] to try again later if the budget
// of the deployment is used up.
func (d *Desk) Look(ctx context.Context, code string) (partnership.Invite, error) {
	return d.look(ctx, code, Budget)
}

// Recheck is Look for an invite that was accepted before, and known is false if
// Discord was not asked: rechecks leave half of the budget to applications, for
// which people wait.
func (d *Desk) Recheck(ctx context.Context, code string) (in partnership.Invite, known bool, err error) {
	in, err = d.look(ctx, code, Budget/2)
	if errors.Is(err, errBudget) {
		return in, false, nil
	}
	return in, err == nil, err
}

// look is Look with so much of the budget.
func (d *Desk) look(ctx context.Context, code string, share int) (partnership.Invite, error) {
	known, err := d.remember(ctx, code, share)
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
// Invite, and has taken a look-up from the budget, of which so much may be used.
func (d *Desk) remember(ctx context.Context, code string, share int) (known partnership.Invite, err error) {
	err = storage.Update(ctx, d.DB, []storage.Key{foundKey(code), budgetKey()}, func(tx *storage.Tx) error {
		if f, ok := storage.Read[found](tx, foundKey(code)); ok {
			known = f.Invite
			return nil
		}
		b, _ := storage.Read[budget](tx, budgetKey())
		next, wait := b.take(d.Now(), share)
		if wait > 0 {
			return &action.Failure{Verdict: action.Again, After: wait, Err: errBudget}
		}
		tx.Set(budgetKey(), next)
		return nil
	})
	return known, err
}

// take returns b with one more look-up at now, of at most so many in the window,
// or how long to wait for it.
func (b budget) take(now time.Time, most int) (budget, time.Duration) {
	oldest := now.Add(-Window).Unix()
	asked := slices.DeleteFunc(slices.Clone(b.Asked), func(at int64) bool { return at < oldest })
	if len(asked) >= most {
		return b, time.Unix(asked[len(asked)-most], 0).Add(Window + time.Second).Sub(now)
	}
	return budget{append(asked, now.Unix())}, 0
}
