package worker

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/disgoorg/disgo/discord"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/post"
	"github.com/entente-bot/entente/internal/storage"
	"github.com/entente-bot/entente/internal/view"
)

// A wish is the message that should stand.
type wish struct {
	channel string    // empty if none should
	mark    view.Mark // by it the message is found again
	message discord.MessageCreate
	asked   time.Time // it is to be seen that the message stands, if it was not since

	// The file that the message shows, fetched when it is published; nil if it
	// shows none. An edit leaves the files of a message as they are, but for dress.
	file  func(context.Context) (*discord.File, error)
	named string                // the name of the file, if another may take its place: that is uploaded with an edit
	bare  discord.MessageCreate // with a file: the message without it, for where none may be attached

	turn   int      // each is another message
	leaves []string // channels that are to go, and what stands in them with them
	begins bool     // the message is the beginning of its thread: it cannot be published there
}

// errUnhoused means that the beginning of a thread is gone.
var errUnhoused = errors.New("worker: the thread has lost its beginning")

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
	tries := 0
	for earlier := p.Trying; ; {
		rest, leaving := p.Without(w.leaves)
		next, err := j.step(ctx, rest, w, earlier)
		if err != nil {
			return err
		}
		if next == nil {
			return nil
		}
		if next.Trying.Channel != "" && p.Trying.Channel == "" {
			if tries++; tries > 3 { // whoever deletes what we publish is faster
				return &action.Failure{Verdict: action.Again, Err: errors.New("what is published keeps vanishing")}
			}
		}
		p = next.With(leaving)
		if p.Message != "" {
			p.Shown = j.Actions.Now()
		}
		if err := j.save(ctx, []storage.Key{key}, func(tx *storage.Tx) error {
			tx.Set(key, p)
			return nil
		}); err != nil {
			return err
		}
	}
}

// step takes the next step and returns the post as it then is; nil if it is in
// line. earlier is what an earlier job attempted.
func (j *job) step(ctx context.Context, p post.Post, w wish, earlier post.Attempt) (*post.Post, error) {
	m, bare := w.message, p.Bare && p.Channel == w.channel && w.file != nil
	if bare {
		m = w.bare
	}
	hash, err := w.hash(m)
	if err != nil {
		return nil, err
	}
	turn := w.turn
	if w.begins {
		turn = p.Turn
	}
	next := p.Next(w.channel, hash, turn)
	if w.begins && (next == post.Try || next == post.Create) {
		return nil, errUnhoused
	}
	if bare && p.Unseen(w.asked) && (next == post.Done || next == post.Edit) {
		p, err = j.dress(ctx, p, w)
		return &p, err
	}
	switch next {
	case post.Done:
		if !p.Unseen(w.asked) {
			return nil, nil
		}
		p, err = j.look(ctx, p, w)
	case post.Search:
		p, err = j.search(ctx, p, w)
	case post.Try:
		if err := j.damped(ctx, p.Repairs, messageDeleted, w.channel); err != nil {
			return nil, err
		}
		p = p.Tries(w.channel, j.Actions.Now())
	case post.Create:
		p, err = j.create(ctx, p, w, earlier.Channel == w.channel)
	case post.Edit:
		p, err = j.edit(ctx, p, w, m, hash)
	case post.Delete:
		if len(p.Old) == 0 {
			p = p.Leaving()
			break
		}
		err = j.Discord.DeleteMessage(ctx, p.Old[0].Channel, p.Old[0].Message, j.reasonUnread(ctx))
		if code := action.Code(err); code == unknownMessage || code == unknownChannel {
			err = nil
		}
		p = p.Deleted()
	}
	return &p, err
}

// edit changes the message that stands to show m. It uploads the file that took
// the place of another, and takes away one that is shown no more.
func (j *job) edit(ctx context.Context, p post.Post, w wish, m discord.MessageCreate, hash string) (post.Post, error) {
	u, file := view.Update(m), p.File
	if w.file != nil && w.named != "" && w.named != p.File && !p.Bare {
		f, err := w.file(ctx)
		if err != nil {
			return p, err
		}
		file = w.named
		u.Files, u.Attachments = []*discord.File{f}, &[]discord.AttachmentUpdate{} // that file, and no other
	}
	if w.file == nil && p.File != "" {
		file, u.Attachments = "", &[]discord.AttachmentUpdate{}
	}
	err := j.Discord.EditMessage(ctx, p.Channel, p.Message, u)
	switch action.Code(err) {
	case unknownMessage, unknownChannel:
		return j.lost(p), nil
	}
	p.File = file
	return p.Edited(hash, w.asked), err
}

// hash is the hash of w's message, which is shown as m: empty if there is to be none.
func (w wish) hash(m discord.MessageCreate) (string, error) {
	if w.channel == "" {
		return "", nil
	}
	shown, err := json.Marshal(m)
	if err != nil {
		return "", &action.Failure{Verdict: action.Bury, Err: fmt.Errorf("write message: %w", err)}
	}
	return post.Hash(shown), nil
}

// lost returns p after its message was found to be gone.
func (j *job) lost(p post.Post) post.Post {
	p = p.Lost()
	p.Repairs = p.Repairs.Add(j.Actions.Now())
	return p
}

