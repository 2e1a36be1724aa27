package interactions_test

import (
	"strings"
	"time"

	"github.com/entente-bot/entente/internal/apply"
	"github.com/entente-bot/entente/internal/block"
	"github.com/entente-bot/entente/internal/fakediscord"
	"github.com/entente-bot/entente/internal/panel"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/storage"
	"github.com/entente-bot/entente/internal/ticket"
	"github.com/entente-bot/entente/internal/view"
)

// What the cases of routes are built of.

// ada builds Ada's use of /partnerships.
func (s *stage) ada(sub string, options ...fakediscord.Option) (fakediscord.Interaction, error) {
	return s.As(s.Ada, s.Guild, s.Lobby).BuildCommand("partnerships "+sub, options...)
}

// command1 is Ada's use of /partnerships with nothing more, while there is
// something to show.
func command1(sub string) routeCase {
	return func(s *stage) (fakediscord.Interaction, error) {
		s.blocked()
		s.pending(s.Guild)
		return s.ada(sub)
	}
}

// commandBlock blocks a server that is no partner, and a user.
func commandBlock(s *stage) (fakediscord.Interaction, error) {
	a := s.pending(s.Guild)
	return s.ada("block", fakediscord.Opt("server", a.Server.ID), fakediscord.Opt("user", a.Applicant),
		fakediscord.Opt("reason", "canary-written @everyone"), fakediscord.Opt("days", 3))
}

// suggest is what Ada types into an option of /partnerships.
func suggest(sub, option string) routeCase {
	return func(s *stage) (fakediscord.Interaction, error) {
		s.active(s.Guild)
		s.pending(s.Guild)
		s.blocked()
		return s.As(s.Ada, s.Guild, s.Lobby).BuildAutocomplete("partnerships "+sub, option, "canary-written")
	}
}

// blocked puts a server on the blocklist.
func (s *stage) blocked() block.Target {
	s.Helper()
	id, _ := s.AddPartner("canary-written @everyone", 300)
	t := block.Target{What: block.Server, ID: id}
	s.update(block.Keys(s.Guild, t), func(tx *storage.Tx) error {
		e := block.Entry{Target: t, Name: "canary-written @everyone", Reason: "canary-written", By: s.Ada, At: time.Now()}
		return block.Add(tx, s.Guild, e, partnership.DefaultLimits())
	})
	return t
}

// ticket lets a newcomer open a ticket.
func (s *stage) ticket() (id, user string) {
	s.Helper()
	s.takeTickets()
	user = s.newcomer()
	ex := s.deliver(s.press(user, view.ID("panel/ticket", s.Lobby)))
	if _, ok := read[ticket.Ticket](s, ticket.Key(s.Guild, ex.Interaction)); !ok {
		s.Fatalf("no ticket was opened: %s", ex.Text())
	}
	return ex.Interaction, user
}

