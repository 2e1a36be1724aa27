package interactions_test

import (
	"strings"
	"testing"

	"github.com/entente-bot/entente/internal/apply"
	"github.com/entente-bot/entente/internal/fakediscord"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/view"
)

// TestForeignRecords asks for the records of another guild in every way that
// takes a reference: the answer is, word for word, that for a missing one.
func TestForeignRecords(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	foreign := s.otherGuild()
	waits, partner, form := s.pending(foreign), s.active(foreign), s.draft(foreign)
	card := func(route string, a apply.Application) string { return onCard(route, a) }
	missing := apply.Application{ID: "7999", Applicant: "7998", Server: partnership.Server{ID: "7997"}}
	info := func(id string) routeCase {
		return func(s *stage) (fakediscord.Interaction, error) {
			return s.As(s.Ada, s.Guild, s.Lobby).BuildCommand("partner info", fakediscord.Opt("partner", id))
		}
	}
	deny := func(a apply.Application) routeCase {
		return func(s *stage) (fakediscord.Interaction, error) {
			return s.submit(s.Max, nil, card("apply/deny", a), filled{"reason", "because", ""})
		}
	}
	ends := func(id string) routeCase {
		return func(s *stage) (fakediscord.Interaction, error) { return s.ada("end", fakediscord.Opt("partner", id)) }
	}
	statistics := func(id string) routeCase {
		return func(s *stage) (fakediscord.Interaction, error) {
			return s.As(s.Max, s.Guild, s.Lobby).BuildCommand("partner stats", fakediscord.Opt("partner", id))
		}
	}
	ended := func(route string, a apply.Application) routeCase {
		return func(s *stage) (fakediscord.Interaction, error) { return s.ending(s.Max, route, a, nil) }
	}
	presses := func(user, customID string) routeCase {
		return func(s *stage) (fakediscord.Interaction, error) { return s.press(user, customID) }
	}
	tests := []struct {
		name             string
		foreign, missing routeCase
	}{
		{"option", info(partner.Server.ID), info("7997")},
		{"option, free text", info(partner.Server.Name), info("no ID")},
		{"option, a key", info("7997#x"), info(foreign + "#" + partner.Server.ID)},
		{"about", presses(s.Ada, "partner/info:"+partner.Server.ID), presses(s.Ada, "partner/info:7997")},
		{"about, a key", presses(s.Ada, "partner/info:../"+partner.Server.ID), presses(s.Ada, "partner/info:7997")},
		{"approve", presses(s.Max, card("apply/approve", waits)), presses(s.Max, card("apply/approve", missing))},
		{"approve, decided", presses(s.Max, card("apply/approve", partner)), presses(s.Max, card("apply/approve", missing))},
		{"deny", presses(s.Max, card("apply/deny", waits)), presses(s.Max, card("apply/deny", missing))},
		{"denied", deny(waits), deny(missing)},
		{"end", ends(partner.Server.ID), ends("7997")},
		{"end, a key", ends("7997#x"), ends(foreign + "#" + partner.Server.ID)},
		{"statistics", statistics(partner.Server.ID), statistics("7997")},
		{"statistics, a key", statistics("7997#x"), statistics(foreign + "#" + partner.Server.ID)},
		{"statistics, button", presses(s.Max, "stats/open:"+partner.Server.ID), presses(s.Max, "stats/open:7997")},
		{"statistics, period", presses(s.Max, "stats/show:"+partner.Server.ID+":7:5"), presses(s.Max, "stats/show:7997:7:5")},
		{"ended", ended("end/send", partner), ended("end/send", missing)},
		{"left", ended("end/leave", partner), ended("end/leave", missing)},
		{"end, info", presses(s.Max, view.ID("end/info", partner.Server.ID, partner.ID)), presses(s.Max, "end/info:7997:7999")},
		{"edit", presses(form.Applicant, view.ID("apply/edit", form.ID)), presses(form.Applicant, view.ID("apply/edit", "7999"))},
		{"edit, a key", presses(s.Ada, "apply/edit:7999#x"), presses(s.Ada, view.ID("apply/edit", "7999"))},
	}
	s.AddMember(s.Guild, form.Applicant)
	s.AddMember(s.Guild, partner.Applicant)
	for _, tt := range tests {
		s.logs.take()
		got, want := s.deliver(tt.foreign(s)), s.deliver(tt.missing(s))
		if string(got.Reply) != string(want.Reply) {
			t.Errorf("%s: of another guild:\n%s\nmissing:\n%s", tt.name, got.Reply, want.Reply)
		}
		for _, line := range s.logs.take() {
			if !strings.Contains(line, `"outcome":"refused"`) {
				t.Errorf("%s: logged %s", tt.name, line)
			}
		}
	}
	if a := s.application(foreign, waits.ID); a.Status != apply.Pending {
		t.Errorf("the application of the other guild became %s", a.Status)
	}
}

