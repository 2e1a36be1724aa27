package interactions

import (
	"errors"
	"slices"

	"github.com/disgoorg/disgo/discord"

	"github.com/entente-bot/entente/internal/access"
	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/bump"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/post"
	"github.com/entente-bot/entente/internal/refuse"
	"github.com/entente-bot/entente/internal/showcase"
	"github.com/entente-bot/entente/internal/storage"
	"github.com/entente-bot/entente/internal/view"
)

// needBump reads the partner that was named, or, if none was, all of them, to see
// which is the caller's.
func needBump(c *call) needs {
	switch p := c.wanted(); {
	case isID(p):
		return needs{keys: bump.DoKeys(c.guild, p)}
	case p == "":
		bumps := bump.All(c.guild)
		return needs{keys: action.Keys(bump.Loose(c.guild)), list: needPartners(c).list, also: &bumps}
	}
	return needs{}
}

// partner returns the active partnership that was named.
func (c *call) partner(named string) (partnership.Partnership, error) {
	if isID(named) {
		if p, ok := storage.Read[partnership.Partnership](c.tx, partnership.Key(c.guild, named)); ok {
			return p, nil
		}
	}
	return partnership.Partnership{}, refuse.Because("partnership.not-found")
}

// ownPartner returns the one partnership whose contact the caller is, for the
// transaction to change its bumps as they were listed.
func (c *call) ownPartner() (p partnership.Partnership, err error) {
	list, err := c.partners()
	if err != nil {
		return p, err
	}
	list = slices.DeleteFunc(list, func(p partnership.Partnership) bool { return p.Contact != c.caller.User })
	switch {
	case len(list) == 0:
		return p, refuse.Because("bump.no-partner")
	case len(list) > 1:
		return p, refuse.Because("bump.which")
	}
	p = list[0]
	for _, k := range []storage.Key{partnership.Key(c.guild, p.Partner), bump.Key(c.guild, p.Partner)} {
		listed := slices.Concat(c.page.Items, c.other.Items)
		i := slices.IndexFunc(listed, func(it storage.Item) bool { return it.Key == k })
		if i < 0 {
			c.tx.Listed(storage.Item{Key: k})
		} else {
			c.tx.Listed(listed[i])
		}
	}
	return p, nil
}

// bumps is how the bumps of p stand, for the caller.
func (c *call) bumps(p partnership.Partnership) view.Bumps {
	return view.Bumps{
		Bump: bump.Of(c.tx, c.guild, p.Partner), Every: c.settings().BumpTime(), Now: c.now,
		Contact: p.Contact == c.caller.User, Manager: c.caller.Allow(access.Edit, c.settings().Staff()),
	}
}

// bump bumps the partner that is wanted, for its contact or a manager.
func (c *call) bump(surface string) (partnership.Partnership, error) {
	own := c.wanted() == ""
	p, err := c.partner(c.wanted())
	if own {
		p, err = c.ownPartner()
	}
	if err != nil {
		return p, err
	}
	if b := c.bumps(p); !b.Contact && !b.Manager {
		return p, refuse.Because("bump.not-yours", "server", partnership.Named(p.Server))
	}
	if _, err := bump.Do(c.tx, c.guild, p, c.caller.User, c.now); err != nil {
		return p, err
	}
	if own {
		bump.FollowLater(c.tx, c.guild, p.Partner, c.now)
	} else {
		bump.Follow(c.tx, c.guild, p.Partner, c.now)
	}
	c.audit("bump.do", p.Partner, surface)
	return p, nil
}

// partnerBump handles /partner bump.
func partnerBump(c *call) (discord.InteractionResponse, error) { return c.bumped("command") }

// bumpDo handles Bump, wherever it stands.
func bumpDo(c *call) (discord.InteractionResponse, error) { return c.bumped("button") }

// bumped bumps, and tells the caller how the bumps of the partner then stand.
func (c *call) bumped(surface string) (discord.InteractionResponse, error) {
	p, err := c.bump(surface)
	line := c.say.Say("bump.done", "server", partnership.Named(p.Server))
	if no := new(refuse.Error); errors.As(err, &no) && no.Key == bump.Early {
		line = c.say.Say("bump.too-early", "server", partnership.Named(p.Server))
	} else if err != nil {
		return discord.InteractionResponse{}, err
	}
	return c.whisper(view.Bump(c.say, line, p, c.bumps(p))...), err
}

// bumpDirect handles Bump in a direct message.
func bumpDirect(c *call) (discord.InteractionResponse, error) {
	p, err := c.bump("direct")
	if err != nil {
		return discord.InteractionResponse{}, err
	}
	return replace(view.BumpDirectDone(c.say, c.guild, p, c.bumps(p))), nil
}

// needRemind reads what the buttons about reminders are about.
func needRemind(c *call) needs {
	p := view.BumpTurn(c.about[0])
	if !isID(p) {
		return needs{}
	}
	return needs{keys: append(bump.RemindKeys(c.guild, p), showcase.Key(c.guild, p))}
}

// bumpRemind handles the buttons by which contacts choose how they are reminded.
func bumpRemind(c *call) (discord.InteractionResponse, error) {
	p, err := c.partner(c.about[0])
	if err != nil {
		return discord.InteractionResponse{}, err
	}
	way, on := bump.Way(c.about[1]), "on"
	if way == view.BumpNever {
		way, on = bump.Never, "off"
	}
	b, changed, err := bump.Ask(c.tx, c.guild, p, c.caller.User, c.locale, way, c.now)
	if err != nil {
		return discord.InteractionResponse{}, err
	}
	if changed {
		c.own("bump.remind-"+on, p.Partner, "button")
	}
	state := c.bumps(p)
	state.Bump = b
	compact := view.Bump(c.say, c.say.Say("bump.about", "server", partnership.Named(p.Server)), p, state)
	switch c.about[2] {
	case view.BumpInfo:
		listing, _ := storage.Read[post.Post](c.tx, showcase.Key(c.guild, p.Partner))
		return replace(view.Whisper(view.Info(c.say, c.guild, p, listing, state))), nil
	case view.BumpReply:
		return replace(view.Whisper(compact...)), nil
	}
	return c.whisper(compact...), nil
}

// bumpStop handles the button of a direct message: there are to be no more.
func bumpStop(c *call) (discord.InteractionResponse, error) {
	p, err := c.partner(view.BumpTurn(c.about[0]))
	if err == nil && p.Contact == c.caller.User { // else there are none anyway
		_, changed, err := bump.Ask(c.tx, c.guild, p, c.caller.User, c.locale, bump.Never, c.now)
		if err != nil {
			return discord.InteractionResponse{}, err
		}
		if changed {
			c.own("bump.remind-off", p.Partner, "direct")
		}
	}
	return replace(view.BumpStopped(c.say)), nil
}

// bumpSuggest suggests the partners that the caller may bump: their own first.
func bumpSuggest(c *call) (discord.InteractionResponse, error) {
	list := c.ownNames()
	if c.direct() {
		list = append(list, slices.DeleteFunc(slices.Clone(c.names.partners), func(n partnership.Name) bool { return n.Contact == c.caller.User })...)
	}
	return suggestions(c.partnerChoices(list)), nil
}
