package interactions

import (
	"github.com/disgoorg/disgo/discord"

	"github.com/entente-bot/entente/internal/joins"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/storage"
	"github.com/entente-bot/entente/internal/view"
)

func needJoinsStop(c *call) needs {
	n := needCase(c)
	if about, err := c.aboutCase(); err == nil {
		n.keys = append(n.keys, partnership.Key(c.guild, about.Partner), joins.LedgerKey(c.guild))
	}
	return n
}

// joinsStop handles the button of a direct message about a tracked invite: there are
// to be no more of them. The invite goes on working.
func joinsStop(c *call) (discord.InteractionResponse, error) {
	about, err := c.aboutCase()
	if err != nil {
		return discord.InteractionResponse{}, err
	}
	a, changed, err := about.Stop(c.tx, c.guild, c.caller.User, c.now)
	if err != nil {
		return discord.InteractionResponse{}, err
	}
	given := view.Given{Guild: c.guild}
	p, active := storage.Read[partnership.Partnership](c.tx, partnership.Key(c.guild, about.Partner))
	if active && p.Contact == c.caller.User {
		mine, _ := joins.LedgerOf(c.tx, c.guild).Account(about.Partner)
		given.Partnership, given.Code = p, mine.Code
	}
	if changed {
		c.own("apply.notify-off", a.ID, "direct")
	}
	return replace(view.GivenStopped(c.say, given)), nil
}
