package view

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"github.com/disgoorg/disgo/discord"

	"github.com/entente-bot/entente/internal/apply"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/settings"
)

// The colors of what is shown.
const (
	blurple = 0x5865F2
	grey    = 0x99AAB5
	green   = 0x57F287
	red     = 0xED4245
)

// icon is the picture of a server, or "" if it has none.
func icon(s partnership.Server) string {
	if s.Icon == "" {
		return ""
	}
	return fmt.Sprintf("https://cdn.discordapp.com/icons/%s/%s.png?size=128", s.ID, s.Icon)
}

// headed shows lines beside the icon of s, if it has one.
func headed(s partnership.Server, lines ...string) discord.ContainerSubComponent {
	body := Text(lines...)
	url := icon(s)
	if url == "" {
		return body
	}
	return discord.NewSection(body).WithAccessory(discord.NewThumbnail(url))
}

// name is the name of a server as it stands in a line.
func name(s partnership.Server) string {
	return partnership.Named(s)
}

// called is the name of a server of which no more is kept, as it stands in a line.
func called(name, id string, limit int) string {
	return partnership.Plain(partnership.NameOf(name, id, limit))
}

// written is what a user wrote and was kept, whatever was cleaned of it then.
func written(text string) string { return partnership.Clean(text, partnership.MaxDescription) }

// body is what an ad says, below its head. Discord takes no empty text.
func body(s Speaker, ad partnership.Ad) []discord.ContainerSubComponent {
	var parts []discord.ContainerSubComponent
	if ad.Description != "" {
		parts = append(parts, Text(written(ad.Description)))
	}
	if ad.Highlights != "" {
		parts = append(parts, Text("**"+s.Say("ad.highlights")+"**", written(ad.Highlights)))
	}
	return parts
}

// Card is the review card of an application: with buttons while it is pending,
// with the decision once it is settled.
func Card(s Speaker, a apply.Application, chosen settings.Settings) discord.MessageCreate {
	color := blurple
	switch a.Status {
	case apply.Approved:
		color = green
	case apply.Denied:
		color = red
	case apply.Withdrawn, apply.Expired, apply.Overtaken:
		color = grey
	}
	parts := []discord.ContainerSubComponent{
		headed(a.Server, "## "+name(a.Server), facts(s, a, chosen.Minimum)),
		Text(applicant(s, a), history(s, a.Earlier)),
	}
	if a.Status == apply.Pending {
		parts = append(parts, Text(spokesman(s, a)...))
	}
	parts = append(parts, flags(s, a, chosen.NSFW)...)
	if a.Applicant == partnership.Nobody { // there is no ad any more
		parts = append(parts, discord.NewSmallSeparator(), Text(decision(s, a)), buttons(s, a), talk(s, a), Text(subtext(s.Say("card.reference", "id", a.ID))))
		return Message(discord.NewContainer(parts...).WithAccentColor(color))
	}
	parts = append(parts,
		discord.NewSmallSeparator(),
		Text(s.Say("card.ad", "category", partnership.Plain(a.Ad.Category), "invite", InviteURL(a.Ad.Invite))))
	parts = append(parts, picture(a.Ad)...)
	if a.Ad.Banner.Lost {
		parts = append(parts, Text(subtext(s.Say("banner.lost"))))
	}
	if a.Ad.Banner.Bare {
		parts = append(parts, Text(subtext(s.Say("banner.bare"))))
	}
	parts = append(parts, body(s, a.Ad)...)
	parts = append(parts, discord.NewSmallSeparator())
	if a.Status != apply.Pending {
		parts = append(parts, Text(decision(s, a)))
	}
	if a.Claimed != "" {
		parts = append(parts, Text(s.Say("card.claimed", "by", Mention(a.Claimed))))
	}
	parts = append(parts, buttons(s, a), talk(s, a), Text(subtext(s.Say("card.reference", "id", a.ID))))
	return Message(discord.NewContainer(parts...).WithAccentColor(color))
}

// applicant is who applies, and when they did.
func applicant(s Speaker, a apply.Application) string {
	if a.Applicant == partnership.Nobody {
		return s.Say("forget.card", "sent", ago(a.Sent))
	}
	return s.Say("card.applicant", "user", Mention(a.Applicant), "id", a.Applicant,
		"age", date(partnership.Created(a.Applicant)), "sent", ago(a.Sent))
}

// spokesman is what hints at whether the applicant speaks for the server: who made
// the invite, and who else applied.
func spokesman(s Speaker, a apply.Application) []string {
	lines := []string{s.Say("card.maker-unknown")}
	switch {
	case a.Maker.Own:
		lines[0] = s.Say("card.maker-own")
	case a.Maker.Name != "":
		lines[0] = s.Say("card.maker-other", "name", partnership.Plain(partnership.CleanLine(a.Maker.Name, 32)))
	}
	if len(a.Others) > 0 {
		lines = append(lines, s.Say("card.others", "users", people(a.Others)))
	}
	return lines
}

