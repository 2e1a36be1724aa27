package worker

import (
	"context"
	"strings"

	"github.com/entente-bot/entente/internal/apply"
	"github.com/entente-bot/entente/internal/audit"
	"github.com/entente-bot/entente/internal/block"
	"github.com/entente-bot/entente/internal/edit"
	"github.com/entente-bot/entente/internal/forget"
	"github.com/entente-bot/entente/internal/joins"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/storage"
	"github.com/entente-bot/entente/internal/ticket"
)

// A forgetRule is what becomes of records that name a user whose data is deleted.
// It reports whether their ID is to be taken out of what is then left: so it is
// of every record that no rule is for.
type forgetRule struct {
	prefix string // of the records' Sort
	rule   func(context.Context, *forgetJob, storage.Item) (goOn bool, err error)
}

// forgetRules lists the rules: of several that fit, the first holds.
func forgetRules() []forgetRule {
	return []forgetRule{
		{"apply#", forgetApplication},
		{"audit#", forgetEntry},
		{"block#" + block.User + "#", forgetBlocked},
		{"contact#", forgetContact},
		{"draft#", forgetDraft},
		{"edit-draft#", forgetEditDraft},
		{"edit-past#", forgetEdit},
		{"ended#", forgetEnded},
		{"forms#", forgetForms},
		{"joins-member#", forgetMember},
		{"names", forgetContact},
		{partnership.Prefix, forgetPartnership},
		{"pending#", forgetContact},
		{"standing#user#", forgetStanding},
		{"ticket#", forgetTicket},
		{"ticket-user#", forgetTicketUser},
		{"trail#", forgetTrail},
	}
}

// forgetApplication withdraws an application of the user's that waits, and takes
// out of any who they are and what they wrote.
func forgetApplication(ctx context.Context, f *forgetJob, it storage.Item) (bool, error) {
	a, err := storage.Decode[apply.Application](it)
	if err != nil {
		return false, err
	}
	c := apply.CaseOf(a)
	keys := append(c.ForgetKeys(f.Guild), settings.Key(f.Guild))
	if a.Applicant != f.user {
		if f.Staff || a.Claimed != f.user {
			return true, nil
		}
		return true, settled(f.save(ctx, keys, func(tx *storage.Tx) error {
			return c.Unclaim(tx, f.Guild, f.user, f.Actions.Now())
		}))
	}
	gone := false
	err = settled(f.save(ctx, keys, func(tx *storage.Tx) error {
		now := f.Actions.Now()
		forgotten, withdrawn, err := c.Forget(tx, f.Guild, now)
		if gone = forgotten; withdrawn {
			audit.Write(tx, f.Guild, a.ID, audit.Entry{
				At: now, By: partnership.Nobody, What: "apply.withdraw", About: a.ID, Partner: c.Partner, Surface: "worker",
			})
			tx.Unindex(apply.TokenKey(a.ID)) // they are told of this once, where they asked for it
		}
		return err
	}))
	if gone {
		f.Gone.Applications++
	}
	return gone, err
}

// forgetEntry counts what is taken out of the trail.
func forgetEntry(_ context.Context, f *forgetJob, _ storage.Item) (bool, error) {
	if !f.Staff {
		f.Gone.Entries++
	}
	return true, nil
}

// forgetTrail deletes what is kept of the trail under the user's ID.
func forgetTrail(ctx context.Context, f *forgetJob, it storage.Item) (bool, error) {
	if !forget.Names(it.Key.Sort, f.user) {
		return true, nil
	}
	if f.Staff {
		return false, nil
	}
	return false, f.remove(ctx, it)
}

// forgetBlocked keeps it that the user is on the blocklist.
func forgetBlocked(_ context.Context, f *forgetJob, it storage.Item) (bool, error) {
	return it.Key != block.Key(f.Guild, block.Target{What: block.User, ID: f.user}), nil
}

// forgetContact leaves what is still acted on, and is gone when that is done: who
// has a role of contacts that is to be taken back, who looks after an application.
func forgetContact(context.Context, *forgetJob, storage.Item) (bool, error) { return false, nil }

