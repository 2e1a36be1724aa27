package edit_test

import (
	"testing"

	"github.com/entente-bot/entente/internal/edit"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/storage"
)

// TestBannerAway takes the banner of an ad away: by an edit that is approved, and
// by a manager's. A newer edit leaves it away.
func TestBannerAway(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	f := form("Before")
	f.Banner = partnership.Banner{Type: "image/png", Size: 9, Width: 800, Height: 300, Source: "https://cdn.discordapp.com/x"}
	d.send("10", "rio", false, f)
	d.approve(edit.CaseOf(d.latest()))
	bare := form("Before")
	bare.Bare = true
	d.send("11", "rio", false, bare)
	if e := d.latest(); e.Ad.Banner != (partnership.Banner{}) || !d.partnership().Ad.Banner.Shown() {
		t.Errorf("waits: %+v, members see %+v", e.Ad.Banner, d.partnership().Ad.Banner)
	}
	d.send("12", "rio", false, form("After"))
	d.approve(edit.CaseOf(d.latest()))
	if b := d.partnership().Ad.Banner; b != (partnership.Banner{}) {
		t.Errorf("members see %+v", b)
	}
	d.send("13", "max", true, f)
	d.send("14", "max", true, bare)
	if b := d.partnership().Ad.Banner; b != (partnership.Banner{}) {
		t.Errorf("a manager took it away, and members see %+v", b)
	}
}

// TestBanner keeps the banner that is there unless another one is sent.
func TestBanner(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	f := form("Before")
	f.Banner = partnership.Banner{Type: "image/png", Size: 9, Width: 800, Height: 300, Source: "https://cdn.discordapp.com/x"}
	d.send("10", "rio", false, f)
	d.send("11", "rio", false, form("After"))
	if b := d.latest().Ad.Banner; b.Edit != "10" || b.Card != "10" {
		t.Errorf("the banner that waits was forgotten: %+v", b)
	}
	d.approve(edit.CaseOf(d.latest()))
	d.send("12", "rio", false, form("Again"))
	e := d.latest()
	if e.Ad.Banner != d.partnership().Ad.Banner || e.Ad.Banner.Edit != "10" {
		t.Errorf("the banner changed: %+v", e.Ad.Banner)
	}
	f = form("Again")
	f.Banner = partnership.Banner{Type: "image/png", Size: 9, Width: 800, Height: 300, Source: "https://cdn.discordapp.com/y"}
	d.send("13", "rio", false, f)
	d.does(edit.FollowKeys("g", d.latest()), func(tx *storage.Tx) error {
		edit.Lose(tx, "g", "8", "13")
		return nil
	})
	if e := d.latest(); !e.Lost || e.Ad.Banner.Edit != "10" {
		t.Errorf("after the new one was lost: %+v", e)
	}
}
