package interactions

import (
	"slices"
	"strings"

	"github.com/disgoorg/disgo/discord"
	"github.com/disgoorg/omit"

	"github.com/entente-bot/entente/internal/access"
	"github.com/entente-bot/entente/internal/text"
	"github.com/entente-bot/entente/internal/view"
)

// options is what a command takes. A command that is not named takes nothing.
func options(s view.Speaker) map[string][]discord.ApplicationCommandOption {
	return map[string][]discord.ApplicationCommandOption{
		"partner info": {discord.ApplicationCommandOptionString{
			Name: "partner", Description: s.Say("command.partner.info.partner"), Autocomplete: true,
		}},
	}
}

// Commands are the slash commands to register with Discord, as the route table
// has them: a command with a subcommand for each route, in alphabetic order.
// A command none of whose routes is for everyone is hidden below Manage Server.
func Commands(c *text.Catalog) []discord.ApplicationCommandCreate {
	say := view.Speaker{Catalog: c, Locale: "en-US"}
	takes := options(say)
	routes := commands()
	paths := make([]string, 0, len(routes))
	for path := range routes {
		paths = append(paths, path)
	}
	slices.Sort(paths)

	var list []discord.ApplicationCommandCreate
	var top discord.SlashCommandCreate
	for _, path := range paths {
		name, sub, _ := strings.Cut(path, " ")
		if name != top.Name {
			if top.Name != "" {
				list = append(list, top)
			}
			top = command(say, name, staffOnly(routes, name))
		}
		top.Options = append(top.Options, discord.ApplicationCommandOptionSubCommand{
			Name: sub, Description: say.Say("command." + name + "." + sub), Options: takes[path],
		})
	}
	return append(list, top)
}

// command is a command without its subcommands: for guilds that installed
// Entente, and used in them only.
func command(say view.Speaker, name string, staff bool) discord.SlashCommandCreate {
	c := discord.SlashCommandCreate{
		Name:             name,
		Description:      say.Say("command." + name),
		IntegrationTypes: []discord.ApplicationIntegrationType{discord.ApplicationIntegrationTypeGuildInstall},
		Contexts:         []discord.InteractionContextType{discord.InteractionContextTypeGuild},
	}
	if staff {
		manage := discord.PermissionManageGuild
		c.DefaultMemberPermissions = omit.New(&manage)
	}
	return c
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
