package interactions

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/disgoorg/disgo/discord"

	"github.com/entente-bot/entente/internal/access"
	"github.com/entente-bot/entente/internal/text"
)

// Reference is docs/commands.md: every command, button and form, with who may use
// it and what it does, as the route tables have them.
func Reference(c *text.Catalog) string {
	out := &strings.Builder{}
	fmt.Fprint(out, `# Commands, buttons and forms

<!-- Written by "go run ./scripts/commands" from internal/interactions: change it there. -->

Who may use it is checked from the signed request, whatever Discord shows:

* **everyone**: any member of the server. Where something belongs to one person, such as a form or a ticket, it is checked
  that they are that person.
* **viewers**: members with a viewer role, and managers.
* **managers**: members with a manager role, *Manage Server* or *Administrator*.

Below *Manage Server*, Discord shows a command for managers and viewers only after an administrator allows it for their
role under *Server Settings → Integrations → Entente*.
`)
	for _, created := range Commands(c) {
		if top, ok := created.(discord.SlashCommandCreate); ok {
			commandSection(out, c, top)
		}
	}
	section(out, "Buttons and menus", "The name is how their custom IDs begin.", presses())
	section(out, "Buttons in direct messages", "There are no roles there: the caller is nobody but themselves.", directs())
	section(out, "Forms", "What happens when they are sent. The right is checked again then.", submits())
	return out.String()
}

// commandSection writes a command with its subcommands and their options.
func commandSection(out *strings.Builder, c *text.Catalog, top discord.SlashCommandCreate) {
	fmt.Fprintf(out, "\n## `/%s`\n\n%s.\n\n| command | who | what it does |\n| --- | --- | --- |\n", top.Name, top.Description)
	var takes []string
	for _, o := range top.Options {
		sub, ok := o.(discord.ApplicationCommandOptionSubCommand)
		if !ok {
			continue
		}
		path := top.Name + " " + sub.Name
		fmt.Fprintf(out, "| `/%s` | %s | %s |\n", path, who(commands()[path].right), sub.Description)
		for _, a := range arguments()[path] {
			about := aboutCommand(c, path+" "+a.name).english
			takes = append(takes, fmt.Sprintf("| `/%s` | `%s` | %s | %s |", path, a.name, a.says(), about))
		}
	}
	if len(takes) > 0 {
		fmt.Fprintf(out, "\n| command | option | takes | what it is |\n| --- | --- | --- | --- |\n%s\n", strings.Join(takes, "\n"))
	}
}

// section writes the routes of one table.
func section(out *strings.Builder, title, about string, routes map[string]route) {
	fmt.Fprintf(out, "\n## %s\n\n%s\n\n| name | who | what it does |\n| --- | --- | --- |\n", title, about)
	for _, name := range slices.Sorted(maps.Keys(routes)) {
		does := purposes()[name]
		if title == "Forms" {
			does = formPurposes()[name]
		}
		fmt.Fprintf(out, "| `%s` | %s | %s |\n", name, who(routes[name].right), does)
	}
}

// who names those who have a right.
func who(r access.Right) string {
	return map[access.Right]string{access.Everyone: "everyone", access.View: "viewers", access.Edit: "managers"}[r]
}