// otherGuild makes another guild that is set up.
func (s *stage) otherGuild() string {
	s.Helper()
	here := s.Guild
	s.Guild = s.AddGuild(fakediscord.Guild{Name: "Elsewhere", Owner: s.Ada})
	s.InstallBot(s.Guild, fakediscord.All)
	foreign := s.Guild
	chosen := s.chosen(here)
	s.choosing(chosen)
	s.Guild = here
	return foreign
}

// TestForeignSuggestions checks that nothing of another guild is suggested.
func TestForeignSuggestions(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	foreign := s.active(s.otherGuild())
	own := s.active(s.Guild)
	for _, typed := range []string{"", "canary", foreign.Server.Name, foreign.Server.ID, "#", "partnership#"} {
		choices, err := s.As(s.Nora, s.Guild, s.Lobby).Autocomplete(t.Context(), "partner info", "partner", typed)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range choices {
			if c.Value != own.Server.ID {
				t.Errorf("%q suggests %v", typed, c)
			}
		}
		if typed == "" && len(choices) != 1 {
			t.Errorf("%d suggestions, want 1", len(choices))
		}
	}
}

// TestMixedCase presses a button whose parts belong to different applications.
func TestMixedCase(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	a, b := s.pending(s.Guild), s.pending(s.Guild)
	for _, id := range []string{
		view.ID("apply/approve", a.ID, b.Server.ID, a.Applicant),
		view.ID("apply/approve", a.ID, a.Server.ID, b.Applicant),
		view.ID("apply/approve", b.ID, a.Server.ID, a.Applicant),
		view.ID("apply/approve", a.ID, a.Server.ID, ""),
		view.ID("apply/approve", a.ID, "x", a.Applicant),
		view.ID("apply/approve", a.ID, a.Server.ID, a.Applicant+"#"),
	} {
		s.says(s.deliver(s.press(s.Max, id)), "There is no such application here")
	}
	if a, b := s.application(s.Guild, a.ID), s.application(s.Guild, b.ID); a.Status != apply.Pending || b.Status != apply.Pending {
		t.Errorf("they became %s and %s", a.Status, b.Status)
	}
}

// TestStaleButtons uses what was made for a pending application after somebody
// decided: the caller learns who did, and the decision stands.
func TestStaleButtons(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	a := s.pending(s.Guild)
	approve, deny := onCard("apply/approve", a), onCard("apply/deny", a)
	opened := s.deliver(s.press(s.Max, deny))
	s.deliver(s.press(s.Ada, approve))
	decided := s.application(s.Guild, a.ID)

	already := "This was already handled: <@" + s.Ada + "> approved it"
	s.says(s.deliver(s.press(s.Max, approve)), already)
	s.says(s.deliver(s.press(s.Ada, approve)), already)
	s.says(s.deliver(s.press(s.Max, deny)), already)
	late := s.deliver(s.submit(s.Max, opened, deny, filled{"reason", "too late", ""}))
	s.says(late, already)
	if !late.Ephemeral {
		t.Error("everybody sees the refusal")
	}
	if now := s.application(s.Guild, a.ID); now.Status != apply.Approved || now.By != decided.By || now.Reason != "" {
		t.Errorf("the decision became %+v", now)
	}

	b := s.pending(s.Guild)
	opened = s.deliver(s.press(s.Max, onCard("apply/deny", b)))
	s.deliver(s.submit(s.Max, opened, onCard("apply/deny", b), filled{"reason", "not now", ""}))
	s.says(s.deliver(s.press(s.Ada, onCard("apply/approve", b))), "This was already handled: <@"+s.Max+"> denied it")
}

// TestModalAfterRightWasLost submits a modal that was opened while its sender was
// still a manager.
func TestModalAfterRightWasLost(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	a := s.pending(s.Guild)
	id := onCard("apply/deny", a)
	opened := s.deliver(s.press(s.Max, id))
	s.RevokeRole(s.Guild, s.Max, s.Reviewers)
	s.says(s.deliver(s.submit(s.Max, opened, id, filled{"reason", "because", ""})), managersOnly)
	if a = s.application(s.Guild, a.ID); a.Status != apply.Pending {
		t.Errorf("the application became %s", a.Status)
	}
}