// asking is the custom ID of Ask on the card of a new application.
func (s *stage) asking() string {
	s.takeTickets()
	a := s.pending(s.Guild)
	return view.ID("apply/ask", a.ID, a.Server.ID, a.Applicant, a.ID)
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

func pressRelease(s *stage) (fakediscord.Interaction, error) {
	a := s.pending(s.Guild)
	s.deliver(s.press(s.Max, onCard("apply/claim", a)))
	return s.press(s.Max, onCard("apply/release", a))
}

// pressOwn is the press of a button on the answer to somebody's own form.
func pressOwn(route string, more ...string) routeCase {
	return func(s *stage) (fakediscord.Interaction, error) {
		a := s.pending(s.Guild)
		return s.press(a.Applicant, view.ID(route, append([]string{a.ID, a.Server.ID, a.Applicant}, more...)...))
	}
}

func pressEdit(s *stage) (fakediscord.Interaction, error) {
	d := s.draft(s.Guild)
	return s.press(d.Applicant, view.ID("apply/edit", d.ID))
}

// pressTicketEdit presses Edit and resend after the ticket was closed.
func pressTicketEdit(s *stage) (fakediscord.Interaction, error) {
	id, user := s.ticket()
	s.deliver(s.press(user, view.ID("ticket/close", id, user)))
	sent := s.deliver(s.submit(user, nil, view.ID("ticket/send", id), written(form())...))
	return s.press(user, view.ID("ticket/edit", sent.Interaction, id))
}

func pressAddEdit(s *stage) (fakediscord.Interaction, error) {
	sent := s.deliver(cases()["submit add/send"](s))
	return s.press(s.Ada, view.ID("add/edit", sent.Interaction))
}

// pressConfirm confirms that a partner is to be blocked.
func pressConfirm(s *stage) (fakediscord.Interaction, error) {
	a := s.active(s.Guild)
	asked := s.deliver(s.ada("block", fakediscord.Opt("server", a.Server.ID), fakediscord.Opt("user", a.Applicant)))
	return s.press(s.Ada, view.ID("block/confirm", asked.Interaction, a.Server.ID, a.Applicant))
}

// pressPanel presses a button about a panel that stands.
func pressPanel(route string) routeCase {
	return func(s *stage) (fakediscord.Interaction, error) {
		channel := s.AddChannel(s.Guild, fakediscord.Channel{Name: "panel"})
		s.update(panel.Keys(s.Guild, channel), func(tx *storage.Tx) error {
			panel.Put(tx, s.Guild, channel, s.Ada, time.Now())
			return nil
		})
		return s.press(s.Ada, view.ID(route, channel))
	}
}

// chooseChannel is Ada's choice of a channel: the one that is chosen already,
// if one is.
func chooseChannel(customID string) routeCase {
	return func(s *stage) (fakediscord.Interaction, error) {
		places := map[string]string{
			"setup/review": s.Review, "setup/showcase": s.Showcase, "setup/category": s.Category, "setup/forum": s.Forum,
		}
		chosen := places[customID]
		if chosen == "" {
			chosen = s.Lobby
		}
		kind := map[string]int{"setup/category": fakediscord.Category, "setup/forum": fakediscord.Forum}[customID]
		resolved := map[string]any{"channels": map[string]any{chosen: map[string]any{"id": chosen, "type": kind}}}
		return s.choose(s.Ada, customID, 8, resolved, chosen)
	}
}

// chooseRole is Ada's choice of the role of the managers.
func chooseRole(customID string) routeCase {
	return func(s *stage) (fakediscord.Interaction, error) {
		role := map[string]any{"id": s.Reviewers, "managed": false, "permissions": "0", "position": 1}
		return s.choose(s.Ada, customID, 6, map[string]any{"roles": map[string]any{s.Reviewers: role}}, s.Reviewers)
	}
}

// chooseContact is Ada's choice of a role of contacts.
func chooseContact(s *stage) (fakediscord.Interaction, error) {
	id := s.AddRole(s.Guild, fakediscord.Role{Name: "Contacts"})
	role := map[string]any{"id": id, "managed": false, "permissions": "0", "position": 1}
	return s.choose(s.Ada, "setup/contact", 6, map[string]any{"roles": map[string]any{id: role}}, id)
}

// chooseWords is Ada's choice in a select of words.
func chooseWords(customID string, words ...string) routeCase {
	return func(s *stage) (fakediscord.Interaction, error) {
		return s.choose(s.Ada, customID, 3, map[string]any{}, words...)
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

// submitSetup fills in a form of the settings.
func submitSetup(customID string, fields ...filled) routeCase {
	return func(s *stage) (fakediscord.Interaction, error) {
		opened := s.deliver(s.press(s.Ada, customID))
		if opened.Modal == nil || strings.Contains(opened.Text(), "{") {
			s.Fatalf("%s opens no form: %s", customID, opened.Reply)
		}
		return s.submit(s.Ada, opened, customID, fields...)
	}
}