// purposes says what each button and select does: a sentence that begins with
// where it stands.
func purposes() map[string]string {
	return map[string]string{
		"add/edit":         "Below a partner who was refused: opens the form again with what was written.",
		"apply/approve":    "On a review card: makes the server a partner and posts its ad.",
		"apply/ask":        "On a review card: opens a form for a question to the applicant.",
		"apply/block":      "On a review card: opens a form that denies the application and puts its server, and if wanted its applicant, on the blocklist.",
		"apply/claim":      "On a review card: shows the others that you look after it.",
		"apply/deny":       "On a review card: opens a form for the reason and a private note.",
		"apply/edit":       "Below a refused application: opens the form again with what was written. Who wrote it only.",
		"apply/notify":     "Below an application that waits: asks for a direct message about the decision, or for none. Its applicant only.",
		"apply/regret":     "Below an application that waits: asks whether you mean to take it back. Its applicant only.",
		"apply/release":    "On a review card: lets somebody else look after it.",
		"apply/stop":       "Below the message about a decision: there will be no more of them.",
		"apply/withdraw":   "Below that question, and in `/partner withdraw`: takes the application back. Its applicant only.",
		"audit/open":       "In the log channel: shows the whole trail.",
		"audit/page":       "Below the trail: turns to another page.",
		"block/confirm":    "Below the question of `/partnerships block`: ends the partnership and blocks. Who was asked only.",
		"block/list":       "Below the blocklist: turns to another page.",
		"contact/choose":   "Below the question who is the contact instead: makes the chosen member the contact.",
		"contact/keep":     "Below a contact who was blocked, and on the card about them: leaves them the contact for now.",
		"contact/other":    "Below a contact who was blocked, and on the card about them: asks who is the contact instead.",
		"drift/accept":     "On the card of a partner that changed: shows members the server as it is by now.",
		"drift/end":        "On that card, and below a contact who was blocked: opens the form that ends the partnership.",
		"drift/hide":       "On that card: hides the ad until a manager accepts the change.",
		"drift/stop":       "Below the message that an ad is hidden: there will be no more of them.",
		"edit/again":       "Below a changed ad that was refused: opens the form again with what was written. Who wrote it only.",
		"edit/approve":     "On the card of a changed ad: makes it the ad that members see.",
		"edit/stop":        "Below the message that a change to an ad was decided: there will be no more of them.",
		"edit/deny":        "On the card of a changed ad: opens a form for the reason.",
		"bump/do":          "Below a partnership, and below a reminder: posts the ad anew, if it is time. The contact and managers only.",
		"bump/remind":      "Below a partnership: chooses how the contact is reminded that they can bump. The contact only.",
		"bump/stop":        "Below a reminder by direct message: there will be no more of them.",
		"end/info":         "Below the word that a contact ended a partnership: shows the partner with its history.",
		"end/stop":         "Below the message that a partnership is over: there will be no more of them.",
		"joins/stop":       "Below the message with the invite of a partner: there will be no more of them. The invite goes on working.",
		"forget/confirm":   "In `/partner forget`: has the caller's own data deleted.",
		"panel/apply":      "On a panel: opens the application form.",
		"panel/remove":     "In `/partnerships panel`: takes the panel of a channel away.",
		"panel/renew":      "In `/partnerships panel`: posts the panel of a channel anew, at its end.",
		"panel/ticket":     "On a panel: opens a ticket, a private thread with the managers.",
		"partner/info":     "Below an ad: shows the partnership.",
		"partner/list":     "Below the list of partners: turns to another page.",
		"queue/open":       "Below a reminder: shows the applications that wait.",
		"queue/page":       "Below the queue: turns to another page.",
		"queue/show":       "Below the queue: shows an application, to decide on it there, and has a review card posted again that was deleted.",
		"setup/bumps":      "In the setup: opens a form for the days between two bumps.",
		"setup/categories": "In the setup: opens a form for the categories.",
		"setup/category":   "In the setup: chooses the category of the partners' channels.",
		"setup/check":      "In the setup: looks at Entente's permissions again.",
		"setup/contact":    "In the setup: chooses the role of contacts.",
		"setup/entrance":   "In the setup: chooses the channel that the invites of partners lead to.",
		"setup/markers":    "In the setup: chooses whether the invites of partners give marker roles.",
		"setup/stay":       "In the setup: opens a form for how long a member must stay.",
		"setup/track":      "In the setup: chooses whether joins are counted, and whether invites give marker roles.",
		"setup/ending":     "In the setup: chooses whether an ad's channel or post is deleted or archived at the end.",
		"setup/forum":      "In the setup: chooses the forum of the partners' posts.",
		"setup/index":      "In the setup: chooses the channel of the index of all partners.",
		"setup/intake":     "In the setup: opens or closes applications.",
		"setup/log":        "In the setup: chooses the log channel.",
		"setup/managers":   "In the setup: chooses the manager roles.",
		"setup/minimum":    "In the setup: opens a form for minimum members, pause and most partners.",
		"setup/mode":       "In the setup: chooses whether ads are messages, channels or posts.",
		"setup/review":     "In the setup: chooses the review channel.",
		"setup/section":    "In the setup: turns to another section.",
		"setup/showcase":   "In the setup: chooses the showcase channel.",
		"setup/sources":    "In the setup: chooses how people apply.",
		"setup/tickets":    "In the setup: chooses the channel below which tickets are threads.",
		"setup/viewers":    "In the setup: chooses the viewer roles.",
		"setup/waiting":    "In the setup: opens a form for expiry and reminders.",
		"stats/open":       "Below a partnership: shows the joins that it brought. Its contact and staff only.",
		"stats/show":       "Below statistics: shows those of another number of days. The contact and staff only.",
		"status/retry":     "In `/partnerships status`: tries everything again that is blocked or was given up.",
		"ticket/back":      "Below the answer to who opened a ticket: puts them into its thread again. Its applicant only.",
		"ticket/close":     "In a ticket, and below the notice of one: closes it. Managers and its applicant only.",
		"ticket/edit":      "Below a refused application of a ticket: does what `apply/edit` does, by another way if the ticket is closed. Who wrote it only.",
		"ticket/form":      "In a ticket: opens the application form. Its applicant only.",
		"ticket/join":      "On a review card, and below the notice of a ticket: puts you into the ticket's thread.",
	}
}

// formPurposes says what each form does when it is sent.
func formPurposes() map[string]string {
	return map[string]string{
		"add/send":         "Has the invite checked, and adds the partner.",
		"apply/ask":        "Posts the question in the applicant's ticket, and opens one if there is none.",
		"apply/block":      "Denies the application and blocks.",
		"apply/deny":       "Denies the application; the applicant sees the reason, managers see the note.",
		"apply/send":       "Has the invite checked, and puts the application before the managers.",
		"edit/deny":        "Denies the changed ad; its contact sees the reason, members see the ad as before.",
		"edit/bare":        "The same for an ad that goes without the banner it has: the form has no field for another.",
		"edit/send":        "Puts a contact's changed ad before the managers; a manager's stands at once. The contact of the partner and managers only.",
		"end/leave":        "Ends the partnership, for its contact.",
		"end/send":         "Ends the partnership, for the managers, who have to say why.",
		"setup/bumps":      "Changes the days between two bumps.",
		"setup/stay":       "Changes how long a member must stay not to count as left early.",
		"setup/categories": "Changes the categories.",
		"setup/minimum":    "Changes minimum members, pause and most partners.",
		"setup/waiting":    "Changes expiry and reminders.",
		"ticket/send":      "Does what `apply/send` does, for the application of a ticket. Its applicant only.",
	}
}
