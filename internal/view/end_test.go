package view_test

import (
	"strings"
	"testing"

	"github.com/entente-bot/entente/internal/apply"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/view"
)

// longestEnds are as many partnerships that are over as are shown, with texts as
// long as they can be.
func longestEnds(part string) (list []partnership.Ended) {
	server, ad := full(part)
	for _, why := range []string{partnership.WhyBlocked, partnership.WhyContact, partnership.WhyManager} {
		list = append(list, partnership.Ended{
			Partnership: partnership.Partnership{Partner: longest, Application: longest, Server: server, Ad: ad, Contact: longest, Since: far(), By: longest},
			Ending: partnership.Ending{
				At: far(), EndedBy: longest, Why: why,
				Reason: fill(part, partnership.MaxReason), Farewell: fill(part, partnership.MaxFarewell),
			},
		})
	}
	return list
}

// TestLongestEnds shows whatever is said of an end.
func TestLongestEnds(t *testing.T) {
	t.Parallel()
	for locale, s := range newShows(t) {
		for name, part := range fillers() {
			t.Run(locale+"/"+name, func(t *testing.T) {
				t.Parallel()
				list := longestEnds(part)
				e := list[2]
				a := apply.Application{ID: longest, Applicant: longest, Server: e.Server}
				s.shown(t, view.EndCard(s.Speaker, e))
				s.shown(t, view.EndWord(s.Speaker, e))
				s.shown(t, view.EndNotice(s.Speaker, longest, strings.Repeat(part, 100/len([]rune(part))), e, a))
				s.shown(t, view.EndStopped(s.Speaker, e))
				s.shown(t, view.Whisper(view.EndWarning(s.Speaker, e.Partnership)))
				s.shown(t, view.Whisper(view.EndDone(s.Speaker, e)))
				s.shown(t, view.History(s.Speaker, longest, view.Known{Partner: longest, Ended: list}))
			})
		}
	}
}

// TestEndsInHistory: all that fit are shown, latest first, with their reason.
func TestEndsInHistory(t *testing.T) {
	t.Parallel()
	s := newShow(t)
	list := longestEnds("x")
	for i := range list {
		list[i].Reason = "Reason **" + list[i].Why + "**"
	}
	got := s.shown(t, view.History(s.Speaker, "1", view.Known{Partner: "811111111111111111", Ended: list}))
	for _, want := range []string{
		"ended by <@" + longest + ">: blocked\n> Reason \\*\\*blocked\\*\\*", "ended by <@" + longest + ">, its contact\n> Reason", "ended by <@" + longest + ">\n> Reason",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("it shows:\n%s\nwithout: %s", got, want)
		}
	}
}
