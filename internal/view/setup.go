package view

import (
	"strconv"

	"github.com/disgoorg/disgo/discord"
	"github.com/disgoorg/snowflake/v2"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/settings"
)

// maxStops is how many blocked actions the panel names.
const maxStops = 5

// Setup is the panel of a guild's settings, with what is blocked.
func Setup(s Speaker, chosen settings.Settings, stops []action.Stop) discord.MessageCreate {
	state := "setup.ready"
	switch {
	case !chosen.Ready():
		state = "setup.not-ready"
	case chosen.Closed:
		state = "setup.closed"
	}
	minimum := s.Say("setup.no-minimum")
	if chosen.Minimum > 0 {
		minimum = Count(chosen.Minimum)
	}
	intake := discord.NewSecondaryButton(s.Say("setup.close"), ID("setup/intake", "close"))
	if chosen.Closed {
		intake = discord.NewSuccessButton(s.Say("setup.open"), ID("setup/intake", "open"))
	}
	parts := []discord.ContainerSubComponent{
		Text(s.Say("setup.title"), s.Say(state)),
		Text(s.Say("setup.review")),
		discord.NewActionRow(channels("setup/review", s.Say("setup.choose-review"), chosen.Review)),
		Text(s.Say("setup.showcase")),
		discord.NewActionRow(channels("setup/showcase", s.Say("setup.choose-showcase"), chosen.Showcase)),
		Text(s.Say("setup.managers")),
		discord.NewActionRow(roles("setup/managers", s.Say("setup.choose-managers"), chosen.Managers)),
		Text(s.Say("setup.minimum", "minimum", minimum)),
		discord.NewActionRow(discord.NewSecondaryButton(s.Say("setup.change-minimum"), "setup/minimum"), intake),
	}
	if len(stops) > 0 {
		parts = append(parts, discord.NewSmallSeparator(), Text(waiting(s, stops)...))
	}
	return Message(discord.NewContainer(parts...).WithAccentColor(blurple))
}

// waiting says what is blocked, and why.
func waiting(s Speaker, stops []action.Stop) []string {
	lines := []string{s.Say("setup.blocked")}
	for _, stop := range stops[:min(len(stops), maxStops)] {
		lines = append(lines, s.Say("setup.blocked-line",
			"what", s.Say("action."+stop.Name), "why", s.Say(stop.Reason.Key, stop.Reason.Args...)))
	}
	if more := len(stops) - maxStops; more > 0 {
		lines = append(lines, s.Say("setup.blocked-more", "more", strconv.Itoa(more)))
	}
	return append(lines, subtext(s.Say("setup.blocked-hint")))
}

// channels is a select of one text channel.
func channels(id, placeholder, chosen string) discord.ChannelSelectMenuComponent {
	none := 0
	c := discord.NewChannelSelectMenu(id, placeholder)
	c.MinValues, c.MaxValues = &none, 1
	c.ChannelTypes = []discord.ChannelType{discord.ChannelTypeGuildText, discord.ChannelTypeGuildNews}
	if id, err := snowflake.Parse(chosen); err == nil && id != 0 {
		c.DefaultValues = []discord.SelectMenuDefaultValue{discord.NewSelectMenuDefaultChannel(id)}
	}
	return c
}

// roles is a select of the roles of staff.
func roles(id, placeholder string, chosen []string) discord.RoleSelectMenuComponent {
	none := 0
	r := discord.NewRoleSelectMenu(id, placeholder)
	r.MinValues, r.MaxValues = &none, settings.MaxRoles
	for _, c := range chosen {
		if id, err := snowflake.Parse(c); err == nil && id != 0 {
			r.DefaultValues = append(r.DefaultValues, discord.NewSelectMenuDefaultRole(id))
		}
	}
	return r
}
