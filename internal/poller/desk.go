package poller

import (
	"context"
	"time"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/joins"
	"github.com/entente-bot/entente/internal/removal"
	"github.com/entente-bot/entente/internal/storage"
)

// A desk is what a run remembers of the books of a guild: so a poll that brings
// nothing asks the store for nothing. That it may be out of date is no harm: what
// is written is decided anew on what is kept.
type desk struct {
	open   bool // the books were read
	ledger joins.Ledger
	others joins.Others
	since  time.Time // when the latest poll began after which nothing was left to book
}

// poll reads the invites of a guild, for which it is its turn, and books what they
// brought.
func (r *run) poll(ctx context.Context, guild string, d *desk) (p joins.Poll, out joins.Outcome, err error) {
	p.Start, p.Since = r.Now().Round(0), d.since // what is read is as old as this
	p.Invites, err = r.Discord.GuildInvites(ctx, guild)
	p.End = r.Now().Round(0)
	if err != nil {
		return p, out, err
	}
	out, err = r.book(ctx, guild, d, p)
	return p, out, err
}

// book books a poll, unless it brought nothing.
func (r *run) book(ctx context.Context, guild string, d *desk, p joins.Poll) (out joins.Outcome, err error) {
	if !d.open {
		if err := r.read(ctx, guild, d); err != nil {
			return out, err
		}
	}
	if joins.Idle(d.ledger, d.others, p) {
		d.saw(p)
		return out, nil
	}
	if joins.Closing(d.ledger, p) {
		p.Last = r.deleted(ctx, guild)
	}
	var last *storage.Tx
	keys := append(joins.Keys(guild, p.Start), d.others.Keys(guild)...)
	keys = append(keys, removal.AskKeys(guild)...)
	err = storage.Update(ctx, r.DB, keys, func(tx *storage.Tx) error {
		last, out = tx, joins.Outcome{}
		if _, gone := removal.Of(tx, guild); gone {
			action.Cause(tx, removal.Check(guild), r.Now()) // it was answered: the bot is back
			return nil
		}
		out = joins.Book(tx, guild, p, r.Now())
		return nil
	})
	if err != nil {
		d.open = false // whether it was booked is not known
		return joins.Outcome{}, err
	}
	d.ledger, d.others = joins.LedgerOf(last, guild), joins.OthersOf(last, guild)
	d.saw(p)
	return out, nil
}

// read reads the books of a guild.
func (r *run) read(ctx context.Context, guild string, d *desk) error {
	keys := []storage.Key{joins.LedgerKey(guild), joins.OthersKey(guild)}
	err := storage.Update(ctx, r.DB, keys, func(tx *storage.Tx) error {
		d.ledger, d.others = joins.LedgerOf(tx, guild), joins.OthersOf(tx, guild)
		return nil
	})
	d.open = err == nil
	return err
}

// saw remembers p if all that is in the books was seen there, with its uses, and
// all its uses are booked: what is deleted later is not known from then on only.
func (d *desk) saw(p joins.Poll) {
	uses := make(map[id]int, len(p.Invites))
	for _, in := range p.Invites {
		if in.Uses != nil {
			uses[idOf(in.Code, in.Created)] = *in.Uses
		}
	}
	for _, a := range d.ledger.Accounts {
		which := idOf(a.Code, a.Created)
		if n, told := uses[which]; a.Code != "" && (!told || n > a.Uses) {
			return
		}
		delete(uses, which)
	}
	for _, o := range d.others.Invites {
		which := idOf(o.Code, o.Created)
		if n, told := uses[which]; !told || n > o.Uses {
			return
		}
		delete(uses, which)
	}
	if len(uses) == 0 { // else one may be a partner's that was made since the books were read
		d.since = p.Start
	}
}

// An id tells invites apart, of which one may have the code of another.
type id struct {
	code string
	made int64
}

func idOf(code string, created time.Time) id { return id{code, created.UnixMicro()} }

// deleted asks the guild's audit log for the last uses of what was deleted. Many
// guilds do not let the bot read it.
func (r *run) deleted(ctx context.Context, guild string) map[string]int {
	if err := r.ask(ctx); err != nil {
		return nil
	}
	last, err := r.Discord.DeletedInvites(ctx, guild)
	if err != nil {
		r.Log.InfoContext(ctx, "the audit log tells nothing", "guild", guild, "err", err)
		return nil
	}
	return last
}
