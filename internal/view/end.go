package view

import (
	"unicode/utf16"

	"github.com/disgoorg/disgo/discord"

	"github.com/entente-bot/entente/internal/apply"
	"github.com/entente-bot/entente/internal/partnership"
)

// EndWarning says, above the form that ends a partnership, what will happen.
func EndWarning(s Speaker, p partnership.Partnership) discord.TextDisplayComponent {
	return Text(s.Say("end.warning", "server", name(p.Server), "since", date(p.Since)))
}

// EndDone tells who ended a partnership that it is over.
func EndDone(s Speaker, e partnership.Ended) discord.TextDisplayComponent {
	return Text(s.Say("end.done", "server", name(e.Server)), subtext(s.Say("end.done-"+e.Why)))
}

// EndCard tells the managers, in the review channel, that a contact ended a
// partnership. By its button it is found again.
func EndCard(s Speaker, e partnership.Ended) discord.MessageCreate {
	parts := []discord.ContainerSubComponent{
		Text(s.Say("end.card", "server", name(e.Server), "by", person(s, e.EndedBy), "when", ago(e.At), "since", date(e.Since))),
	}
	if e.Reason != "" {
		parts = append(parts, Text(s.Say("end.reason", "reason", written(e.Reason))))
	}
	if e.Farewell != "" {
		parts = append(parts, Text(s.Say("end.farewell", "farewell", written(e.Farewell))))
	}
	return Message(discord.NewContainer(append(parts,
		discord.NewActionRow(discord.NewSecondaryButton(s.Say("end.info"), ID("end/info", e.Partner, e.Application))),
	)...).WithAccentColor(grey))
}

// EndNotice is the direct message that tells a contact that their partnership
// was ended. Its button tells where it came from: in a direct message there is
// no guild.
func EndNotice(s Speaker, guild, guildName string, e partnership.Ended, a apply.Application) discord.MessageCreate {
	c := apply.CaseOf(a)
	head := Text("### " + called(guildName, guild, 100))
	return Message(ended(s, e, head).AddComponents(Text(subtext(s.Say("end.notice")))), discord.NewActionRow(
		discord.NewLinkButton(s.Say("apply.notice-open"), "https://discord.com/channels/"+guild),
		discord.NewSecondaryButton(s.Say("apply.stop"), ID("end/stop", guild, c.ID, c.Partner, c.Applicant)),
	))
}

// EndStopped is EndNotice after its reader wanted no more of them.
func EndStopped(s Speaker, e partnership.Ended) discord.MessageCreate {
	return Message(ended(s, e).AddComponents(Text(subtext(s.Say("apply.stopped")))))
}

// EndWord tells a contact in their ticket that their partnership was ended. It
// notifies them, and keeps a button that does nothing, by which it is found again.
func EndWord(s Speaker, e partnership.Ended) discord.MessageCreate {
	return pinging(Message(ended(s, e, Text(Mention(e.Contact))).AddComponents(
		discord.NewActionRow(discord.NewSecondaryButton(s.Say("end.over"), ID("end/over", e.Application)).AsDisabled()),
	)), e.Contact)
}

// ended tells a contact that the managers ended their partnership: their
// farewell, and never why. It begins with head.
func ended(s Speaker, e partnership.Ended, head ...discord.ContainerSubComponent) discord.ContainerComponent {
	parts := append(head, Text(s.Say("end.told", "server", name(e.Server))))
	if e.Farewell != "" {
		parts = append(parts, Text(s.Say("end.farewell", "farewell", written(e.Farewell))))
	}
	return discord.NewContainer(parts...).WithAccentColor(grey)
}

// maxHistory is how long the reason of an end may be beside an ad.
const maxHistory = 120

// EndsBesideAd is how many partnerships that are over there is room for in what
// managers see of a partner.
const EndsBesideAd = 3

// endings says how the partnerships with a partner ended, latest first: as many as
// there is room for in so many characters.
func endings(s Speaker, list []partnership.Ended, room int) (lines []string) {
	for _, e := range list {
		line := s.Say("end.history-"+e.Why, "since", date(e.Since), "when", date(e.At), "by", person(s, e.EndedBy))
		if e.Reason != "" {
			line += "\n> " + partnership.Quote(e.Reason, maxHistory)
		}
		if room -= len(utf16.Encode([]rune(line))) + 1; room < 0 {
			return lines
		}
		lines = append(lines, line)
	}
	return lines
}

// shownLength is how many characters the texts of components have, as
// [partnership.Cut] counts.
func shownLength(parts []discord.LayoutComponent) (n int) {
	count := func(c discord.Component) {
		if t, ok := c.(discord.TextDisplayComponent); ok {
			n += len(utf16.Encode([]rune(t.Content)))
		}
	}
	for _, p := range parts {
		count(p)
		if with, ok := p.(discord.ComponentIter); ok {
			for c := range with.SubComponents() {
				count(c)
			}
		}
	}
	return n
}

// EndCardMark is on the word to the managers that a contact ended a partnership,
// by the application it came from.
func EndCardMark(application string) Mark { return Mark{[]string{"end/info"}, application} }

// EndNoticeMark is on the direct message that a partnership was ended.
func EndNoticeMark(application string) Mark { return Mark{[]string{"end/stop"}, application} }

// EndWordMark is on the same word in a ticket.
func EndWordMark(application string) Mark { return Mark{[]string{"end/over"}, application} }
