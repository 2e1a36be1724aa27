package view

import (
	"github.com/disgoorg/disgo/discord"

	"github.com/entente-bot/entente/internal/panel"
	"github.com/entente-bot/entente/internal/post"
	"github.com/entente-bot/entente/internal/settings"
)

// Panel is the message with which visitors start an application. By its buttons,
// which stay when applications are closed, it is found again.
func Panel(s Speaker, channel string, chosen settings.Settings) discord.MessageCreate {
	open, color := chosen.Ready() && !chosen.Closed, blurple
	lines := []string{s.Say("panel.title"), s.Say("panel.intro")}
	switch {
	case !open, !chosen.Sources.Panel && !chosen.Sources.Ticket && !chosen.Sources.Slash:
		open, color = false, red
		lines = append(lines, s.Say("panel.closed"))
	case !chosen.Sources.Panel && !chosen.Sources.Ticket:
		lines = append(lines, s.Say("panel.slash"))
	}
	parts := []discord.ContainerSubComponent{
		Text(lines...),
		discord.NewSmallSeparator(),
		Text(requirements(s, chosen)...),
		Text(s.Say("panel.prepare")),
		Text(waits(s, chosen)...),
		discord.NewActionRow(panelButtons(s, channel, chosen.Sources, open)...),
	}
	return Message(discord.NewContainer(parts...).WithAccentColor(color))
}

// requirements is what a server must have to become a partner.
func requirements(s Speaker, chosen settings.Settings) []string {
	lines := []string{s.Say("panel.requirements")}
	if chosen.Minimum > 0 {
		lines = append(lines, s.Say("panel.minimum", "minimum", s.Members(chosen.Minimum)))
	}
	return append(lines, s.Say("panel.invite"))
}

// waits is how long a review takes.
func waits(s Speaker, chosen settings.Settings) []string {
	lines := []string{s.Say("panel.review")}
	if chosen.Remind > 0 {
		lines = append(lines, s.Say("panel.review-days", "days", s.Days(chosen.Remind)))
	}
	return append(lines, s.Say("panel.review-expiry", "days", s.Days(chosen.Expiry)))
}

// panelButtons are those of the sources that are on; a panel keeps one at least.
func panelButtons(s Speaker, channel string, on settings.Sources, open bool) []discord.InteractiveComponent {
	var row []discord.InteractiveComponent
	if on.Panel || !on.Ticket {
		apply := discord.NewPrimaryButton(s.Say("panel.apply"), ID("panel/apply", channel))
		row = append(row, apply.WithDisabled(!open || !on.Panel))
	}
	if on.Ticket {
		ticket := discord.NewSecondaryButton(s.Say("panel.ticket"), ID("panel/ticket", channel))
		row = append(row, ticket.WithDisabled(!open))
	}
	return row
}

// PanelStands tells a manager that a channel has a panel, and what they can do
// with it. standing is its message, as far as it is known.
func PanelStands(s Speaker, guild string, p panel.Panel, standing post.Post) []discord.LayoutComponent {
	line := s.Say("panel.posted", "channel", p.Channel)
	if standing.Message != "" {
		line = s.Say("panel.stands", "channel", p.Channel) + "\n" + s.Say("panel.link", "link", Link(guild, standing.Channel, standing.Message))
	}
	return []discord.LayoutComponent{Text(line), discord.NewActionRow(
		discord.NewPrimaryButton(s.Say("panel.renew"), ID("panel/renew", p.Channel)),
		discord.NewDangerButton(s.Say("panel.remove"), ID("panel/remove", p.Channel)),
	)}
}
