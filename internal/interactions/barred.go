package interactions

import (
	"github.com/disgoorg/disgo/discord"

	"github.com/entente-bot/entente/internal/access"
	"github.com/entente-bot/entente/internal/block"
	"github.com/entente-bot/entente/internal/refuse"
	"github.com/entente-bot/entente/internal/storage"
)

// barring is r, closed to who is on the blocklist, but for staff.
func barring(r route) route {
	about, do := r.needs, r.handle
	r.needs = func(c *call) needs {
		n := about(c)
		n.keys = append(n.keys, c.barKey())
		return n
	}
	r.handle = func(c *call) (discord.InteractionResponse, error) {
		if err := c.barred(); err != nil {
			return discord.InteractionResponse{}, err
		}
		return do(c)
	}
	return r
}

func (c *call) bar() block.Target { return block.Target{What: block.User, ID: c.caller.User} }

// barKey is what barred needs to have read.
func (c *call) barKey() storage.Key { return block.Key(c.guild, c.bar()) }

// barred refuses if the caller is on the blocklist, and no staff.
func (c *call) barred() error {
	_, listed := block.Listed(c.tx, c.guild, c.bar(), c.now)
	if !listed || c.caller.Allow(access.Edit, c.settings().Staff()) {
		return nil
	}
	return refuse.Because("block.barred")
}
