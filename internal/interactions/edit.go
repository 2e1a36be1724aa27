package interactions

import (
	"errors"
	"slices"
	"strings"

	"github.com/disgoorg/disgo/discord"

	"github.com/entente-bot/entente/internal/access"
	"github.com/entente-bot/entente/internal/apply"
	"github.com/entente-bot/entente/internal/edit"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/refuse"
	"github.com/entente-bot/entente/internal/storage"
	"github.com/entente-bot/entente/internal/view"
)

// optionBare is the option by which an ad is to go without the banner it has: a form
// has no room for it beside the fields of an ad.
const optionBare = "without-banner"

// needEdit reads the partner that was named, or, if none was, all of them, to see
// which is the caller's.
func needEdit(c *call) needs {
	switch p := c.wanted(); {
	case isID(p):
		return needs{keys: edit.FormKeys(c.guild, p)}
	case p == "":
		edits := edit.All(c.guild)
		return needs{list: needPartners(c).list, also: &edits}
	}
	return needs{}
}

// direct reports whether what the caller writes needs no approval: a manager's.
func (c *call) direct() bool { return c.caller.Allow(access.Edit, c.settings().Staff()) }

// editOpen handles /partner edit: it opens the form with the ad.
func editOpen(c *call) (discord.InteractionResponse, error) {
	partner := c.wanted()
	if partner == "" {
		var err error
		if partner, err = c.editOwn(); err != nil {
			return discord.InteractionResponse{}, err
		}
	}
	return c.editForm(partner)
}

// editOwn returns the one partner whose contact the caller is, and has the
// transaction hold what was listed about it.
func (c *call) editOwn() (string, error) {
	list, err := c.partners()
	if err != nil {
		return "", err
	}
	list = slices.DeleteFunc(list, func(p partnership.Partnership) bool { return p.Contact != c.caller.User })
	switch {
	case len(list) == 0:
		return "", refuse.Because("edit.no-partner")
	case len(list) > 1:
		return "", refuse.Because("edit.which")
	}
	partner := list[0].Partner
	listed := slices.Concat(c.page.Items, c.other.Items)
	for _, k := range edit.FormKeys(c.guild, partner) {
		it := storage.Item{Key: k}
		if i := slices.IndexFunc(listed, func(it storage.Item) bool { return it.Key == k }); i >= 0 {
			it = listed[i]
		}
		c.tx.Listed(it)
	}
	return partner, nil
}

// editForm opens the form with the ad of a partner, for who may change it.
func (c *call) editForm(partner string) (discord.InteractionResponse, error) {
	if !isID(partner) {
		return discord.InteractionResponse{}, refuse.Because("partnership.not-found")
	}
	f, err := edit.Filled(c.tx, c.guild, partner, c.caller.User, c.direct())
	if err != nil {
		return discord.InteractionResponse{}, err
	}
	f.Bare = c.options[optionBare] == "true"
	return c.editFields(partner, f, edit.BaseOf(f)), nil
}

// editFields is the form of an ad that is changed, filled in with f. It carries the
// base of what it changes.
func (c *call) editFields(partner string, f partnership.Form, base string) discord.InteractionResponse {
	fields := append([]discord.LayoutComponent{c.inviteField(f.Invite)}, c.adFields(f)...)
	if f.Bare {
		fields = append([]discord.LayoutComponent{view.Text(c.say.Say("edit.bare"))}, fields[:len(fields)-1]...)
		return modal(view.ID("edit/bare", partner, base), c.say.Say("edit.form-title"), fields...)
	}
	fields[len(fields)-1] = field(c.say.Say("banner.field"), c.say.Say("edit.banner-hint"),
		discord.NewFileUpload(fieldBanner).WithMinValues(0).WithMaxValues(1))
	return modal(view.ID("edit/send", partner, base), c.say.Say("edit.form-title"), fields...)
}

// editSuggest suggests the partners whose ad the caller may change.
func editSuggest(c *call) (discord.InteractionResponse, error) {
	list := c.ownNames()
	if c.direct() {
		list = c.names.partners
	}
	return suggestions(c.partnerChoices(list)), nil
}

func needEditSend(c *call) needs {
	if !isID(c.about[0]) {
		return needs{}
	}
	return needs{keys: edit.SendKeys(c.guild, c.about[0], c.caller.User, c.id)}
}

// editSend handles the sent form.
func editSend(c *call) (discord.InteractionResponse, error) { return c.editSent(c.written()) }

// editBare handles the sent form of an ad that is to go without its banner.
func editBare(c *call) (discord.InteractionResponse, error) {
	f := c.written()
	f.Bare, f.Banner = true, partnership.Banner{}
	return c.editSent(f)
}

// editSent handles an ad as it was sent. If it names another invite, the worker
// looks that up and changes this reply.
func (c *call) editSent(f partnership.Form) (discord.InteractionResponse, error) {
	if !isID(c.about[0]) {
		return discord.InteractionResponse{}, refuse.Because("partnership.not-found")
	}
	d := edit.Draft{
		ID: c.id, Partner: c.about[0], By: c.caller.User, Direct: c.direct(), Locale: c.locale, Form: f, Base: c.about[1],
	}
	if _, err := edit.Filled(c.tx, c.guild, d.Partner, d.By, d.Direct); err != nil {
		return discord.InteractionResponse{}, err
	}
	sent, err := edit.Send(c.tx, c.guild, d, c.token, c.now)
	no := new(refuse.Error)
	switch {
	case errors.As(err, &no):
		c.tx.Discard()
		return reply(view.EditAnswer(c.say, edit.Keep(c.tx, c.guild, sent, no, c.now), edit.Edit{})), nil
	case err != nil:
		return discord.InteractionResponse{}, err
	case sent.Checked:
		c.audit(sent.Did(), sent.Partner, "modal")
	}
	return reply(view.EditAnswer(c.say, sent, edit.Of(c.tx, c.guild, sent.Partner))), nil
}

