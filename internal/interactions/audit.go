package interactions

import (
	"github.com/disgoorg/disgo/discord"

	"github.com/entente-bot/entente/internal/apply"
	"github.com/entente-bot/entente/internal/audit"
	"github.com/entente-bot/entente/internal/bump"
	"github.com/entente-bot/entente/internal/contact"
	"github.com/entente-bot/entente/internal/edit"
	"github.com/entente-bot/entente/internal/joins"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/post"
	"github.com/entente-bot/entente/internal/refuse"
	"github.com/entente-bot/entente/internal/showcase"
	"github.com/entente-bot/entente/internal/storage"
	"github.com/entente-bot/entente/internal/view"
)

// needHistory reads what the guild has of the partner that was named, or the
// guild's own trail if none was.
func needHistory(c *call) needs {
	p := c.wanted()
	if !isID(p) {
		q := audit.Trail(c.guild, "", "")
		return needs{list: &q}
	}
	q := audit.Trail(c.guild, p, "")
	q.Limit = view.BesideAd
	over := partnership.EndedWith(c.guild, p, view.EndsBesideAd)
	return needs{list: &q, also: &over, keys: []storage.Key{
		partnership.Key(c.guild, p), showcase.Key(c.guild, p), bump.Key(c.guild, p), apply.KnownKey(c.guild, p),
		edit.Key(c.guild, p), contact.Key(c.guild, p), joins.LedgerKey(c.guild),
	}}
}

// auditInfo handles /partnerships info: a partner with its trail, or the trail of
// the guild.
func auditInfo(c *call) (discord.InteractionResponse, error) {
	p := c.wanted()
	if p == "" {
		return auditOpen(c)
	}
	if !isID(p) {
		return discord.InteractionResponse{}, refuse.Because("partnership.not-found")
	}
	k := view.Known{Partner: p}
	k.Partnership, k.Active = storage.Read[partnership.Partnership](c.tx, partnership.Key(c.guild, p))
	k.Listing, _ = storage.Read[post.Post](c.tx, showcase.Key(c.guild, p))
	if k.Active {
		k.Bumps = c.bumps(k.Partnership)
		k.Bumps.Contact = false // how they are reminded is not part of the history
	}
	k.Ledger = joins.LedgerOf(c.tx, c.guild)
	k.Counts = c.settings().Track || !k.Ledger.Polled.IsZero()
	k.Edit, k.Held = edit.Of(c.tx, c.guild, p), contact.Of(c.tx, c.guild, p)
	k.Standing, _ = storage.Read[apply.Standing](c.tx, apply.KnownKey(c.guild, p))
	var err error
	if k.Trail, k.Next, err = audit.Entries(c.page, p); err != nil {
		return discord.InteractionResponse{}, err
	}
	if k.Ended, err = partnership.EndedIn(c.other); err != nil {
		return discord.InteractionResponse{}, err
	}
	if !k.Active && k.Standing.Latest.ID == "" && len(k.Trail) == 0 && len(k.Ended) == 0 {
		return discord.InteractionResponse{}, refuse.Because("partnership.not-found")
	}
	m := view.History(c.say, c.guild, k)
	return reply(hidden(m)), nil
}

func needTrail(c *call) needs {
	q := audit.Trail(c.guild, "", "")
	return needs{list: &q}
}

// auditOpen handles the button in the log channel: it shows the guild's trail.
func auditOpen(c *call) (discord.InteractionResponse, error) {
	list, next, err := audit.Entries(c.page, "")
	m := view.Trail(c.say, "", list, true, next)
	return reply(hidden(m)), err
}

// aboutTrail is what a button below a page of the trail is about: whose trail,
// "" for the guild's, and after which entry.
func (c *call) aboutTrail() (about, after string) {
	if isID(c.about[0]) {
		about = c.about[0]
	}
	if c.about[1] != view.AuditLatest {
		after = c.about[1]
	}
	return about, after
}

func needTrailPage(c *call) needs {
	q := audit.Trail(c.guild, "", "")
	if about, after := c.aboutTrail(); len(after) <= 64 {
		q = audit.Trail(c.guild, about, after)
	}
	return needs{list: &q}
}

// auditPage handles the buttons below a page of the trail.
func auditPage(c *call) (discord.InteractionResponse, error) {
	about, after := c.aboutTrail()
	list, next, err := audit.Entries(c.page, about)
	return replace(view.Trail(c.say, about, list, after == "", next)), err
}
