package interactions

import (
	"cmp"
	"errors"
	"time"

	"github.com/disgoorg/disgo/discord"

	"github.com/entente-bot/entente/internal/apply"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/post"
	"github.com/entente-bot/entente/internal/refuse"
	"github.com/entente-bot/entente/internal/storage"
	"github.com/entente-bot/entente/internal/view"
)

func needOpen(c *call) needs { return needs{keys: apply.OpenKeys(c.guild, c.caller.User)} }

// applyOpen handles /partner apply: it opens the form, if there is a point in it.
func applyOpen(c *call) (discord.InteractionResponse, error) {
	if on := c.settings().Sources; on.Ticket && !on.Slash && !on.Panel {
		return ticketOpen(c)
	}
	return c.open(apply.Draft{Source: apply.Slash})
}

// open opens the form as it is in d, for who may send it by d's way.
func (c *call) open(d apply.Draft) (discord.InteractionResponse, error) {
	standing, _ := storage.Read[apply.Standing](c.tx, apply.UserKey(c.guild, c.caller.User))
	err := apply.Open(c.settings(), d.Source, partnership.CountsOf(c.tx, c.guild), c.limits, standing, c.now)
	if err != nil {
		return discord.InteractionResponse{}, err
	}
	id := view.ID("apply/send", string(d.Source))
	if d.Source == apply.Ticket {
		id = view.ID("ticket/send", d.Ticket)
	}
	return c.form(id, d.Form), nil
}

func needDraft(c *call) needs {
	n := needOpen(c)
	if isID(c.about[0]) {
		n.keys = append(n.keys, apply.DraftKey(c.guild, c.about[0]))
	}
	return n
}

// draft returns the form that a button is about. It refuses if it is not the
// caller's.
func (c *call) draft() (apply.Draft, error) {
	if !isID(c.about[0]) {
		return apply.Draft{}, refuse.Because("apply.draft-gone")
	}
	d, ok := storage.Read[apply.Draft](c.tx, apply.DraftKey(c.guild, c.about[0]))
	switch {
	case !ok:
		return d, refuse.Because("apply.draft-gone")
	case d.Applicant != c.caller.User:
		return d, refuse.Because("apply.not-yours")
	}
	return d, nil
}

// applyEdit handles Edit and resend: it opens the form with what was written.
func applyEdit(c *call) (discord.InteractionResponse, error) {
	d, err := c.draft()
	if err != nil {
		return discord.InteractionResponse{}, err
	}
	return c.open(d)
}

// The fields of the form.
const (
	fieldInvite      = "invite"
	fieldCategory    = "category"
	fieldDescription = "description"
	fieldHighlights  = "highlights"
	fieldBanner      = "banner"
)

// adFields are the fields of an ad, filled in with f; a file cannot be.
func (c *call) adFields(f apply.Form) []discord.LayoutComponent {
	one := 1
	var categories []discord.StringSelectMenuOption
	for _, t := range c.settings().Topics {
		categories = append(categories, discord.StringSelectMenuOption{Label: t, Value: t, Default: t == f.Category})
	}
	description := discord.NewParagraphTextInput(fieldDescription).WithRequired(true).
		WithMinLength(1).WithMaxLength(partnership.MaxDescription).WithValue(f.Description)
	highlights := discord.NewParagraphTextInput(fieldHighlights).
		WithMaxLength(partnership.MaxHighlights).WithValue(f.Highlights)
	return []discord.LayoutComponent{
		field(c.say.Say("apply.field-category"), c.say.Say("apply.field-category-hint"), discord.StringSelectMenuComponent{
			CustomID: fieldCategory, Options: categories, MinValues: &one, MaxValues: 1, Required: true,
		}),
		field(c.say.Say("apply.field-description"), c.say.Say("apply.field-description-hint"), description),
		field(c.say.Say("apply.field-highlights"), c.say.Say("apply.field-highlights-hint"), highlights),
		field(c.say.Say("banner.field"), c.say.Say("banner.field-hint"), discord.NewFileUpload(fieldBanner).WithMinValues(0).WithMaxValues(1)),
	}
}

// inviteField is the field of the invite, filled in with what was written.
func (c *call) inviteField(written string) discord.LayoutComponent {
	invite := discord.NewShortTextInput(fieldInvite).WithRequired(true).WithMaxLength(100).
		WithPlaceholder("https://discord.gg/…").WithValue(written)
	return field(c.say.Say("apply.field-invite"), c.say.Say("apply.field-invite-hint"), invite)
}

// form is the application form, filled in with f. The custom ID says by which
// way it is sent.
func (c *call) form(id string, f apply.Form) discord.InteractionResponse {
	fields := append([]discord.LayoutComponent{c.inviteField(f.Invite)}, c.adFields(f)...)
	return modal(id, c.say.Say("apply.form-title"), fields...)
}

// written is what was filled into the form.
func (c *call) written() apply.Form {
	return apply.Form{
		Invite: c.fields[fieldInvite], Category: c.fields[fieldCategory],
		Description: c.fields[fieldDescription], Highlights: c.fields[fieldHighlights], Banner: c.banner(),
	}
}