// look sees whether the message stands that was published. Where the bot may not
// look, it is taken on trust.
func (j *job) look(ctx context.Context, p post.Post, w wish) (post.Post, error) {
	_, err := j.Discord.Message(ctx, p.Channel, p.Message)
	switch action.Code(err) {
	case unknownMessage, unknownChannel:
		return j.lost(p), nil
	case missingAccess, noPermission:
		err = nil
	}
	p.Seen = w.asked
	return p, err
}

// dress adds its file to a message that stands without. Where none may be
// attached still, the message stays as it is until it is asked for again.
func (j *job) dress(ctx context.Context, p post.Post, w wish) (post.Post, error) {
	f, err := w.file(ctx)
	if err != nil {
		return p, err
	}
	hash, err := w.hash(w.message)
	if err != nil {
		return p, err
	}
	m := view.Update(w.message)
	m.Files, m.Attachments = []*discord.File{f}, &[]discord.AttachmentUpdate{} // that file, and no other
	err = j.Discord.EditMessage(ctx, p.Channel, p.Message, m)
	switch action.Code(err) {
	case unknownMessage, unknownChannel:
		return j.lost(p), nil
	case missingAccess, noPermission:
		p.Seen = w.asked
		return p, nil
	}
	if err != nil {
		return p, err
	}
	p = p.Edited(hash, w.asked)
	p.Bare, p.File = false, w.named
	return p, nil
}

// search looks for the message of an attempt that ended before its outcome was
// known, and is not wanted any more where it may stand.
func (j *job) search(ctx context.Context, p post.Post, w wish) (post.Post, error) {
	m, found, err := j.Discord.FindMessage(ctx, p.Trying.Channel, searched, w.among(p))
	switch action.Code(err) {
	case unknownChannel, missingAccess, noPermission: // nor could it be deleted there
		return p.Untried(""), nil
	}
	if err != nil || !found {
		return p.Untried(""), err
	}
	return p.Untried(m.ID.String()), nil
}

// create publishes w, unless an earlier attempt did so and could not record it.
func (j *job) create(ctx context.Context, p post.Post, w wish, again bool) (post.Post, error) {
	if again {
		m, found, err := j.published(ctx, p, w)
		if err != nil {
			return p, err
		}
		if found { // it may show something older: the next step edits it
			p = p.Created(w.channel, m.ID.String(), "", w.turn)
			p.Seen, p.Bare, p.File = w.asked, !pictured(m), w.named
			return p, nil
		}
	}
	nonce, sent, bare := p.Nonce(j.ID()+"#"+w.mark.About, w.channel), w.message, false
	if w.file != nil {
		f, err := w.file(ctx)
		if err != nil {
			return p, err
		}
		sent.Files = []*discord.File{f}
	}
	m, err := j.post(ctx, w.channel, nonce, sent)
	if action.Code(err) == noPermission && w.file != nil { // nobody waits for a picture
		sent, bare = w.bare, true
		m, err = j.post(ctx, w.channel, nonce, sent)
	}
	if action.Code(err) == unknownMessage { // it was published, and deleted since
		return p.Refused(), nil
	}
	if err != nil {
		return p, err
	}
	sent.Files = nil
	hash, err := w.hash(sent)
	p = p.Created(w.channel, m.ID.String(), hash, w.turn)
	p.Seen, p.Bare, p.File = w.asked, bare, w.named
	return p, err
}

// post publishes a message, once however often it is tried.
func (j *job) post(ctx context.Context, channel, nonce string, m discord.MessageCreate) (discord.Message, error) {
	m.Nonce, m.EnforceNonce = nonce, true
	return j.Discord.CreateMessage(ctx, channel, m)
}

// searched is how many pages of a channel's latest messages are looked through
// for one of ours.
const searched = 5

// published looks for w's message among the latest of its channel: the outcome
// of an earlier attempt may be unknown for longer than Discord knows its nonce.
func (j *job) published(ctx context.Context, p post.Post, w wish) (m discord.Message, found bool, err error) {
	m, found, err = j.Discord.FindMessage(ctx, w.channel, searched, w.among(p))
	if err == nil && found {
		return m, true, nil
	}
	remembered := j.Actions.Now().Sub(p.Trying.Since) < nonceKept // by the nonce: it cannot be published twice
	if err == nil && !remembered {
		// Who may not read the history is shown an empty one. The channel's own ID
		// is that of no message, or of one that is there: either answer will do.
		_, err = j.Discord.Message(ctx, w.channel, w.channel)
	}
	switch code := action.Code(err); {
	case err == nil, code == unknownMessage:
		return m, false, nil
	case code != missingAccess && code != noPermission:
		return m, false, err
	case remembered:
		return m, false, nil
	}
	return m, false, action.Blocking("worker.no-history", "channel", w.channel)
}

// among reports of a message whether it is w's, in whatever state, and not one
// that p knows of.
func (w wish) among(p post.Post) func(discord.Message) bool {
	return func(m discord.Message) bool {
		if p.Has(m.ID.String()) {
			return false
		}
		for c := range m.AllComponents() {
			if b, ok := c.(discord.ButtonComponent); ok && w.mark.On(b.CustomID) {
				return true
			}
		}
		return false
	}
}

// pictured reports whether a message shows a picture.
func pictured(m discord.Message) bool {
	for c := range m.AllComponents() {
		if c.Type() == discord.ComponentTypeMediaGallery {
			return true
		}
	}
	return false
}
