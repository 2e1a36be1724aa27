package local_test

import (
	"bytes"
	"context"
	"image"
	"image/jpeg"
	"image/png"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/disgoorg/disgo/discord"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/apply"
	"github.com/entente-bot/entente/internal/fakediscord"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/storage"
	"github.com/entente-bot/entente/internal/worker"
)

// cdn is where the simulated Discord keeps files.
const cdn = "/attachments/{channel}/{attachment}/{name}"

// drawing is a picture of that many pixels.
func drawing(t *testing.T, width, height int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, width, height))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// withBanner is Rio's form with a file.
func (s *stage) withBanner(name string, data []byte) map[string]any {
	form := s.Form()
	form["banner"] = []string{s.Upload(name, data)}
	return form
}

// shows reports whether a message shows a banner, and holds the file for it.
func shows(m fakediscord.Message) bool {
	return len(m.Attachments) == 1 && m.Attachments[0].Name == "banner.png"
}

// TestBanner follows a banner from the form to the card and the listing, and puts
// a listing back when the link that was handed in is long over.
func TestBanner(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.apply(s.Rio, s.withBanner("My <script>.png", drawing(t, 800, 300)))
	if card := s.only(s.Review); !shows(card) {
		t.Fatalf("the review card has no banner: %+v", card.Attachments)
	}
	s.press(s.Max, s.Review, "Approve")
	if !shows(s.only(s.Review)) {
		t.Error("the settled card lost its banner")
	}
	listing := s.only(s.Showcase)
	if !shows(listing) {
		t.Fatal("the listing has no banner")
	}

	if err := s.Advance(t.Context(), 48*time.Hour); err != nil {
		t.Fatal(err)
	}
	before := s.CountRequests("PATCH", "/channels/{channel}/messages/{message}")
	s.resync()
	if n := s.CountRequests("PATCH", "/channels/{channel}/messages/{message}"); n != before {
		t.Error("a listing that is in line was edited: its hash goes by the link")
	}
	s.DeleteMessage(listing.Ref)
	s.newHighlights()
	s.resync()
	if again := s.only(s.Showcase); again.Ref == listing.Ref || !shows(again) {
		t.Error("the listing that was put back has no banner")
	}
}

// resync has the listing of Lighthouse brought in line.
func (s *stage) resync() {
	s.Helper()
	r := partnership.Sync(s.Guild, s.Lighthouse)
	err := storage.Update(s.Context(), s.DB, action.Keys(r), func(tx *storage.Tx) error {
		action.Cause(tx, r, s.Now())
		return nil
	})
	if err != nil {
		s.Fatal(err)
	}
	s.drain()
}

// newHighlights changes the ad of Lighthouse, so that its listing is looked at.
func (s *stage) newHighlights() {
	s.Helper()
	k := partnership.Key(s.Guild, s.Lighthouse)
	err := storage.Update(s.Context(), s.DB, []storage.Key{k}, func(tx *storage.Tx) error {
		p, _ := storage.Read[partnership.Partnership](tx, k)
		p.Ad.Highlights = "Now with tea"
		tx.Set(k, p)
		return nil
	})
	if err != nil {
		s.Fatal(err)
	}
}

// TestBannerRefused keeps what was written when the picture will not do.
func TestBannerRefused(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	tests := []struct {
		name, file string
		data       []byte
		says       string
	}{
		{"a drawing with scripts", "x.svg", []byte("<svg/>"), "not a picture that Discord shows"},
		{"a page that says it is a picture", "x.png", []byte("<html>"), "0 × 0 pixels"},
		{"too narrow", "x.png", drawing(t, 399, 200), "399 × 200 pixels"},
		{"higher than wide", "x.png", drawing(t, 500, 600), "as wide as it is high"},
		{"too large", "x.png", append(drawing(t, 800, 300), make([]byte, 8<<20)...), "at most 8 MB"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			ex := s.apply(s.Rio, s.withBanner(tt.file, tt.data))
			s.says(ex.Text(), tt.says)
			opened := s.on(s.Rio, ex.Message, "Edit and resend")
			if f, _ := opened.Modal.Field("highlights"); f.Value != "Show and tell every Friday" {
				t.Errorf("the form forgot what was written: %q", f.Value)
			}
		})
	}
	if n := s.CountRequests("GET", cdn); n != 0 {
		t.Errorf("%d files were fetched that had been refused", n)
	}
}