// banner is what Discord says about the picture that was handed in, if one was.
func (c *call) banner() partnership.Banner {
	id := c.fields[fieldBanner]
	f, ok := c.known.Attachments[id]
	if !ok {
		return partnership.Banner{}
	}
	kind := cmp.Or(partnership.BannerType(f.ContentType), partnership.NoPicture)
	if kind == partnership.NoPicture && f.Width > 0 { // Discord measures pictures, and names types by the file's name
		kind = partnership.Unjudged
	}
	return partnership.Banner{Type: kind, Size: f.Size, Width: f.Width, Height: f.Height, Source: f.URL}
}

// send has a form checked: the worker looks the invite up and changes this reply.
func (c *call) send(d apply.Draft) (discord.InteractionResponse, error) {
	if err := apply.Send(c.tx, c.guild, d, c.token, c.limits, c.now); err != nil {
		return c.keep(d, err)
	}
	return c.whisper(view.Text(c.say.Say("apply.checking"))), nil
}

// keep keeps a form that was refused, so that it can be edited and sent again,
// and says why it was. An err that is no refusal is returned.
func (c *call) keep(d apply.Draft, err error) (discord.InteractionResponse, error) {
	no := new(refuse.Error)
	if !errors.As(err, &no) {
		return discord.InteractionResponse{}, err
	}
	c.tx.Discard()
	kept := apply.Keep(c.tx, c.guild, d, no, c.now)
	return reply(view.Answer(c.say, kept, apply.Application{})), nil
}

func needSend(c *call) needs {
	return needs{keys: apply.SendKeys(c.guild, c.caller.User, c.id)}
}

// applySend handles the sent form: the worker looks the invite up and changes
// this reply.
func applySend(c *call) (discord.InteractionResponse, error) {
	from := apply.Slash
	if c.about[0] == string(apply.Panel) {
		from = apply.Panel
	}
	return c.send(apply.Draft{ID: c.id, Applicant: c.caller.User, Locale: c.locale, Source: from, Form: c.written()})
}

// aboutCase returns the application that a button on a review card is about. It
// refuses if it can be about none.
func (c *call) aboutCase() (apply.Case, error) {
	for _, id := range c.about[:3] {
		if !isID(id) {
			return apply.Case{}, refuse.Because("apply.not-found")
		}
	}
	return apply.Case{ID: c.about[0], Partner: c.about[1], Applicant: c.about[2]}, nil
}

func needCase(c *call) needs {
	a, err := c.aboutCase()
	if err != nil {
		return needs{}
	}
	return needs{keys: a.Keys(c.guild)}
}

// applyApprove handles Approve on a review card.
func applyApprove(c *call) (discord.InteractionResponse, error) {
	about, err := c.aboutCase()
	if err != nil {
		return discord.InteractionResponse{}, err
	}
	a, err := about.Approve(c.tx, c.guild, c.caller.User, c.limits, c.now)
	if err != nil {
		return c.late(a, err)
	}
	if a.OwnApproval() {
		c.audit("apply.approve-own", a.ID, "button")
	} else {
		c.audit("apply.approve", a.ID, "button")
	}
	return c.card(a), nil
}

// applyDeny handles Deny on a review card: it asks for the reason.
func applyDeny(c *call) (discord.InteractionResponse, error) {
	about, err := c.aboutCase()
	if err != nil {
		return discord.InteractionResponse{}, err
	}
	a, err := about.LoadPending(c.tx, c.guild)
	if err != nil {
		return c.late(a, err)
	}
	// Optional: who is on the blocklist is denied without one, and is not to be told apart.
	reason := discord.NewParagraphTextInput("reason").WithMaxLength(apply.MaxReason)
	note := discord.NewParagraphTextInput("note").WithMaxLength(apply.MaxNote)
	return modal(view.ID("apply/deny", a.ID, about.Partner, about.Applicant), c.say.Say("apply.deny-title"),
		field(c.say.Say("apply.deny-reason"), c.say.Say("apply.deny-reason-hint"), reason),
		field(c.say.Say("apply.deny-note"), c.say.Say("apply.deny-note-hint"), note)), nil
}

// applyDenied handles the sent reason.
func applyDenied(c *call) (discord.InteractionResponse, error) {
	about, err := c.aboutCase()
	if err != nil {
		return discord.InteractionResponse{}, err
	}
	a, err := about.Deny(c.tx, c.guild, c.caller.User, c.fields["reason"], c.fields["note"], c.now)
	if err != nil {
		return c.late(a, err)
	}
	c.audit("apply.deny", a.ID, "modal")
	return c.card(a), nil
}

// cardLate is how long after a decision its card may still show what was before.
const cardLate = time.Minute

// late is the reply to who uses a card of an application that is settled. A card
// that should have shown so long ago shows it now: it says who decided.
func (c *call) late(a apply.Application, err error) (discord.InteractionResponse, error) {
	if a.Settled.IsZero() || c.now.Sub(a.Settled) < cardLate {
		return discord.InteractionResponse{}, err
	}
	return c.card(a), err
}

// card shows an application where its review card stands, or where the caller opened
// it. A card that was posted without its banner has no file to show.
func (c *call) card(a apply.Application) discord.InteractionResponse {
	if c.copy {
		return replace(view.CardCopy(c.say, c.guild, a, c.settings(), post.Place{}))
	}
	a.Ad.Banner.Bare = c.bare && a.Ad.Banner.Shown()
	p, _ := storage.Read[apply.Standing](c.tx, apply.KnownKey(c.guild, a.Server.ID))
	a.Others = p.Others(a.ID)
	return replace(view.Card(c.public(), a, c.settings()))
}
