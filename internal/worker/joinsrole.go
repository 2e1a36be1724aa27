package worker

import (
	"context"
	"errors"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/joins"
	"github.com/entente-bot/entente/internal/storage"
)

// errClaimed means that another partner's job claimed what this one made or found:
// they looked for what they had made at the same moment.
var errClaimed = errors.New("worker: it became another partner's")

// seeRole notices that the marker role was deleted by hand, or came to allow what
// the bot gives nobody. The invite cannot be given another one: it goes on being
// counted without.
func (t *tracking) seeRole(ctx context.Context) error {
	if t.mine.Role == "" {
		return nil
	}
	facts, err := t.Discord.Survey(ctx, t.Guild)
	switch {
	case err != nil, facts.Absent: // what it has there is not told
		return err
	case !facts.Has(t.mine.Role):
		return t.unmark(ctx, joins.NoRole)
	case facts.Harmful(t.Guild, t.mine.Role):
		return t.unmark(ctx, joins.TooMuch)
	}
	return nil
}

// unmark notes that the invite has to do without a marker role, and why. If there is
// one all the same, it is deleted later.
func (t *tracking) unmark(ctx context.Context, why joins.Lack) error {
	return t.write(ctx, func(tx *storage.Tx, l joins.Ledger, m joins.Making) (joins.Ledger, joins.Making) {
		a, ok := l.Account(t.Subject)
		if !ok {
			return l, m
		}
		if why == joins.NoRole || why == joins.TooMuch {
			t.notesRole("joins.unmarked", tx, a.Role, "")
		}
		m = m.Drops(a.Role)
		m.Bare, m.Role, a.Role = why, joins.Attempt{}, ""
		return l.With(a), m
	})
}

// makeRole makes the marker role for an invite that is to be made, unless an earlier
// attempt did. Where none can be made, the invite does without.
func (t *tracking) makeRole(ctx context.Context) error {
	wanted := t.chosen.Markers && t.mine.Code == "" && t.mine.Role == "" && t.making.Bare == ""
	if !t.fresh.Role.Since.IsZero() {
		t.fresh.Role = joins.Attempt{}
		id, err := t.findRole(ctx)
		switch {
		case err != nil:
			return err
		case !wanted:
			return t.discard(ctx, id)
		case id != "":
			return t.mark(ctx, id)
		}
	}
	if !wanted {
		return nil
	}
	name := joins.RoleName(t.p.Server)
	if err := t.tries(ctx, func(m *joins.Making) { m.Role = joins.Attempt{Name: name, Since: t.Actions.Now()} }); err != nil {
		return err
	}
	id, err := t.Discord.MakeRole(ctx, t.Guild, name, t.reason(t.chosen.Locale))
	switch action.Code(err) {
	case tooManyRoles:
		return t.unmark(ctx, joins.NoRoom)
	case noPermission:
		return t.unmark(ctx, joins.NoRight)
	}
	return errOr(err, func() error { return t.mark(ctx, id) })
}

// errOr returns err, or if there is none what then does.
func errOr(err error, then func() error) error {
	if err != nil {
		return err
	}
	return then()
}

// findRole looks for the marker role that an earlier attempt may have made; "" is none.
func (t *tracking) findRole(ctx context.Context) (string, error) {
	roles, err := t.Discord.MarkerRoles(ctx, t.Guild)
	if err != nil {
		return "", err
	}
	id, _ := t.making.FindRole(t.ledger, roles)
	return id, nil
}

// mark notes the marker role.
func (t *tracking) mark(ctx context.Context, id string) error {
	mine := false
	err := t.write(ctx, func(_ *storage.Tx, l joins.Ledger, m joins.Making) (joins.Ledger, joins.Making) {
		if l, mine = l.Mark(t.Subject, id); mine {
			m.Role = joins.Attempt{}
		}
		return l, m
	})
	if err == nil && !mine {
		return errClaimed
	}
	return err
}

// discard notes that a marker role goes that an earlier attempt made, and nobody
// wants; "" is none.
func (t *tracking) discard(ctx context.Context, id string) error {
	return t.tries(ctx, func(m *joins.Making) {
		*m = m.Drops(id)
		m.Role = joins.Attempt{}
	})
}

// sweep deletes the marker roles of partnerships that are over.
func (t *tracking) sweep(ctx context.Context) error {
	for _, role := range t.making.Stale {
		err := t.Discord.DeleteRole(ctx, t.Guild, role, t.reason(t.chosen.Locale))
		if err != nil {
			return err
		}
		if err := t.tries(ctx, func(m *joins.Making) { *m = m.Away(role) }); err != nil {
			return err
		}
	}
	return nil
}
