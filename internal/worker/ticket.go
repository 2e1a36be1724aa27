package worker

import (
	"context"
	"errors"
	"fmt"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/apply"
	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/storage"
	"github.com/entente-bot/entente/internal/ticket"
	"github.com/entente-bot/entente/internal/view"
)

// A ticketJob is a ticket in hand, with what it is about.
type ticketJob struct {
	*job
	ticket.Ticket
	about  apply.Application // zero before there is one
	chosen settings.Settings
	say    view.Speaker
	thread ticket.Thread // as Discord has it
}

// ticketSync brings a ticket's thread in line: made while it is open, with the
// people in it who belong there; closed, with the reason told, once its
// application is settled or somebody closed it.
func ticketSync(ctx context.Context, j *job) error {
	t := &ticketJob{job: j}
	if known, err := t.load(ctx); err != nil || !known {
		return err
	}
	if t.Follows(string(t.about.Status), t.about.ID != "" && t.about.Status != apply.Pending) {
		if err := t.change(ctx, nil, func(tx *storage.Tx, x *ticket.Ticket) {
			x.Decided(tx, t.Guild, string(t.about.Status), t.Actions.Now())
		}); err != nil {
			return err
		}
	}
	err := t.keepThread(ctx)
	if action.Code(err) == unknownChannel { // deleted by hand a moment ago: the next attempt sees it
		err = &action.Failure{Verdict: action.Again, Err: fmt.Errorf("the thread of ticket %s is gone", t.Ticket.ID)}
	}
	if errors.Is(err, action.ErrNotYours) {
		return err
	}
	return errors.Join(err, t.notice(ctx))
}

// load reads the ticket, and then its application.
func (t *ticketJob) load(ctx context.Context) (known bool, err error) {
	tx, err := t.read(ctx, ticket.Key(t.Guild, t.Subject), settings.Key(t.Guild))
	if err != nil {
		return false, err
	}
	t.Ticket, known = storage.Read[ticket.Ticket](tx, ticket.Key(t.Guild, t.Subject))
	t.chosen = settings.Of(tx, t.Guild)
	t.say = t.speak(t.chosen.Locale)
	t.about.Server.Name = t.Server // of one that was turned away
	if _, err := tx.Changes(); err != nil || !known || t.Application == "" {
		return known, err
	}
	if tx, err = t.read(ctx, apply.Key(t.Guild, t.Application)); err != nil {
		return known, err
	}
	t.about, _ = storage.Read[apply.Application](tx, apply.Key(t.Guild, t.Application))
	_, err = tx.Changes()
	return known, err
}

// change changes the ticket as it now stands in the database, and here. write
// may also use the items under keys.
func (t *ticketJob) change(ctx context.Context, keys []storage.Key, write func(*storage.Tx, *ticket.Ticket)) error {
	key := ticket.Key(t.Guild, t.Ticket.ID)
	keys = append([]storage.Key{key, ticket.UserKey(t.Guild, t.User), ticket.CrowdKey(t.Guild)}, keys...)
	return t.save(ctx, keys, func(tx *storage.Tx) error {
		x, ok := storage.Read[ticket.Ticket](tx, key)
		if !ok {
			return action.ErrNotYours
		}
		write(tx, &x)
		tx.Set(key, x)
		t.Ticket = x
		return nil
	})
}

// keepThread sees to the thread. That somebody could not be put into it does not
// keep it from saying what it has to.
func (t *ticketJob) keepThread(ctx context.Context) error {
	stands, err := t.stand(ctx)
	if err != nil || !stands {
		return err
	}
	if t.Idle() {
		return t.set(ctx, true)
	}
	if t.thread.Archived && !t.thread.Locked && !t.Busy() && len(t.Missing(t.about.Claimed)) == 0 {
		return nil // Discord did, as nobody wrote anything: whoever does opens it
	}
	if err := t.set(ctx, false); err != nil {
		return err
	}
	missing := t.add(ctx)
	for _, step := range []func(context.Context) error{t.greet, t.tell, t.ask} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	if t.Idle() {
		return t.set(ctx, true)
	}
	return missing
}

// stand sees to it that there is a thread, if one is needed, and reports whether
// there is.
func (t *ticketJob) stand(ctx context.Context) (bool, error) {
	if t.Thread != "" {
		th, err := t.Discord.Thread(ctx, t.Thread)
		if err == nil {
			t.thread = th
			return true, nil
		}
		if action.Code(err) != unknownChannel {
			return false, err
		}
		if err := t.record(ctx, "", ""); err != nil {
			return false, err
		}
	}
	if t.Parent != "" { // an earlier attempt may have made it, and not recorded
		th, found, err := t.Discord.FindThread(ctx, t.Guild, t.Parent, t.Is)
		if err != nil && action.Code(err) != unknownChannel {
			return false, err
		}
		if found {
			t.thread = th
			return true, t.record(ctx, t.Parent, th.ID)
		}
	}
	if !t.Closed.IsZero() { // nobody is left to be told anything
		return false, t.change(ctx, nil, func(_ *storage.Tx, x *ticket.Ticket) { x.Told = x.Closings })
	}
	return true, t.open(ctx)
}

