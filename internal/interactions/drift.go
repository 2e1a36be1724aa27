package interactions

import (
	"strconv"
	"time"

	"github.com/disgoorg/disgo/discord"

	"github.com/entente-bot/entente/internal/drift"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/refuse"
	"github.com/entente-bot/entente/internal/storage"
	"github.com/entente-bot/entente/internal/view"
)

// aboutDrift is what the buttons of a card are about.
func (c *call) aboutDrift() (drift.Case, error) {
	n, err := strconv.Atoi(c.about[1])
	if err != nil || !isID(c.about[0]) {
		return drift.Case{}, refuse.Because("partnership.not-found")
	}
	return drift.Case{Partner: c.about[0], Number: n}, nil
}

func needDrift(c *call) needs {
	about, err := c.aboutDrift()
	if err != nil {
		return needs{}
	}
	return needs{keys: about.Keys(c.guild)}
}

// driftAccept handles Accept on the card about a partner that changed.
func driftAccept(c *call) (discord.InteractionResponse, error) {
	return c.driftDecide("accept", drift.Case.Accept)
}

// driftHide handles Hide the ad on that card.
func driftHide(c *call) (discord.InteractionResponse, error) {
	return c.driftDecide("hide", drift.Case.Hide)
}

// deciding is how a manager decides about what a card shows.
type deciding = func(drift.Case, *storage.Tx, string, time.Time) (partnership.Partnership, error)

// driftDecide does what a manager decided about a partner. The card follows.
func (c *call) driftDecide(what string, decide deciding) (discord.InteractionResponse, error) {
	about, err := c.aboutDrift()
	if err != nil {
		return discord.InteractionResponse{}, err
	}
	p, err := decide(about, c.tx, c.guild, c.now)
	if err != nil {
		return discord.InteractionResponse{}, err
	}
	c.audit("drift."+what, p.Partner, "button")
	return c.whisper(view.DriftDone(c.say, what, p)), nil
}

func needDriftEnd(c *call) needs {
	if !isID(c.about[0]) {
		return needs{}
	}
	return needs{keys: []storage.Key{partnership.Key(c.guild, c.about[0])}}
}

// driftEnd handles End on that card: it opens the form that ends a partnership.
func driftEnd(c *call) (discord.InteractionResponse, error) {
	p, err := c.partner(c.about[0])
	if err != nil {
		return discord.InteractionResponse{}, err
	}
	return c.endForm("end/send", p), nil
}

// driftStop handles the button of a direct message about a hidden ad: there are to
// be no more of them.
func driftStop(c *call) (discord.InteractionResponse, error) {
	about, err := c.aboutCase()
	if err != nil {
		return discord.InteractionResponse{}, err
	}
	a, changed, err := about.Stop(c.tx, c.guild, c.caller.User, c.now)
	if err != nil {
		return discord.InteractionResponse{}, err
	}
	if changed {
		c.own("apply.notify-off", a.ID, "direct")
	}
	return replace(view.Stopped(c.say, a)), nil
}
