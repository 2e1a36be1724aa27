package view

import (
	"cmp"

	"github.com/disgoorg/disgo/discord"

	"github.com/entente-bot/entente/internal/contact"
	"github.com/entente-bot/entente/internal/edit"
	"github.com/entente-bot/entente/internal/partnership"
)

// How much of what an ad said before is shown, while an edit waits and once it is
// settled: what it is to say is shown in full, and both fit Discord's 4,000
// characters.
const (
	beforeDescription, beforeHighlights   = 600, 250
	settledDescription, settledHighlights = 200, 100
)

// EditCard is the review card of a changed ad: what changes as members see it,
// and below it as it is to be. It has buttons while the edit waits, and the
// decision once it is settled.
func EditCard(s Speaker, e edit.Edit) discord.MessageCreate {
	server := called(e.Server, e.Partner, 100)
	lines := []string{s.Say("edit.card", "server", server), s.Say("edit.by", "user", person(s, e.By), "id", e.By, "sent", ago(e.Sent))}
	description, highlights := settledDescription, settledHighlights
	if e.Open() {
		lines = append(lines, subtext(s.Say("edit.until")))
		description, highlights = beforeDescription, beforeHighlights
	}
	head := Text(lines...)
	parts := []discord.ContainerSubComponent{Text(s.Say("edit.now"))}
	if b := e.Ad.Banner; b != e.Before.Banner {
		parts = append(parts, picture(e.Ad)...)
		if b.Bare {
			parts = append(parts, Text(subtext(s.Say("edit.banner-bare"))))
		}
	}
	if e.Lost {
		parts = append(parts, Text(subtext(s.Say("edit.banner-lost"))))
	}
	parts = append(parts, changes(s, e.Before, e.Ad, partnership.MaxDescription, partnership.MaxHighlights)...)
	parts = append(parts, bannered(s, e.Before.Banner, e.Ad.Banner, s.Say("edit.banner"))...)
	if !e.Open() {
		parts = append(parts, discord.NewSmallSeparator(), Text(settled(s, e)...))
	}
	parts = append(parts, editButtons(s, e))
	now := discord.NewContainer(parts...).WithAccentColor(editColor(e.Status))
	if e.Before.Invite == "" { // the partnership is over
		return Message(head, now)
	}
	was := append([]discord.ContainerSubComponent{Text(s.Say("edit.before"))}, changes(s, e.Ad, e.Before, description, highlights)...)
	was = append(was, bannered(s, e.Ad.Banner, e.Before.Banner, s.Say("edit.banner-before"))...)
	return Message(head, discord.NewContainer(was...).WithAccentColor(grey), now)
}

func editColor(status edit.Status) int {
	color, ok := map[edit.Status]int{edit.Waiting: blurple, edit.Approved: green, edit.Denied: red}[status]
	if !ok {
		return grey
	}
	return color
}

// changes shows what ad says and other does not.
func changes(s Speaker, other, ad partnership.Ad, description, highlights int) (parts []discord.ContainerSubComponent) {
	show := func(label, text string) {
		parts = append(parts, Text("**"+label+"**", cmp.Or(text, s.Say("edit.nothing"))))
	}
	if ad.Invite != other.Invite {
		show(s.Say("edit.invite"), InviteURL(ad.Invite))
	}
	if ad.Category != other.Category {
		show(s.Say("edit.category"), partnership.Plain(ad.Category))
	}
	if ad.Description != other.Description {
		show(s.Say("edit.description"), partnership.Clean(ad.Description, description))
	}
	if ad.Highlights != other.Highlights {
		show(s.Say("ad.highlights"), partnership.Clean(ad.Highlights, highlights))
	}
	return parts
}

// bannered says that a banner is another one than other, if it is: with says that there
// is one.
func bannered(s Speaker, other, banner partnership.Banner, with string) []discord.ContainerSubComponent {
	switch {
	case banner == other:
		return nil
	case banner.Type == "":
		return []discord.ContainerSubComponent{Text(s.Say("edit.no-banner"))}
	}
	return []discord.ContainerSubComponent{Text(with)}
}

// settled is who settled an edit, and how.
func settled(s Speaker, e edit.Edit) []string {
	lines := []string{s.Say("edit.is-"+string(e.Status), "by", person(s, e.Decided), "when", ago(e.Settled))}
	if e.Reason != "" {
		lines = append(lines, s.Say("edit.reason", "reason", written(e.Reason)))
	}
	return lines
}