// people mentions users.
func people(ids []string) string {
	list := make([]string, len(ids))
	for i, id := range ids {
		list[i] = Mention(id)
	}
	return strings.Join(list, ", ")
}

// facts is what Discord says of the server that applies.
func facts(s Speaker, a apply.Application, minimum int) string {
	lines := s.Say("card.facts",
		"members", s.Members(a.Server.Members), "online", s.Count(a.Server.Online), "id", a.Server.ID,
		"created", date(partnership.Created(a.Server.ID)),
		"verification", s.Say(fmt.Sprintf("card.verification-%d", min(max(a.Server.Verification, 0), 4))))
	if badges := a.Badges(); len(badges) > 0 {
		lines += " · " + strings.Join(badges, ", ")
	}
	if minimum > 0 {
		key := "card.above-minimum"
		if a.Server.Members < minimum {
			key = "card.below-minimum"
		}
		lines += "\n" + s.Say(key, "minimum", s.Members(minimum))
	}
	return lines
}

// flags are what a manager should look at twice before deciding: none after.
func flags(s Speaker, a apply.Application, guildNSFW int) []discord.ContainerSubComponent {
	if a.Status != apply.Pending {
		return nil
	}
	var lines []string
	for _, f := range a.Flags(guildNSFW) {
		lines = append(lines, "⚠️ "+s.Say("flag."+string(f)))
	}
	if len(lines) == 0 {
		return nil
	}
	return []discord.ContainerSubComponent{Text(lines...)}
}

// history is what became of the partner's earlier applications.
func history(s Speaker, earlier apply.Standing) string {
	if earlier.Latest.ID == "" {
		return s.Say("card.first-application")
	}
	return s.Say("card.earlier", "denied", s.Count(earlier.Denied),
		"status", s.Say("status."+string(earlier.Latest.Status)), "when", ago(earlier.Latest.At))
}

// buttons are what can be done with an application. A settled one keeps a button
// that does nothing: by the custom IDs of its buttons a card is found again.
func buttons(s Speaker, a apply.Application) discord.ActionRowComponent {
	c := apply.CaseOf(a)
	if a.Status != apply.Pending {
		settled := discord.NewSecondaryButton(s.Say("card.settled-"+string(a.Status)), ID("apply/settled", c.ID))
		return discord.NewActionRow(settled.AsDisabled())
	}
	return discord.NewActionRow(
		discord.NewSuccessButton(s.Say("card.approve"), ID("apply/approve", c.ID, c.Partner, c.Applicant)),
		discord.NewDangerButton(s.Say("card.deny"), ID("apply/deny", c.ID, c.Partner, c.Applicant)),
		discord.NewSecondaryButton(s.Say("card.block"), ID("apply/block", c.ID, c.Partner, c.Applicant)),
	)
}

// talk is what can be done about an application beside deciding on it: ask the
// applicant, and, while it is pending, join their ticket and look after it. The
// decision closes the ticket; who opens it again by asking is put into it.
func talk(s Speaker, a apply.Application) discord.ActionRowComponent {
	c := apply.CaseOf(a)
	row := []discord.InteractiveComponent{
		discord.NewSecondaryButton(s.Say("card.ask"), ID("apply/ask", c.ID, c.Partner, c.Applicant, cmp.Or(a.Ticket, c.ID))).
			WithDisabled(a.Applicant == partnership.Nobody),
	}
	if a.Status != apply.Pending {
		return discord.NewActionRow(row...)
	}
	if a.Ticket != "" {
		row = append(row, JoinButton(s, a.Ticket))
	}
	if a.Claimed == "" {
		return discord.NewActionRow(append(row, discord.NewSecondaryButton(s.Say("card.claim"), ID("apply/claim", c.ID, c.Partner, c.Applicant)))...)
	}
	return discord.NewActionRow(append(row, discord.NewSecondaryButton(s.Say("card.release"), ID("apply/release", c.ID, c.Partner, c.Applicant)))...)
}

// decision is who settled an application, and how.
func decision(s Speaker, a apply.Application) string {
	lines := s.Say("card."+string(a.Status), "by", person(s, a.By), "when", ago(a.Settled))
	if a.OwnApproval() {
		lines += "\n" + s.Say("card.own", "by", Mention(a.By))
	}
	if a.Reason != "" {
		lines += "\n" + s.Say("card.reason", "reason", written(a.Reason))
	}
	if a.Note != "" {
		lines += "\n" + s.Say("card.note", "note", written(a.Note))
	}
	if a.Untold {
		lines += "\n" + s.Say("card.untold")
	}
	return lines
}

// date shows a day, in the reader's time zone.
func date(t time.Time) string { return fmt.Sprintf("<t:%d:D>", t.Unix()) }

// ago shows how long ago t was, as of when it is read.
func ago(t time.Time) string { return fmt.Sprintf("<t:%d:R>", t.Unix()) }