func needEditDraft(c *call) needs {
	if !isID(c.about[0]) {
		return needs{}
	}
	return needs{keys: []storage.Key{edit.DraftKey(c.guild, c.about[0])}}
}

// editAgain handles Edit and resend: it opens the form with what was written. Who
// may send it is checked when it is sent.
func editAgain(c *call) (discord.InteractionResponse, error) {
	if !isID(c.about[0]) {
		return discord.InteractionResponse{}, refuse.Because("edit.draft-gone")
	}
	d, ok := storage.Read[edit.Draft](c.tx, edit.DraftKey(c.guild, c.about[0]))
	switch {
	case !ok:
		return discord.InteractionResponse{}, refuse.Because("edit.draft-gone")
	case d.By != c.caller.User:
		return discord.InteractionResponse{}, refuse.Because("apply.not-yours")
	}
	return c.editFields(d.Partner, d.Form, d.Base), nil
}

// aboutEdit returns the edit that a button on a review card is about. It refuses
// if it can be about none.
func (c *call) aboutEdit() (edit.Case, error) {
	for _, id := range c.about {
		if !isID(id) {
			return edit.Case{}, refuse.Because("edit.not-found")
		}
	}
	return edit.Case{ID: c.about[0], Partner: c.about[1], Card: c.about[2]}, nil
}

func needEditCase(c *call) needs {
	about, err := c.aboutEdit()
	if err != nil {
		return needs{}
	}
	return needs{keys: about.Keys(c.guild)}
}

// editApprove handles Approve on the card of a changed ad.
func editApprove(c *call) (discord.InteractionResponse, error) {
	about, err := c.aboutEdit()
	if err != nil {
		return discord.InteractionResponse{}, err
	}
	e, err := about.Approve(c.tx, c.guild, c.caller.User, c.now)
	if err != nil {
		return c.editLate(e, err)
	}
	c.audit("edit.approve", e.Partner, "button")
	return c.editCard(e), nil
}

// editDeny handles Deny on the card of a changed ad: it asks for the reason.
func editDeny(c *call) (discord.InteractionResponse, error) {
	about, err := c.aboutEdit()
	if err != nil {
		return discord.InteractionResponse{}, err
	}
	e, _, err := about.Load(c.tx, c.guild)
	if err != nil {
		return c.editLate(e, err)
	}
	reason := discord.NewParagraphTextInput("reason").WithRequired(false).WithMaxLength(edit.MaxReason)
	return modal(view.ID("edit/deny", about.ID, about.Partner, about.Card), c.say.Say("edit.deny-title"),
		field(c.say.Say("apply.deny-reason"), c.say.Say("edit.deny-hint"), reason)), nil
}

// editDenied handles the sent reason.
func editDenied(c *call) (discord.InteractionResponse, error) {
	about, err := c.aboutEdit()
	if err != nil {
		return discord.InteractionResponse{}, err
	}
	e, err := about.Deny(c.tx, c.guild, c.caller.User, strings.TrimSpace(c.fields["reason"]), c.now)
	if err != nil {
		return c.editLate(e, err)
	}
	c.audit("edit.deny", e.Partner, "modal")
	return c.editCard(e), nil
}

// needEditStop reads what editStop decides on: the custom ID tells the application,
// the partner and the card, and who presses it is the applicant, or may do nothing.
func needEditStop(c *call) needs {
	about, err := c.editStopped()
	if err != nil {
		return needs{}
	}
	return needs{keys: append(about.Keys(c.guild), edit.PastKey(c.guild, c.about[2]))}
}

func (c *call) editStopped() (apply.Case, error) {
	for _, id := range c.about {
		if !isID(id) {
			return apply.Case{}, refuse.Because("apply.not-found")
		}
	}
	return apply.Case{ID: c.about[0], Partner: c.about[1], Applicant: c.caller.User}, nil
}

// editStop handles the button of a direct message about a changed ad: there are to
// be no more of them.
func editStop(c *call) (discord.InteractionResponse, error) {
	about, err := c.editStopped()
	if err != nil {
		return discord.InteractionResponse{}, err
	}
	a, changed, err := about.Stop(c.tx, c.guild, c.caller.User, c.now)
	if err != nil {
		return discord.InteractionResponse{}, err
	}
	e, _ := storage.Read[edit.Edit](c.tx, edit.PastKey(c.guild, c.about[2]))
	if e.By != c.caller.User { // it is too old, or was never theirs
		e = edit.Edit{}
	}
	if changed {
		c.own("apply.notify-off", a.ID, "direct")
	}
	return replace(view.EditStopped(c.say, e)), nil
}

// editLate is the reply to who uses the card of an edit that is settled. A card
// that should have shown so long ago shows it now.
func (c *call) editLate(e edit.Edit, err error) (discord.InteractionResponse, error) {
	if e.Settled.IsZero() || c.now.Sub(e.Settled) < cardLate {
		return discord.InteractionResponse{}, err
	}
	return c.editCard(e), err
}

// editCard shows an edit where its review card stands.
func (c *call) editCard(e edit.Edit) discord.InteractionResponse {
	e.Ad.Banner.Bare = c.bare && e.Ad.Banner != e.Before.Banner && e.Ad.Banner.Shown()
	return replace(view.EditCard(c.public(), e))
}
