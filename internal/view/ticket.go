package view

import (
	"github.com/disgoorg/disgo/discord"
	"github.com/disgoorg/snowflake/v2"

	"github.com/entente-bot/entente/internal/apply"
	"github.com/entente-bot/entente/internal/ticket"
)

// pinging lets m notify one user: no other, whatever it says.
func pinging(m discord.MessageCreate, user string) discord.MessageCreate {
	m.AllowedMentions = NoMentions()
	if id, err := snowflake.Parse(user); err == nil && id != 0 {
		m.AllowedMentions.Users = []snowflake.ID{id}
	}
	return m
}

// TicketName is the name of a ticket's thread. It holds the ticket's number.
func TicketName(s Speaker, t ticket.Ticket) string {
	return s.Say("ticket.name", "number", t.Number())
}

// Ticket is the first message in a ticket's thread: what it is for, and the
// form. a is the application it is about, if there is one.
func Ticket(s Speaker, t ticket.Ticket, a apply.Application) discord.MessageCreate {
	open := t.Closed.IsZero()
	lines := []string{s.Say("ticket.title"), s.Say("ticket.private", "user", person(s, t.User))}
	switch {
	case !open:
		lines = append(lines, s.Say("ticket.is-closed"))
	case t.Application != "":
		lines = append(lines, s.Say("ticket.about", "server", name(a.Server)))
	default:
		lines = append(lines, s.Say("ticket.fill"))
	}
	var row []discord.InteractiveComponent
	if t.Application == "" || a.Ticket == t.ID && a.Source == apply.Ticket {
		form := discord.NewPrimaryButton(s.Say("ticket.form"), ID("ticket/form", t.ID))
		row = append(row, form.WithDisabled(!open || t.Application != ""))
	}
	row = append(row, closeButton(s, t).WithDisabled(!open))
	return Message(discord.NewContainer(Text(lines...), discord.NewActionRow(row...)).WithAccentColor(blurple))
}

func closeButton(s Speaker, t ticket.Ticket) discord.ButtonComponent {
	return discord.NewSecondaryButton(s.Say("ticket.close"), ID("ticket/close", t.ID, t.User))
}

// TicketQuestion is what a manager asks in a ticket. It notifies the applicant,
// and keeps a button that does nothing, by which it is found again.
func TicketQuestion(s Speaker, t ticket.Ticket, q ticket.Question) discord.MessageCreate {
	m := Message(discord.NewContainer(
		Text(s.Say("ticket.question", "user", Mention(t.User), "by", person(s, q.By))),
		Text(">>> "+written(q.Text)),
		discord.NewActionRow(discord.NewSecondaryButton(s.Say("ticket.answer"), ID("ticket/question", q.ID)).AsDisabled()),
	).WithAccentColor(blurple))
	return pinging(m, t.User)
}

// TicketClosing is the last message before a ticket is closed: why. If it stays
// open for a question, it says what was decided. It notifies the applicant, and
// keeps a button that does nothing, by which it is found again.
// about names the closing.
func TicketClosing(s Speaker, t ticket.Ticket, a apply.Application, about string) discord.MessageCreate {
	lines := []string{s.Say("ticket.why-"+t.Why, "user", person(s, t.User), "server", name(a.Server))}
	if a.Reason != "" && t.Why == string(apply.Denied) {
		lines = append(lines, s.Say("apply.answer-reason", "reason", written(a.Reason)))
	}
	color := blurple
	switch t.Why {
	case string(apply.Approved):
		color = green
	case string(apply.Denied):
		color = red
	}
	label := "ticket.is-closed-label"
	if t.Closed.IsZero() {
		label = "ticket.is-decided-label"
	}
	m := Message(discord.NewContainer(
		Text(lines...),
		discord.NewActionRow(discord.NewSecondaryButton(s.Say(label), ID("ticket/closing", about)).AsDisabled()),
	).WithAccentColor(color))
	return pinging(m, t.User)
}

// TicketNotice tells the managers of a ticket that has no application yet.
func TicketNotice(s Speaker, t ticket.Ticket) discord.MessageCreate {
	return Message(discord.NewContainer(
		Text(s.Say("ticket.notice", "user", Mention(t.User), "id", t.User, "thread", t.Thread, "when", ago(t.Opened))),
		discord.NewActionRow(JoinButton(s, t.ID), closeButton(s, t)),
	).WithAccentColor(blurple))
}

// JoinButton puts the manager who presses it into a ticket's thread.
func JoinButton(s Speaker, id string) discord.ButtonComponent {
	return discord.NewSecondaryButton(s.Say("ticket.join"), ID("ticket/join", id))
}

// TicketOpen tells an applicant which ticket they have open.
func TicketOpen(s Speaker, c ticket.Current) []discord.LayoutComponent {
	line := s.Say("ticket.opening")
	if c.Thread != "" {
		line = s.Say("ticket.already", "thread", c.Thread)
	}
	return []discord.LayoutComponent{Text(line), discord.NewActionRow(
		discord.NewSecondaryButton(s.Say("ticket.back"), ID("ticket/back", c.Ticket)),
	)}
}
