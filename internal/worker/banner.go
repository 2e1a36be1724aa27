package worker

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/url"
	"path"

	"github.com/disgoorg/disgo/discord"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/apply"
	"github.com/entente-bot/entente/internal/audit"
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
	return j.fetch(ctx, b.Source)
}

// kept returns the bytes of b from the message of a post.
func (j *job) kept(ctx context.Context, b partnership.Banner, p post.Post) ([]byte, error) {
	m, err := j.Discord.Message(ctx, p.Channel, p.Message)
	if err != nil {
		return nil, err
	}
	for _, link := range files(m) {
		if named(link, b.File()) {
			return j.fetch(ctx, link)
		}
	}
	return nil, errNoBanner
}

// files returns the links to the files of a message. Discord lists a file that a
// component or an embed shows there, and among the attachments only the others.
func files(m discord.Message) (links []string) {
	for c := range m.AllComponents() {
		if g, ok := c.(discord.MediaGalleryComponent); ok {
			for _, item := range g.Items {
				links = append(links, item.Media.URL)
			}
		}
	}
	for _, e := range m.Embeds {
		if e.Image != nil {
			links = append(links, e.Image.URL)
		}
	}
	for _, a := range m.Attachments {
		links = append(links, a.URL)
	}
	return links
}

// named reports whether a link leads to a file of that name.
func named(link, file string) bool {
	u, err := url.Parse(link)
	return err == nil && path.Base(u.Path) == file
}

// fetch returns the bytes behind one of Discord's links, if they are a picture.
// Until the action is over, few others hold one.
func (j *job) fetch(ctx context.Context, link string) ([]byte, error) {
	if err := j.holdFile(ctx); err != nil {
		return nil, err
	}
	data, err := j.Discord.File(ctx, link, partnership.MaxBanner)
	if err != nil {
		return nil, err
	}
	if partnership.BannerType(http.DetectContentType(data)) == "" {
		return nil, &action.Failure{Verdict: action.Bury, Err: errNoBanner}
	}
	return data, nil
}

// filesAtOnce is how many actions may hold a file at once: of the largest, two
// fit into the memory of the function, with what is sent of them.
const filesAtOnce = 2

// holdFile waits until the action may hold a file. It may until it is over.
func (j *job) holdFile(ctx context.Context) error {
	if j.holds {
		return nil
	}
	select {
	case j.files <- struct{}{}:
		j.holds = true
		return nil
	case <-ctx.Done():
		return &action.Failure{Verdict: action.Again, Err: errors.New("others hold as many files as there is room for")}
	}
}

// over gives back what the action held.
func (j *job) over() {
	if j.holds {
		<-j.files
	}
}

// judged returns b with the type that its bytes are of: Discord goes by the name of
// a file, which may be wrong. It is none that is taken if they are no picture that
// every client shows. A file that cannot be had keeps its type: the ad goes
// on without it.
func (j *job) judged(ctx context.Context, b partnership.Banner) (partnership.Banner, error) {
	if !b.Shown() {
		return b, nil
	}
	if err := j.holdFile(ctx); err != nil {
		return b, err
	}
	data, err := j.Discord.File(ctx, b.Source, partnership.MaxBanner)
	if f := new(action.Failure); errors.As(err, &f) && f.Verdict != action.Again || j.Attempts >= bannerTries && err != nil {
		if b.Type == partnership.Unjudged {
			b.Type = partnership.NoPicture
		}
		return b, nil
	}
	if err != nil {
		return b, err
	}
	b.Type = cmp.Or(partnership.BannerType(http.DetectContentType(data)), partnership.NoPicture)
	return b, nil
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
// another by now. Its contact reads it in /partner info, the managers in the trail.
func (j *job) loseListed(ctx context.Context, partner string, b partnership.Banner) error {
	key := partnership.Key(j.Guild, partner)
	return j.save(ctx, []storage.Key{key}, func(tx *storage.Tx) error {
		if p, ok := storage.Read[partnership.Partnership](tx, key); ok && p.Ad.Banner == b {
			p.Ad.Banner.Lost = true
			tx.Set(key, p)
			audit.Write(tx, j.Guild, j.ID(), audit.Entry{At: j.Actions.Now(), By: audit.System, What: "banner.lost", About: partner, Partner: partner, Surface: "worker"})
		}
		return nil
	})
}
