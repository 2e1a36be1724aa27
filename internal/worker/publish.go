package worker

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/disgoorg/disgo/discord"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/post"
	"github.com/entente-bot/entente/internal/storage"
	"github.com/entente-bot/entente/internal/view"
)

// A wish is the message that should stand. The zero wish means that none should.
type wish struct {
	channel string
	message discord.MessageCreate

	// A button of the message is of this capability and about this ID, and no
	// other message in the channel has such a one: by it the message is found again.
	capability, about string
}

// Discord's codes that a wish knows how to deal with. See DISCORD.md of the
// design, or https://docs.discord.com/developers/topics/opcodes-and-status-codes.
const (
	unknownChannel = 10003
	unknownMessage = 10008
	missingAccess  = 50001
	noPermission   = 50013
)

// Discord remembers a nonce for "a few minutes": how long we rely on it.
const nonceKept = time.Minute

// publish brings the post under key in line with w: step by step, each recorded
// before the next is taken.
func (j *job) publish(ctx context.Context, key storage.Key, w wish) error {
	tx, err := j.read(ctx, key)
	if err != nil {
		return err
	}
	p, _ := storage.Read[post.Post](tx, key)
	if _, err := tx.Changes(); err != nil {
		return err
	}
	hash := ""
	if w.channel != "" {
		shown, err := json.Marshal(w.message)
		if err != nil {
			return &action.Failure{Verdict: action.Bury, Err: fmt.Errorf("write message: %w", err)}
		}
		hash = post.Hash(shown)
	}
	for {
		next, err := j.step(ctx, p, w, hash)
		if err != nil {
			return err
		}
		if next == nil {
			return nil
		}
		p = *next
		if err := j.save(ctx, []storage.Key{key}, func(tx *storage.Tx) error {
			tx.Set(key, p)
			return nil
		}); err != nil {
			return err
		}
	}
}

// step takes the next step and returns the post as it then is; nil if it is in line.
func (j *job) step(ctx context.Context, p post.Post, w wish, hash string) (*post.Post, error) {
	var err error
	switch p.Next(w.channel, hash) {
	case post.Done:
		return nil, nil
	case post.Create:
		p, err = j.create(ctx, p, w, hash)
	case post.Edit:
		err = j.Discord.EditMessage(ctx, p.Channel, p.Message, view.Update(w.message))
		switch action.Code(err) {
		case unknownMessage, unknownChannel:
			p, err = p.Lost(), nil
		default:
			p = p.Edited(hash)
		}
	case post.Delete:
		if len(p.Old) == 0 {
			p = p.Leaving()
			break
		}
		err = j.Discord.DeleteMessage(ctx, p.Old[0].Channel, p.Old[0].Message, "Entente: "+j.Name)
		if code := action.Code(err); code == unknownMessage || code == unknownChannel {
			err = nil
		}
		p = p.Deleted()
	}
	return &p, err
}

// create publishes w, unless an earlier attempt did so and could not record it.
func (j *job) create(ctx context.Context, p post.Post, w wish, hash string) (post.Post, error) {
	if j.Attempts > 1 {
		m, found, err := j.published(ctx, p, w)
		if err != nil {
			return p, err
		}
		if found { // it may show something older: the next step edits it
			return p.Created(w.channel, m, ""), nil
		}
	}
	w.message.Nonce, w.message.EnforceNonce = p.Nonce(j.ID(), w.channel), true
	m, err := j.Discord.CreateMessage(ctx, w.channel, w.message)
	if action.Code(err) == unknownMessage { // it was published, and deleted since
		return p.Refused(), nil
	}
	if err != nil {
		return p, err
	}
	return p.Created(w.channel, m.ID.String(), hash), nil
}

// published looks for w's message among the latest of its channel: the outcome
// of an earlier attempt may be unknown for longer than Discord knows its nonce.
func (j *job) published(ctx context.Context, p post.Post, w wish) (message string, found bool, err error) {
	m, found, err := j.Discord.FindMessage(ctx, w.channel, 5, func(m discord.Message) bool {
		return m.ID.String() != p.Message && w.shownBy(m)
	})
	if err == nil && found {
		return m.ID.String(), true, nil
	}
	remembered := j.Actions.Now().Sub(j.Since) < nonceKept // by the nonce: it cannot be published twice
	if err == nil && !remembered {
		// Who may not read the history is shown an empty one. The channel's own ID
		// is that of no message, or of one that is there: either answer will do.
		_, err = j.Discord.Message(ctx, w.channel, w.channel)
	}
	switch code := action.Code(err); {
	case err == nil, code == unknownMessage:
		return "", false, nil
	case code != missingAccess && code != noPermission:
		return "", false, err
	case remembered:
		return "", false, nil
	}
	return "", false, action.Blocking("worker.no-history", "channel", w.channel)
}

// shownBy reports whether m is w's message, in whatever state.
func (w wish) shownBy(m discord.Message) bool {
	for c := range m.AllComponents() {
		if b, ok := c.(discord.ButtonComponent); ok && view.IsAbout(b.CustomID, w.capability, w.about) {
			return true
		}
	}
	return false
}
