package local_test

import (
	"bytes"
	"image"
	"image/png"
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/apply"
	"github.com/entente-bot/entente/internal/fakediscord"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/storage"
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
			s.says(card.Text(), "goes on without it")
			s.press(s.Max, s.Review, "Approve")
			if listing := s.only(s.Showcase); len(listing.Attachments) != 0 {
				t.Error("the listing holds a file nobody fetched")
			}
		})
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
	s.says(s.only(s.Review).Text(), "goes on without it")
}