// TestBannerLost goes on without a picture that cannot be had, and says so.
func TestBannerLost(t *testing.T) {
	t.Parallel()
	faults := map[string]fakediscord.Fault{
		"the link is over":        {Method: "GET", Route: cdn, Status: 404, Times: -1},
		"the CDN stays down":      {Method: "GET", Route: cdn, Status: 503, Times: -1},
		"the CDN leads elsewhere": {Method: "GET", Route: cdn, Status: 302, Times: -1},
	}
	for name, fault := range faults {
		t.Run(name, func(t *testing.T) {
			s := newStage(t)
			s.Scene.Fail(fault)
			s.apply(s.Rio, s.withBanner("x.png", drawing(t, 800, 300)))
			for range 6 {
				if err := s.Advance(t.Context(), time.Minute); err != nil {
					t.Fatal(err)
				}
				s.drain()
			}
			card := s.only(s.Review)
			s.says(card.Text(), "so the ad has none")
			s.press(s.Max, s.Review, "Approve")
			if listing := s.only(s.Showcase); len(listing.Attachments) != 0 {
				t.Error("the listing holds a file nobody fetched")
			}
		})
	}
}

// TestBannerStays has an ad published again a week after its banner was uploaded,
// when the link that was handed in is long over.
func TestBannerStays(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		mode settings.Mode
		do   func(*stage)
	}{
		{"bumped", settings.Single, func(s *stage) { s.command(s.Rio, "partner bump") }},
		{"bumped after its card was deleted", settings.Single, func(s *stage) {
			s.DeleteMessage(s.only(s.Review).Ref)
			s.command(s.Rio, "partner bump")
		}},
		{"moved to channels", settings.Channels, func(s *stage) { s.mode(settings.Channels) }},
		{"moved to a forum", settings.Forum, func(s *stage) { s.mode(settings.Forum) }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t)
			s.apply(s.Rio, s.withBanner("x.png", drawing(t, 800, 300)))
			s.press(s.Max, s.Review, "Approve")
			s.advance(week)
			tt.do(s)
			s.drain()
			if ad := s.listing(tt.mode); !shows(ad) {
				t.Errorf("the ad stands without its banner: %+v", ad)
			}
		})
	}
}

// TestBannerGone tells the contact, who alone can mend it, that the banner is lost,
// and the managers in the trail.
func TestBannerGone(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	log := s.withLog()
	s.apply(s.Rio, s.withBanner("x.png", drawing(t, 800, 300)))
	s.press(s.Max, s.Review, "Approve")
	s.advance(week)
	s.DeleteMessage(s.only(s.Review).Ref)
	s.DeleteMessage(s.only(s.Showcase).Ref)
	s.advance(25 * time.Hour)
	about := fakediscord.Opt("partner", s.Lighthouse)
	s.says(s.command(s.Rio, "partner info", about).Text(), "Choose it again with `/partner edit`")
	if text := s.command(s.Nora, "partner info", about).Text(); strings.Contains(text, "banner") {
		t.Errorf("a visitor is told of it, too: %s", text)
	}
	all := s.Messages(log)
	s.says(all[len(all)-1].Text(), "the banner of an ad is lost")
}

// photo is a picture that is no PNG.
func photo(t *testing.T, width, height int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, width, height)), nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestBannerMisnamed goes by what a picture is, as Discord's clients do, whatever
// its name says.
func TestBannerMisnamed(t *testing.T) {
	t.Parallel()
	for _, file := range []string{"x.jpg", "x.png", "x.webp", "banner", "x.svg", "x.txt"} {
		t.Run(file, func(t *testing.T) {
			t.Parallel()
			s := newStage(t)
			s.apply(s.Rio, s.withBanner(file, photo(t, 800, 300)))
			if card := s.only(s.Review); len(card.Attachments) != 1 || card.Attachments[0].Name != "banner.jpg" {
				t.Errorf("the card shows %+v", card.Attachments)
			}
			s.press(s.Max, s.Review, "Approve")
			s.DeleteMessage(s.only(s.Review).Ref)
			form := s.Form()
			form["banner"] = []string{s.Upload(file, photo(t, 900, 300))}
			s.changesAd(s.Rio, form)
			s.press(s.Max, s.Review, "Approve")
			if ad := s.only(s.Showcase); len(ad.Attachments) != 1 || !strings.HasSuffix(ad.Attachments[0].Name, ".jpg") || ad.Attachments[0].Size != len(photo(t, 900, 300)) {
				t.Errorf("after the change the ad shows %+v", ad.Attachments)
			}
		})
	}
}

