package view

import (
	"slices"
	"strings"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/partnership"
)

// maxAbout is how many characters of a line on what is blocked name partners.
const maxAbout = 100

// An alike is what is blocked of one kind and for one reason.
type alike struct {
	action.Stop // the first of it, since when the earliest was blocked
	count       int
	partners    []string // what those are called that it is about
}

// grouped puts together what is alike, in the order of the first of each.
func grouped(stops []action.Stop, names partnership.Names) (groups []alike) {
	called := make(map[string]string, len(names.List))
	for _, n := range names.List {
		called[n.ID] = n.Name
	}
	for _, stop := range stops {
		i := slices.IndexFunc(groups, func(a alike) bool {
			return a.Name == stop.Name && a.Reason.Key == stop.Reason.Key && slices.Equal(a.Reason.Args, stop.Reason.Args)
		})
		if i < 0 {
			i, groups = len(groups), append(groups, alike{Stop: stop})
		}
		a := &groups[i]
		a.count++
		if stop.Since.Before(a.Since) {
			a.Since = stop.Since
		}
		if name := called[stop.Subject]; name != "" {
			a.partners = append(a.partners, name)
		}
	}
	return groups
}

// said is what fills in a line on a.
func (a alike) said(s Speaker) []string {
	return []string{"what", a.what(s), "since", ago(a.Since), "why", s.Say(a.Reason.Key, a.Reason.Args...)}
}

// what says what is blocked, how often, and of which partners.
func (a alike) what(s Speaker) string {
	what := s.Say("action." + a.Name)
	if a.count > 1 {
		what = s.Say("status.times", "what", what, "count", s.Count(a.count))
	}
	if len(a.partners) == 0 {
		return what
	}
	names := partnership.Cut(strings.Join(a.partners, ", "), maxAbout)
	return s.Say("status.about", "what", what, "partners", partnership.Plain(names))
}
