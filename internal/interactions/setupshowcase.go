package interactions

import (
	"github.com/disgoorg/disgo/discord"

	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/setup"
)

// setupMode handles the select of the channel mode. Listings that stand follow by
// themselves, as with every change of settings.
func setupMode(c *call) (discord.InteractionResponse, error) {
	return c.change("mode", setup.Showcase, "select", func(s *settings.Settings) error {
		word := ""
		if len(c.values) > 0 {
			word = c.values[0]
		}
		return s.SetMode(word)
	})
}

// setupShowcase handles the select of the showcase channel.
func setupShowcase(c *call) (discord.InteractionResponse, error) {
	return c.changeChannel(setup.FeatureShowcase, c.section(), func(s *settings.Settings) *string { return &s.Showcase })
}

// setupCategory handles the select of the category of the listings' channels.
func setupCategory(c *call) (discord.InteractionResponse, error) {
	return c.changeChannel(setup.FeatureCategory, c.section(), func(s *settings.Settings) *string { return &s.Category })
}

// setupForum handles the select of the forum of the listings' posts.
func setupForum(c *call) (discord.InteractionResponse, error) {
	return c.changeChannel(setup.FeatureForum, c.section(), func(s *settings.Settings) *string { return &s.Forum })
}

// setupIndex handles the select of the channel of the index.
func setupIndex(c *call) (discord.InteractionResponse, error) {
	return c.changeChannel(setup.FeatureIndex, setup.Showcase, func(s *settings.Settings) *string { return &s.Index })
}

// setupContact handles the select of the role of contacts.
func setupContact(c *call) (discord.InteractionResponse, error) {
	return c.change("contact", setup.Showcase, "select", func(s *settings.Settings) error {
		var before []string
		if s.Contact != "" {
			before = []string{s.Contact}
		}
		if err := c.trusted(setup.FeatureContact, before); err != nil {
			return err
		}
		s.Contact = ""
		if len(c.values) > 0 {
			s.Contact = c.values[0]
		}
		return nil
	})
}

// bumpNumbers are the numbers of bumps.
func bumpNumbers() []number {
	return []number{{"bump", func(s settings.Settings) int { return s.Bump }, (*settings.Settings).SetBump}}
}

// setupBumps handles Change bump interval.
func setupBumps(c *call) (discord.InteractionResponse, error) {
	return c.ask("bumps", bumpNumbers()), nil
}

// setupBumpsSet handles the sent number.
func setupBumpsSet(c *call) (discord.InteractionResponse, error) {
	return c.change("bumps", setup.Showcase, "modal", func(s *settings.Settings) error { return c.take(bumpNumbers(), s) })
}

// setupEnding handles Archive at the end and Delete at the end.
func setupEnding(c *call) (discord.InteractionResponse, error) {
	return c.change("ending", setup.Showcase, "button", func(s *settings.Settings) error {
		s.Archive = c.about[0] == "archive"
		return nil
	})
}
