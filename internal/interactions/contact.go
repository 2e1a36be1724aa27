package interactions

import (
	"github.com/disgoorg/disgo/discord"

	"github.com/entente-bot/entente/internal/contact"
	"github.com/entente-bot/entente/internal/edit"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/refuse"
	"github.com/entente-bot/entente/internal/view"
)

func needContact(c *call) needs {
	p := c.wanted()
	if !isID(p) {
		return needs{}
	}
	return needs{keys: append(partnership.ChangeKeys(c.guild, p), edit.FormKeys(c.guild, p)...)}
}

// contactChange handles /partnerships edit: it changes who speaks for a partner,
// or opens the form with the ad if nobody was named.
func contactChange(c *call) (discord.InteractionResponse, error) {
	partner, user := c.wanted(), c.options["contact"]
	if user == "" {
		return c.editForm(partner)
	}
	if !isID(partner) {
		return discord.InteractionResponse{}, refuse.Because("partnership.not-found")
	}
	if !isID(user) {
		return discord.InteractionResponse{}, refuse.Because("contact.not-a-person")
	}
	p, before, err := contact.Change(c.tx, c.guild, partner, user, c.known.Users[user].Bot, c.now)
	if err != nil {
		return discord.InteractionResponse{}, err
	}
	c.audit("contact.change", p.Partner, "command")
	lines := []string{c.say.Say("contact.changed", "server", partnership.Named(p.Server), "user", view.Mention(user), "before", view.Mention(before))}
	if role := c.settings().Contact; role != "" {
		lines = append(lines, c.say.Say("contact.role-follows", "role", role))
	}
	lines = append(lines, c.say.Say("contact.tell")) // nobody is written to who did not ask for it
	return c.whisper(view.Text(lines...)), nil
}
