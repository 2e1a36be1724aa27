package forget

import (
	"fmt"
	"strings"
)

// A Kept is what Entente keeps of people for one purpose. The table of
// docs/privacy.md is made of it.
type Kept struct {
	// Keys are the beginnings of the keys under which it is kept, as the table of
	// package storage has them: of a guild's records by their sk, of all else by their pk.
	// It has none if it lies outside of the tables.
	Keys []string

	What string
	Whom string // "" if it tells nothing of people: it is not in the table then
	Why  string
	Long string // how long it is kept
}

const (
	whileUsed   = "while the server uses Entente"
	whileActive = "while the partnership is active"
	answering   = "15 minutes, as long as Discord takes the reply"
)

// Keeps lists all that is kept. Each key of package storage is in exactly one.
func Keeps() []Kept {
	return []Kept{
		{keys("draft", "edit-draft", "forms"), "A form as it was sent: invite, category, texts; which were the latest", "applicant, contact", "To check it, and so that it can be changed and sent again", "7 days after its check, the latest 10"},
		{keys("apply", "card", "pending", "taken"), "An application: user ID, the partner's ID, name, icon and counts, the ad, who looks after it, the decision and its reason", "applicant, managers", "Review, and the history that the next review needs", whileUsed},
		{keys("standing"), "When somebody last applied, how often they were denied, the latest outcome", "applicant, partner server", "Waiting times, `/partner info`", whileUsed},
		{keys("notice", "edit-notice", "drift-word"), "That somebody asked for a direct message, stopped them, or takes none", "applicant, contact", "Consent", "With the application; when they last stopped, " + whileUsed},
		{keys("partnership"), "A partnership: the contact's user ID, the ad, since when", "contact", "The showcase", whileActive},
		{keys("names", "names-others"), "What partners are called, who speaks for them, and the names of servers that applied or were partners lately", "contact, partner server", "Suggestions while a name is typed", "The contact " + whileActive + "; of other servers the latest 50"},
		{keys("ended", "end-post"), "A partnership that is over: the same, who ended it, when and why, with reason and farewell", "contact, the manager who ended it", "The history that the next review needs", whileUsed},
		{keys("contact", "contacts-left"), "Which role the contact was given, and since when they are not a member", "contact", "The contact role; managers learn that a contact left", whileActive},
		{keys("edit", "edit-past", "edit-card"), "A changed ad: what was written, who sent and who decided it, why it was denied", "contact, managers", "A manager sees what changes, and the contact what became of it", "Decided ones 90 days; the latest outcome " + whileActive},
		{keys("bump", "bump-here", "bump-direct"), "When a partner was last bumped and by whom, whether and how its contact wants reminders", "contact, the manager who bumped", "When the next bump is due, consent", whileActive},
		{keys("block"), "The blocklist: the ID of a server or a user, its name, the reason, who put it there", "servers and users, managers", "Refusing their applications", "Until it is taken off, or its time is over"},
		{keys("ticket", "ticket-user", "ticket-post", "ticket-notice"), "A ticket: who opened it, who joined it, questions until they are posted", "applicant, managers", "Talking about an application", whileUsed},
		{keys("panel", "panel-post"), "Who put a panel up", "managers", "Keeping the panel in line", "While the panel stands"},
		{keys("joins-member"), "A member who joined by a partner's invite: user ID, the partner, when they joined, when a look last found them, whether they left early. Only with marker roles and the members intent", "members who joined by a partner", "Statistics that balance: identified, still here, left early", "30 days after they left, or 37 after they were last seen"},
		{keys("joins-nobody"), "A mark, from which nobody can read the ID, that a member had their data deleted", "members who used `/partner forget`", "They are never identified again", whileUsed},
		{keys("audit", "trail"), "The trail: who did what, when, from where; settings before and after; no texts", "managers, applicants", "Accountability", whileUsed + "; refused attempts and consents 30 days"},
		{keys("setup"), "The ID of the server's owner, with its roles and their order; who has the settings open, and the token of that interaction", "the owner, managers", "Nobody chooses roles above their own; the panel shows what was found", whileUsed + "; the token " + answering},
		{keys("log"), "What is still to be posted in the log channel", "managers", "The log channel", "Until it is posted, 7 days at most"},
		{keys("interaction"), "The first reply to an interaction", "whoever used a command, button or form", "A repeated request has no second effect", "12 minutes"},
		{keys("token", "export", "stats"), "Who asked for an answer that takes longer, and the token of that interaction", "applicant, contact, staff", "The answer comes in the same reply", answering},
		{keys("forget"), "That somebody had their data deleted", "whoever did", "It is not asked for over and over", "An hour after it is done"},
		{keys("invite"), "What Discord says of an invite, and who made it", "the server it leads to, whoever made it", "Discord is asked rarely", "6 hours at most"},

		{nil, "Log lines: IDs of servers, channels and interactions, routes, outcomes; of deletions a hash. Never texts, never a token", "whoever used Entente", "Finding faults", "30 days, as the stack is deployed"},
		{nil, "Access lines of the HTTP API, where that entry is chosen: IP addresses (Discord's) and paths", "Discord", "Finding floods", "30 days, as the stack is deployed"},
		{nil, "Dead letters: the name of an action, with the ID of what it was about", "applicant, contact", "An operator looks at what failed", "14 days"},
		{nil, "Backups of the records table (point-in-time recovery), or copies that an operator makes", "everybody above", "A restore after a mistake", "35 days on AWS; copies as long as the operator keeps them"},
		{nil, "Banners, cards, ads and what was said in tickets: messages on Discord", "applicant, contact, managers", "They are what people read", "Until somebody deletes them on Discord"},

		{Keys: keys("settings", "counts", "queue", "listing", "home", "lift", "overflow", "index", "joins", "joins-others", "joins-day", "joins-past", "joins-making", "joins-post",
			"drift-card", "tickets", "removal", "auditlog", "probes", "losses", "guilds", "roll", "action", "due", "blocked", "dead", "poll", "poller")},
	}
}

func keys(k ...string) []string { return k }

// The lines between which the table stands in docs/privacy.md.
const (
	tableBegins = "<!-- kept: go run ./scripts/commands -->\n"
	tableEnds   = "<!-- /kept -->\n"
)

// Document returns docs/privacy.md with the table of what is kept in its place. It
// fails if the document has no place for it.
func Document(doc string) (string, error) {
	before, rest, ok := strings.Cut(doc, tableBegins)
	_, after, ok2 := strings.Cut(rest, tableEnds)
	if !ok || !ok2 {
		return "", fmt.Errorf("forget: no line %q, or none %q behind it", strings.TrimSpace(tableBegins), strings.TrimSpace(tableEnds))
	}
	return before + tableBegins + table() + tableEnds + after, nil
}

// table is what is kept of people, in Markdown.
func table() string {
	var b strings.Builder
	b.WriteString("| what | of whom | why | for how long |\n| --- | --- | --- | --- |\n")
	for _, k := range Keeps() {
		if k.Whom != "" {
			fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", k.What, k.Whom, k.Why, k.Long)
		}
	}
	return b.String()
}
