package worker

import (
	"cmp"
	"context"
	"errors"
	"time"

	"github.com/disgoorg/disgo/discord"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/apply"
	"github.com/entente-bot/entente/internal/audit"
	"github.com/entente-bot/entente/internal/invite"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/showcase"
	"github.com/entente-bot/entente/internal/storage"
	"github.com/entente-bot/entente/internal/ticket"
	"github.com/entente-bot/entente/internal/view"
)

// applyCheck looks the invite of a draft up and decides what becomes of it.
func applyCheck(ctx context.Context, j *job) error {
	tx, err := j.read(ctx, apply.DraftKey(j.Guild, j.Subject))
	if err != nil {
		return err
	}
	d, ok := storage.Read[apply.Draft](tx, apply.DraftKey(j.Guild, j.Subject))
	if _, err := tx.Changes(); err != nil || !ok || d.Checked {
		return err
	}
	found, err := j.lookForm(ctx, d.Form, cmp.Or(d.By, d.Applicant))
	if err != nil {
		return j.wait(ctx, err)
	}
	picture, err := j.judged(ctx, d.Form.Banner)
	if err != nil {
		return err
	}
	now := j.Actions.Now()
	keys := apply.QueueKeys(j.Guild, d, found.Server.ID)
	if d.Ticket != "" {
		keys = append(append(keys, ticket.Keys(j.Guild, d.Ticket)...), ticket.UserKey(j.Guild, d.Applicant))
	}
	return j.save(ctx, keys, func(tx *storage.Tx) error {
		apply.Judge(tx, j.Guild, d.ID, picture)
		if did := apply.Queue(tx, j.Guild, d.ID, found, j.Limits, now); did != "" {
			audit.Write(tx, j.Guild, d.ID, audit.Entry{At: now, By: cmp.Or(d.By, d.Applicant), What: did, About: d.ID, Partner: found.Server.ID, Surface: "form"})
			if did == "block.refuse" && d.Ticket != "" { // as any denial would
				ticket.TurnAway(tx, j.Guild, d.Ticket, found.Server.Called(100), string(apply.Denied), now)
			}
		}
		return nil
	})
}

// lookForm looks the invites of a form up: the one that it names, and those in its
// texts, which may only lead to the same server. by is who sent it.
func (j *job) lookForm(ctx context.Context, f partnership.Form, by string) (partnership.Invite, error) {
	code, err := partnership.ParseInvite(f.Invite)
	if err != nil {
		return partnership.Invite{}, err // the form was checked when it was sent
	}
	who := invite.Asker{Guild: j.Guild, User: by, ID: j.Subject}
	found, err := j.Invites.Look(ctx, code, who)
	if err != nil || found.Acceptable(j.Guild, 0) != nil {
		return found, err
	}
	for _, other := range f.Beside(code) {
		in, err := j.Invites.Look(ctx, other, who)
		if err != nil {
			return found, err
		}
		if in.Type != partnership.GuildInvite || in.Server.ID != found.Server.ID {
			found.Stray = other
			return found, nil
		}
	}
	return found, nil
}

// wait has the job done again when it is its turn to look an invite up, if that is
// all that failed.
func (j *job) wait(ctx context.Context, failed error) error {
	w := new(invite.Waiting)
	if !errors.As(failed, &w) {
		return failed
	}
	return j.save(ctx, action.Keys(j.Ref), func(tx *storage.Tx) error {
		action.Cause(tx, j.Ref, w.Until)
		return nil
	})
}

// The codes by which Discord says that a reply can no longer be changed: its
// token is over, or the applicant dismissed it.
const (
	unknownWebhook     = 10015
	unknownInteraction = 10062
	tokenOver          = 50027
)

// applyAnswer tells the applicant how it stands, in the reply to their form, as
// long as Discord lets that reply be changed.
func applyAnswer(ctx context.Context, j *job) error {
	draft, application, token := apply.DraftKey(j.Guild, j.Subject), apply.Key(j.Guild, j.Subject), apply.TokenKey(j.Subject)
	tx, err := j.read(ctx, draft, application, token)
	if err != nil {
		return err
	}
	d, ok := storage.Read[apply.Draft](tx, draft)
	a, _ := storage.Read[apply.Application](tx, application)
	t, alive := storage.Read[apply.Token](tx, token)
	if _, err := tx.Changes(); err != nil || !ok || !alive {
		return err
	}
	err = j.editReply(ctx, t.Token, view.Update(view.Answer(j.speak(d.Locale), d, a)))
	if replyOver(err) {
		return nil // /partner info tells the same
	}
	return err
}

// How often a reply that Discord does not know is looked for, and how long it is
// waited between: we may be faster than the reply itself, which Discord takes
// for 3 seconds.
const (
	replyTries = 8
	replyPause = 500 * time.Millisecond
)

// editReply changes a reply, and waits for it to arrive if it has not yet.
func (j *job) editReply(ctx context.Context, token string, m discord.MessageUpdate) error {
	return j.editReplyTo(ctx, token, func() discord.MessageUpdate { return m })
}

// editReplyTo is editReply for a message with files, which are read by each try:
// so each makes it anew.
func (j *job) editReplyTo(ctx context.Context, token string, m func() discord.MessageUpdate) error {
	for try := 1; ; try++ {
		err := j.Discord.EditReply(ctx, token, m())
		if action.Code(err) != unknownWebhook || try == replyTries {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(replyPause):
		}
	}
}

// card reads what the review card that the job is about shows.
func (j *job) card(ctx context.Context) (a apply.Application, s settings.Settings, ok bool, err error) {
	a, ok, err = j.application(ctx)
	if err != nil || !ok {
		return a, s, ok, err
	}
	known := apply.KnownKey(j.Guild, a.Server.ID)
	tx, err := j.read(ctx, settings.Key(j.Guild), known)
	if err != nil {
		return a, s, ok, err
	}
	s = settings.Of(tx, j.Guild)
	p, _ := storage.Read[apply.Standing](tx, known)
	a.Others = p.Others(a.ID)
	_, err = tx.Changes()
	return a, s, ok, err
}

// applyCard brings the review card of an application in line.
func applyCard(ctx context.Context, j *job) error {
	a, s, ok, err := j.card(ctx)
	if err != nil || !ok {
		return err
	}
	if err := j.ticketFollows(ctx, a); err != nil {
		return err
	}
	if s.Review == "" {
		return action.Blocking("worker.no-review-channel")
	}
	card := apply.CardKey(j.Guild, a.ID)
	w := wish{
		channel: s.Review, mark: view.CardMark(a.ID), message: view.Card(j.speak(s.Locale), a, s),
		file: j.banner(a.Ad.Banner, card, showcase.Key(j.Guild, a.Server.ID)),
	}
	if a.Status == apply.Pending {
		w.asked = apply.Looked(a.Sent, s.Retried, j.Actions.Now())
	}
	if w.file != nil {
		a.Ad.Banner.Bare = true
		w.bare = view.Card(j.speak(s.Locale), a, s)
	}
	err = j.publish(ctx, card, w)
	if errors.Is(err, errNoBanner) {
		if err := j.loseBanner(ctx, a.ID); err != nil {
			return err
		}
		return applyCard(ctx, j)
	}
	if err != nil {
		return err
	}
	return j.queueCard(ctx, a.ID)
}
