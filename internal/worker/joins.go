package worker

import (
	"cmp"
	"context"
	"time"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/audit"
	"github.com/entente-bot/entente/internal/bump"
	"github.com/entente-bot/entente/internal/joins"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/poll"
	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/storage"
	"github.com/entente-bot/entente/internal/view"
)

// A tracking is the job of bringing the tracked invite of a partner in line.
type tracking struct {
	*job
	p      partnership.Partnership
	active bool
	chosen settings.Settings
	ledger joins.Ledger
	mine   joins.Account // zero if there is none
	making joins.Making
	fresh  joins.Making // as it was before this job: what it attempted is looked for first
}

// joinsSync brings in line what counts the joins by a partner: one invite, and one
// marker role, while the partnership is active and joins are tracked. After its end
// the invite is counted a last time, and both go. What cannot be taken away does not
// keep the rest from happening.
func joinsSync(ctx context.Context, j *job) error {
	t := &tracking{job: j}
	if err := t.note(ctx); err != nil {
		return err
	}
	var late error
	if t.over() {
		late = t.close(ctx)
	}
	closed := late == nil
	late = cmp.Or(late, t.sweep(ctx))
	if closed { // a partner that is back has another account
		if err := t.note(ctx); err != nil {
			return err
		}
	}
	if t.over() || !t.active || !t.chosen.Track {
		return late
	}
	for _, step := range []func(context.Context) error{t.seeRole, t.makeRole, t.makeInvite, t.tell} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	if late == nil { // a role that nobody wants keeps nobody from being counted
		late = t.sweep(ctx)
	}
	return cmp.Or(late, t.lacks())
}

// note looks at what is to be done, and opens the account of a partner that is to
// have one, before any of it is.
func (t *tracking) note(ctx context.Context) error {
	about := partnership.Key(t.Guild, t.Subject)
	keys := append(t.watchKeys(), about, bump.Key(t.Guild, t.Subject), joins.MakingKey(t.Guild, t.Subject))
	first := t.fresh.Partner == ""
	return t.save(ctx, keys, func(tx *storage.Tx) error {
		t.p, t.active = storage.Read[partnership.Partnership](tx, about)
		t.chosen = settings.Of(tx, t.Guild)
		l, m := joins.LedgerOf(tx, t.Guild), joins.MakingOf(tx, t.Guild, t.Subject)
		if first {
			t.fresh = m
		}
		a, opened := l.Account(t.Subject)
		if t.active && t.chosen.Track && !opened {
			l, opened = l.Open(t.Subject, t.Actions.Now()), true
			tx.Set(joins.LedgerKey(t.Guild), l)
			m = joins.Making{Partner: t.Subject, Application: t.p.Application, Stale: m.Stale}
		}
		if opened && a.Code == "" {
			gone := false
			if m, gone = m.Lost(t.Actions.Now()); gone {
				t.notes("joins.lost", tx)
			}
		}
		m.Keep(tx, t.Guild, opened)
		t.watch(tx, bump.Of(tx, t.Guild, t.Subject).At)
		t.see(joins.LedgerOf(tx, t.Guild), m)
		return nil
	})
}

// see goes on from what is kept.
func (t *tracking) see(l joins.Ledger, m joins.Making) {
	t.ledger, t.making = l, m
	t.mine, _ = l.Account(t.Subject)
}

// write changes what is kept about the partner, as it now is, and goes on from that.
func (t *tracking) write(ctx context.Context, change func(*storage.Tx, joins.Ledger, joins.Making) (joins.Ledger, joins.Making)) error {
	keys := append(t.watchKeys(), joins.MakingKey(t.Guild, t.Subject))
	return t.save(ctx, keys, func(tx *storage.Tx) error {
		l, m := change(tx, joins.LedgerOf(tx, t.Guild), joins.MakingOf(tx, t.Guild, t.Subject))
		_, opened := l.Account(t.Subject)
		tx.Set(joins.LedgerKey(t.Guild), l)
		m.Keep(tx, t.Guild, opened)
		t.see(l, m)
		return nil
	})
}

// attempt notes that something is about to be made, or that it was.
func (t *tracking) tries(ctx context.Context, change func(*joins.Making)) error {
	return t.write(ctx, func(_ *storage.Tx, l joins.Ledger, m joins.Making) (joins.Ledger, joins.Making) {
		change(&m)
		return l, m
	})
}

