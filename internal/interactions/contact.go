package interactions

import (
	"github.com/disgoorg/disgo/discord"

	"github.com/entente-bot/entente/internal/audit"
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
	keys := edit.FormKeys(c.guild, p)
	if user := c.options["contact"]; isID(user) {
		keys = append(keys, contact.ChangeKeys(c.guild, p, user)...)
	}
	return needs{keys: keys}
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
	done, err := c.contactBecomes(partner, user, "command")
	if err != nil {
		return discord.InteractionResponse{}, err
	}
	return c.whisper(done), nil
}

// contactBecomes makes user the contact of a partner, and says so.
func (c *call) contactBecomes(partner, user, surface string) (done discord.TextDisplayComponent, err error) {
	p, before, err := contact.Change(c.tx, c.guild, partner, user, c.known.Users[user].Bot, c.now)
	if err != nil {
		return done, err
	}
	e := c.entry("contact.change", p.Partner, surface)
	audit.Write(c.tx, c.guild, c.id, e.Turned(audit.Person, view.Mention(before), view.Mention(user)))
	lines := []string{c.say.Say("contact.changed", "server", partnership.Named(p.Server), "user", view.Mention(user), "before", view.Mention(before))}
	if role := c.settings().Contact; role != "" {
		lines = append(lines, c.say.Say("contact.role-follows", "role", role))
	}
	lines = append(lines, c.say.Say("contact.tell")) // nobody is written to who did not ask for it
	return view.Text(lines...), nil
}

// aboutBarred is what the buttons about a contact on the blocklist are about.
func (c *call) aboutBarred() (contact.Question, error) {
	if !isID(c.about[0]) || !isID(c.about[1]) {
		return contact.Question{}, refuse.Because("partnership.not-found")
	}
	return contact.Question{Partner: c.about[0], User: c.about[1]}, nil
}

func needBarred(c *call) needs {
	about, err := c.aboutBarred()
	if err != nil {
		return needs{}
	}
	return needs{keys: about.Keys(c.guild)}
}

// contactOther handles Choose another contact: it asks whom.
func contactOther(c *call) (discord.InteractionResponse, error) {
	about, err := c.aboutBarred()
	if err != nil {
		return discord.InteractionResponse{}, err
	}
	p, err := about.Load(c.tx, c.guild, c.now)
	if err != nil {
		return discord.InteractionResponse{}, err
	}
	return c.whisper(view.OtherContact(c.say, p, about.User)...), nil
}

// contactKeep handles Keep for now.
func contactKeep(c *call) (discord.InteractionResponse, error) {
	about, err := c.aboutBarred()
	if err != nil {
		return discord.InteractionResponse{}, err
	}
	p, news, err := about.Keep(c.tx, c.guild, c.now)
	if err != nil {
		return discord.InteractionResponse{}, err
	}
	if news {
		c.audit("contact.keep", p.Partner, "button")
	}
	return c.whisper(view.ContactKept(c.say, p)), nil
}

func needContactChoose(c *call) needs {
	n := needBarred(c)
	if len(n.keys) > 0 && len(c.values) == 1 && isID(c.values[0]) {
		n.keys = append(n.keys, contact.ChangeKeys(c.guild, c.about[0], c.values[0])...)
	}
	return n
}

// contactChoose handles the choice of another contact.
func contactChoose(c *call) (discord.InteractionResponse, error) {
	about, err := c.aboutBarred()
	if err != nil {
		return discord.InteractionResponse{}, err
	}
	if len(c.values) != 1 || !isID(c.values[0]) {
		return discord.InteractionResponse{}, refuse.Because("contact.not-a-person")
	}
	if _, err := about.Load(c.tx, c.guild, c.now); err != nil {
		return discord.InteractionResponse{}, err
	}
	done, err := c.contactBecomes(about.Partner, c.values[0], "button")
	if err != nil {
		return discord.InteractionResponse{}, err
	}
	return replace(view.Message(done)), nil
}
