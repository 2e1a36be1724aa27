package view

import (
	"github.com/disgoorg/disgo/discord"

	"github.com/entente-bot/entente/internal/apply"
	"github.com/entente-bot/entente/internal/partnership"
)

// A Given is a tracked invite that the contact of a partner is given.
type Given struct {
	Partnership partnership.Partnership
	Guild       string
	Code        string // of the invite; empty if it is gone
	Again       bool   // in the place of another one, which is gone
}

// GivenNotice is the direct message that gives a contact the tracked invite. Its
// buttons tell where it came from: in a direct message there is no guild.
func GivenNotice(s Speaker, guildName string, g Given, a apply.Application) discord.MessageCreate {
	head := Text("### " + called(guildName, g.Guild, 100))
	c := apply.CaseOf(a)
	return Message(given(s, g, head).AddComponents(Text(subtext(s.Say("end.notice")))), discord.NewActionRow(
		discord.NewLinkButton(s.Say("apply.notice-open"), "https://discord.com/channels/"+g.Guild),
		discord.NewSecondaryButton(s.Say("apply.stop"), ID("joins/stop", g.Guild, c.ID, c.Partner, c.Applicant)),
		givenButton(s, g),
	))
}

// GivenStopped is GivenNotice after its reader wanted no more of them.
func GivenStopped(s Speaker, g Given) discord.MessageCreate {
	stopped := Text(subtext(s.Say("apply.stopped")))
	if g.Code == "" {
		return Message(discord.NewContainer(stopped).WithAccentColor(grey))
	}
	return Message(given(s, g).AddComponents(stopped))
}

// GivenWord gives a contact the tracked invite in their ticket. It notifies them.
func GivenWord(s Speaker, g Given) discord.MessageCreate {
	contact := g.Partnership.Contact
	return pinging(Message(given(s, g, Text(Mention(contact))).AddComponents(discord.NewActionRow(givenButton(s, g)))), contact)
}

// givenButton does nothing: by it the message is found again.
func givenButton(s Speaker, g Given) discord.ButtonComponent {
	return discord.NewSecondaryButton(s.Say("joins.given-button"), ID("joins/given", g.Code)).AsDisabled()
}

// given gives a contact the tracked invite. It begins with head.
func given(s Speaker, g Given, head ...discord.ContainerSubComponent) discord.ContainerComponent {
	key := "joins.given"
	if g.Again {
		key = "joins.given-again"
	}
	text := Text(s.Say(key, "server", name(g.Partnership.Server), "invite", InviteURL(g.Code)), s.Say("joins.given-why"))
	return discord.NewContainer(append(head, text)...).WithAccentColor(blurple)
}

// GivenMark is on the message that gives a contact the invite with a code.
func GivenMark(code string) Mark { return Mark{[]string{"joins/given"}, code} }
