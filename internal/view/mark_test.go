package view_test

import (
	"testing"

	"github.com/disgoorg/disgo/discord"

	"github.com/entente-bot/entente/internal/apply"
	"github.com/entente-bot/entente/internal/audit"
	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/ticket"
	"github.com/entente-bot/entente/internal/view"
)

// TestMarks looks for every message that is kept in line among all that may stand
// in one channel: each mark finds its own, and no other.
func TestMarks(t *testing.T) {
	t.Parallel()
	s := newShow(t).Speaker
	const talk = "900000000000000009"
	pending, settled := application(), application()
	pending.Ticket, settled.Ticket = talk, talk
	settled.Status, settled.ID = apply.Approved, "900000000000000002"
	other := application()
	other.ID, other.Ticket = "900000000000000003", talk
	open := ticket.Ticket{ID: talk, User: pending.Applicant, Thread: "5"}
	channel := view.Panel(s, "600000000000000001", settings.Default())
	closed := settings.Default()
	closed.Closed = true

	type message struct {
		name  string
		mark  view.Mark
		shown discord.MessageCreate
	}
	review := []message{
		{"card", view.CardMark(pending.ID), view.Card(s, pending, settings.Settings{})},
		{"settled card", view.CardMark(settled.ID), view.Card(s, settled, settings.Settings{})},
		{"another card", view.CardMark(other.ID), view.Card(s, other, settings.Settings{})},
		{"notice", view.TicketMark(talk), view.TicketNotice(s, open)},
		{"listing", view.ListingMark(partner().Partner), view.Listing(s, partner())},
		{"bump in a post", view.LiftMark(partner().Partner), view.Lifted(s, partner(), "1")},
		{"panel", view.PanelMark("600000000000000001"), channel},
		{"closed panel", view.PanelMark("600000000000000002"), view.Panel(s, "600000000000000002", closed)},
		{"reminder", view.ReminderMark(), view.Reminder(s, "1", []apply.Waiting{{ID: pending.ID}}, "0")},
		{"log", view.LogMark("a"), view.Log(s, []audit.Entry{{}}, "a")},
		{"next log", view.LogMark("b"), view.Log(s, []audit.Entry{{}}, "b")},
		{"index", view.IndexMark(0), view.Index(s, nil)[0]},
		{"second page", view.IndexMark(1), view.Index(s, hundred())[1]},
		{"direct message", view.NoticeMark(settled.ID), view.Notice(s, "1", "Harbour", settled)},
	}
	thread := []message{
		{"first message", view.TicketMark(talk), view.Ticket(s, open, apply.Application{})},
		{"question", view.QuestionMark("7"), view.TicketQuestion(s, open, ticket.Question{ID: "7"})},
		{"next question", view.QuestionMark("8"), view.TicketQuestion(s, open, ticket.Question{ID: "8"})},
		{"closing", view.ClosingMark(talk + "-1"), view.TicketClosing(s, open, settled, talk+"-1")},
		{"next closing", view.ClosingMark(talk + "-2"), view.TicketClosing(s, open, settled, talk+"-2")},
	}
	for _, channel := range [][]message{review, thread} {
		for _, wanted := range channel {
			for _, m := range channel {
				if got, want := marked(m.shown, wanted.mark), m.name == wanted.name; got != want {
					t.Errorf("the mark of the %s on the %s: %v, want %v", wanted.name, m.name, got, want)
				}
			}
		}
	}
}

// marked reports whether a message bears a mark.
func marked(m discord.MessageCreate, mark view.Mark) bool {
	for c := range (discord.Message{Components: m.Components}).AllComponents() {
		if b, ok := c.(discord.ButtonComponent); ok && mark.On(b.CustomID) {
			return true
		}
	}
	return false
}
