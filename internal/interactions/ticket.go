package interactions

import (
	"cmp"

	"github.com/disgoorg/disgo/discord"

	"github.com/entente-bot/entente/internal/access"
	"github.com/entente-bot/entente/internal/apply"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/refuse"
	"github.com/entente-bot/entente/internal/storage"
	"github.com/entente-bot/entente/internal/ticket"
	"github.com/entente-bot/entente/internal/view"
)

func needTicketOpen(c *call) needs {
	keys := append(apply.OpenKeys(c.guild, c.caller.User), ticket.UserKey(c.guild, c.caller.User), c.barKey())
	return needs{keys: append(keys, ticket.Keys(c.guild, c.id)...)}
}

// ticketOpen handles Open a ticket on a panel, and /partner apply where
// applications are only taken in tickets.
func ticketOpen(c *call) (discord.InteractionResponse, error) {
	if open, has := ticket.Having(c.tx, c.guild, c.caller.User); has {
		return c.whisper(view.TicketOpen(c.say, open)...), nil
	}
	if err := c.barred(); err != nil {
		return discord.InteractionResponse{}, err
	}
	standing, _ := storage.Read[apply.Standing](c.tx, apply.UserKey(c.guild, c.caller.User))
	err := apply.Open(c.settings(), apply.Ticket, partnership.CountsOf(c.tx, c.guild), c.limits, standing, c.now)
	if err != nil {
		return discord.InteractionResponse{}, err
	}
	if c.settings().Tickets == "" && c.place == "" {
		return discord.InteractionResponse{}, refuse.Because("ticket.not-here")
	}
	if err := ticket.Open(c.tx, c.guild, c.id, c.caller.User, c.place, c.limits, c.now); err != nil {
		return discord.InteractionResponse{}, err
	}
	surface := "button"
	if len(c.about) == 0 {
		surface = "command"
	}
	c.audit("ticket.open", c.id, surface)
	return c.whisper(view.TicketOpen(c.say, ticket.Current{Ticket: c.id})...), nil
}

// needTicket reads the ticket of a custom ID, with its user if that is named.
func needTicket(c *call) needs {
	n := needOpen(c)
	if isID(c.about[0]) {
		n.keys = append(n.keys, ticket.Keys(c.guild, c.about[0])...)
	}
	if len(c.about) > 1 && isID(c.about[1]) {
		n.keys = append(n.keys, ticket.UserKey(c.guild, c.about[1]))
	}
	return n
}

// ticket returns the ID of the ticket that a button is about. It refuses if
// there is none such.
func (c *call) ticket() (string, error) {
	for _, id := range c.about {
		if !isID(id) {
			return "", refuse.Because("ticket.not-found")
		}
	}
	t, err := ticket.Load(c.tx, c.guild, c.about[0])
	if err == nil && len(c.about) > 1 && c.about[1] != t.User {
		err = refuse.Because("ticket.not-found")
	}
	return t.ID, err
}

// filled returns the ticket whose form the caller may fill in.
func (c *call) filled() (ticket.Ticket, error) {
	id, err := c.ticket()
	if err != nil {
		return ticket.Ticket{}, err
	}
	t, err := ticket.Load(c.tx, c.guild, id)
	if err != nil {
		return t, err
	}
	return t, t.Fill(c.caller.User)
}

// ticketForm handles the form's button in a ticket.
func ticketForm(c *call) (discord.InteractionResponse, error) {
	t, err := c.filled()
	if err != nil {
		return discord.InteractionResponse{}, err
	}
	return c.open(apply.Draft{Source: apply.Ticket, Ticket: t.ID})
}

func needTicketSend(c *call) needs {
	n := needSend(c)
	if isID(c.about[0]) {
		n.keys = append(n.keys, ticket.Keys(c.guild, c.about[0])...)
	}
	return n
}

// ticketSend handles the form sent in a ticket. What was written is not lost if
// the ticket was closed, or its application sent, in the meantime.
func ticketSend(c *call) (discord.InteractionResponse, error) {
	if !isID(c.about[0]) {
		return discord.InteractionResponse{}, refuse.Because("ticket.not-found")
	}
	d := apply.Draft{
		ID: c.id, Applicant: c.caller.User, Locale: c.locale, Source: apply.Ticket, Ticket: c.about[0], Form: c.written(),
	}
	if _, err := c.filled(); err != nil {
		return c.keep(d, err)
	}
	return c.send(d)
}

func needTicketEdit(c *call) needs {
	n := needDraft(c)
	n.keys = append(n.keys, ticket.UserKey(c.guild, c.caller.User))
	if isID(c.about[1]) {
		n.keys = append(n.keys, ticket.Key(c.guild, c.about[1]))
	}
	return n
}

// ticketEdit handles Edit and resend below a form that was sent in a ticket. If
// that takes no form any more, it opens another that does.
func ticketEdit(c *call) (discord.InteractionResponse, error) {
	d, err := c.draft()
	if err != nil {
		return discord.InteractionResponse{}, err
	}
	if d.Ticket != c.about[1] || !isID(d.Ticket) {
		return discord.InteractionResponse{}, refuse.Because("ticket.not-found")
	}
	t, err := ticket.Load(c.tx, c.guild, d.Ticket)
	if err == nil {
		err = t.Fill(c.caller.User)
	}
	if err != nil {
		if d, err = c.elsewhere(d); err != nil {
			return discord.InteractionResponse{}, err
		}
	}
	return c.open(d)
}

