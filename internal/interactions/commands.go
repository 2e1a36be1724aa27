package interactions

import (
	"maps"
	"slices"
	"strings"

	"github.com/disgoorg/disgo/discord"
	"github.com/disgoorg/omit"

	"github.com/entente-bot/entente/internal/access"
	"github.com/entente-bot/entente/internal/block"
	"github.com/entente-bot/entente/internal/text"
	"github.com/entente-bot/entente/internal/view"
)

// arguments is what a command takes. A command that is not named takes nothing.
// What one is for is the text "command.<command>.<argument>".
func arguments() map[string][]argument {
	partner := argument{name: "partner", suggested: true}
	wanted := argument{name: "partner", suggested: true, required: true}
	bare := argument{name: optionBare, takes: yesOrNo}
	return map[string][]argument{
		"partnerships block": {
			{name: block.Server, suggested: true},
			{name: block.User, takes: aUser},
			{name: "reason", most: block.MaxReason},
			{name: "days", takes: aNumber, least: 1, most: block.MaxDays},
		},
		"partnerships panel":   {{name: "channel", takes: aChannel}},
		"partnerships unblock": {{name: "entry", suggested: true, required: true}},
		"partnerships add":     {{name: "invite", required: true}, {name: "contact", takes: aUser, required: true}},
		"partner end":          {partner},
		"partnerships end":     {wanted},
		"partnerships info":    {partner},
		"partner bump":         {partner},
		"partner info":         {partner},
		"partner stats":        {partner},
		"partner edit":         {partner, bare},
		"partnerships edit":    {wanted, {name: "contact", takes: aUser}, bare},
	}
}

// Commands are the slash commands to register with Discord, as the route table
// has them: a command with a subcommand for each route, in alphabetic order.
// A command none of whose routes is for everyone is hidden below Manage Server.
func Commands(c *text.Catalog) []discord.ApplicationCommandCreate {
	takes := arguments()
	routes := commands()
	var list []discord.ApplicationCommandCreate
	var top discord.SlashCommandCreate
	for _, path := range slices.Sorted(maps.Keys(routes)) {
		name, sub, _ := strings.Cut(path, " ")
		if name != top.Name {
			if top.Name != "" {
				list = append(list, top)
			}
			top = command(c, name, staffOnly(routes, name))
		}
		o := discord.ApplicationCommandOptionSubCommand{Name: sub}
		for _, each := range takes[path] {
			o.Options = append(o.Options, each.as(aboutCommand(c, path+" "+each.name)))
		}
		about := aboutCommand(c, path)
		o.Description, o.DescriptionLocalizations = about.english, about.others
		top.Options = append(top.Options, o)
	}
	return append(list, top)
}

// command is a command without its subcommands: for guilds that installed
// Entente, and used in them only.
func command(c *text.Catalog, name string, staff bool) discord.SlashCommandCreate {
	about := aboutCommand(c, name)
	top := discord.SlashCommandCreate{
		Name:                     name,
		Description:              about.english,
		DescriptionLocalizations: about.others,
		IntegrationTypes:         []discord.ApplicationIntegrationType{discord.ApplicationIntegrationTypeGuildInstall},
		Contexts:                 []discord.InteractionContextType{discord.InteractionContextTypeGuild},
	}
	if staff {
		manage := discord.PermissionManageGuild
		top.DefaultMemberPermissions = omit.New(&manage)
	}
	return top
}

// A description is what a command or an option is for.
type description struct {
	english string
	others  map[discord.Locale]string // in the other languages
}

// aboutCommand returns what the command, or the option, at a path of names is for. Discord shows English where it is told of no other language.
func aboutCommand(c *text.Catalog, path string) description {
	in := func(locale discord.Locale) string {
		return view.Speaker{Catalog: c, Locale: string(locale)}.Say("command." + strings.ReplaceAll(path, " ", "."))
	}
	d := description{in(discord.LocaleEnglishUS), map[discord.Locale]string{}}
	for locale := range discord.Locales {
		if c.Speaks(string(locale)) && locale != discord.LocaleEnglishUS && locale != discord.LocaleEnglishGB {
			d.others[locale] = in(locale)
		}
	}
	return d
}

// staffOnly reports whether every route of a command needs a right.
func staffOnly(routes map[string]route, name string) bool {
	for path, r := range routes {
		if strings.HasPrefix(path, name+" ") && r.right == access.Everyone {
			return false
		}
	}
	return true
}
