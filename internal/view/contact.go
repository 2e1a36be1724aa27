package view

import (
	"github.com/disgoorg/disgo/discord"

	"github.com/entente-bot/entente/internal/partnership"
)

// mostBarred is how many partners whose contact was blocked one reply asks about.
const mostBarred = 3

// BarredContact asks a manager what becomes of the partners whose contact they put on
// the blocklist.
func BarredContact(s Speaker, user string, partners []partnership.Name) (parts []discord.LayoutComponent) {
	for _, p := range partners[:min(len(partners), mostBarred)] {
		end := discord.NewDangerButton(s.Say("drift.end"), ID("drift/end", p.ID))
		parts = append(parts,
			Text(s.Say("contact.barred", "user", Mention(user), "server", called(p.Name, p.ID, 100))),
			discord.NewActionRow(append([]discord.InteractiveComponent{end}, barredButtons(s, p.ID, user)...)...))
	}
	if more := len(partners) - mostBarred; more > 0 {
		parts = append(parts, Text(s.Say("contact.barred-more", "user", Mention(user), "more", s.Count(more))))
	}
	return parts
}

// barredButtons are what managers can do about a contact who is on the blocklist, but
// for ending the partnership.
func barredButtons(s Speaker, partner, user string) []discord.InteractiveComponent {
	return []discord.InteractiveComponent{
		discord.NewSecondaryButton(s.Say("contact.other"), ID("contact/other", partner, user)),
		discord.NewSecondaryButton(s.Say("contact.keep"), ID("contact/keep", partner, user)),
	}
}

// OtherContact lets a manager choose who speaks for a partner in the place of user.
func OtherContact(s Speaker, p partnership.Partnership, user string) []discord.LayoutComponent {
	one := 1
	menu := discord.NewUserSelectMenu(ID("contact/choose", p.Partner, user), s.Say("contact.choose"))
	menu.MinValues, menu.MaxValues = &one, 1
	return []discord.LayoutComponent{
		Text(s.Say("contact.who", "server", name(p.Server), "user", Mention(user))),
		discord.NewActionRow(menu),
	}
}

// ContactKept tells a manager what it means that a contact on the blocklist stays.
func ContactKept(s Speaker, p partnership.Partnership) discord.TextDisplayComponent {
	return Text(s.Say("contact.kept", "server", name(p.Server), "user", Mention(p.Contact)))
}
