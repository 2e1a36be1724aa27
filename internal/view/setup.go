package view

import (
	"slices"
	"strconv"
	"strings"

	"github.com/disgoorg/disgo/discord"
	"github.com/disgoorg/snowflake/v2"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/setup"
	"github.com/entente-bot/entente/internal/showcase"
)

// A Configuration is what the panel of a guild's settings shows.
type Configuration struct {
	Settings settings.Settings
	Health   setup.Health
	Checking bool              // the guild is about to be looked at
	Stops    []action.Stop     // what is blocked
	Names    partnership.Names // of the partners that it is about
	Section  string            // one of setup.Sections; another one stands for the first
	Active   int               // active partnerships
	Move     showcase.Move     // how far the listings have followed a change
}

// Setup is the panel of a guild's settings: one section of them, what is wrong,
// and what is blocked.
func Setup(s Speaker, c Configuration) discord.MessageCreate {
	title := []string{s.Say("setup.title"), s.Say(c.state())}
	if !c.Move.Over() {
		title = append(title, moving(s, c.Move, c.Settings.Mode))
	}
	parts := []discord.ContainerSubComponent{
		Text(title...),
		discord.NewActionRow(sections(s, c.Section)),
	}
	switch c.Section {
	case setup.Showcase:
		parts = append(parts, setupShowcase(s, c)...)
	case setup.Joins:
		parts = append(parts, setupJoins(s, c)...)
	case setup.Channels:
		parts = append(parts, setupChannels(s, c)...)
	case setup.Intake:
		parts = append(parts, setupIntake(s, c.Settings)...)
	case setup.Review:
		parts = append(parts, setupReview(s, c.Settings)...)
	default:
		parts = append(parts, setupStart(s, c)...)
	}
	parts = append(parts, discord.NewSmallSeparator(), Text(setupHealth(s, c)...))
	if len(c.Stops) > 0 {
		parts = append(parts, Text(setupStops(s, c)...))
	}
	return Message(discord.NewContainer(append(parts, footer(s, c))...).WithAccentColor(blurple))
}

// state says whether people can apply.
func (c Configuration) state() string {
	switch {
	case !c.Settings.Ready(), c.Health.Gone(c.Settings.Review), c.Health.Gone(c.Settings.Place()):
		return "setup.not-ready"
	case c.Settings.Closed, c.Settings.Sources == settings.Sources{}:
		return "setup.closed"
	case slices.ContainsFunc(c.Health.Now(c.Settings), setup.Finding.Leaks):
		return "setup.leaks"
	case !c.Settings.Sources.Slash:
		return "setup.ready-elsewhere"
	}
	return "setup.ready"
}

// sections is the select of the section that is shown.
func sections(s Speaker, shown string) discord.StringSelectMenuComponent {
	var options []discord.StringSelectMenuOption
	for i, name := range setup.Sections() {
		options = append(options, discord.StringSelectMenuOption{
			Label: s.Say("setup.section-" + name), Description: s.Say("setup.section-" + name + "-hint"), Value: name,
			Default: name == shown || shown == "" && i == 0,
		})
	}
	return discord.NewStringSelectMenu("setup/section", s.Say("setup.choose-section"), options...)
}

// setupStart shows what is needed before anybody can apply, and a line on all else.
func setupStart(s Speaker, c Configuration) []discord.ContainerSubComponent {
	chosen := c.Settings
	return []discord.ContainerSubComponent{
		Text(s.Say("setup.review")),
		discord.NewActionRow(c.channel("setup/review", s.Say("setup.choose-review"), chosen.Review, textChannels...)),
		Text(s.Say("setup.place-" + string(chosen.Mode))),
		discord.NewActionRow(c.place(s)),
		Text(s.Say("setup.managers"), staffCommand(s, slices.DeleteFunc(slices.Clone(chosen.Managers), c.Health.Gone))),
		discord.NewActionRow(c.roles("setup/managers", s.Say("setup.choose-managers"), settings.MaxRoles, chosen.Managers)),
		Text(summary(s, chosen)),
	}
}

// staffCommand says who sees the staff command only once an administrator allows it.
func staffCommand(s Speaker, managers []string) string {
	const most = 10
	names := make([]string, 0, most)
	for _, id := range managers[:min(len(managers), most)] {
		names = append(names, Role(id))
	}
	if len(names) == 0 {
		return s.Say("setup.hidden")
	}
	if more := len(managers) - most; more > 0 {
		names = append(names, s.Say("setup.hidden-more", "more", strconv.Itoa(more)))
	}
	return s.Say("setup.hidden-roles", "roles", strings.Join(names, ", "))
}

// summary says what is chosen in the other sections.
func summary(s Speaker, chosen settings.Settings) string {
	place := func(id string) string {
		if id == "" {
			return s.Say("setup.none")
		}
		return Channel(id)
	}
	return s.Say("setup.summary",
		"index", place(chosen.Index), "contact", contactRole(s, chosen.Contact),
		"bump", remindDays(s, chosen.Bump), "ending", s.Say("setup.at-end-"+ending(chosen)), "joins", counting(s, chosen),
		"log", place(chosen.Log), "tickets", place(chosen.Tickets), "viewers", strconv.Itoa(len(chosen.Viewers)),
		"sources", sourceNames(s, chosen.Sources), "minimum", orNone(s, chosen.Minimum), "cooldown", setupHours(s, chosen.Cooldown),
		"active", activeMost(s, chosen.Active), "expiry", s.Count(chosen.Expiry), "remind", remindDays(s, chosen.Remind),
		"categories", strconv.Itoa(len(chosen.Topics)))
}

