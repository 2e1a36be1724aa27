package view

import (
	"github.com/disgoorg/disgo/discord"

	"github.com/entente-bot/entente/internal/settings"
)

// setupJoins shows whether joins are counted, and what else is known of them.
func setupJoins(s Speaker, c Configuration) []discord.ContainerSubComponent {
	chosen := c.Settings
	track := switched("setup/track", chosen.Track, s.Say("setup.track-start"), s.Say("setup.track-stop"))
	if !chosen.Track { // one choice: an invite that is made gives the role, or never does
		marked := discord.NewSecondaryButton(s.Say("setup.track-marked"), ID("setup/track", "marked"))
		return []discord.ContainerSubComponent{
			Text(s.Say("setup.track-off")), Text(s.Say("setup.markers-off")), discord.NewActionRow(track, marked),
		}
	}
	return []discord.ContainerSubComponent{
		Text(s.Say("setup.track-on")),
		Text(s.Say("setup.markers-" + onOff(chosen.Markers))),
		Text(s.Say("setup.entrance")),
		discord.NewActionRow(c.channel("setup/entrance", s.Say("setup.choose-entrance"), chosen.Entrance, textChannels...)),
		Text(s.Say("setup.stay", "stay", s.Count(chosen.Stay))),
		discord.NewActionRow(track, switched("setup/markers", chosen.Markers, s.Say("setup.markers-start"), s.Say("setup.markers-stop")),
			discord.NewSecondaryButton(s.Say("setup.change-stay"), "setup/stay")),
	}
}

// switched is the button that switches something off that is on, or on that is off.
func switched(id string, on bool, start, stop string) discord.ButtonComponent {
	if on {
		return discord.NewSecondaryButton(stop, ID(id, "off"))
	}
	return discord.NewSecondaryButton(start, ID(id, "on"))
}

func onOff(on bool) string {
	if on {
		return "on"
	}
	return "off"
}

// counting says in short whether joins are counted.
func counting(s Speaker, chosen settings.Settings) string {
	return s.Say("setup.counting-" + onOff(chosen.Track))
}