// TestBannerNoPicture refuses, in the reply, a file that Discord measured and that
// no client shows as a picture.
func TestBannerNoPicture(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	data := photo(t, 800, 300)
	form := s.withBanner("x.png", data)
	s.Scene.Fail(fakediscord.Fault{Method: "GET", Route: cdn, Status: 200, HTML: true, Times: -1})
	ex := s.apply(s.Rio, form)
	s.says(ex.Current().Text(), "not a picture that Discord shows")
	if n := len(s.Messages(s.Review)); n != 0 {
		t.Errorf("%d cards stand all the same", n)
	}
}

// TestBannerLate waits for a CDN that is down for a moment.
func TestBannerLate(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.Scene.Fail(fakediscord.Fault{Method: "GET", Route: cdn, Status: 503, Times: 2})
	s.apply(s.Rio, s.withBanner("x.png", drawing(t, 800, 300)))
	for range 3 {
		if err := s.Advance(t.Context(), time.Minute); err != nil {
			t.Fatal(err)
		}
		s.drain()
	}
	if !shows(s.only(s.Review)) {
		t.Error("the card has no banner")
	}
}

// TestBannerCardDeleted puts a card back whose banner went with it.
func TestBannerCardDeleted(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	ex := s.apply(s.Rio, s.withBanner("x.png", drawing(t, 800, 300)))
	s.DeleteMessage(s.only(s.Review).Ref)
	if err := s.Advance(t.Context(), 48*time.Hour); err != nil {
		t.Fatal(err)
	}
	k := apply.Key(s.Guild, ex.Interaction)
	r := apply.Card(s.Guild, ex.Interaction)
	err := storage.Update(t.Context(), s.DB, []storage.Key{k, r.Key()}, func(tx *storage.Tx) error {
		a, _ := storage.Read[apply.Application](tx, k)
		a.Claimed = s.Max
		tx.Set(k, a)
		action.Cause(tx, r, s.Now())
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	s.drain()
	s.says(s.only(s.Review).Text(), "so the ad has none")
}

// A filer counts the files that actions hold: fetched, and not sent yet.
type filer struct {
	worker.Discord
	mu          sync.Mutex
	holds, most int
}

func (f *filer) File(ctx context.Context, link string, most int) ([]byte, error) {
	f.count(1)
	return f.Discord.File(ctx, link, most)
}

func (f *filer) CreateMessage(ctx context.Context, channel string, m discord.MessageCreate) (discord.Message, error) {
	if len(m.Files) > 0 {
		defer f.count(-1)
	}
	return f.Discord.CreateMessage(ctx, channel, m)
}

func (f *filer) count(n int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.holds += n
	f.most = max(f.most, f.holds)
}

// TestFewFilesAtOnce has ten cards with banners posted at once: the memory of the
// function has room for two of the largest.
func TestFewFilesAtOnce(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.Scene.Fail(fakediscord.Fault{Method: "POST", Route: "/channels/" + s.Review + "/messages", Status: 503, Times: 10}) // the cards wait
	var refs []action.Ref
	for range 10 {
		user := s.AddUser("Somebody")
		s.AddMember(s.Guild, user)
		form := s.withBanner("x.png", drawing(t, 800, 300))
		_, form["invite"] = s.AddPartner("A place", 400)
		refs = append(refs, apply.Card(s.Guild, s.apply(user, form).Interaction))
	}
	s.update(action.Keys(refs...), func(tx *storage.Tx) error {
		for _, r := range refs {
			action.Cause(tx, r, s.Now())
		}
		return nil
	})
	files := &filer{Discord: s.Worker.Discord}
	s.Worker.Discord = files
	var all sync.WaitGroup
	for _, r := range refs {
		all.Go(func() {
			if _, err := s.Worker.Do(t.Context(), r); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	s.drain()
	if n := len(s.Messages(s.Review)); n != len(refs) {
		t.Errorf("%d cards stand, want %d", n, len(refs))
	}
	if files.most == 0 || files.most > 2 {
		t.Errorf("%d files were held at once, want at most 2", files.most)
	}
}
