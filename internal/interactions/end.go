package interactions

import (
	"slices"
	"strings"

	"github.com/disgoorg/disgo/discord"

	"github.com/entente-bot/entente/internal/access"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/refuse"
	"github.com/entente-bot/entente/internal/storage"
	"github.com/entente-bot/entente/internal/view"
)

// endOpen handles /partner end: it opens the form for the contact of a partner,
// or for a manager.
func endOpen(c *call) (discord.InteractionResponse, error) {
	list, err := c.partners()
	if err != nil {
		return discord.InteractionResponse{}, err
	}
	p, err := c.endMeant(list)
	switch {
	case err != nil:
		return discord.InteractionResponse{}, err
	case p.Contact == c.caller.User:
		return c.endForm("end/leave", p), nil
	case c.caller.Allow(access.Edit, c.settings().Staff()):
		return c.endForm("end/send", p), nil
	}
	return discord.InteractionResponse{}, refuse.Because("end.not-yours", "server", partnership.Named(p.Server))
}

// endMeant is the partnership that /partner end is about: the one that was named,
// or the only one whose contact the caller is.
func (c *call) endMeant(list []partnership.Partnership) (partnership.Partnership, error) {
	named := strings.TrimSpace(c.options[optionPartner])
	list = slices.DeleteFunc(slices.Clone(list), func(p partnership.Partnership) bool {
		return named != "" && p.Partner != named || named == "" && p.Contact != c.caller.User
	})
	switch {
	case len(list) == 1:
		return list[0], nil
	case named != "":
		return partnership.Partnership{}, refuse.Because("partnership.not-found")
	case len(list) == 0:
		return partnership.Partnership{}, refuse.Because("end.nothing")
	}
	return partnership.Partnership{}, refuse.Because("end.several")
}

// endSuggest suggests the partners that the caller may part with.
func endSuggest(c *call) (discord.InteractionResponse, error) {
	list := c.ownNames()
	if c.direct() {
		list = c.names.partners
	}
	var choices []discord.AutocompleteChoice
	for _, n := range list {
		choices = c.suggest(choices, n.Name, n.ID, n.ID)
	}
	return suggestions(choices), nil
}

func needEndStaff(c *call) needs {
	if p := strings.TrimSpace(c.options[optionPartner]); isID(p) {
		return needs{keys: []storage.Key{partnership.Key(c.guild, p)}}
	}
	return needs{}
}

// endOpenStaff handles /partnerships end.
func endOpenStaff(c *call) (discord.InteractionResponse, error) {
	p, err := c.partner(strings.TrimSpace(c.options[optionPartner]))
	if err != nil {
		return discord.InteractionResponse{}, err
	}
	return c.endForm("end/send", p), nil
}

// endForm is the form that ends a partnership. It names the application, too: if
// the partner comes back meanwhile, that is another partnership.
func (c *call) endForm(route string, p partnership.Partnership) discord.InteractionResponse {
	why, last := c.say.Say("end.staff-reason-hint"), c.say.Say("end.staff-farewell-hint")
	if route == "end/leave" {
		why, last = c.say.Say("end.contact-reason-hint"), c.say.Say("end.contact-farewell-hint")
	}
	reason := discord.NewParagraphTextInput("reason").WithRequired(route == "end/send").WithMaxLength(partnership.MaxReason)
	farewell := discord.NewParagraphTextInput("farewell").WithRequired(false).WithMaxLength(partnership.MaxFarewell)
	return modal(view.ID(route, p.Partner, p.Application), c.say.Say("end.title"),
		view.EndWarning(c.say, p),
		field(c.say.Say("end.field-reason"), why, reason),
		field(c.say.Say("end.field-farewell"), last, farewell))
}

func needEndSend(c *call) needs {
	if !isID(c.about[0]) || !isID(c.about[1]) {
		return needs{}
	}
	return needs{keys: partnership.EndKeys(c.guild, c.about[0], c.about[1])}
}

// endLeave handles the form as the contact of a partner sent it.
func endLeave(c *call) (discord.InteractionResponse, error) {
	p, err := c.endLoad()
	if err != nil {
		return discord.InteractionResponse{}, err
	}
	if p.Contact != c.caller.User { // somebody else is by now
		return discord.InteractionResponse{}, refuse.Because("end.not-yours", "server", partnership.Named(p.Server))
	}
	return c.end(partnership.WhyContact)
}

// endSend handles the form as a manager sent it.
func endSend(c *call) (discord.InteractionResponse, error) {
	if _, err := c.endLoad(); err != nil {
		return discord.InteractionResponse{}, err
	}
	if partnership.Clean(c.fields["reason"], partnership.MaxReason) == "" {
		return discord.InteractionResponse{}, refuse.Because("end.no-reason")
	}
	return c.end(partnership.WhyManager)
}

// endLoad is the partnership that the form is about, if it is still active.
func (c *call) endLoad() (partnership.Partnership, error) {
	if !isID(c.about[0]) || !isID(c.about[1]) {
		return partnership.Partnership{}, refuse.Because("partnership.not-found")
	}
	return partnership.Load(c.tx, c.guild, c.about[0], c.about[1])
}

// end ends the partnership that the form is about.
func (c *call) end(why string) (discord.InteractionResponse, error) {
	e, ok := partnership.End(c.tx, c.guild, c.about[0], partnership.Ending{
		At: c.now, EndedBy: c.caller.User, Why: why, Reason: c.fields["reason"], Farewell: c.fields["farewell"],
	})
	if !ok {
		return discord.InteractionResponse{}, refuse.Because("partnership.not-found")
	}
	c.audit("partnership.end", e.Partner, "modal")
	return c.whisper(view.EndDone(c.say, e)), nil
}

func needEndStop(c *call) needs {
	n := needCase(c)
	if about, err := c.aboutCase(); err == nil {
		n.keys = append(n.keys, partnership.EndedKey(c.guild, about.Partner, about.ID))
	}
	return n
}

// endStop handles the button of a direct message about an end: there are to be
// no more of them.
func endStop(c *call) (discord.InteractionResponse, error) {
	about, err := c.aboutCase()
	if err != nil {
		return discord.InteractionResponse{}, err
	}
	a, changed, err := about.Stop(c.tx, c.guild, c.caller.User, c.now)
	if err != nil {
		return discord.InteractionResponse{}, err
	}
	e, over := storage.Read[partnership.Ended](c.tx, partnership.EndedKey(c.guild, about.Partner, about.ID))
	if !over { // no message of ours has such a button then
		return discord.InteractionResponse{}, refuse.Because("apply.not-found")
	}
	if changed {
		c.own("apply.notify-off", a.ID, "direct")
	}
	return replace(view.EndStopped(c.say, e)), nil
}
