package view_test

import (
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/bump"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/view"
)

const week = 7 * 24 * time.Hour

// weekly is how the bumps of partner stand, seen by its contact at the given time.
func weekly(now time.Time) view.Bumps {
	return view.Bumps{Every: week, Now: now, Contact: true}
}

// longestBumps show as much as can be shown.
func longestBumps() view.Bumps {
	b := weekly(noon())
	b.Bump = bump.Bump{At: noon(), User: longest, Untold: true}
	b.Manager = true
	return b
}

func TestBump(t *testing.T) {
	t.Parallel()
	s := newShow(t)
	p := partner()
	show := func(b view.Bumps) string { return s.shown(t, view.Whisper(view.Bump(s.Speaker, "Said.", p, b)...)) }
	fresh, due, off := weekly(noon()), weekly(noon().Add(week)), weekly(noon())
	off.Every = 0
	here, direct, untold := fresh, due, fresh
	here.Bump = bump.Bump{At: noon(), User: p.Contact, Remind: bump.Here}
	direct.Bump = bump.Bump{User: p.Contact, Remind: bump.Direct}
	untold.Bump = bump.Bump{User: p.Contact, Untold: true}
	early, manager := fresh, due
	early.Contact, early.Manager = false, true
	manager.Contact, manager.Manager = false, true
	golden(t, "bump", lines(
		show(fresh), show(due), show(off), show(here), show(direct), show(untold), show(early), show(manager),
		s.shown(t, view.BumpReminder(s.Speaker, p)),
		s.shown(t, view.BumpDirect(s.Speaker, "2", "Harbour", p, noon())),
		s.shown(t, view.BumpDirectDone(s.Speaker, "2", p, here)),
		s.shown(t, view.BumpStopped(s.Speaker))))
}

// TestLongestBump shows the longest of everything about bumps, in every language.
func TestLongestBump(t *testing.T) {
	t.Parallel()
	shows := newShows(t)
	for name, part := range fillers() {
		for locale, s := range shows {
			t.Run(locale+"/"+name, func(t *testing.T) {
				t.Parallel()
				server, ad := full(part)
				p := partnership.Partnership{Partner: longest, Server: server, Ad: ad, Contact: longest, Since: noon()}
				s.shown(t, view.Whisper(view.Bump(s.Speaker, s.Say("bump.early", "server", partnership.Named(server), "until", "x"), p, longestBumps())...))
				m := view.BumpReminder(s.Speaker, p)
				s.shown(t, m)
				if users := m.AllowedMentions.Users; len(users) != 1 || users[0].String() != longest {
					t.Errorf("it may notify %v", users)
				}
				s.shown(t, view.BumpDirect(s.Speaker, longest, server.Name, p, noon()))
				s.shown(t, view.BumpDirectDone(s.Speaker, longest, p, longestBumps()))
			})
		}
	}
	for _, id := range []string{
		view.ID("bump/remind", longest, string(bump.Direct), view.BumpPosted), view.ID("bump/stop", longest, longest+"-9999999999"),
	} {
		if len(id) > 100 {
			t.Errorf("%s has %d characters", id, len(id))
		}
	}
}
