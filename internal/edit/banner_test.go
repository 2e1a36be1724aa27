package edit_test

import (
	"testing"

	"github.com/entente-bot/entente/internal/edit"
	"github.com/entente-bot/entente/internal/partnership"
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
