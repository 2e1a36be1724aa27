package interactions

import (
	"cmp"

	"github.com/disgoorg/disgo/discord"

	"github.com/entente-bot/entente/internal/apply"
	"github.com/entente-bot/entente/internal/panel"
	"github.com/entente-bot/entente/internal/post"
	"github.com/entente-bot/entente/internal/refuse"
	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/storage"
	"github.com/entente-bot/entente/internal/view"
)

// postable reports whether messages for everybody stand in channels of a type.
func postable(kind int) bool {
	return kind == int(discord.ChannelTypeGuildText) || kind == int(discord.ChannelTypeGuildNews)
}

// board is the channel of the panel that a command or button is about: "" if it
// can be none.
func (c *call) board() string {
	if len(c.about) > 0 {
		if isID(c.about[0]) {
			return c.about[0]
		}
		return ""
	}
	chosen := c.options["channel"]
	if known, ok := c.known.Channels[chosen]; ok && postable(known.Type) && isID(chosen) {
		return chosen
	}
	if chosen == "" {
		return c.where
	}
	return ""
}

func needPanel(c *call) needs {
	if c.board() == "" {
		return needs{}
	}
	keys := append(panel.Keys(c.guild, c.board()), panel.PostKey(c.guild, c.board()))
	return needs{keys: append(keys, settings.Keys(c.guild)...)}
}

// panelPut handles /partnerships panel: it posts a panel, or tells what can be
// done with the one that stands.
func panelPut(c *call) (discord.InteractionResponse, error) {
	channel := c.board()
	if channel == "" {
		return discord.InteractionResponse{}, refuse.Because("panel.not-here")
	}
	if p, stands := panel.Of(c.tx, c.guild, channel); stands {
		m, _ := storage.Read[post.Post](c.tx, panel.PostKey(c.guild, channel))
		return c.whisper(view.PanelStands(c.say, c.guild, p, m)...), nil
	}
	if s := c.settings(); s.Locale != cmp.Or(c.home, s.Locale) { // nothing was chosen since the guild speaks so
		s.Locale = c.home
		settings.Save(c.tx, c.guild, s, c.now)
	}
	panel.Put(c.tx, c.guild, channel, c.caller.User, c.now)
	c.audit("panel.post", channel, "command")
	key := "panel.posted"
	if !c.settings().Ready() {
		key = "panel.posted-closed"
	}
	return c.whisper(view.Text(c.say.Say(key, "channel", channel))), nil
}

// panelRenew handles Post anew.
func panelRenew(c *call) (discord.InteractionResponse, error) {
	if _, stands := panel.Of(c.tx, c.guild, c.about[0]); c.board() == "" || !stands {
		return discord.InteractionResponse{}, refuse.Because("panel.not-found")
	}
	panel.Put(c.tx, c.guild, c.board(), c.caller.User, c.now)
	c.audit("panel.renew", c.board(), "button")
	return replace(view.Message(view.Text(c.say.Say("panel.posted", "channel", c.board())))), nil
}

// panelRemove handles Remove.
func panelRemove(c *call) (discord.InteractionResponse, error) {
	if c.board() == "" {
		return discord.InteractionResponse{}, refuse.Because("panel.not-found")
	}
	if err := panel.Remove(c.tx, c.guild, c.board(), c.now); err != nil {
		return discord.InteractionResponse{}, err
	}
	c.audit("panel.remove", c.board(), "button")
	return replace(view.Message(view.Text(c.say.Say("panel.removed", "channel", c.board())))), nil
}

// panelApply handles Apply on a panel: it opens the form, if there is a point in it.
func panelApply(c *call) (discord.InteractionResponse, error) {
	return c.open(apply.Draft{Source: apply.Panel})
}
