package local_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/entente-bot/entente/internal/fakediscord"
	"github.com/entente-bot/entente/internal/settings"
)

// TestMoveHundred moves a hundred listings from channels to posts and back, under
// rate limits like Discord's: as many requests each as Discord's, in windows a
// fortieth as long, since the test waits for them on the real clock. Nothing is
// sent too soon, nothing twice, and hardly a request more than must be.
func TestMoveHundred(t *testing.T) {
	t.Parallel()
	const n = 100
	s := newStage(t)
	var limits []fakediscord.Limit
	for _, l := range fakediscord.DiscordLimits() {
		if !l.Global {
			l.Per /= 40
		}
		limits = append(limits, l)
	}
	s.LimitRates(limits...)
	s.places(settings.Channels)
	ids := s.partners(n)
	s.drain() // time goes by as it does: who skips some is let send again too soon

	moves := []struct {
		to    settings.Mode
		least int // a post, or a channel with its message, made for each, and the old place deleted; the tags, or a category
	}{
		{settings.Forum, 2*n + 2},
		{settings.Channels, 3*n + 1},
	}
	for _, m := range moves {
		s.ResetRequests()
		s.places(m.to)
		s.drain()
		for _, id := range ids {
			list := s.listings(id)
			if len(list) != 1 {
				t.Fatalf("%d listings of a partner stand, want 1", len(list))
			}
			if ch, _ := s.Channel(list[0].Channel); (ch.Parent == s.Forum) != (m.to == settings.Forum) {
				t.Fatalf("a listing stands in %+v", ch)
			}
		}
		asked, routes := 0, make(map[string]int)
		for _, r := range s.Requests() {
			if r.Status == 429 {
				t.Errorf("%s %s came too soon", r.Method, r.Path)
			}
			if strings.Contains(r.Route, "/members/") || r.Route == "/guilds/{guild}" || strings.HasSuffix(r.Route, "/roles") {
				continue // the look at the permissions after a change of the settings
			}
			asked++
			routes[r.Method+" "+r.Route]++
		}
		for _, r := range slices.Sorted(maps.Keys(routes)) {
			t.Log(m.to, r, routes[r])
		}
		t.Logf("to mode %s: %d requests, the least is %d", m.to, asked, m.least)
		if asked > m.least*110/100 {
			t.Errorf("to mode %s it took %d requests, the least is %d", m.to, asked, m.least)
		}
	}
}
