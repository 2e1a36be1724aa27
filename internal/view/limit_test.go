package view_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/apply"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/post"
	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/showcase"
	"github.com/entente-bot/entente/internal/view"
)

// longest is the longest ID.
const longest = "18446744073709551615"

// fillers are what texts are filled with: what grows when it is escaped, what
// counts twice, what is many bytes, and what pings.
func fillers() map[string]string {
	return map[string]string{"markdown": "*", "letters": "x", "emoji": "🦆", "script": "港", "mentions": "@everyone <@1> ", "lines": "a\n\n"}
}

// fill repeats part up to limit, as a person could.
func fill(part string, limit int) string {
	return partnership.Clean(strings.Repeat(part, limit), limit)
}

// full is a server, with its ad, whose every text is as long as it can be.
func full(part string) (partnership.Server, partnership.Ad) {
	return partnership.Server{
			ID: longest, Name: strings.Repeat(part, 100/len([]rune(part))), Icon: strings.Repeat("a", 34),
			Members: 1_000_000_000, Online: 1_000_000_000, Verification: 4, NSFW: 1, Seen: noon(),
		}, partnership.Ad{
			Invite: strings.Repeat("a", 32), Category: fill(part, partnership.MaxCategory),
			Description: fill(part, partnership.MaxDescription), Highlights: fill(part, partnership.MaxHighlights),
		}
}

// TestLongestTexts shows everything with texts as long as they can be.
func TestLongestTexts(t *testing.T) {
	t.Parallel()
	shows := newShows(t)
	for name, part := range fillers() {
		for locale, s := range shows {
			t.Run(locale+"/"+name, func(t *testing.T) {
				t.Parallel()
				server, ad := full(part)
				a := apply.Application{
					ID: longest, Status: apply.Pending, Applicant: longest, Server: server, Ad: ad, Sent: noon(),
					Earlier: apply.Standing{Denied: 1_000_000, Latest: apply.Latest{ID: longest, Status: apply.Pending, At: noon(), Members: 2_000_000_000}},
				}
				s.shown(t, view.Card(s.Speaker, a, settings.Settings{Minimum: settings.MaxMinimum}))
				for _, status := range []apply.Status{apply.Approved, apply.Denied} {
					a.Status, a.By, a.Settled = status, longest, noon()
					a.Reason, a.Note = fill(part, apply.MaxReason), fill(part, apply.MaxNote)
					s.shown(t, view.Card(s.Speaker, a, settings.Settings{Minimum: settings.MaxMinimum}))
					s.shown(t, view.Answer(s.Speaker, apply.Draft{}, a))
				}
				p := partnership.Partnership{Partner: longest, Application: longest, Server: server, Ad: ad, Contact: longest, Since: noon(), By: longest}
				s.shown(t, view.Listing(s.Speaker, p))
				s.shown(t, view.PlainListing(s.Speaker, p))
				s.shown(t, view.Lifted(s.Speaker, p, longest))
				for _, plain := range []bool{false, true} {
					s.shown(t, view.Ended(s.Speaker, partnership.Ended{Partnership: p, Ending: partnership.Ending{At: noon()}}, plain))
				}
				s.shown(t, view.Whisper(view.Info(s.Speaker, longest, p, post.Post{Channel: longest, Message: longest}, longestBumps())))
				s.shown(t, view.Whisper(view.Latest(s.Speaker, apply.Latest{ID: longest, Name: server.Name, Status: apply.Denied, At: noon(), Reason: a.Reason})))
			})
		}
	}
}

// TestLongestList shows full pages of partners, each in a category of its own.
func TestLongestList(t *testing.T) {
	t.Parallel()
	shows := newShows(t)
	for name, part := range fillers() {
		for locale, s := range shows {
			t.Run(locale+"/"+name, func(t *testing.T) {
				t.Parallel()
				var partners []partnership.Partnership
				server, ad := full(part)
				for i := range 100 {
					each := ad
					each.Category = partnership.Cut(string(rune('a'+i%26))+ad.Category, partnership.MaxCategory)
					partners = append(partners, partnership.Partnership{Partner: longest, Server: server, Ad: each, Since: noon()})
				}
				for page := range 9 {
					s.shown(t, view.List(s.Speaker, partners, 1, page))
				}
			})
		}
	}
}

// TestFullestSetup shows the panel with as many managers as can be, and more
// blocked actions than it names, each with the longest reason there is.
func TestFullestSetup(t *testing.T) {
	t.Parallel()
	for _, s := range newShows(t) {
		fullestSetup(t, s)
	}
}

func fullestSetup(t *testing.T, s show) {
	t.Helper()
	chosen := settings.Default()
	chosen.Review, chosen.Showcase, chosen.Minimum, chosen.Closed = longest, "18446744073709551614", settings.MaxMinimum, true
	for i := range settings.MaxRoles {
		chosen.Managers = append(chosen.Managers, "184467440737095516"+string(rune('0'+i/10))+string(rune('0'+i%10)))
	}
	for _, n := range []int{1, 5, 6, 100} {
		s.shown(t, view.Setup(s.Speaker, view.Configuration{Settings: chosen, Stops: stops(n), Move: showcase.Move{All: 100}}))
	}
	for _, key := range []string{"worker.no-history", "discord.permission_role", "discord.text_refused", "a key of a later version"} {
		var list []action.Stop
		for i := range 100 {
			list = append(list, action.Stop{
				Ref:    action.Ref{Name: "showcase.sync", Guild: longest, Subject: longest},
				Reason: action.Reason{Key: key, Args: []string{"channel", longest, "role", longest, "alike", strconv.Itoa(i / 20)}},
			})
		}
		s.shown(t, view.Setup(s.Speaker, view.Configuration{Settings: chosen, Stops: list, Names: starred()}))
	}
}

// starred names a partner as long as can be, in characters that are written as two.
func starred() partnership.Names {
	return partnership.Names{List: []partnership.Name{{ID: longest, Name: strings.Repeat("*", partnership.MaxName)}}}
}

// TestEmptyTexts shows what an older version, or a hand, may have kept: nothing
// where there should be something. Discord takes no empty text.
func TestEmptyTexts(t *testing.T) {
	t.Parallel()
	for _, s := range newShows(t) {
		emptyTexts(t, s)
	}
}

func emptyTexts(t *testing.T, s show) {
	t.Helper()
	s.shown(t, view.Card(s.Speaker, apply.Application{ID: "1", Status: apply.Pending}, settings.Settings{Minimum: 0}))
	s.shown(t, view.Listing(s.Speaker, partnership.Partnership{Partner: "1"}))
	s.shown(t, view.Whisper(view.Info(s.Speaker, "1", partnership.Partnership{Partner: "1"}, post.Post{}, view.Bumps{})))
	s.shown(t, view.List(s.Speaker, []partnership.Partnership{{}}, 1, 0))
	s.shown(t, view.Setup(s.Speaker, view.Configuration{Stops: []action.Stop{{}}}))
}

// TestShortcuts holds the small promises of the package.
func TestShortcuts(t *testing.T) {
	t.Parallel()
	english := newShow(t).Speaker
	for n, want := range map[int]string{0: "0", 12: "12", 999: "999", 1000: "1,000", 1234567: "1,234,567", -1000: "-1,000", -100: "-100"} {
		if got := english.Count(n); got != want {
			t.Errorf("Count(%d) = %q, want %q", n, got, want)
		}
	}
	id := view.ID("apply/approve", longest, longest, longest)
	if len(id) > 100 {
		t.Errorf("the custom ID has %d characters, Discord takes 100: %s", len(id), id)
	}
}
