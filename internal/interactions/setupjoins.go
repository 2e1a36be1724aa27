package interactions

import (
	"github.com/disgoorg/disgo/discord"

	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/setup"
)

// setupTrack handles Count joins, the same with marker roles, and Stop counting joins.
// Invites are made, and polls begun or ended, by what follows from every change of
// settings.
func setupTrack(c *call) (discord.InteractionResponse, error) {
	return c.change("track", setup.Joins, "button", func(s *settings.Settings) error {
		how := c.about[0]
		if s.Track = how == "on" || how == "marked"; s.Track {
			s.Markers = how == "marked"
		}
		return nil
	})
}

// setupMarkers handles Use marker roles and Stop using marker roles.
func setupMarkers(c *call) (discord.InteractionResponse, error) {
	return c.change("markers", setup.Joins, "button", func(s *settings.Settings) error {
		s.Markers = c.about[0] == "on"
		return nil
	})
}

// setupEntrance handles the select of the channel that tracked invites lead to.
func setupEntrance(c *call) (discord.InteractionResponse, error) {
	return c.changeChannel(setup.FeatureEntrance, setup.Joins, func(s *settings.Settings) *string { return &s.Entrance })
}

// stayNumbers are the numbers of who counts as having stayed.
func stayNumbers() []number {
	return []number{{"stay", func(s settings.Settings) int { return s.Stay }, (*settings.Settings).SetStay}}
}

// setupStay handles Change stay.
func setupStay(c *call) (discord.InteractionResponse, error) {
	return c.ask("stay", stayNumbers()), nil
}

// setupStaySet handles the sent number.
func setupStaySet(c *call) (discord.InteractionResponse, error) {
	return c.change("stay", setup.Joins, "modal", func(s *settings.Settings) error { return c.take(stayNumbers(), s) })
}
