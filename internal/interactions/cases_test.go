package interactions_test

import (
	"strings"

	"github.com/entente-bot/entente/internal/apply"
	"github.com/entente-bot/entente/internal/fakediscord"
	"github.com/entente-bot/entente/internal/view"
)

// A routeCase prepares what a route needs and returns an interaction that takes it
// to its end: not to a refusal. Several may be built on one stage.
type routeCase func(s *stage) (fakediscord.Interaction, error)

// cases has one for every route: the tests over all routes fail for a route
// that has none.
func cases() map[string]routeCase {
	return map[string]routeCase{
		"command partner apply": func(s *stage) (fakediscord.Interaction, error) {
			return s.As(s.newcomer(), s.Guild, s.Lobby).BuildCommand("partner apply")
		},
		"command partner info": func(s *stage) (fakediscord.Interaction, error) {
			a := s.active(s.Guild)
			return s.As(s.Nora, s.Guild, s.Lobby).BuildCommand("partner info", fakediscord.Opt("partner", a.Server.ID))
		},
		"command partner list": func(s *stage) (fakediscord.Interaction, error) {
			s.active(s.Guild)
			return s.As(s.Nora, s.Guild, s.Lobby).BuildCommand("partner list")
		},
		"command partnerships setup": func(s *stage) (fakediscord.Interaction, error) {
			return s.As(s.Ada, s.Guild, s.Lobby).BuildCommand("partnerships setup")
		},
		"suggest partner info": func(s *stage) (fakediscord.Interaction, error) {
			s.active(s.Guild)
			return s.As(s.Nora, s.Guild, s.Lobby).BuildAutocomplete("partner info", "partner", "canary-written")
		},
		"press apply/approve":  pressCard("apply/approve"),
		"press apply/deny":     pressCard("apply/deny"),
		"press apply/edit":     pressEdit,
		"press partner/info":   pressInfo,
		"press partner/list":   pressAs("partner/list:1"),
		"press setup/minimum":  pressAs("setup/minimum"),
		"press setup/intake":   pressAs("setup/intake:open"),
		"press setup/review":   chooseChannel("setup/review"),
		"press setup/showcase": chooseChannel("setup/showcase"),
		"press setup/managers": func(s *stage) (fakediscord.Interaction, error) {
			resolved := map[string]any{"roles": map[string]any{s.Reviewers: map[string]any{"id": s.Reviewers, "managed": false}}}
			return s.choose(s.Ada, "setup/managers", 6, resolved, s.Reviewers)
		},
		"submit apply/send":    submitForm,
		"submit apply/deny":    submitDeny,
		"submit setup/minimum": submitMinimum,
	}
}

// pressAs is Ada's press of a button.
func pressAs(customID string) routeCase {
	return func(s *stage) (fakediscord.Interaction, error) { return s.press(s.Ada, customID) }
}

// pressCard is Max's press of a button on the review card of a new application.
func pressCard(route string) routeCase {
	return func(s *stage) (fakediscord.Interaction, error) {
		return s.press(s.Max, onCard(route, s.pending(s.Guild)))
	}
}

// onCard is the custom ID of a button on a's review card.
func onCard(route string, a apply.Application) string {
	return view.ID(route, a.ID, a.Server.ID, a.Applicant)
}

func pressEdit(s *stage) (fakediscord.Interaction, error) {
	d := s.draft(s.Guild)
	return s.press(d.Applicant, view.ID("apply/edit", d.ID))
}

func pressInfo(s *stage) (fakediscord.Interaction, error) {
	a := s.active(s.Guild)
	return s.press(s.Nora, view.ID("partner/info", a.Server.ID))
}

// chooseChannel is Ada's choice of the channel that is chosen already.
func chooseChannel(customID string) routeCase {
	return func(s *stage) (fakediscord.Interaction, error) {
		chosen := s.Review
		if strings.HasSuffix(customID, "showcase") {
			chosen = s.Showcase
		}
		resolved := map[string]any{"channels": map[string]any{chosen: map[string]any{"id": chosen, "type": 0}}}
		return s.choose(s.Ada, customID, 8, resolved, chosen)
	}
}

func submitForm(s *stage) (fakediscord.Interaction, error) {
	return sendForm(s.As(s.newcomer(), s.Guild, s.Lobby), form())
}

func submitDeny(s *stage) (fakediscord.Interaction, error) {
	id := onCard("apply/deny", s.pending(s.Guild))
	opened := s.deliver(s.press(s.Max, id))
	return s.submit(s.Max, opened, id,
		filled{"reason", "canary-written @everyone", ""}, filled{"note", "canary-written <@&3>", ""})
}

func submitMinimum(s *stage) (fakediscord.Interaction, error) {
	opened := s.deliver(s.press(s.Ada, "setup/minimum"))
	return s.submit(s.Ada, opened, "setup/minimum", filled{"minimum", "1,000", ""})
}
