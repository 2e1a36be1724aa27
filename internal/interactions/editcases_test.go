package interactions_test

import (
	"strings"
	"testing"

	"github.com/entente-bot/entente/internal/apply"
	"github.com/entente-bot/entente/internal/edit"
	"github.com/entente-bot/entente/internal/fakediscord"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/view"
)

// What the cases of changed ads and contacts are built of.

// ally is an active partner whose contact is one of no other.
func (s *stage) ally() apply.Application {
	s.Helper()
	return s.active(s.Guild)
}

// changed is the form with another text than the ad of a says.
func changed(a apply.Application) []filled {
	f := form()
	f.Invite, f.Description = "https://discord.gg/"+a.Ad.Invite, "canary-written another @everyone"
	return written(f)
}

func submitEdit(s *stage) (fakediscord.Interaction, error) {
	a := s.ally()
	return s.submit(a.Applicant, nil, view.ID("edit/send", a.Server.ID, "base"), changed(a)...)
}

func directEditStop(s *stage) (fakediscord.Interaction, error) {
	e := s.editing()
	s.deliver(s.press(s.Max, onEdit("edit/approve", e)))
	id := view.ID("edit/stop", s.Guild, e.Application, e.Partner, e.Card)
	return s.As(e.By, "", "").BuildComponent(fakediscord.Ref{ID: "1"}, map[string]any{"component_type": 2, "custom_id": id})
}

func submitEditBare(s *stage) (fakediscord.Interaction, error) {
	a := s.ally()
	return s.submit(a.Applicant, nil, view.ID("edit/bare", a.Server.ID, "base"), changed(a)...)
}

// editing is an edit that waits.
func (s *stage) editing() edit.Edit {
	s.Helper()
	a := s.ally()
	s.deliver(s.submit(a.Applicant, nil, view.ID("edit/send", a.Server.ID, "base"), changed(a)...))
	e, ok := read[edit.Edit](s, edit.Key(s.Guild, a.Server.ID))
	if !ok || !e.Open() {
		s.Fatalf("nothing waits: %+v", e)
	}
	return e
}

// onEdit is the custom ID of a button on the card of an edit.
func onEdit(route string, e edit.Edit) string {
	return view.ID(route, e.ID, e.Partner, e.Card)
}

func pressEditCard(route string) routeCase {
	return func(s *stage) (fakediscord.Interaction, error) { return s.press(s.Max, onEdit(route, s.editing())) }
}

func submitEditDeny(s *stage) (fakediscord.Interaction, error) {
	id := onEdit("edit/deny", s.editing())
	opened := s.deliver(s.press(s.Max, id))
	return s.submit(s.Max, opened, id, filled{"reason", "canary-written @everyone", ""})
}

// pressEditAgain presses Edit and resend below a change that changes nothing.
func pressEditAgain(s *stage) (fakediscord.Interaction, error) {
	a := s.ally()
	f := form()
	f.Invite = "discord.gg/" + a.Ad.Invite
	sent := s.deliver(s.submit(a.Applicant, nil, view.ID("edit/send", a.Server.ID, "base"), written(f)...))
	return s.press(a.Applicant, view.ID("edit/again", sent.Interaction))
}

func commandEdit(s *stage) (fakediscord.Interaction, error) {
	return s.As(s.ally().Applicant, s.Guild, s.Lobby).BuildCommand("partner edit")
}

func commandContact(s *stage) (fakediscord.Interaction, error) {
	return s.ada("edit", fakediscord.Opt("partner", s.ally().Server.ID), fakediscord.Option{Name: "contact", Value: s.newcomer(), Type: 6})
}

// barred is a partner whose contact is on the blocklist.
func (s *stage) barred() apply.Application {
	s.Helper()
	a := s.ally()
	s.deliver(s.ada("block", fakediscord.Option{Name: "user", Value: a.Applicant, Type: 6}))
	return a
}

// pressBarred presses a button about the contact of a partner who is on the blocklist.
func pressBarred(route string) routeCase {
	return func(s *stage) (fakediscord.Interaction, error) {
		a := s.barred()
		return s.press(s.Max, view.ID(route, a.Server.ID, a.Applicant))
	}
}

func chooseNextContact(s *stage) (fakediscord.Interaction, error) {
	a, next := s.barred(), s.newcomer()
	resolved := map[string]any{"users": map[string]any{next: map[string]any{"id": next, "username": "newcomer"}}}
	return s.choose(s.Max, view.ID("contact/choose", a.Server.ID, a.Applicant), 5, resolved, next)
}

func suggestEdit(s *stage) (fakediscord.Interaction, error) {
	return s.As(s.ally().Applicant, s.Guild, s.Lobby).BuildAutocomplete("partner edit", "partner", "canary-written")
}

