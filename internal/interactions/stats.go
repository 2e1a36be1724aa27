package interactions

import (
	"slices"
	"strings"

	"github.com/disgoorg/disgo/discord"

	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/refuse"
	"github.com/entente-bot/entente/internal/stats"
	"github.com/entente-bot/entente/internal/storage"
	"github.com/entente-bot/entente/internal/view"
)

// statsSubject names the request of the caller: that of the reply whose button was
// pressed, or a new one.
func (c *call) statsSubject() string {
	id := c.id
	if len(c.about) > 2 && isID(c.about[2]) {
		id = c.about[2]
	}
	return stats.Subject(c.caller.User, id)
}

// needStats reads the partner that was named, also one of the past, or, if none
// was, all of them, to see which is the caller's.
func needStats(c *call) needs {
	n := needs{keys: stats.Keys(c.guild, c.statsSubject())}
	switch p := c.wanted(); {
	case isID(p):
		over := partnership.EndedWith(c.guild, p, 1)
		n.list, n.keys = &over, append(n.keys, partnership.Key(c.guild, p))
	case p == "":
		n.list = needPartners(c).list
	}
	return n
}

// statsOpen handles /partner stats, and the button that leads there: the picture
// and the numbers come into the reply.
func statsOpen(c *call) (discord.InteractionResponse, error) {
	if err := c.askStats(stats.Usual); err != nil {
		return discord.InteractionResponse{}, err
	}
	return c.whisper(view.StatsWaits(c.say)), nil
}

// statsShow handles the buttons below statistics: others come into the same reply.
func statsShow(c *call) (discord.InteractionResponse, error) {
	if err := c.askStats(stats.Period(c.about[1])); err != nil {
		return discord.InteractionResponse{}, err
	}
	return discord.InteractionResponse{Type: discord.InteractionResponseTypeDeferredUpdateMessage}, nil
}

// askStats has the statistics drawn that the caller wants, if they may see them.
func (c *call) askStats(days int) error {
	partner, err := c.statsPartner()
	if err != nil {
		return err
	}
	stats.Ask(c.tx, c.guild, c.statsSubject(), stats.Request{
		Partner: partner, Days: days, Staff: c.staff(), Token: c.token, Locale: c.locale, Asked: c.now,
	})
	return nil
}

// statsPartner returns whose statistics the caller wants and may see: staff those of
// all, whoever speaks for a partner those of that one.
func (c *call) statsPartner() (string, error) {
	switch p := c.wanted(); {
	case p == "" && c.staff():
		return stats.All, nil
	case p == "":
		return c.statsOwn()
	case p == stats.All && c.staff():
		return p, nil
	case p == stats.All:
		return "", refuse.Because("reply.no-right-view")
	case isID(p):
		return p, c.statsMay(p)
	}
	return "", refuse.Because("partnership.not-found")
}

// statsOwn returns the one partner whose contact the caller is.
func (c *call) statsOwn() (string, error) {
	list, err := c.partners()
	if err != nil {
		return "", err
	}
	list = slices.DeleteFunc(list, func(p partnership.Partnership) bool { return p.Contact != c.caller.User })
	switch len(list) {
	case 0:
		return "", refuse.Because("stats.no-partner")
	case 1:
		return list[0].Partner, nil
	}
	return "", refuse.Because("stats.which")
}

// statsMay refuses statistics of a partner that the caller may not see. Whoever is
// no staff does not learn which partners there were.
func (c *call) statsMay(partner string) error {
	p, active := storage.Read[partnership.Partnership](c.tx, partnership.Key(c.guild, partner))
	switch {
	case active && (p.Contact == c.caller.User || c.staff()), !active && c.staff() && len(c.page.Items) > 0:
		return nil
	case active:
		return refuse.Because("stats.not-yours", "server", partnership.Named(p.Server))
	}
	return refuse.Because("partnership.not-found")
}

// statsSuggest suggests the partners whose statistics the caller may see.
func statsSuggest(c *call) (discord.InteractionResponse, error) {
	if !c.staff() {
		return suggestions(c.partnerChoices(c.ownNames())), nil
	}
	var choices []discord.AutocompleteChoice
	if all := c.say.Say("stats.all-partners"); strings.Contains(strings.ToLower(all), strings.ToLower(strings.TrimSpace(c.typed))) {
		choices = append(choices, discord.AutocompleteChoiceString{Name: all, Value: stats.All})
	}
	return suggestions(append(choices, c.partnerChoices(c.names.partners)...)), nil
}
