// Package post decides how a message of ours is brought in line with what it
// should show: the review card of an application, the listing of a partnership.
//
// Each such message has one Post, kept under a key of the capability it
// belongs to and written only by the worker that holds the action.
package post

import (
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"slices"
	"strconv"
	"time"

	"github.com/entente-bot/entente/internal/action"
)

// A Post is what was last published. The zero Post means that nothing was.
type Post struct {
	Channel string  `json:"channel"`
	Message string  `json:"message"`       // empty while nothing stands
	Number  int     `json:"number"`        // how many messages were published before this one
	Hash    string  `json:"hash"`          // of what the message shows
	Old     []Place `json:"old,omitempty"` // messages that this one replaced, still to be deleted

	Trying Attempt   `json:"trying,omitzero"` // at the next message: it may stand, and nobody knows
	Seen   time.Time `json:"seen,omitzero"`   // as of when the message was last seen to stand
	Bare   bool      `json:"bare,omitempty"`  // the message stands without the file it should show
	File   string    `json:"file,omitempty"`  // the name of the file that it shows, where there may be another later
	Turn   int       `json:"turn,omitempty"`  // the turn that it was published for: each is another message
	Shown  time.Time `json:"shown,omitzero"`  // when the message was last brought in line

	Repairs action.Repairs `json:"repairs,omitempty"`
}

// An Attempt is noted before a message is published: where, and since when.
type Attempt struct {
	Channel string    `json:"channel"`
	Since   time.Time `json:"since"`
}

// A Place is where a message stands.
type Place struct {
	Channel string `json:"channel"`
	Message string `json:"message"`
}

// Kind implements [storage.Record].
func (Post) Kind() (string, int) { return "post", 1 }

// Has reports whether a message is known to p: as the one that stands, or as one
// that is still to be deleted.
func (p Post) Has(message string) bool {
	return message == p.Message || slices.ContainsFunc(p.Old, func(o Place) bool { return o.Message == message })
}

// A Step is what to do next about a post.
type Step string

const (
	Done   Step = "done"   // it is in line
	Search Step = "search" // look for the message of an attempt, where it is not wanted any more
	Try    Step = "try"    // note that a message is about to be published
	Create Step = "create" // publish a message
	Edit   Step = "edit"   // change the message that stands
	Delete Step = "delete" // delete the first of Old
)

// Next returns the step that brings p closer to a message with the given hash
// in channel, published for the given turn; an empty hash means that there should
// be none. A message in another channel, or of another turn, is deleted only after
// the new one stands.
func (p Post) Next(channel, hash string, turn int) Step {
	tries := p.Trying.Channel
	switch {
	case tries != "" && (hash == "" || tries != channel):
		return Search
	case hash != "" && (p.Message == "" || p.Channel != channel || p.Turn != turn):
		if tries == "" {
			return Try
		}
		return Create
	case hash != "" && p.Hash != hash:
		return Edit
	case len(p.Old) > 0 || hash == "" && p.Message != "":
		return Delete
	}
	return Done
}

// Unseen reports whether p's message, if it stands, was not looked at since it
// was asked for.
func (p Post) Unseen(asked time.Time) bool { return p.Message != "" && asked.After(p.Seen) }

// Unknown returns p as if nobody had looked whether its message stands.
func (p Post) Unknown() Post {
	p.Seen = time.Time{}
	return p
}

// Tries returns p before a message is published.
func (p Post) Tries(channel string, now time.Time) Post {
	p.Trying = Attempt{channel, now}
	return p
}

// Untried returns p after the message of the attempt was looked for where it is
// not wanted any more: one that was found is to be deleted. The next one is
// another message.
func (p Post) Untried(message string) Post {
	if message != "" {
		p.Old = append(slices.Clone(p.Old), Place{p.Trying.Channel, message})
		p.Number++
	}
	p.Trying = Attempt{}
	return p
}

// Created returns p after a message was published for a turn.
func (p Post) Created(channel, message, hash string, turn int) Post {
	p = p.retired()
	p.Channel, p.Message, p.Hash, p.Turn = channel, message, hash, turn
	p.Trying, p.Bare, p.File = Attempt{}, false, ""
	return p
}

// Without returns p without the old messages in the given channels, and those.
// They go with their channels.
func (p Post) Without(channels []string) (Post, []Place) {
	var rest, with []Place
	for _, o := range p.Old {
		if slices.Contains(channels, o.Channel) {
			with = append(with, o)
		} else {
			rest = append(rest, o)
		}
	}
	p.Old = rest
	return p, with
}

// With returns p with more old messages, to be deleted last.
func (p Post) With(old []Place) Post {
	p.Old = append(slices.Clone(p.Old), old...)
	return p
}

// Edited returns p after its message was changed, and so seen to stand as of when
// it was asked for.
func (p Post) Edited(hash string, asked time.Time) Post {
	p.Hash, p.Seen = hash, asked
	return p
}

// Lost returns p after its message was found to be gone. The next one is
// another message: it has another nonce.
func (p Post) Lost() Post {
	p.Channel, p.Message, p.Hash = "", "", ""
	p.Number++
	return p
}

// Refused returns p after Discord said that the next message was published, and
// deleted since. The next one is another message; what stands stays as it is.
func (p Post) Refused() Post {
	p.Trying = Attempt{}
	p.Number++
	return p
}

// Leaving returns p with its message among those to be deleted.
func (p Post) Leaving() Post {
	p = p.retired()
	p.Channel, p.Message, p.Hash = "", "", ""
	return p
}

// Deleted returns p after the first of Old was deleted.
func (p Post) Deleted() Post {
	p.Old = p.Old[1:]
	return p
}

func (p Post) retired() Post {
	if p.Message != "" {
		p.Old = append(append([]Place(nil), p.Old...), Place{p.Channel, p.Message})
		p.Number++
	}
	return p
}

// Nonce is Discord's nonce for publishing p's next message in channel: the same
// for every try, another for every message. about names what is published.
// Discord allows 25 characters.
func (p Post) Nonce(about, channel string) string {
	n := p.Number
	if p.Message != "" {
		n++
	}
	sum := sha256.Sum256([]byte(about + "\x00" + channel + "\x00" + strconv.Itoa(n)))
	return base32.StdEncoding.EncodeToString(sum[:])[:25]
}

// Hash is a short digest of what a message shows.
func Hash(shown []byte) string {
	sum := sha256.Sum256(shown)
	return hex.EncodeToString(sum[:12])
}
