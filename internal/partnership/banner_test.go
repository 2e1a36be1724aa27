package partnership_test

import (
	"errors"
	"testing"

	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/refuse"
)

func TestBannerCheck(t *testing.T) {
	fine := partnership.Banner{Type: "image/png", Size: 1 << 20, Width: 1200, Height: 400}
	tests := []struct {
		name    string
		change  func(*partnership.Banner)
		refused string // "" if it may be a banner
	}{
		{"none", func(b *partnership.Banner) { *b = partnership.Banner{} }, ""},
		{"wide", func(*partnership.Banner) {}, ""},
		{"square", func(b *partnership.Banner) { b.Height = 1200 }, ""},
		{"narrowest", func(b *partnership.Banner) { b.Width, b.Height = 400, 400 }, ""},
		{"widest", func(b *partnership.Banner) { b.Width, b.Height = 4096, 820 }, ""},
		{"largest", func(b *partnership.Banner) { b.Size = 8 << 20 }, ""},
		{"a drawing with scripts", func(b *partnership.Banner) { b.Type = "image/svg+xml" }, "banner.type"},
		{"a text", func(b *partnership.Banner) { b.Type, b.Width, b.Height = "?", 0, 0 }, "banner.type"},
		{"too large", func(b *partnership.Banner) { b.Size++; b.Size = 8<<20 + 1 }, "banner.size"},
		{"empty", func(b *partnership.Banner) { b.Size = 0 }, "banner.size"},
		{"too narrow", func(b *partnership.Banner) { b.Width, b.Height = 399, 300 }, "banner.width"},
		{"too wide", func(b *partnership.Banner) { b.Width, b.Height = 4097, 2000 }, "banner.width"},
		{"higher than wide", func(b *partnership.Banner) { b.Height = 1201 }, "banner.shape"},
		{"a line", func(b *partnership.Banner) { b.Height = 239 }, "banner.shape"},
		{"no height", func(b *partnership.Banner) { b.Height = 0 }, "banner.shape"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := fine
			tt.change(&b)
			no, got := new(refuse.Error), ""
			if errors.As(b.Check(), &no) {
				got = no.Key
			}
			if got != tt.refused {
				t.Errorf("Check(%+v) refuses with %q, want %q", b, got, tt.refused)
			}
		})
	}
}

func TestBannerType(t *testing.T) {
	for in, want := range map[string]string{
		"image/png": "image/png", "IMAGE/JPEG": "image/jpeg", "image/webp; charset=x": "image/webp", "image/gif": "image/gif",
		"image/svg+xml": "", "text/html": "", "": "",
	} {
		if got := partnership.BannerType(in); got != want {
			t.Errorf("BannerType(%q) = %q, want %q", in, got, want)
		}
	}
}
