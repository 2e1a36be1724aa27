package interactions_test

import (
	"testing"

	"github.com/entente-bot/entente/internal/block"
	"github.com/entente-bot/entente/internal/fakediscord"
	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/view"
)

// A routeCase prepares what a route needs and returns an interaction that takes it
// to its end: not to a refusal. Several may be built on one stage.
type routeCase func(s *stage) (fakediscord.Interaction, error)

// caseOf returns the case of a route. A route without one fails.
func caseOf(t testing.TB, route string) routeCase {
	t.Helper()
	c, ok := cases()[route]
	if !ok {
		t.Fatalf("%s has no case: add it to cases_test.go", route)
	}
	return c
}

// cases has one for every route: the tests over all routes fail for a route
// that has none.
func cases() map[string]routeCase {
	return map[string]routeCase{
		"command partner apply": func(s *stage) (fakediscord.Interaction, error) {
			return s.As(s.newcomer(), s.Guild, s.Lobby).BuildCommand("partner apply")
		},
		"command partner bump": func(s *stage) (fakediscord.Interaction, error) {
			p := s.bumpable(s.newcomer())
			return s.As(p.Contact, s.Guild, s.Lobby).BuildCommand("partner bump")
		},
		"command partner edit":      commandEdit,
		"command partnerships edit": commandContact,
		"suggest partner edit":      suggestEdit,
		"suggest partnerships edit": suggest("edit", "partner"),
		"press contact/other":       pressBarred("contact/other"),
		"press contact/keep":        pressBarred("contact/keep"),
		"press contact/choose":      chooseNextContact,
		"press drift/accept":        pressDrift("drift/accept", "1"),
		"press drift/hide":          pressDrift("drift/hide", "1"),
		"press drift/end":           pressDrift("drift/end"),
		"direct drift/stop":         directDriftStop,
		"press edit/again":          pressEditAgain,
		"press edit/approve":        pressEditCard("edit/approve"),
		"press edit/deny":           pressEditCard("edit/deny"),
		"submit edit/deny":          submitEditDeny,
		"submit edit/send":          submitEdit,
		"submit edit/bare":          submitEditBare,
		"command partner end":       commandEnd,
		"command partnerships end":  commandEndStaff,
		"suggest partner end":       suggestEnd,
		"suggest partnerships end":  suggest("end", "partner"),
		"press end/info":            pressEnded,
		"submit end/leave":          submitLeave,
		"submit end/send":           submitEnd,
		"direct end/stop":           directEndStop,
		"direct joins/stop":         directJoinsStop,
		"direct edit/stop":          directEditStop,
		"command partner info": func(s *stage) (fakediscord.Interaction, error) {
			a := s.active(s.Guild)
			return s.As(s.Nora, s.Guild, s.Lobby).BuildCommand("partner info", fakediscord.Opt("partner", a.Server.ID))
		},
		"command partner list": func(s *stage) (fakediscord.Interaction, error) {
			s.active(s.Guild)
			return s.As(s.Nora, s.Guild, s.Lobby).BuildCommand("partner list")
		},
		"command partner withdraw": func(s *stage) (fakediscord.Interaction, error) {
			return s.As(s.pending(s.Guild).Applicant, s.Guild, s.Lobby).BuildCommand("partner withdraw")
		},
		"command partnerships add": func(s *stage) (fakediscord.Interaction, error) {
			return s.ada("add", fakediscord.Opt("invite", "discord.gg/lighthouse"), fakediscord.Opt("contact", s.Nora))
		},
		"command partnerships block": commandBlock,
		"command partner forget": func(s *stage) (fakediscord.Interaction, error) {
			return s.As(s.pending(s.Guild).Applicant, s.Guild, s.Lobby).BuildCommand("partner forget")
		},
		"press forget/confirm": func(s *stage) (fakediscord.Interaction, error) {
			return s.press(s.pending(s.Guild).Applicant, "forget/confirm")
		},
		"command partnerships blocklist": command1("blocklist"),
		"command partnerships export":    command1("export"),
		"command partnerships info": func(s *stage) (fakediscord.Interaction, error) {
			return s.ada("info", fakediscord.Opt("partner", s.active(s.Guild).Server.ID))
		},
		"command partnerships panel":  command1("panel"),
		"command partnerships queue":  command1("queue"),
		"command partnerships setup":  command1("setup"),
		"command partnerships status": command1("status"),
		"command partnerships unblock": func(s *stage) (fakediscord.Interaction, error) {
			return s.ada("unblock", fakediscord.Opt("entry", s.blocked().String()))
		},

		"suggest partner bump": func(s *stage) (fakediscord.Interaction, error) {
			p := s.bumpable(s.newcomer())
			return s.As(p.Contact, s.Guild, s.Lobby).BuildAutocomplete("partner bump", "partner", "canary-written")
		},
		"suggest partner info": func(s *stage) (fakediscord.Interaction, error) {
			s.active(s.Guild)
			return s.As(s.Nora, s.Guild, s.Lobby).BuildAutocomplete("partner info", "partner", "canary-written")
		},
		"suggest partnerships info":    suggest("info", "partner"),
		"suggest partnerships block":   suggest("block", block.Server),
		"suggest partnerships unblock": suggest("unblock", "entry"),

		"press add/edit":      pressAddEdit,
		"press apply/approve": pressCard("apply/approve"),
		"press apply/deny":    pressCard("apply/deny"),
		"press apply/block":   pressCard("apply/block"),
		"press apply/claim":   pressCard("apply/claim"),
		"press apply/release": pressRelease,
		"press apply/ask": func(s *stage) (fakediscord.Interaction, error) {
			return s.press(s.Max, s.asking())
		},
		"press apply/edit":     pressEdit,
		"press apply/notify":   pressOwn("apply/notify", "on"),
		"press apply/regret":   pressOwn("apply/regret"),
		"press apply/withdraw": pressOwn("apply/withdraw"),
		"press audit/open":     pressAs("audit/open:1"),
		"press audit/page":     pressAs("audit/page:all:latest"),
		"press block/confirm":  pressConfirm,
		"press block/list":     pressAs("block/list:1"),
		"press bump/do": func(s *stage) (fakediscord.Interaction, error) {
			return s.press(s.Max, view.ID("bump/do", s.bumpable(s.newcomer()).Partner))
		},
		"press bump/remind": func(s *stage) (fakediscord.Interaction, error) {
			p := s.bumpable(s.newcomer())
			return s.press(p.Contact, view.ID("bump/remind", p.Partner, "here", view.BumpInfo))
		},
		"press panel/apply": func(s *stage) (fakediscord.Interaction, error) {
			return s.press(s.newcomer(), view.ID("panel/apply", s.Lobby))
		},
		"press panel/ticket": func(s *stage) (fakediscord.Interaction, error) {
			s.takeTickets()
			return s.press(s.newcomer(), view.ID("panel/ticket", s.Lobby))
		},
		"press panel/remove": pressPanel("panel/remove"),
		"press panel/renew":  pressPanel("panel/renew"),
		"press partner/info": func(s *stage) (fakediscord.Interaction, error) {
			return s.press(s.Nora, view.ID("partner/info", s.active(s.Guild).Server.ID))
		},
		"press partner/list": pressAs("partner/list:1"),
		"press queue/open":   pressAs("queue/open:1"),
		"press queue/page":   pressAs("queue/page:1"),
		"press queue/show": func(s *stage) (fakediscord.Interaction, error) {
			return s.choose(s.Max, "queue/show:0", 3, map[string]any{}, s.pending(s.Guild).ID)
		},
		"press setup/bumps":      pressAs("setup/bumps"),
		"press setup/categories": pressAs("setup/categories"),
		"press setup/category":   chooseChannel("setup/category"),
		"press setup/check":      pressAs("setup/check"),
		"press setup/contact":    chooseContact,
		"press setup/ending":     pressAs("setup/ending:archive"),
		"press setup/entrance":   chooseChannel("setup/entrance"),
		"press setup/markers":    pressAs("setup/markers:on"),
		"press setup/stay":       pressAs("setup/stay"),
		"press setup/track":      pressAs("setup/track:on"),
		"press setup/forum":      chooseChannel("setup/forum"),
		"press setup/index":      chooseChannel("setup/index"),
		"press setup/intake":     pressAs("setup/intake:open"),
		"press setup/log":        chooseChannel("setup/log"),
		"press setup/managers":   chooseRole("setup/managers"),
		"press setup/minimum":    pressAs("setup/minimum"),
		"press setup/mode":       chooseWords("setup/mode", "single"),
		"press setup/review":     chooseChannel("setup/review"),
		"press setup/section":    chooseWords("setup/section", "review"),
		"press setup/showcase":   chooseChannel("setup/showcase"),
		"press setup/sources":    chooseWords("setup/sources", "slash", "panel", "ticket"),
		"press setup/tickets":    chooseChannel("setup/tickets"),
		"press setup/viewers":    chooseRole("setup/viewers"),
		"press setup/waiting":    pressAs("setup/waiting"),
		"press status/retry":     pressAs("status/retry"),
		"command partner stats":  commandStats,
		"suggest partner stats":  suggestStats,
		"press stats/open":       pressStats("stats/open"),
		"press stats/show":       pressStats("stats/show", "90", "900000000000000001"),
		"press ticket/back": func(s *stage) (fakediscord.Interaction, error) {
			id, user := s.ticket()
			return s.press(user, view.ID("ticket/back", id))
		},
		"press ticket/close": func(s *stage) (fakediscord.Interaction, error) {
			id, user := s.ticket()
			return s.press(user, view.ID("ticket/close", id, user))
		},
		"press ticket/edit": pressTicketEdit,
		"press ticket/form": func(s *stage) (fakediscord.Interaction, error) {
			id, user := s.ticket()
			return s.press(user, view.ID("ticket/form", id))
		},
		"press ticket/join": func(s *stage) (fakediscord.Interaction, error) {
			id, _ := s.ticket()
			return s.press(s.Max, view.ID("ticket/join", id))
		},

		"submit add/send": func(s *stage) (fakediscord.Interaction, error) {
			return s.submit(s.Ada, nil, view.ID("add/send", s.Nora, "lighthouse"), written(form())[1:]...)
		},
		"submit apply/ask": func(s *stage) (fakediscord.Interaction, error) {
			id := s.asking()
			return s.submit(s.Max, s.deliver(s.press(s.Max, id)), id, filled{"question", "canary-written @everyone?", ""})
		},
		"submit apply/block": func(s *stage) (fakediscord.Interaction, error) {
			id := onCard("apply/block", s.pending(s.Guild))
			return s.submit(s.Max, s.deliver(s.press(s.Max, id)), id,
				filled{"who", "", "both"}, filled{"reason", "canary-written @everyone", ""}, filled{"days", "2", ""})
		},
		"submit apply/deny":       submitDeny,
		"submit apply/send":       submitForm,
		"submit setup/bumps":      submitSetup("setup/bumps", filled{"bump", "14", ""}),
		"submit setup/stay":       submitSetup("setup/stay", filled{"stay", "3600", ""}),
		"submit setup/categories": submitSetup("setup/categories", filled{"categories", "Community\nOther", ""}),
		"submit setup/minimum": submitSetup("setup/minimum",
			filled{"minimum", "1,000", ""}, filled{"cooldown", "24", ""}, filled{"active", "0", ""}),
		"submit setup/waiting": submitSetup("setup/waiting", filled{"expiry", "30", ""}, filled{"remind", "4", ""}),
		"submit ticket/send": func(s *stage) (fakediscord.Interaction, error) {
			id, user := s.ticket()
			return s.submit(user, nil, view.ID("ticket/send", id), written(form())...)
		},

		"direct bump/do":   directBump("bump/do", ""),
		"direct bump/stop": directBump("bump/stop", "-1795262400"),
		"direct apply/stop": func(s *stage) (fakediscord.Interaction, error) {
			a := s.active(s.Guild)
			on := fakediscord.Ref{ID: "1"}
			id := view.ID("apply/stop", s.Guild, a.ID, a.Server.ID, a.Applicant)
			return s.As(a.Applicant, "", "").BuildComponent(on, map[string]any{"component_type": 2, "custom_id": id})
		},
	}
}

// takeTickets has applications taken in tickets, too.
func (s *stage) takeTickets() {
	s.Helper()
	chosen := s.chosen(s.Guild)
	chosen.Tickets, chosen.Sources = s.Lobby, settings.Sources{Slash: true, Panel: true, Ticket: true}
	s.choosing(chosen)
}