// setupChannels shows the channels and roles that a guild can do without.
func setupChannels(s Speaker, c Configuration) []discord.ContainerSubComponent {
	chosen := c.Settings
	return []discord.ContainerSubComponent{
		Text(s.Say("setup.log")),
		discord.NewActionRow(c.channel("setup/log", s.Say("setup.choose-log"), chosen.Log, textChannels...)),
		Text(s.Say("setup.tickets")),
		discord.NewActionRow(c.channel("setup/tickets", s.Say("setup.choose-tickets"), chosen.Tickets, discord.ChannelTypeGuildText)),
		Text(s.Say("setup.viewers")),
		discord.NewActionRow(c.roles("setup/viewers", s.Say("setup.choose-viewers"), settings.MaxRoles, chosen.Viewers)),
	}
}

// setupIntake shows who may apply, and how.
func setupIntake(s Speaker, chosen settings.Settings) []discord.ContainerSubComponent {
	none, from := 0, chosen.Sources
	option := func(name string, on bool) discord.StringSelectMenuOption {
		return discord.StringSelectMenuOption{
			Label: s.Say("setup.source-" + name), Description: s.Say("setup.source-" + name + "-hint"), Value: name, Default: on,
		}
	}
	sources := discord.NewStringSelectMenu("setup/sources", s.Say("setup.choose-sources"),
		option("slash", from.Slash), option("panel", from.Panel), option("ticket", from.Ticket))
	sources.MinValues, sources.MaxValues = &none, len(sources.Options)
	return []discord.ContainerSubComponent{
		Text(s.Say("setup.sources")),
		discord.NewActionRow(sources),
		Text(s.Say("setup.minimum", "minimum", orNone(s, chosen.Minimum)),
			s.Say("setup.cooldown", "cooldown", setupHours(s, chosen.Cooldown)),
			s.Say("setup.active", "active", activeMost(s, chosen.Active))),
		discord.NewActionRow(discord.NewSecondaryButton(s.Say("setup.change-minimum"), "setup/minimum")),
	}
}

// setupReview shows what becomes of applications that wait.
func setupReview(s Speaker, chosen settings.Settings) []discord.ContainerSubComponent {
	names := make([]string, len(chosen.Topics))
	for i, t := range chosen.Topics {
		names[i] = partnership.Plain(t)
	}
	return []discord.ContainerSubComponent{
		Text(s.Say("setup.expiry", "expiry", s.Count(chosen.Expiry)), s.Say("setup.remind", "remind", remindDays(s, chosen.Remind))),
		discord.NewActionRow(discord.NewSecondaryButton(s.Say("setup.change-waiting"), "setup/waiting")),
		Text(s.Say("setup.categories", "categories", strings.Join(within(s, names, maxCategories), " · "))),
		discord.NewActionRow(discord.NewSecondaryButton(s.Say("setup.change-categories"), "setup/categories")),
	}
}

// footer is what can be done in every section.
func footer(s Speaker, c Configuration) discord.ActionRowComponent {
	intake := discord.NewSecondaryButton(s.Say("setup.close"), ID("setup/intake", "close"))
	if c.Settings.Closed {
		intake = discord.NewSuccessButton(s.Say("setup.open"), ID("setup/intake", "open"))
	}
	return discord.NewActionRow(discord.NewPrimaryButton(s.Say("setup.check"), "setup/check"), intake)
}

func orNone(s Speaker, n int) string {
	if n == 0 {
		return s.Say("setup.none")
	}
	return s.Count(n)
}

func setupHours(s Speaker, n int) string {
	if n == 0 {
		return s.Say("setup.none")
	}
	return s.Say("setup.hours", "hours", s.Count(n))
}

func activeMost(s Speaker, n int) string {
	if n == 0 {
		return s.Say("setup.no-limit")
	}
	return s.Count(n)
}

func remindDays(s Speaker, n int) string {
	if n == 0 {
		return s.Say("setup.never")
	}
	return s.Say("setup.days", "days", s.Days(n))
}

// sourceNames names the ways in which applications are taken.
func sourceNames(s Speaker, from settings.Sources) string {
	var names []string
	for _, way := range []struct {
		on   bool
		name string
	}{{from.Slash, "slash"}, {from.Panel, "panel"}, {from.Ticket, "ticket"}} {
		if way.on {
			names = append(names, s.Say("setup.source-"+way.name))
		}
	}
	if len(names) == 0 {
		return s.Say("setup.none")
	}
	return strings.Join(names, ", ")
}

// textChannels are the types of channels in which messages can be posted.
var textChannels = []discord.ChannelType{discord.ChannelTypeGuildText, discord.ChannelTypeGuildNews}

// channel is a select of one channel of the given types. A channel that is gone
// is not shown as chosen: the client would show a bare number.
func (c Configuration) channel(id, placeholder, chosen string, types ...discord.ChannelType) discord.ChannelSelectMenuComponent {
	none := 0
	menu := discord.NewChannelSelectMenu(id, placeholder)
	menu.MinValues, menu.MaxValues = &none, 1
	menu.ChannelTypes = types
	if id, err := snowflake.Parse(chosen); err == nil && id != 0 && !c.Health.Gone(chosen) {
		menu.DefaultValues = []discord.SelectMenuDefaultValue{discord.NewSelectMenuDefaultChannel(id)}
	}
	return menu
}

// roles is a select of at most that many roles.
func (c Configuration) roles(id, placeholder string, most int, chosen []string) discord.RoleSelectMenuComponent {
	none := 0
	menu := discord.NewRoleSelectMenu(id, placeholder)
	menu.MinValues, menu.MaxValues = &none, most
	for _, role := range chosen {
		if id, err := snowflake.Parse(role); err == nil && id != 0 && !c.Health.Gone(role) {
			menu.DefaultValues = append(menu.DefaultValues, discord.NewSelectMenuDefaultRole(id))
		}
	}
	return menu
}
