package local_test

import (
	"testing"

	"github.com/entente-bot/entente/internal/fakediscord"
	"github.com/entente-bot/entente/internal/scene"
	"github.com/entente-bot/entente/internal/settings"
)

// TestMoveProgress changes the mode while no channels can be made: status and the
// panel say how far it is, until it is over.
func TestMoveProgress(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.partner(settings.Single)
	const none, said = "0 of 1 ads have moved to channels of their own", "ads have moved"
	shows := func() (status, panel string) {
		return s.command(s.Max, "partnerships status").Text(), s.command(s.Ada, "partnerships setup").Current().Text()
	}
	status, panel := shows()
	s.silent(status+panel, said)

	s.InstallBot(s.Guild, scene.BotPermissions&^fakediscord.ManageChannels)
	s.places(settings.Channels)
	status, panel = shows()
	s.says(status, none)
	s.says(panel, none)
	s.listing(settings.Single)

	s.InstallBot(s.Guild, scene.BotPermissions)
	s.on(s.Max, s.command(s.Max, "partnerships status").Message, "Retry")
	s.settle()
	s.listing(settings.Channels)
	status, panel = shows()
	s.silent(status+panel, said)
}
