package worker

import (
	"context"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/apply"
	"github.com/entente-bot/entente/internal/storage"
	"github.com/entente-bot/entente/internal/ticket"
)

// A word is what a contact is told once. What people delete later is not put back.
type word struct {
	key    storage.Key                 // of its post
	direct func(guildName string) wish // by direct message, without the channel
	ticket wish                        // in their ticket, without the channel
}

// inform tells a contact something about the partnership that came from a: by direct
// message, if they asked to be told so, else in their ticket, if they have one.
func (j *job) inform(ctx context.Context, user string, a apply.Application, contact apply.Standing, w word) error {
	if a.Reaches(user, contact) {
		err := j.writeContact(ctx, user, w)
		switch action.Code(err) {
		case noMessages, noSharedGuild, noRecipient, unknownUser:
		default:
			return err
		}
	}
	if a.Ticket == "" || a.Applicant != user {
		return nil
	}
	tx, err := j.read(ctx, ticket.Key(j.Guild, a.Ticket))
	if err != nil {
		return err
	}
	t, _ := storage.Read[ticket.Ticket](tx, ticket.Key(j.Guild, a.Ticket))
	if _, err := tx.Changes(); err != nil || t.Thread == "" {
		return err
	}
	w.ticket.channel = t.Thread
	err = j.publish(ctx, w.key, w.ticket)
	if action.Code(err) == unknownChannel { // the ticket was deleted
		return nil
	}
	if err != nil {
		return err
	}
	// A message opens a thread that was closed.
	sync := ticket.Sync(j.Guild, t.ID)
	return j.save(ctx, action.Keys(sync), func(tx *storage.Tx) error {
		action.Cause(tx, sync, j.Actions.Now())
		return nil
	})
}

// writeContact sends a word by direct message.
func (j *job) writeContact(ctx context.Context, user string, w word) error {
	guild, err := j.Discord.Guild(ctx, j.Guild)
	if err != nil {
		return err
	}
	channel, err := j.Discord.DirectChannel(ctx, user)
	if err != nil {
		return err
	}
	say := w.direct(guild.Name)
	say.channel = channel
	return j.publish(ctx, w.key, say)
}
