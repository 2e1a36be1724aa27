package interactions

import (
	"errors"

	"github.com/disgoorg/disgo/discord"

	"github.com/entente-bot/entente/internal/apply"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/refuse"
	"github.com/entente-bot/entente/internal/storage"
	"github.com/entente-bot/entente/internal/view"
)

func needOpen(c *call) needs { return needs{keys: apply.OpenKeys(c.guild, c.caller.User)} }

// applyOpen handles /partner apply: it opens the form, if there is a point in it.
func applyOpen(c *call) (discord.InteractionResponse, error) {
	standing, _ := storage.Read[apply.Standing](c.tx, apply.UserKey(c.guild, c.caller.User))
	err := apply.Open(c.settings(), partnership.CountsOf(c.tx, c.guild), c.limits, standing, c.now)
	if err != nil {
		return discord.InteractionResponse{}, err
	}
	return c.form(apply.Form{}), nil
}

func needDraft(c *call) needs {
	n := needOpen(c)
	if isID(c.about[0]) {
		n.keys = append(n.keys, apply.DraftKey(c.guild, c.about[0]))
	}
	return n
}

// applyEdit handles Edit and resend: it opens the form with what was written.
func applyEdit(c *call) (discord.InteractionResponse, error) {
	if !isID(c.about[0]) {
		return discord.InteractionResponse{}, refuse.Because("apply.draft-gone")
	}
	d, ok := storage.Read[apply.Draft](c.tx, apply.DraftKey(c.guild, c.about[0]))
	switch {
	case !ok:
		return discord.InteractionResponse{}, refuse.Because("apply.draft-gone")
	case d.Applicant != c.caller.User:
		return discord.InteractionResponse{}, refuse.Because("apply.not-yours")
	}
	if _, err := applyOpen(c); err != nil {
		return discord.InteractionResponse{}, err
	}
	return c.form(d.Form), nil
}

// The fields of the form.
const (
	fieldInvite      = "invite"
	fieldCategory    = "category"
	fieldDescription = "description"
	fieldHighlights  = "highlights"
)

// form is the application form, filled in with f.
func (c *call) form(f apply.Form) discord.InteractionResponse {
	one := 1
	var categories []discord.StringSelectMenuOption
	for _, t := range c.settings().Topics {
		categories = append(categories, discord.StringSelectMenuOption{Label: t, Value: t, Default: t == f.Category})
	}
	invite := discord.NewShortTextInput(fieldInvite).WithRequired(true).WithMaxLength(100).
		WithPlaceholder("https://discord.gg/…").WithValue(f.Invite)
	description := discord.NewParagraphTextInput(fieldDescription).WithRequired(true).
		WithMinLength(1).WithMaxLength(partnership.MaxDescription).WithValue(f.Description)
	highlights := discord.NewParagraphTextInput(fieldHighlights).
		WithMaxLength(partnership.MaxHighlights).WithValue(f.Highlights)
	return modal("apply/send", c.say.Say("apply.form-title"),
		field(c.say.Say("apply.field-invite"), c.say.Say("apply.field-invite-hint"), invite),
		field(c.say.Say("apply.field-category"), c.say.Say("apply.field-category-hint"), discord.StringSelectMenuComponent{
			CustomID: fieldCategory, Options: categories, MinValues: &one, MaxValues: 1, Required: true,
		}),
		field(c.say.Say("apply.field-description"), c.say.Say("apply.field-description-hint"), description),
		field(c.say.Say("apply.field-highlights"), c.say.Say("apply.field-highlights-hint"), highlights))
}

func needSend(c *call) needs {
	return needs{keys: apply.SendKeys(c.guild, c.caller.User, c.id)}
}

// applySend handles the sent form: the worker looks the invite up and changes
// this reply.
func applySend(c *call) (discord.InteractionResponse, error) {
	d := apply.Draft{ID: c.id, Applicant: c.caller.User, Locale: c.locale, Form: apply.Form{
		Invite: c.fields[fieldInvite], Category: c.fields[fieldCategory],
		Description: c.fields[fieldDescription], Highlights: c.fields[fieldHighlights],
	}}
	err := apply.Send(c.tx, c.guild, d, c.token, c.limits, c.now)
	if no := new(refuse.Error); errors.As(err, &no) {
		c.tx.Discard()
		kept := apply.Keep(c.tx, c.guild, d, no, c.now)
		return reply(view.Answer(c.say, kept, apply.Application{})), nil
	}
	return c.whisper(view.Text(c.say.Say("apply.checking"))), err
}

// aboutCase returns the application that a button on a review card is about.
func (c *call) aboutCase() (apply.Case, bool) {
	for _, id := range c.about {
		if !isID(id) {
			return apply.Case{}, false
		}
	}
	return apply.Case{ID: c.about[0], Partner: c.about[1], Applicant: c.about[2]}, true
}

func needCase(c *call) needs {
	a, ok := c.aboutCase()
	if !ok {
		return needs{}
	}
	return needs{keys: a.Keys(c.guild)}
}

// applyApprove handles Approve on a review card.
func applyApprove(c *call) (discord.InteractionResponse, error) {
	about, ok := c.aboutCase()
	if !ok {
		return discord.InteractionResponse{}, refuse.Because("apply.not-found")
	}
	a, err := about.Approve(c.tx, c.guild, c.caller.User, c.limits, c.now)
	if err != nil {
		return discord.InteractionResponse{}, err
	}
	c.audit("apply.approve", a.ID, "button")
	return c.card(a), nil
}

// applyDeny handles Deny on a review card: it asks for the reason.
func applyDeny(c *call) (discord.InteractionResponse, error) {
	about, ok := c.aboutCase()
	if !ok {
		return discord.InteractionResponse{}, refuse.Because("apply.not-found")
	}
	a, err := about.LoadPending(c.tx, c.guild)
	if err != nil {
		return discord.InteractionResponse{}, err
	}
	reason := discord.NewParagraphTextInput("reason").WithRequired(true).WithMaxLength(apply.MaxReason)
	note := discord.NewParagraphTextInput("note").WithMaxLength(apply.MaxNote)
	return modal(view.ID("apply/deny", a.ID, about.Partner, about.Applicant), c.say.Say("apply.deny-title"),
		field(c.say.Say("apply.deny-reason"), c.say.Say("apply.deny-reason-hint"), reason),
		field(c.say.Say("apply.deny-note"), c.say.Say("apply.deny-note-hint"), note)), nil
}

// applyDenied handles the sent reason.
func applyDenied(c *call) (discord.InteractionResponse, error) {
	about, ok := c.aboutCase()
	if !ok {
		return discord.InteractionResponse{}, refuse.Because("apply.not-found")
	}
	a, err := about.Deny(c.tx, c.guild, c.caller.User, c.fields["reason"], c.fields["note"], c.now)
	if err != nil {
		return discord.InteractionResponse{}, err
	}
	c.audit("apply.deny", a.ID, "modal")
	return c.card(a), nil
}

// card shows an application where its review card stands.
func (c *call) card(a apply.Application) discord.InteractionResponse {
	return replace(view.Card(c.public(), a, c.settings().Minimum))
}