// elsewhere is d for another way to apply: the ticket that the caller has open,
// else one without a ticket. It refuses if there is none.
func (c *call) elsewhere(d apply.Draft) (apply.Draft, error) {
	on := c.settings().Sources
	open, has := ticket.Having(c.tx, c.guild, c.caller.User)
	switch {
	case on.Ticket && has && open.Ticket != d.Ticket:
		d.Ticket = open.Ticket
	case on.Slash:
		d.Source, d.Ticket = apply.Slash, ""
	case on.Panel:
		d.Source, d.Ticket = apply.Panel, ""
	default:
		return d, refuse.Because("ticket.open-another")
	}
	return d, nil
}

// ticketClose handles Close: for managers, and for the applicant.
func ticketClose(c *call) (discord.InteractionResponse, error) {
	id, err := c.ticket()
	if err != nil {
		return discord.InteractionResponse{}, err
	}
	manager := c.caller.Allow(access.Edit, c.settings().Staff())
	if _, err := ticket.Close(c.tx, c.guild, id, c.caller.User, manager, c.now); err != nil {
		return discord.InteractionResponse{}, err
	}
	c.audit("ticket.close", id, "button")
	return c.whisper(view.Text(c.say.Say("ticket.closing"))), nil
}

// ticketJoin handles Join the ticket, for managers.
func ticketJoin(c *call) (discord.InteractionResponse, error) {
	id, err := c.ticket()
	if err != nil {
		return discord.InteractionResponse{}, err
	}
	t, err := ticket.Join(c.tx, c.guild, id, c.caller.User, c.now)
	if err != nil {
		return discord.InteractionResponse{}, err
	}
	c.audit("ticket.join", id, "button")
	return c.whisper(view.Text(c.say.Say("ticket.joining", "thread", threadOr(c, t)))), nil
}

// ticketBack handles I cannot see it: it puts the applicant into their ticket
// again, and the thread back if it is gone.
func ticketBack(c *call) (discord.InteractionResponse, error) {
	id, err := c.ticket()
	if err != nil {
		return discord.InteractionResponse{}, err
	}
	t, err := ticket.Back(c.tx, c.guild, id, c.caller.User, c.place, c.now)
	if err != nil {
		return discord.InteractionResponse{}, err
	}
	return replace(view.Message(view.Text(c.say.Say("ticket.joining", "thread", threadOr(c, t))))), nil
}

// threadOr shows the thread of t, or says that it is being made.
func threadOr(c *call, t ticket.Ticket) string {
	if t.Thread == "" {
		return c.say.Say("ticket.being-made")
	}
	return view.Channel(t.Thread)
}

// needAsk reads the application that a manager asks about, and its ticket.
func needAsk(c *call) needs {
	n := needCase(c)
	if isID(c.about[3]) {
		n.keys = append(n.keys, ticket.Keys(c.guild, c.about[3])...)
	}
	return n
}

// asked returns the application that a manager asks about. It refuses if there
// is none such, or if there is no place for its ticket.
func (c *call) asked() (apply.Case, error) {
	about, err := c.aboutCase()
	if err != nil {
		return about, err
	}
	if !isID(c.about[3]) {
		return about, refuse.Because("apply.not-found")
	}
	a, err := about.Load(c.tx, c.guild)
	switch {
	case err != nil:
		return about, err
	case cmp.Or(a.Ticket, a.ID) != c.about[3]:
		return about, refuse.Because("apply.not-found")
	case a.Ticket == "" && c.settings().Tickets == "":
		return about, refuse.Because("ticket.no-place")
	}
	return about, nil
}

// applyAsk handles Ask on a review card: it asks for the question.
func applyAsk(c *call) (discord.InteractionResponse, error) {
	if _, err := c.asked(); err != nil {
		return discord.InteractionResponse{}, err
	}
	question := discord.NewParagraphTextInput("question").WithRequired(true).WithMaxLength(ticket.MaxQuestion)
	return modal(view.ID("apply/ask", c.about...), c.say.Say("ticket.ask-title"),
		field(c.say.Say("ticket.ask-question"), c.say.Say("ticket.ask-hint"), question)), nil
}

// applyAsked handles the sent question.
func applyAsked(c *call) (discord.InteractionResponse, error) {
	about, err := c.asked()
	if err != nil {
		return discord.InteractionResponse{}, err
	}
	id := c.about[3]
	a, err := about.Discuss(c.tx, c.guild, id, c.now)
	if err != nil {
		return discord.InteractionResponse{}, err
	}
	decided := ""
	if a.Status != apply.Pending {
		decided = string(a.Status)
	}
	q := ticket.Question{ID: c.id, By: c.caller.User, Text: c.fields["question"]}
	if err := ticket.Ask(c.tx, c.guild, id, about.Applicant, about.ID, decided, q, c.now); err != nil {
		return discord.InteractionResponse{}, err
	}
	c.audit("apply.ask", about.ID, "modal")
	return c.whisper(view.Text(c.say.Say("ticket.asked"))), nil
}

// applyClaim handles Claim on a review card.
func applyClaim(c *call) (discord.InteractionResponse, error) {
	about, err := c.aboutCase()
	if err != nil {
		return discord.InteractionResponse{}, err
	}
	a, err := about.Claim(c.tx, c.guild, c.caller.User, c.now)
	if err != nil {
		return c.late(a, err)
	}
	c.audit("apply.claim", a.ID, "button")
	return c.card(a), nil
}

// applyRelease handles Release on a review card.
func applyRelease(c *call) (discord.InteractionResponse, error) {
	about, err := c.aboutCase()
	if err != nil {
		return discord.InteractionResponse{}, err
	}
	a, err := about.Release(c.tx, c.guild, c.now)
	if err != nil {
		return c.late(a, err)
	}
	c.audit("apply.release", a.ID, "button")
	return c.card(a), nil
}
