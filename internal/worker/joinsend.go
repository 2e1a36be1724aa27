package worker

import (
	"context"
	"time"

	"github.com/entente-bot/entente/internal/joins"
	"github.com/entente-bot/entente/internal/poll"
	"github.com/entente-bot/entente/internal/storage"
)

// close counts the joins by the invite of a partnership that is over a last time,
// deletes it, and moves the account to the past. Where nobody may count, the invite
// stays until somebody may: what it brought is not thrown away.
func (t *tracking) close(ctx context.Context) error {
	if err := t.leave(ctx); err != nil {
		return err
	}
	if err := t.forsake(ctx); err != nil {
		return err
	}
	code := t.mine.Code
	if code != "" {
		if err := t.count(ctx); err != nil {
			return err
		}
		if err := t.Discord.DeleteInvite(ctx, code, t.reason(t.chosen.Locale)); err != nil {
			return err
		}
	}
	last := t.lastUses(ctx)
	now := t.Actions.Now()
	keys := append(joins.CloseKeys(t.Guild, t.Subject, t.making.Application, now), t.watchKeys()...)
	return t.save(ctx, append(keys, joins.MakingKey(t.Guild, t.Subject)), func(tx *storage.Tx) error {
		m := joins.MakingOf(tx, t.Guild, t.Subject)
		joins.Close(tx, t.Guild, t.Subject, m.Application, last, now)
		joins.Making{Partner: t.Subject, Stale: m.Stale}.Keep(tx, t.Guild, false)
		t.watch(tx, time.Time{})
		if !t.mine.Seen.IsZero() {
			role := ""
			if last := len(m.Stale) - 1; last >= 0 { // see leave: it is deleted next
				role = m.Stale[last]
			}
			t.notesRole("joins.end", tx, role, "")
		}
		t.see(joins.LedgerOf(tx, t.Guild), joins.Making{Partner: t.Subject, Stale: m.Stale})
		return nil
	})
}

// leave has the marker role deleted, whatever becomes of the invite.
func (t *tracking) leave(ctx context.Context) error {
	role := t.mine.Role
	if !t.fresh.Role.Since.IsZero() {
		t.fresh.Role = joins.Attempt{}
		id, err := t.findRole(ctx)
		if err != nil {
			return err
		}
		if err := t.tries(ctx, func(m *joins.Making) { *m = m.Drops(id) }); err != nil {
			return err
		}
	}
	if role == "" {
		return nil
	}
	return t.write(ctx, func(_ *storage.Tx, l joins.Ledger, m joins.Making) (joins.Ledger, joins.Making) {
		a, ok := l.Account(t.Subject)
		if !ok {
			return l, m
		}
		m, a.Role, m.Role = m.Drops(a.Role), "", joins.Attempt{}
		return l.With(a), m
	})
}

// forsake deletes what an attempt made that ended before it was known: nobody was
// given it.
func (t *tracking) forsake(ctx context.Context) error {
	if t.fresh.Invite.Since.IsZero() {
		return nil
	}
	facts, err := t.Discord.Survey(ctx, t.Guild)
	if err != nil {
		return err
	}
	found, err := t.orphans(ctx, facts.Bot)
	if err != nil {
		return err
	}
	for _, in := range found {
		if err := t.Discord.DeleteInvite(ctx, in.Code, t.reason(t.chosen.Locale)); err != nil {
			return err
		}
	}
	t.fresh.Invite = joins.Attempt{}
	return nil
}

// count reads the invites once more, and books them.
func (t *tracking) count(ctx context.Context) error {
	p := joins.Poll{Start: t.Actions.Now()}
	var err error
	if p.Invites, err = t.Discord.GuildInvites(ctx, t.Guild); err != nil {
		return err
	}
	p.End = t.Actions.Now()
	if joins.Closing(t.ledger, p) {
		p.Last = t.lastUses(ctx)
	}
	keys := append(joins.Keys(t.Guild, p.Start), append(t.watchKeys(), joins.MakingKey(t.Guild, t.Subject))...)
	return t.save(ctx, keys, func(tx *storage.Tx) error {
		if _, watched := storage.Read[poll.Watch](tx, poll.Key(t.Guild)); !watched && !t.ledger.Watched { // joins are not tracked any more
			joins.Rebase(tx, t.Guild, joins.Untracked, p.Start)
		}
		joins.Book(tx, t.Guild, p, p.End)
		t.see(joins.LedgerOf(tx, t.Guild), joins.MakingOf(tx, t.Guild, t.Subject))
		return nil
	})
}

// lastUses are the last uses of invites that were deleted, as far as Discord tells:
// without them, it is recorded from when on nobody knows.
func (t *tracking) lastUses(ctx context.Context) map[string]int {
	last, err := t.Discord.DeletedInvites(ctx, t.Guild)
	if err != nil {
		t.Log.InfoContext(ctx, "the last uses of deleted invites are not known", "guild", t.Guild, "err", err)
		return nil
	}
	return last
}
