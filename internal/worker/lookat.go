package worker

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/entente-bot/entente/internal/apply"
	"github.com/entente-bot/entente/internal/block"
	"github.com/entente-bot/entente/internal/bump"
	"github.com/entente-bot/entente/internal/contact"
	"github.com/entente-bot/entente/internal/edit"
	"github.com/entente-bot/entente/internal/index"
	"github.com/entente-bot/entente/internal/joins"
	"github.com/entente-bot/entente/internal/panel"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/post"
	"github.com/entente-bot/entente/internal/storage"
	"github.com/entente-bot/entente/internal/ticket"
)

// recent is for how long what was decided may not have been shown or told: it is
// done within minutes, unless something keeps it from being. What is older is not
// brought up again.
const recent = 8 * 24 * time.Hour

// queue: what waits expires, managers are reminded of it, and what is on the
// blocklist is denied.
func (l *look) queue(context.Context) error {
	for _, w := range l.waiting {
		l.dues = append(l.dues, due{apply.Expire(l.Guild, w.ID), apply.Until(l.chosen, w.Sent), true})
	}
	if len(l.waiting) > 0 && l.chosen.Remind > 0 {
		l.due(apply.Remind(l.Guild))
	}
	return nil
}

// decisions: the card shows them, and the applicant is told who wants to be. Of
// applications, which are kept for ever, the latest are read: those that nobody
// decided on have expired.
func (l *look) decisions(ctx context.Context) error {
	q := apply.SentSince(l.Guild, apply.Since(l.chosen, l.now.Add(-recent)))
	q.Stale = true
	list, err := every[apply.Application](ctx, l.job, q)
	if err != nil {
		return err
	}
	list = slices.DeleteFunc(list, func(a apply.Application) bool {
		return a.Status == apply.Pending || l.now.Sub(a.Settled) > recent
	})
	for some := range slices.Chunk(list, storage.MaxGet/2) {
		var keys []storage.Key
		for _, a := range some {
			keys = append(keys, apply.CardKey(l.Guild, a.ID), apply.NoticeKey(l.Guild, a.ID))
		}
		tx, err := l.read(ctx, keys...)
		if err != nil {
			return err
		}
		for i, a := range some {
			if card, _ := storage.Read[post.Post](tx, keys[2*i]); card.Shown.Before(a.Settled) {
				l.due(apply.Card(l.Guild, a.ID))
			}
			if told, _ := storage.Read[post.Post](tx, keys[2*i+1]); a.Notifies() && told.Message == "" {
				l.due(apply.Notify(l.Guild, a.ID))
			}
		}
		if _, err := tx.Changes(); err != nil {
			return err
		}
	}
	return nil
}

// drafts: those that were not checked are.
func (l *look) drafts(ctx context.Context) error {
	forms, err := among[apply.Draft](l.records, apply.Drafts(l.Guild))
	if err != nil {
		return err
	}
	for _, d := range forms {
		if !d.Checked {
			l.due(apply.Check(l.Guild, d.ID))
		}
	}
	ads, err := among[edit.Draft](l.records, edit.Drafts(l.Guild))
	if err != nil {
		return err
	}
	for _, d := range ads {
		if !d.Checked {
			l.due(edit.Check(l.Guild, d.ID))
		}
	}
	return nil
}

// partnerships: each partner's listing and contact are looked at daily, and so are the
// index, and the cards about partners who changed or are hidden.
func (l *look) partnerships(context.Context) error {
	for _, p := range l.active {
		l.due(partnership.Sync(l.Guild, p.Partner), contact.Sync(l.Guild, p.Partner))
		if p.Drift.Held() || !p.Offered() {
			l.due(partnership.Review(l.Guild, p.Partner))
		}
	}
	if l.chosen.Index != "" {
		l.due(index.Sync(l.Guild))
	}
	return nil
}

// endings: the other side is told of them.
func (l *look) endings(ctx context.Context) error {
	list, err := among[partnership.Ended](l.records, partnership.EndedWith(l.Guild, "", storage.MaxLimit))
	for _, e := range list {
		if !e.Told && l.now.Sub(e.At) < recent {
			l.due(partnership.Tell(l.Guild, e.Partner))
		}
	}
	return err
}