// open makes the thread. Where is recorded before: there it is looked for, if
// this attempt ends before the thread is.
func (t *ticketJob) open(ctx context.Context) error {
	parent, err := t.Place(t.chosen)
	if err != nil {
		return err
	}
	if parent != t.Parent {
		if err := t.record(ctx, parent, ""); err != nil {
			return err
		}
	}
	th, err := t.Discord.OpenThread(ctx, parent, view.TicketName(t.say, t.Ticket), t.reason(t.chosen.Locale))
	if action.Code(err) == unknownChannel {
		return action.Blocking("ticket.channel-gone")
	}
	if err != nil {
		return err
	}
	t.thread = th
	return t.record(ctx, parent, th.ID)
}

// record notes where the thread is, or is about to be made.
func (t *ticketJob) record(ctx context.Context, parent, thread string) error {
	return t.change(ctx, nil, func(tx *storage.Tx, x *ticket.Ticket) {
		x.Parent = parent
		x.Stands(tx, t.Guild, thread)
	})
}

// set opens the thread, or locks and archives it: archives it only, where it may
// not be locked.
func (t *ticketJob) set(ctx context.Context, shut bool) error {
	if t.thread.Archived == shut && t.thread.Locked == shut {
		return nil
	}
	locked, err := false, error(nil)
	if shut {
		locked, err = t.shut(ctx, t.Thread, t.reason(t.chosen.Locale))
	} else {
		err = t.Discord.EditThread(ctx, t.Thread, false, false, t.reason(t.chosen.Locale))
	}
	if err == nil {
		t.thread.Archived, t.thread.Locked = shut, locked
	}
	return err
}

// Discord's codes for people who are gone; those who do not see the thread's
// channel cannot be put into it either: missingAccess.
const (
	unknownMember = 10007
	unknownUser   = 10013
)

// add puts everybody into the thread who belongs there. That a manager cannot be
// is their affair, and who is gone is noted as if they were in it; that the
// applicant does not see the channel is told, and tried again.
func (t *ticketJob) add(ctx context.Context) (missing error) {
	for _, user := range t.Missing(t.about.Claimed) {
		err := t.Discord.AddThreadMember(ctx, t.Thread, user)
		code := action.Code(err)
		switch {
		case code == missingAccess && user == t.User:
			missing = action.Blocking("ticket.cannot-add", "user", user, "channel", t.Parent)
			continue
		case err != nil && code != missingAccess && code != unknownMember && code != unknownUser:
			return err
		}
		if err := t.change(ctx, nil, func(_ *storage.Tx, x *ticket.Ticket) { x.Added = append(x.Added, user) }); err != nil {
			return err
		}
	}
	return missing
}

// greet brings the first message in line.
func (t *ticketJob) greet(ctx context.Context) error {
	return t.publish(ctx, ticket.PostKey(t.Guild, t.Ticket.ID, ""), wish{
		channel: t.Thread, mark: view.TicketMark(t.Ticket.ID), asked: t.daily(t.Ticket.ID, t.chosen),
		message: view.Ticket(t.say, t.Ticket, t.about),
	})
}

// ask posts the questions that wait, each once.
func (t *ticketJob) ask(ctx context.Context) error {
	for _, q := range t.Asked {
		w := wish{channel: t.Thread, mark: view.QuestionMark(q.ID), message: view.TicketQuestion(t.say, t.Ticket, q)}
		if err := t.once(ctx, q.ID, w, func(x *ticket.Ticket) { x.Posted(q.ID) }); err != nil {
			return err
		}
	}
	return nil
}

// tell posts why the ticket was closed, or what was decided, once for each time
// it was.
func (t *ticketJob) tell(ctx context.Context) error {
	if t.Told != t.Closings {
		closing := t.Closings
		about := fmt.Sprintf("%s-%d", t.Ticket.ID, closing)
		w := wish{channel: t.Thread, mark: view.ClosingMark(about), message: view.TicketClosing(t.say, t.Ticket, t.about, about)}
		return t.once(ctx, about, w, func(x *ticket.Ticket) { x.Told = closing })
	}
	return nil
}

// once publishes w and notes that it was: what people delete later is not put back.
func (t *ticketJob) once(ctx context.Context, which string, w wish, note func(*ticket.Ticket)) error {
	key := ticket.PostKey(t.Guild, t.Ticket.ID, which)
	if err := t.publish(ctx, key, w); err != nil {
		return err
	}
	return t.change(ctx, []storage.Key{key}, func(tx *storage.Tx, x *ticket.Ticket) {
		note(x)
		tx.Delete(key)
	})
}

// notice shows the managers a ticket that has no application yet; one that has
// is reached by the review card.
func (t *ticketJob) notice(ctx context.Context) error {
	w := wish{mark: view.TicketMark(t.Ticket.ID), asked: t.daily(t.Ticket.ID, t.chosen)}
	if t.Noticed() && t.chosen.Review != "" {
		w.channel, w.message = t.chosen.Review, view.TicketNotice(t.say, t.Ticket)
	}
	return t.publish(ctx, ticket.NoticeKey(t.Guild, t.Ticket.ID), w)
}

// ticketFollows has the ticket of an application brought in line with it.
func (j *job) ticketFollows(ctx context.Context, a apply.Application) error {
	if a.Ticket == "" {
		return nil
	}
	return j.save(ctx, ticket.Keys(j.Guild, a.Ticket), func(tx *storage.Tx) error {
		ticket.About(tx, j.Guild, a.Ticket, a.ID, j.Actions.Now())
		return nil
	})
}