// editButtons are what can be done with an edit. A settled one keeps a button
// that does nothing: by the custom IDs of its buttons a card is found again.
func editButtons(s Speaker, e edit.Edit) discord.ActionRowComponent {
	c := edit.CaseOf(e)
	if !e.Open() {
		return discord.NewActionRow(discord.NewSecondaryButton(s.Say("edit.label-"+string(e.Status)), ID("edit/settled", c.Card)).AsDisabled())
	}
	return discord.NewActionRow(
		discord.NewSuccessButton(s.Say("card.approve"), ID("edit/approve", c.ID, c.Partner, c.Card)),
		discord.NewDangerButton(s.Say("card.deny"), ID("edit/deny", c.ID, c.Partner, c.Card)))
}

// EditAnswer tells who sent a changed ad, in the reply to their form, what became
// of it: of the draft, and of the edit if it became one.
func EditAnswer(s Speaker, d edit.Draft, e edit.Edit) discord.MessageCreate {
	server := called(d.Server, d.Partner, 100)
	switch {
	case d.Refused.Key != "":
		return Whisper(
			Text("**"+s.Say("edit.refused")+"**", s.Why(d.Refused.Key, d.Refused.Args...)),
			discord.NewActionRow(discord.NewPrimaryButton(s.Say("apply.edit"), ID("edit/again", d.ID))))
	case !d.Checked:
		return Whisper(Text(s.Say("apply.checking")))
	case d.Direct:
		return Whisper(Text(s.Say("edit.done", "server", server)))
	case d.Card == "" || e.ID != d.ID:
		return Whisper(Text(s.Say("edit.answer-withdrawn", "server", server)))
	}
	lines := []string{s.Say("edit.answer-"+string(e.Status), "server", server)}
	if e.Reason != "" {
		lines = append(lines, s.Say("apply.answer-reason", "reason", written(e.Reason)))
	}
	return Whisper(Text(lines...))
}

// EditNotice is the direct message that tells a contact how managers decided on e.
// Its button tells where it came from: in a direct message there is no guild.
func EditNotice(s Speaker, guild, guildName string, e edit.Edit) discord.MessageCreate {
	head := "### " + called(guildName, guild, 100)
	return Message(
		Text(append([]string{head}, editTold(s, e, s.Say("edit.notice"))...)...),
		discord.NewActionRow(
			discord.NewLinkButton(s.Say("apply.notice-open"), "https://discord.com/channels/"+guild),
			discord.NewSecondaryButton(s.Say("apply.stop"), ID("edit/stop", guild, e.Application, e.Partner, e.Card)),
		))
}

// EditStopped is EditNotice after its reader wanted no more of them.
func EditStopped(s Speaker, e edit.Edit) discord.MessageCreate {
	return Message(Text(editTold(s, e, s.Say("apply.stopped"))...))
}

// editTold says how e was decided, if that is still known, and a line below.
func editTold(s Speaker, e edit.Edit, below string) (lines []string) {
	if e.ID != "" {
		lines = append(lines, s.Say("edit.answer-"+string(e.Status), "server", called(e.Server, e.Partner, 100)))
	}
	if e.Reason != "" {
		lines = append(lines, s.Say("apply.answer-reason", "reason", written(e.Reason)))
	}
	return append(lines, "", subtext(below))
}

// EditState tells the contact of a partner, and managers, how the latest edit of
// its ad stands; nothing if there was none since the partnership began.
func EditState(s Speaker, p partnership.Partnership, e edit.Edit) (lines []string) {
	switch {
	case e.ID == "" || e.Application != p.Application:
		return nil
	case e.Open():
		return []string{s.Say("edit.state-waiting", "when", ago(e.Sent))}
	}
	lines = []string{s.Say("edit.state-"+string(e.Status), "when", ago(e.Settled))}
	if e.Reason != "" {
		lines = append(lines, s.Say("apply.answer-reason", "reason", written(e.Reason)))
	}
	return lines
}

// ContactLeft tells managers of contacts who left, and what to do.
func ContactLeft(s Speaker, left ...contact.Contact) (lines []string) {
	const most = 5
	for _, c := range left[:min(len(left), most)] {
		lines = append(lines, s.Say("contact.left", "user", person(s, c.User),
			"server", called(c.Server, c.Partner, 50), "when", ago(c.Gone)))
	}
	if more := len(left) - most; more > 0 {
		lines = append(lines, s.Say("contact.left-more", "more", s.Count(more)))
	}
	return lines
}