// homes: nothing stands of a partner that is none any more.
func (l *look) homes(ctx context.Context) error {
	for _, prefix := range []string{homePrefix, listingPrefix} {
		for _, p := range l.subjects(prefix) {
			if !l.partners[p] {
				l.due(partnership.Sync(l.Guild, p))
			}
		}
	}
	return nil
}

// bumps: partners can be bumped when their time comes.
func (l *look) bumps(ctx context.Context) error {
	for _, it := range l.records[bump.Prefix] {
		b, err := storage.Decode[bump.Bump](it)
		if err != nil {
			return err
		}
		if b.Loose {
			l.due(bump.Loose(l.Guild))
		}
		if p := strings.TrimPrefix(it.Key.Sort, bump.Prefix); !l.partners[p] {
			l.due(bump.Sync(l.Guild, p))
		}
	}
	return l.bumpAgain(ctx, l.records[partnership.Prefix])
}

// contacts: roles are taken back from who is none any more, and managers are asked
// about those on the blocklist.
func (l *look) contacts(ctx context.Context) error {
	list, err := among[contact.Contact](l.records, contact.All(l.Guild))
	for _, c := range list {
		if !l.partners[c.Partner] || len(c.Old) > 0 {
			l.due(contact.Sync(l.Guild, c.Partner))
		}
		if c.Asks() {
			l.due(partnership.Review(l.Guild, c.Partner))
		}
	}
	return err
}

// edits: their cards stand while they wait, show how they were settled, and who sent
// them is told.
func (l *look) edits(ctx context.Context) error {
	list, err := among[edit.Edit](l.records, edit.All(l.Guild))
	if err != nil {
		return err
	}
	for _, e := range list {
		if e.Open() || len(e.Cards) > 0 {
			l.due(edit.Card(l.Guild, e.Partner))
		}
	}
	past, err := among[edit.Edit](l.records, edit.Past(l.Guild))
	for _, e := range past {
		if (e.Status == edit.Approved || e.Status == edit.Denied) && !e.Told && l.now.Sub(e.Settled) < recent {
			l.due(edit.Tell(l.Guild, e.Card))
		}
	}
	return err
}

// joins: the invites are read while joins are tracked, and there is one for each
// partner.
func (l *look) joins(ctx context.Context) error {
	var ledger joins.Ledger
	if err := l.save(ctx, l.watchKeys(), func(tx *storage.Tx) error {
		l.watch(tx, time.Time{})
		ledger = joins.LedgerOf(tx, l.Guild)
		return nil
	}); err != nil {
		return err
	}
	for p := range l.partners {
		if a, ok := ledger.Account(p); l.chosen.Track && (!ok || a.Code == "") {
			l.due(joins.Sync(l.Guild, p))
		}
	}
	for _, a := range ledger.Accounts {
		if !l.partners[a.Partner] {
			l.due(joins.Sync(l.Guild, a.Partner))
		}
	}
	list, err := among[joins.Making](l.records, joins.Makings(l.Guild))
	for _, m := range list {
		if !l.partners[m.Partner] || len(m.Stale) > 0 {
			l.due(joins.Sync(l.Guild, m.Partner))
		}
	}
	return err
}

// blocks: those with a time are lifted when it is over, and what waits of a blocked
// server or user is denied.
func (l *look) blocks(ctx context.Context) error {
	list, err := among[block.Entry](l.records, block.Query(l.Guild))
	for _, e := range list {
		if !e.Until.IsZero() {
			l.dues = append(l.dues, due{block.Lift(l.Guild, e.Target), e.Until, true})
		}
		if slices.ContainsFunc(l.waiting, func(w apply.Waiting) bool { return w.Partner == e.ID || w.Applicant == e.ID }) {
			l.due(block.Enforce(l.Guild, e.Target))
		}
	}
	return err
}

// tickets: each has its thread while it is open, with all that is to be said in it.
func (l *look) tickets(ctx context.Context) error {
	list, err := among[ticket.Ticket](l.records, ticket.All(l.Guild))
	for _, t := range list {
		if t.Busy() {
			l.due(ticket.Sync(l.Guild, t.ID))
		}
	}
	return err
}

// panels: one that was asked for anew is posted anew.
func (l *look) panels(ctx context.Context) error {
	list, err := among[panel.Panel](l.records, panel.All(l.Guild))
	for _, p := range list {
		if p.Shown < p.Turn {
			l.due(panel.Sync(l.Guild, p.Channel))
		}
	}
	return err
}
