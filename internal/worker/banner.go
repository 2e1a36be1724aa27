package worker

import (
	"bytes"
	"context"
	"errors"
	"net/http"

	"github.com/disgoorg/disgo/discord"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/apply"
	"github.com/entente-bot/entente/internal/edit"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/post"
	"github.com/entente-bot/entente/internal/storage"
)

// errNoBanner means that the picture of an ad cannot be had any more. The ad
// goes on without it.
var errNoBanner = errors.New("worker: the banner is gone")

// bannerTries is how often an action waits for a picture: nobody's application
// is held up for longer than some seconds by what may be left out.
const bannerTries = 4

// banner returns a function that fetches the picture of b: from one of the posts
// under keys, where it stands in a message of the bot's own, or else from where
// it was handed in. It is nil if there is no picture.
func (j *job) banner(b partnership.Banner, keys ...storage.Key) func(context.Context) (*discord.File, error) {
	if !b.Shown() {
		return nil
	}
	if b.Card != "" {
		keys = append(keys, edit.CardKey(j.Guild, b.Card))
	}
	return func(ctx context.Context) (*discord.File, error) {
		data, err := j.picture(ctx, b, keys)
		if f := new(action.Failure); errors.As(err, &f) && f.Verdict != action.Again || j.Attempts >= bannerTries && err != nil {
			return nil, errNoBanner
		}
		if err != nil {
			return nil, err
		}
		return discord.NewFile(b.File(), "", bytes.NewReader(data)), nil
	}
}

// picture returns the bytes of b.
func (j *job) picture(ctx context.Context, b partnership.Banner, keys []storage.Key) ([]byte, error) {
	tx, err := j.read(ctx, keys...)
	if err != nil {
		return nil, err
	}
	for _, k := range keys {
		p, _ := storage.Read[post.Post](tx, k)
		if p.Message == "" {
			continue
		}
		if data, err := j.kept(ctx, b, p); err == nil {
			return data, nil
		}
	}
	return j.fetch(ctx, b, b.Source)
}

// kept returns the bytes of b from the message of a post.
func (j *job) kept(ctx context.Context, b partnership.Banner, p post.Post) ([]byte, error) {
	m, err := j.Discord.Message(ctx, p.Channel, p.Message)
	if err != nil {
		return nil, err
	}
	for _, a := range m.Attachments {
		if a.Filename == b.File() {
			return j.fetch(ctx, b, a.URL)
		}
	}
	return nil, errNoBanner
}

// fetch returns the bytes behind one of Discord's links, if they are what b says:
// not more, and a picture of that type.
func (j *job) fetch(ctx context.Context, b partnership.Banner, link string) ([]byte, error) {
	data, err := j.Discord.File(ctx, link, partnership.MaxBanner)
	if err != nil {
		return nil, err
	}
	if http.DetectContentType(data) != b.Type {
		return nil, &action.Failure{Verdict: action.Bury, Err: errNoBanner}
	}
	return data, nil
}

// loseBanner notes that an application goes on without its picture.
func (j *job) loseBanner(ctx context.Context, id string) error {
	key := apply.Key(j.Guild, id)
	return j.save(ctx, []storage.Key{key}, func(tx *storage.Tx) error {
		if a, ok := storage.Read[apply.Application](tx, key); ok {
			a.Ad.Banner.Lost = true
			tx.Set(key, a)
		}
		return nil
	})
}

// loseListed notes that a partnership goes on without the picture b, unless it has
// another by now.
func (j *job) loseListed(ctx context.Context, partner string, b partnership.Banner) error {
	key := partnership.Key(j.Guild, partner)
	return j.save(ctx, []storage.Key{key}, func(tx *storage.Tx) error {
		if p, ok := storage.Read[partnership.Partnership](tx, key); ok && p.Ad.Banner == b {
			p.Ad.Banner.Lost = true
			tx.Set(key, p)
		}
		return nil
	})
}