// forgetDraft deletes a form that the user sent.
func forgetDraft(ctx context.Context, f *forgetJob, it storage.Item) (bool, error) {
	d, err := storage.Decode[apply.Draft](it)
	if err != nil || !d.Forgets(f.user) {
		return false, err
	}
	f.Gone.Forms++
	return false, f.remove(ctx, it)
}

// forgetEditDraft deletes a form with a changed ad that the user sent.
func forgetEditDraft(ctx context.Context, f *forgetJob, it storage.Item) (bool, error) {
	d, err := storage.Decode[edit.Draft](it)
	if err != nil || d.By != f.user || f.Staff {
		return false, err
	}
	f.Gone.Forms++
	return false, f.remove(ctx, it)
}

// forgetForms forgets which forms the user sent.
func forgetForms(ctx context.Context, f *forgetJob, it storage.Item) (bool, error) {
	if f.Staff || it.Key != partnership.FormsKey(f.Guild, f.user) {
		return false, nil
	}
	return false, f.remove(ctx, it)
}

// forgetEdit takes out of a changed ad that was decided on what the user wrote.
func forgetEdit(ctx context.Context, f *forgetJob, it storage.Item) (bool, error) {
	if f.Staff {
		return true, nil
	}
	return true, f.save(ctx, []storage.Key{it.Key}, func(tx *storage.Tx) error {
		edit.Forget(tx, f.Guild, strings.TrimPrefix(it.Key.Sort, "edit-past#"), f.user)
		return nil
	})
}

// forgetEnded takes the user out of a partnership that is over.
func forgetEnded(ctx context.Context, f *forgetJob, it storage.Item) (bool, error) {
	theirs := false
	err := f.save(ctx, []storage.Key{it.Key}, func(tx *storage.Tx) error {
		e, ok := storage.Read[partnership.Ended](tx, it.Key)
		if theirs = ok && e.Forget(f.user); theirs {
			tx.Set(it.Key, e)
		}
		return nil
	})
	if theirs {
		f.Gone.Ended++
	}
	return true, err
}

// forgetPartnership leaves an active partnership whose contact the user became
// meanwhile.
func forgetPartnership(_ context.Context, f *forgetJob, it storage.Item) (bool, error) {
	p, err := storage.Decode[partnership.Partnership](it)
	return p.Contact != f.user, err
}

// forgetStanding deletes the user's standing, but for what limits them.
func forgetStanding(ctx context.Context, f *forgetJob, it storage.Item) (bool, error) {
	if it.Key != apply.UserKey(f.Guild, f.user) {
		return true, nil
	}
	return false, f.save(ctx, []storage.Key{it.Key, settings.Key(f.Guild)}, func(tx *storage.Tx) error {
		apply.ForgetStanding(tx, f.Guild, f.user, f.Actions.Now())
		return nil
	})
}

// forgetTicket closes the user's ticket, and takes them out of any.
func forgetTicket(ctx context.Context, f *forgetJob, it storage.Item) (bool, error) {
	t, err := storage.Decode[ticket.Ticket](it)
	if err != nil || t.User != f.user && f.Staff {
		return false, err
	}
	theirs := false
	keys := append(ticket.Keys(f.Guild, t.ID), ticket.UserKey(f.Guild, f.user))
	err = f.save(ctx, keys, func(tx *storage.Tx) error {
		theirs = ticket.Forget(tx, f.Guild, t.ID, f.user, f.Actions.Now())
		return nil
	})
	if theirs {
		f.Gone.Tickets++
	}
	return false, err
}

// forgetTicketUser forgets that the user ever had a ticket.
func forgetTicketUser(ctx context.Context, f *forgetJob, it storage.Item) (bool, error) {
	return false, f.save(ctx, []storage.Key{it.Key}, func(tx *storage.Tx) error {
		ticket.ForgetUser(tx, f.Guild, f.user)
		return nil
	})
}

// forgetMember deletes by which partner the user joined, and has them never be
// identified again: also if they are staff.
func forgetMember(ctx context.Context, f *forgetJob, it storage.Item) (bool, error) {
	if it.Key != joins.MemberKey(f.Guild, f.user) {
		return true, nil
	}
	return false, f.nobody(ctx)
}