// notes writes into the trail what became of the invite or the role.
func (t *tracking) notes(what string, tx *storage.Tx) { t.notesRole(what, tx, "", "") }

// notesRole is notes with the marker role that there was, and is.
func (t *tracking) notesRole(what string, tx *storage.Tx, was, is string) {
	e := audit.Entry{At: t.Actions.Now(), By: audit.System, What: what, About: t.Subject, Surface: "worker"}
	if was != is {
		e = e.Turned(audit.Role, view.Role(was), view.Role(is))
	}
	audit.Write(tx, t.Guild, t.Subject, e)
}

// over reports whether the account is one of a partnership that is over.
func (t *tracking) over() bool {
	return t.mine.Partner != "" && (!t.active || t.making.Application != t.p.Application)
}

// lacks returns why the invite gives no marker role, if it should.
func (t *tracking) lacks() error {
	if t.making.Bare == "" || !t.chosen.Markers {
		return nil
	}
	return action.Blocking("joins.bare-"+string(t.making.Bare), "server", partnership.Named(t.p.Server))
}

// watchKeys are what watch needs to have read.
func (j *job) watchKeys() []storage.Key {
	return []storage.Key{settings.Key(j.Guild), joins.LedgerKey(j.Guild), poll.Key(j.Guild)}
}

// watch has the guild's invites read while joins are tracked and there is an account.
// What happened while nobody was to read them is credited to nobody; where they were
// to be read all the time, and the watch was lost, it is in the next difference. After a bump, and when
// managers mended what kept them from being read, they are read at once.
func (j *job) watch(tx *storage.Tx, bumped time.Time) {
	key, now, l := poll.Key(j.Guild), j.Actions.Now(), joins.LedgerOf(tx, j.Guild)
	w, watched := storage.Read[poll.Watch](tx, key)
	wanted := settings.Of(tx, j.Guild).Track && len(l.Accounts) > 0
	defer joins.Watch(tx, j.Guild, wanted)
	switch {
	case !wanted:
		tx.Delete(key)
	case !watched:
		if !l.Polled.IsZero() && !l.Watched {
			joins.Rebase(tx, j.Guild, joins.Untracked, now)
		}
		tx.Set(key, poll.New(j.Guild, now))
	case bumped.After(w.Excited):
		tx.Set(key, w.Excite(now))
	case w.Lost != "" && w.Due.After(now):
		tx.Set(key, w.Excite(now))
	}
}

// joinsRenew has the tracked invites made anew that are gone.
func joinsRenew(ctx context.Context, j *job) error {
	tx, err := j.read(ctx, joins.LedgerKey(j.Guild))
	if err != nil {
		return err
	}
	var refs []action.Ref
	for _, a := range joins.LedgerOf(tx, j.Guild).Accounts {
		if a.Code == "" {
			refs = append(refs, joins.Sync(j.Guild, a.Partner))
		}
	}
	if _, err := tx.Changes(); err != nil {
		return err
	}
	return j.causeAll(ctx, refs)
}

// joinsAgain has the invites read, or not any more, as was chosen, and those made
// that there should be.
func (j *job) joinsAgain(ctx context.Context) error {
	var s settings.Settings
	var l joins.Ledger
	if err := j.save(ctx, j.watchKeys(), func(tx *storage.Tx) error {
		j.watch(tx, time.Time{})
		s, l = settings.Of(tx, j.Guild), joins.LedgerOf(tx, j.Guild)
		return nil
	}); err != nil {
		return err
	}
	active := make(map[string]bool)
	if s.Track || len(l.Accounts) > 0 {
		if err := j.eachPartner(ctx, func(p partnership.Partnership) error {
			active[p.Partner] = true
			return nil
		}); err != nil {
			return err
		}
	}
	var refs []action.Ref
	for partner := range active {
		if a, ok := l.Account(partner); s.Track && (!ok || a.Code == "") {
			refs = append(refs, joins.Sync(j.Guild, partner))
		}
	}
	for _, a := range l.Accounts {
		if !active[a.Partner] {
			refs = append(refs, joins.Sync(j.Guild, a.Partner))
		}
	}
	return j.offerAll(ctx, refs)
}