// TestForeignEdits asks for partners, edits and forms of another guild: the answer
// is, word for word, that for a missing one.
func TestForeignEdits(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	foreign := s.otherGuild()
	here, lobby := s.Guild, s.Lobby
	s.Guild, s.Lobby = foreign, s.hall(foreign)
	e := s.editing()
	a := s.ally()
	s.Guild, s.Lobby = here, lobby
	missing := edit.Edit{ID: "7999", Partner: "7997", Card: "7999"}
	named := func(user, id string) routeCase {
		return func(s *stage) (fakediscord.Interaction, error) {
			return s.As(user, s.Guild, s.Lobby).BuildCommand("partner edit", fakediscord.Opt("partner", id))
		}
	}
	staff := func(id string, contact ...fakediscord.Option) routeCase {
		return func(s *stage) (fakediscord.Interaction, error) {
			return s.ada("edit", append([]fakediscord.Option{fakediscord.Opt("partner", id)}, contact...)...)
		}
	}
	press := func(id string) routeCase {
		return func(s *stage) (fakediscord.Interaction, error) { return s.press(s.Max, id) }
	}
	sends := func(partner string) routeCase {
		return func(s *stage) (fakediscord.Interaction, error) {
			return s.submit(s.Max, nil, view.ID("edit/send", partner, "base"), changed(a)...)
		}
	}
	nora := fakediscord.Option{Name: "contact", Value: s.Nora, Type: 6}
	s.AddMember(s.Guild, a.Applicant)
	for _, tt := range []struct {
		name             string
		foreign, missing routeCase
	}{
		{"by the contact", named(a.Applicant, a.Server.ID), named(a.Applicant, "7997")},
		{"free text", named(a.Applicant, a.Server.Name), named(a.Applicant, "no ID")},
		{"a key", named(s.Ada, "7997#x"), named(s.Ada, foreign+"#"+a.Server.ID)},
		{"by a manager", staff(a.Server.ID), staff("7997")},
		{"its contact", staff(a.Server.ID, nora), staff("7997", nora)},
		{"its contact, free text", staff("../"+a.Server.ID, nora), staff("7997", nora)},
		{"approve", press(onEdit("edit/approve", e)), press(onEdit("edit/approve", missing))},
		{"approve, a key", press("edit/approve:" + e.ID + "#:x:y"), press(onEdit("edit/approve", missing))},
		{"deny", press(onEdit("edit/deny", e)), press(onEdit("edit/deny", missing))},
		{"a form", press(view.ID("edit/again", e.ID)), press(view.ID("edit/again", "7999"))},
		{"send", sends(a.Server.ID), sends("7997")},
	} {
		got, want := s.deliver(tt.foreign(s)), s.deliver(tt.missing(s))
		if string(got.Reply) != string(want.Reply) {
			t.Errorf("%s: of another guild:\n%s\nmissing:\n%s", tt.name, got.Reply, want.Reply)
		}
	}
	if still, _ := read[edit.Edit](s, edit.Key(foreign, e.Partner)); !still.Open() {
		t.Errorf("the edit of the other guild became %+v", still)
	}
}

// TestStaleEdits uses the card of an edit that was decided, replaced, or whose
// manager is none any more.
func TestStaleEdits(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	e := s.editing()
	approve, deny := onEdit("edit/approve", e), onEdit("edit/deny", e)
	opened := s.deliver(s.press(s.Max, deny))
	s.deliver(s.press(s.Ada, approve))
	already := "This was already handled: <@" + s.Ada + "> approved it"
	s.says(s.deliver(s.press(s.Max, approve)), already)
	s.says(s.deliver(s.press(s.Max, deny)), already)
	s.says(s.deliver(s.submit(s.Max, opened, deny, filled{"reason", "too late", ""})), already)
	p, _ := read[partnership.Partnership](s, partnership.Key(s.Guild, e.Partner))
	if !strings.Contains(p.Ad.Description, "another") || strings.Contains(p.Ad.Description, "@everyone") {
		t.Errorf("members see %q", p.Ad.Description)
	}

	e = s.editing()
	deny = onEdit("edit/deny", e)
	opened = s.deliver(s.press(s.Max, deny))
	s.RevokeRole(s.Guild, s.Max, s.Reviewers)
	s.says(s.deliver(s.submit(s.Max, opened, deny, filled{"reason", "because", ""})), managersOnly)
	if still, _ := read[edit.Edit](s, edit.Key(s.Guild, e.Partner)); !still.Open() {
		t.Errorf("the edit became %+v", still)
	}
	mixed := edit.Edit{ID: e.ID, Partner: e.Partner, Card: "7999"}
	s.says(s.deliver(s.press(s.Ada, onEdit("edit/approve", mixed))), "There is no such change here")
}
