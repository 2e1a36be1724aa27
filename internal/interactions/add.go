package interactions

import (
	"cmp"

	"github.com/disgoorg/disgo/discord"

	"github.com/entente-bot/entente/internal/apply"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/refuse"
	"github.com/entente-bot/entente/internal/storage"
	"github.com/entente-bot/entente/internal/view"
)

func needAdd(c *call) needs { return needs{keys: []storage.Key{partnership.CountsKey(c.guild)}} }

// addOpen handles /partnerships add: it opens the form of the ad.
func addOpen(c *call) (discord.InteractionResponse, error) {
	contact := c.options["contact"]
	if !isID(contact) || c.known.Users[contact].Bot {
		return discord.InteractionResponse{}, refuse.Because("add.not-a-person")
	}
	code, err := partnership.ParseInvite(c.options["invite"])
	if err != nil {
		return discord.InteractionResponse{}, err
	}
	if err := c.roomToAdd(); err != nil {
		return discord.InteractionResponse{}, err
	}
	return c.addForm(contact, code, c.adFields(apply.Form{})), nil
}

// roomToAdd refuses if nothing can be added whatever the form says.
func (c *call) roomToAdd() error {
	s := c.settings()
	if s.Place() == "" {
		return refuse.Because("add.no-showcase")
	}
	return partnership.CountsOf(c.tx, c.guild).StaffRoom(s.Active, c.limits)
}

// addForm asks a manager for an ad. The contact and the invite travel in the
// form's custom ID.
func (c *call) addForm(contact, code string, fields []discord.LayoutComponent) discord.InteractionResponse {
	return modal(view.ID("add/send", contact, code), c.say.Say("add.form-title"), fields...)
}

func needAddSend(c *call) needs {
	return needs{keys: apply.SendKeys(c.guild, c.caller.User, c.id)}
}

// addSend handles the sent form: the worker looks the invite up, starts the
// partnership and changes this reply.
func addSend(c *call) (discord.InteractionResponse, error) {
	if !isID(c.about[0]) {
		return discord.InteractionResponse{}, refuse.Because("add.not-a-person")
	}
	f := c.written()
	f.Invite = cmp.Or(f.Invite, c.about[1]) // a form that is sent again asks for it
	d := apply.Draft{
		ID: c.id, Applicant: c.about[0], By: c.caller.User, Locale: c.locale, Source: apply.Manual, Form: f,
	}
	if err := c.roomToAdd(); err != nil {
		return c.keep(d, err)
	}
	return c.send(d)
}

func needAddEdit(c *call) needs {
	n := needAdd(c)
	if isID(c.about[0]) {
		n.keys = append(n.keys, apply.DraftKey(c.guild, c.about[0]))
	}
	return n
}

// addEdit handles Edit and resend: it opens the form with what was written, and
// asks for the invite, too, which may be what is wrong.
func addEdit(c *call) (discord.InteractionResponse, error) {
	if !isID(c.about[0]) {
		return discord.InteractionResponse{}, refuse.Because("add.draft-gone")
	}
	d, ok := storage.Read[apply.Draft](c.tx, apply.DraftKey(c.guild, c.about[0]))
	if !ok || d.Source != apply.Manual {
		return discord.InteractionResponse{}, refuse.Because("add.draft-gone")
	}
	if err := c.roomToAdd(); err != nil {
		return discord.InteractionResponse{}, err
	}
	code, _ := partnership.ParseInvite(d.Form.Invite) // what is wrong with it stands in its field
	fields := append([]discord.LayoutComponent{c.inviteField(d.Form.Invite)}, c.adFields(d.Form)...)
	return c.addForm(d.Applicant, code, fields), nil
}
