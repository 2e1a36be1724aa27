package worker

import (
	"context"
	"errors"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/apply"
	"github.com/entente-bot/entente/internal/audit"
	"github.com/entente-bot/entente/internal/refuse"
	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/storage"
	"github.com/entente-bot/entente/internal/view"
)

// application reads the application that the job is about.
func (j *job) application(ctx context.Context) (a apply.Application, ok bool, err error) {
	return j.applicationOf(ctx, j.Subject)
}

// applicationOf reads an application.
func (j *job) applicationOf(ctx context.Context, id string) (a apply.Application, ok bool, err error) {
	tx, err := j.read(ctx, apply.Key(j.Guild, id))
	if err != nil {
		return a, false, err
	}
	a, ok = storage.Read[apply.Application](tx, apply.Key(j.Guild, id))
	_, err = tx.Changes()
	return a, ok, err
}

// settled is err without a refusal: somebody else was faster, and that is that.
func settled(err error) error {
	if errors.As(err, new(*refuse.Error)) {
		return nil
	}
	return err
}

// applyExpire ends an application that nobody decided on in time. If it is too
// early, because the guild waits longer than it did, it comes again.
func applyExpire(ctx context.Context, j *job) error {
	a, ok, err := j.application(ctx)
	if err != nil || !ok || a.Status != apply.Pending {
		return err
	}
	c, now := apply.CaseOf(a), j.Actions.Now()
	return settled(j.save(ctx, append(c.Keys(j.Guild), settings.Key(j.Guild)), func(tx *storage.Tx) error {
		until, err := c.Expire(tx, j.Guild, now)
		if err != nil {
			return err
		}
		if now.Before(until) {
			action.Cause(tx, apply.Expire(j.Guild, a.ID), until)
			return nil
		}
		audit.Write(tx, j.Guild, a.ID, audit.Entry{
			At: now, By: audit.System, What: "apply.expire", About: a.ID, Partner: c.Partner, Surface: "worker",
		})
		return nil
	}))
}

// The codes by which Discord says that somebody cannot be written to: they take
// no direct messages, share no server with the bot, or are gone.
const (
	noMessages    = 50007
	noSharedGuild = 50278
	noRecipient   = 50033
)

// applyNotify tells an applicant of the decision by direct message, once, and
// only if they asked for it. That they cannot be reached is noted.
func applyNotify(ctx context.Context, j *job) error {
	a, ok, err := j.application(ctx)
	if err != nil || !ok {
		return err
	}
	user := apply.UserKey(j.Guild, a.Applicant)
	tx, err := j.read(ctx, user)
	if err != nil {
		return err
	}
	standing, _ := storage.Read[apply.Standing](tx, user)
	if _, err := tx.Changes(); err != nil || a.Untold || !a.Tell(standing) {
		return err
	}
	err = j.notice(ctx, a)
	switch action.Code(err) {
	case noMessages, noSharedGuild, noRecipient, unknownUser:
		c := apply.CaseOf(a)
		return settled(j.save(ctx, c.Keys(j.Guild), func(tx *storage.Tx) error {
			return c.Untold(tx, j.Guild, j.Actions.Now())
		}))
	}
	return err
}

// notice sends the direct message about a.
func (j *job) notice(ctx context.Context, a apply.Application) error {
	guild, err := j.Discord.Guild(ctx, j.Guild)
	if err != nil {
		return err
	}
	channel, err := j.Discord.DirectChannel(ctx, a.Applicant)
	if err != nil {
		return err
	}
	return j.publish(ctx, apply.NoticeKey(j.Guild, a.ID), wish{
		channel: channel, mark: view.NoticeMark(a.ID),
		message: view.Notice(j.speak(a.Locale), j.Guild, guild.Name, a),
	})
}
