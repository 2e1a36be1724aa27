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

// options is what a command takes. A command that is not named takes nothing.
// What an option is for is the text "command.<command>.<option>".
func options() map[string][]discord.ApplicationCommandOption {
	return map[string][]discord.ApplicationCommandOption{
		"partnerships block": {
			discord.ApplicationCommandOptionString{Name: block.Server, Autocomplete: true},
			discord.ApplicationCommandOptionUser{Name: block.User},
			discord.ApplicationCommandOptionString{Name: "reason", MaxLength: new(block.MaxReason)},
			discord.ApplicationCommandOptionInt{Name: "days", MinValue: new(1), MaxValue: new(block.MaxDays)},
		},
		"partnerships panel": {discord.ApplicationCommandOptionChannel{
			Name: "channel", ChannelTypes: []discord.ChannelType{discord.ChannelTypeGuildText, discord.ChannelTypeGuildNews},
		}},
		"partnerships unblock": {discord.ApplicationCommandOptionString{Name: "entry", Required: true, Autocomplete: true}},
		"partnerships add": {
			discord.ApplicationCommandOptionString{Name: "invite", Required: true},
			discord.ApplicationCommandOptionUser{Name: "contact", Required: true},
		},
		"partner end":       {discord.ApplicationCommandOptionString{Name: "partner", Autocomplete: true}},
		"partnerships end":  {discord.ApplicationCommandOptionString{Name: "partner", Required: true, Autocomplete: true}},
		"partnerships info": {discord.ApplicationCommandOptionString{Name: "partner", Autocomplete: true}},
		"partner bump":      {discord.ApplicationCommandOptionString{Name: "partner", Autocomplete: true}},
		"partner info":      {discord.ApplicationCommandOptionString{Name: "partner", Autocomplete: true}},
		"partner stats":     {discord.ApplicationCommandOptionString{Name: "partner", Autocomplete: true}},
		"partner edit": {
			discord.ApplicationCommandOptionString{Name: "partner", Autocomplete: true},
			discord.ApplicationCommandOptionBool{Name: optionBare},
		},
		"partnerships edit": {
			discord.ApplicationCommandOptionString{Name: "partner", Required: true, Autocomplete: true},
			discord.ApplicationCommandOptionUser{Name: "contact"},
			discord.ApplicationCommandOptionBool{Name: optionBare},
		},
	}
}

// Commands are the slash commands to register with Discord, as the route table
// has them: a command with a subcommand for each route, in alphabetic order.
// A command none of whose routes is for everyone is hidden below Manage Server.
func Commands(c *text.Catalog) []discord.ApplicationCommandCreate {
	takes := options()
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
			o.Options = append(o.Options, described(c, name+"."+sub, each))
		}
		top.Options = append(top.Options, described(c, name, o))
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

// aboutCommand returns what the command, or the option, at a path of names joined
// by dots is for. Discord shows English where it is told of no other language.
func aboutCommand(c *text.Catalog, path string) description {
	in := func(locale discord.Locale) string {
		return view.Speaker{Catalog: c, Locale: string(locale)}.Say("command." + path)
	}
	d := description{in(discord.LocaleEnglishUS), map[discord.Locale]string{}}
	for locale := range discord.Locales {
		if c.Speaks(string(locale)) && locale != discord.LocaleEnglishUS && locale != discord.LocaleEnglishGB {
			d.others[locale] = in(locale)
		}
	}
	return d
}

// described is an option of the command at a path, with what it is for.
func described(c *text.Catalog, path string, o discord.ApplicationCommandOption) discord.ApplicationCommandOption {
	about := aboutCommand(c, path+"."+o.OptionName())
	switch o := o.(type) {
	case discord.ApplicationCommandOptionSubCommand:
		o.Description, o.DescriptionLocalizations = about.english, about.others
		return o
	case discord.ApplicationCommandOptionString:
		o.Description, o.DescriptionLocalizations = about.english, about.others
		return o
	case discord.ApplicationCommandOptionInt:
		o.Description, o.DescriptionLocalizations = about.english, about.others
		return o
	case discord.ApplicationCommandOptionBool:
		o.Description, o.DescriptionLocalizations = about.english, about.others
		return o
	case discord.ApplicationCommandOptionUser:
		o.Description, o.DescriptionLocalizations = about.english, about.others
		return o
	case discord.ApplicationCommandOptionChannel:
		o.Description, o.DescriptionLocalizations = about.english, about.others
		return o
	}
	return o // Discord refuses one without a description, and so does the test
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
