package interactions

import (
	"strconv"

	"github.com/disgoorg/disgo/discord"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/refuse"
	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/view"
)

// needSetup reads what the panel shows: the settings, and what is blocked.
func needSetup(c *call) needs {
	blocked := action.BlockedQuery(c.guild)
	return needs{keys: settings.Keys(c.guild), list: &blocked}
}

// setupOpen handles /partnerships setup: it shows the panel.
func setupOpen(c *call) (discord.InteractionResponse, error) {
	m, err := c.panel(c.settings())
	return reply(hidden(m)), err
}

// panel shows s, and what waits for a manager.
func (c *call) panel(s settings.Settings) (discord.MessageCreate, error) {
	blocked, err := action.BlockedIn(c.page)
	return view.Setup(c.say, s, blocked), err
}

// change stores what choose makes of the settings, and shows the panel anew.
func (c *call) change(what, surface string, choose func(*settings.Settings) error) (discord.InteractionResponse, error) {
	s := c.settings()
	if err := choose(&s); err != nil {
		return discord.InteractionResponse{}, err
	}
	s.Locale = c.home
	settings.Save(c.tx, c.guild, s, c.now)
	c.audit("setup."+what, "", surface)
	m, err := c.panel(s)
	return replace(m), err
}

// setupReview handles the select of the review channel.
func setupReview(c *call) (discord.InteractionResponse, error) {
	return c.change("review", "select", func(s *settings.Settings) (err error) {
		s.Review, err = c.channel()
		return err
	})
}

// setupShowcase handles the select of the showcase channel.
func setupShowcase(c *call) (discord.InteractionResponse, error) {
	return c.change("showcase", "select", func(s *settings.Settings) (err error) {
		s.Showcase, err = c.channel()
		return err
	})
}

// channel returns the text channel that was chosen, "" if the choice was taken
// back. What was not resolved by Discord is not a channel of this guild.
func (c *call) channel() (string, error) {
	if len(c.values) == 0 {
		return "", nil
	}
	known, ok := c.known.Channels[c.values[0]]
	text := known.Type == int(discord.ChannelTypeGuildText) || known.Type == int(discord.ChannelTypeGuildNews)
	if !ok || !text || !isID(c.values[0]) {
		return "", refuse.Because("setup.unknown-channel")
	}
	return c.values[0], nil
}

// setupManagers handles the select of the manager roles.
func setupManagers(c *call) (discord.InteractionResponse, error) {
	return c.change("managers", "select", func(s *settings.Settings) error {
		for _, role := range c.values {
			if _, ok := c.known.Roles[role]; !ok || !isID(role) {
				return refuse.Because("setup.unknown-role")
			}
		}
		return s.SetManagers(c.guild, c.values)
	})
}

// setupMinimum handles Change minimum: it asks for the number.
func setupMinimum(c *call) (discord.InteractionResponse, error) {
	now := strconv.Itoa(c.settings().Minimum)
	input := discord.NewShortTextInput("minimum").WithRequired(true).WithMaxLength(12).WithValue(now)
	return modal("setup/minimum", c.say.Say("setup.minimum-title"),
		field(c.say.Say("setup.minimum-label"), c.say.Say("setup.minimum-hint"), input)), nil
}

// setupMinimumSet handles the sent number.
func setupMinimumSet(c *call) (discord.InteractionResponse, error) {
	return c.change("minimum", "modal", func(s *settings.Settings) error {
		return s.SetMinimum(c.fields["minimum"])
	})
}

// setupIntake handles Open applications and Close applications.
func setupIntake(c *call) (discord.InteractionResponse, error) {
	return c.change("intake", "button", func(s *settings.Settings) error {
		s.Closed = c.about[0] == "close"
		return nil
	})
}
