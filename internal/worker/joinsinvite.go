package worker

import (
	"context"
	"time"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/joins"
	"github.com/entente-bot/entente/internal/poll"
	"github.com/entente-bot/entente/internal/setup"
	"github.com/entente-bot/entente/internal/storage"
)

// tooManyRoles is Discord's code for a guild that has as many roles as it can have.
const tooManyRoles = 30005

// makeInvite makes the tracked invite, unless an earlier attempt did.
func (t *tracking) makeInvite(ctx context.Context) error {
	if t.mine.Code != "" {
		return nil
	}
	if err := t.damped(ctx, t.making.Repairs, inviteDeleted, ""); err != nil {
		return err
	}
	facts, err := t.Discord.Survey(ctx, t.Guild)
	if err != nil {
		return err
	}
	if !t.fresh.Invite.Since.IsZero() {
		t.fresh.Invite = joins.Attempt{}
		if found, err := t.adopt(ctx, facts.Bot); err != nil || found {
			return err
		}
	}
	channel := setup.Entrance(t.Guild, t.chosen, facts)
	if f, closed := setup.Closed(t.Guild, t.chosen, facts); closed {
		return action.Blocking("joins.entrance-"+string(f.Problem), "channel", channel)
	}
	since := t.Actions.Now()
	if err := t.tries(ctx, func(m *joins.Making) { m.Invite = joins.Attempt{Name: channel, Since: since} }); err != nil {
		return err
	}
	var roles []string
	if t.mine.Role != "" {
		roles = []string{t.mine.Role}
	}
	in, err := t.Discord.MakeInvite(ctx, channel, roles, t.reason(t.chosen.Locale))
	switch code := action.Code(err); {
	case code == unknownRole && roles != nil: // it was deleted just now
		return errOr(t.unmark(ctx, joins.NoRole), func() error { return t.makeInvite(ctx) })
	case code == noPermission && roles != nil: // in the channel it may: it is the role
		return errOr(t.unmark(ctx, joins.NoRight), func() error { return t.makeInvite(ctx) })
	case code == noPermission:
		return action.Blocking("joins.entrance-permission", "channel", channel)
	case code == unknownChannel:
		return action.Blocking("joins.entrance-gone")
	}
	return errOr(err, func() error { return t.claim(ctx, in, since) })
}

// adopt looks for the invite that an earlier attempt may have made, and reports
// whether it found one. Of several the earliest is taken, and those deleted that
// nobody else can be about to claim.
func (t *tracking) adopt(ctx context.Context, bot string) (bool, error) {
	found, err := t.orphans(ctx, bot)
	if err != nil || len(found) == 0 {
		return false, err
	}
	if err := t.claim(ctx, found[0], t.making.Invite.Since); err != nil {
		return false, err
	}
	for _, in := range found[1:] {
		if !in.Abandoned(t.Actions.Now()) {
			continue
		}
		if err := t.Discord.DeleteInvite(ctx, in.Code, t.reason(t.chosen.Locale)); err != nil {
			return true, err
		}
	}
	return true, nil
}

// orphans are the invites that the attempt may have made.
func (t *tracking) orphans(ctx context.Context, bot string) ([]joins.Invite, error) {
	list, err := t.Discord.GuildInvites(ctx, t.Guild)
	if err != nil {
		return nil, err
	}
	return t.making.FindInvites(t.ledger, bot, t.mine.Role, list), nil
}

// claim notes the tracked invite. It is new, so it is looked at soon.
func (t *tracking) claim(ctx context.Context, in joins.Invite, since time.Time) error {
	mine := false
	err := t.write(ctx, func(tx *storage.Tx, l joins.Ledger, m joins.Making) (joins.Ledger, joins.Making) {
		if l, mine = l.Claim(t.Subject, in, since); !mine {
			return l, m
		}
		m.Invite, m.Made = joins.Attempt{}, true
		t.notesRole("joins.make", tx, "", t.mine.Role)
		if w, watched := storage.Read[poll.Watch](tx, poll.Key(t.Guild)); watched {
			tx.Set(poll.Key(t.Guild), w.Excite(t.Actions.Now()))
		}
		return l, m
	})
	if err == nil && !mine {
		return errClaimed
	}
	return err
}
