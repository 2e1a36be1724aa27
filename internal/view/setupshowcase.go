package view

import (
	"github.com/disgoorg/disgo/discord"

	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/setup"
)

// setupShowcase shows how listings stand, and what becomes of them.
func setupShowcase(s Speaker, c Configuration) []discord.ContainerSubComponent {
	chosen := c.Settings
	mode := []string{s.Say("setup.mode")}
	if c.Active > 0 {
		mode = append(mode, s.Say("setup.moves", "count", s.Count(c.Active)))
	}
	var contact []string
	if chosen.Contact != "" {
		contact = []string{chosen.Contact}
	}
	last := discord.NewSecondaryButton(s.Say("setup.end-archive"), ID("setup/ending", "archive"))
	if chosen.Archive {
		last = discord.NewSecondaryButton(s.Say("setup.end-delete"), ID("setup/ending", "delete"))
	}
	return []discord.ContainerSubComponent{
		Text(mode...),
		discord.NewActionRow(modes(s, chosen.Mode)),
		Text(s.Say("setup.place-" + string(chosen.Mode))),
		discord.NewActionRow(c.place(s)),
		Text(s.Say("setup.index")),
		discord.NewActionRow(c.channel("setup/index", s.Say("setup.choose-index"), chosen.Index, textChannels...)),
		Text(s.Say("setup.contact")),
		discord.NewActionRow(c.roles("setup/contact", s.Say("setup.choose-contact"), 1, contact)),
		Text(s.Say("setup.bumps", "interval", remindDays(s, chosen.Bump)), s.Say("setup.ending", "ending", s.Say("setup.at-end-"+ending(chosen)))),
		discord.NewActionRow(discord.NewSecondaryButton(s.Say("setup.change-bumps"), "setup/bumps"), last),
	}
}

// modes is the select of the channel mode.
func modes(s Speaker, chosen settings.Mode) discord.StringSelectMenuComponent {
	var options []discord.StringSelectMenuOption
	for _, m := range settings.Modes() {
		options = append(options, discord.StringSelectMenuOption{
			Label: s.Say("setup.mode-" + string(m)), Description: s.Say("setup.mode-" + string(m) + "-hint"), Value: string(m), Default: m == chosen,
		})
	}
	return discord.NewStringSelectMenu("setup/mode", s.Say("setup.choose-mode"), options...)
}

// place is the select of the place of the listings in the mode that is chosen.
func (c Configuration) place(s Speaker) discord.ChannelSelectMenuComponent {
	feature := setup.PlaceOf(c.Settings.Mode)
	var types []discord.ChannelType
	for _, t := range feature.Types() {
		types = append(types, discord.ChannelType(t))
	}
	return c.channel("setup/"+string(feature), s.Say("setup.choose-"+string(feature)), c.Settings.Place(), types...)
}

// ending is the word for what becomes of a listing's channel or post at the end.
func ending(chosen settings.Settings) string {
	if chosen.Archive {
		return "archived"
	}
	return "deleted"
}

func contactRole(s Speaker, id string) string {
	if id == "" {
		return s.Say("setup.none")
	}
	return Role(id)
}
