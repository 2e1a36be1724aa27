package view

import (
	"strconv"
	"strings"

	"github.com/disgoorg/disgo/discord"

	"github.com/entente-bot/entente/internal/apply"
	"github.com/entente-bot/entente/internal/drift"
	"github.com/entente-bot/entente/internal/partnership"
)

// DriftCard shows managers what changed about a partner since they accepted it, why its
// ad is hidden, if it is, and whether its contact is barred: on the blocklist. By its
// button End it is found again.
func DriftCard(s Speaker, p partnership.Partnership, minimum int, barred bool) discord.MessageCreate {
	key, lines := "drift.card", []string{}
	if barred && !p.Drift.Held() {
		key = "drift.card-barred"
	}
	if p.Hidden.ByInvite() {
		key = "drift.card-hidden"
		lines = append(lines, s.Say("drift.why-"+p.Hidden.Why, "contact", Mention(p.Contact), "invite", p.Hidden.Code))
	}
	for _, c := range p.Drift.Changes {
		lines = append(lines, drifted(s, p, c, minimum))
	}
	var row []discord.InteractiveComponent
	number := strconv.Itoa(p.Drift.Number)
	if p.Drift.Held() {
		row = append(row, discord.NewSuccessButton(s.Say("drift.accept"), ID("drift/accept", p.Partner, number)))
		state := "drift.shown"
		if p.Offered() {
			row = append(row, discord.NewSecondaryButton(s.Say("drift.hide"), ID("drift/hide", p.Partner, number)))
		} else {
			state = "drift.hidden"
		}
		lines = append(lines, s.Say(state))
	}
	row = append(row, discord.NewDangerButton(s.Say("drift.end"), ID("drift/end", p.Partner)))
	if barred {
		lines = append(lines, s.Say("contact.barred-card", "user", Mention(p.Contact)))
		row = append(row, barredButtons(s, p.Partner, p.Contact)...)
	}
	return Message(discord.NewContainer(
		headed(p.Server, s.Say(key, "server", name(p.Server)), strings.Join(lines, "\n")),
		discord.NewActionRow(row...),
	).WithAccentColor(red))
}

// drifted says what a change was, before and after.
func drifted(s Speaker, p partnership.Partnership, change string, minimum int) string {
	is := p.Drift.Server
	before, after := s.Members(p.Server.Members), s.Members(is.Members)
	if change == drift.Renamed {
		before, after = verbatim(p.Server.Name), verbatim(is.Name)
	}
	return s.Say("drift.change-"+change, "before", before, "after", after, "minimum", s.Members(minimum))
}

// verbatim shows a name as it was written, addresses and all: in code nothing is a link.
func verbatim(name string) string {
	return "`" + strings.ReplaceAll(partnership.CleanLine(name, 100), "`", "'") + " `"
}

// DriftMark is on the card about the ad of a partner.
func DriftMark(partner string) Mark { return Mark{[]string{"drift/end"}, partner} }

// DriftDone tells a manager what they decided about a partner.
func DriftDone(s Speaker, did string, p partnership.Partnership) discord.TextDisplayComponent {
	return Text(s.Say("drift.done-"+did, "server", name(p.Server)))
}

// HiddenState says why the ad of a partner is hidden: to the contact with what they
// can do about it, to others only that it is. It is "" if it is not.
func HiddenState(s Speaker, p partnership.Partnership, contact bool) string {
	switch {
	case p.Offered():
		return ""
	case !contact:
		return s.Say("hidden.state")
	}
	return s.Say("hidden."+p.Hidden.Why, "server", name(p.Server), "invite", p.Hidden.Code)
}

// HiddenNotice is the direct message that tells a contact that their ad is hidden. Its
// buttons tell where it came from: in a direct message there is no guild.
func HiddenNotice(s Speaker, guild, guildName string, p partnership.Partnership, a apply.Application) discord.MessageCreate {
	c := apply.CaseOf(a)
	return Message(
		Text("### "+called(guildName, guild, 100), HiddenState(s, p, true), subtext(s.Say("end.notice"))),
		discord.NewActionRow(
			discord.NewLinkButton(s.Say("apply.notice-open"), "https://discord.com/channels/"+guild),
			discord.NewSecondaryButton(s.Say("apply.stop"), ID("drift/stop", guild, c.ID, c.Partner, c.Applicant)),
			hiddenButton(s, p)))
}

// HiddenWord tells a contact in their ticket that their ad is hidden. It notifies them.
func HiddenWord(s Speaker, p partnership.Partnership) discord.MessageCreate {
	return pinging(Message(Text(Mention(p.Contact), HiddenState(s, p, true)), discord.NewActionRow(hiddenButton(s, p))), p.Contact)
}

// hiddenButton does nothing: by it the message is found again.
func hiddenButton(s Speaker, p partnership.Partnership) discord.ButtonComponent {
	return discord.NewSecondaryButton(s.Say("hidden.button"), ID("drift/word", p.Partner)).AsDisabled()
}

// HiddenMark is on the word to the contact of a partner that their ad is hidden.
func HiddenMark(partner string) Mark { return Mark{[]string{"drift/word"}, partner} }
