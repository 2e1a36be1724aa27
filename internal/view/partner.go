package view

import (
	"strconv"

	"github.com/disgoorg/disgo/discord"

	"github.com/entente-bot/entente/internal/apply"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/post"
)

// perPage is how many partners one page of the list shows: at most 200
// characters each, they fit the 4,000 of a message.
const perPage = 12

// List shows one page of the partners that are on offer, sorted by category; all is how
// many there are. A page that does not exist shows the nearest that does.
func List(s Speaker, partners []partnership.Partnership, all, page int) discord.MessageCreate {
	switch {
	case all == 0:
		return Message(Text(s.Say("list.title")), Text(s.Say("list.empty")))
	case len(partners) == 0:
		return Message(Text(s.Say("list.title")), Text(s.Say("list.hidden")))
	}
	pages := (len(partners) + perPage - 1) / perPage
	page = max(0, min(page, pages-1))
	lines := []string{s.Say("list.title")}
	category := ""
	for _, p := range partners[page*perPage : min((page+1)*perPage, len(partners))] {
		if p.Ad.Category != category {
			category = p.Ad.Category
			lines = append(lines, "**"+partnership.Plain(category)+"**")
		}
		lines = append(lines, s.Say("list.line",
			"server", partnership.Plain(p.Server.Called(50)), "invite", InviteURL(p.Ad.Invite),
			"members", s.Members(p.Server.Members), "since", date(p.Since)))
	}
	parts := []discord.LayoutComponent{Text(lines...)}
	if pages > 1 {
		parts = append(parts,
			Text(subtext(s.Say("list.page", "page", strconv.Itoa(page+1), "pages", strconv.Itoa(pages)))),
			discord.NewActionRow(
				discord.NewSecondaryButton(s.Say("list.previous"), ID("partner/list", strconv.Itoa(page-1))).WithDisabled(page == 0),
				discord.NewSecondaryButton(s.Say("list.next"), ID("partner/list", strconv.Itoa(page+1))).WithDisabled(page == pages-1),
			))
	}
	return Message(parts...)
}

// Info shows a partnership to whoever asks, with what they can do about its bumps.
func Info(s Speaker, guild string, p partnership.Partnership, listing post.Post, b Bumps) discord.ContainerComponent {
	about := s.Say("info.partner", "category", partnership.Plain(p.Ad.Category), "members", s.Members(p.Server.Members),
		"since", date(p.Since), "contact", Mention(p.Contact))
	if p.Offered() { // nobody is sent elsewhere
		about += "\n" + s.Say("info.invite", "invite", InviteURL(p.Ad.Invite))
	}
	parts := []discord.ContainerSubComponent{headed(p.Server, s.Say("info.head", "server", name(p.Server)), about)}
	if p.Offered() { // its texts may hold invites, too
		parts = append(parts, body(s, p.Ad)...)
	}
	if listing.Message != "" {
		parts = append(parts, Text(s.Say("info.listing", "link", Link(guild, listing.Channel, listing.Message))))
	}
	if lines := bumped(s, p, b); len(lines) > 0 {
		parts = append(parts, Text(lines...))
	}
	if row := bumpRow(s, p, b, BumpInfo); len(row) > 0 {
		parts = append(parts, discord.NewActionRow(row...))
	}
	return discord.NewContainer(parts...).WithAccentColor(blurple)
}

// Latest tells an applicant how their latest application stands.
func Latest(s Speaker, l apply.Latest) discord.TextDisplayComponent {
	if l.ID == "" {
		return Text(s.Say("info.none"))
	}
	line := s.Say("info.application", "server", called(l.Name, l.Partner, 100),
		"status", s.Say("status."+string(l.Status)), "when", ago(l.At))
	if l.Reason == "" {
		return Text(line)
	}
	return Text(line, s.Say("apply.answer-reason", "reason", written(l.Reason)))
}

// LatestRow leads from an approved application to the partnership it became.
func LatestRow(s Speaker, l apply.Latest) []discord.LayoutComponent {
	if l.Status != apply.Approved {
		return nil
	}
	return []discord.LayoutComponent{discord.NewActionRow(discord.NewSecondaryButton(s.Say("ad.about"), ID("partner/info", l.Partner)))}
}

// Unsent tells an applicant of the form they sent last, of which no application came.
func Unsent(s Speaker, d apply.Draft) discord.MessageCreate {
	if d.Refused.Key == "" {
		return Whisper(Text(s.Say("info.checking", "when", ago(d.Sent))))
	}
	return Answer(s, d, apply.Application{})
}

// Answer tells an applicant, in the reply to their form, what became of it: of
// the draft, and of the application if it became one.
func Answer(s Speaker, d apply.Draft, a apply.Application) discord.MessageCreate {
	server := partnership.Named(a.Server)
	switch {
	case d.Source == apply.Manual:
		return added(s, d)
	case d.Refused.Key == apply.Unwelcome: // the words of a denial without a reason, and no more
		return Whisper(Text(s.Say("apply.answer-denied", d.Refused.Args...)))
	case d.Refused.Key != "":
		edit := ID("apply/edit", d.ID)
		if d.Ticket != "" {
			edit = ID("ticket/edit", d.ID, d.Ticket)
		}
		return Whisper(
			Text("**"+s.Say("apply.refused")+"**", s.Why(d.Refused.Key, d.Refused.Args...)),
			discord.NewActionRow(discord.NewPrimaryButton(s.Say("apply.edit"), edit)))
	case a.Status == apply.Approved:
		return Whisper(Text(s.Say("apply.answer-approved", "server", server)))
	case a.Status == apply.Denied:
		return Whisper(Text(denied(s, server, a.Reason)...))
	case a.Status == apply.Withdrawn, a.Status == apply.Expired, a.Status == apply.Overtaken:
		return Whisper(Text(s.Say("apply.answer-"+string(a.Status), "server", server)))
	case a.Status == apply.Pending:
		return waiting(s, a)
	}
	return Whisper(Text(s.Say("apply.queued", "server", server)))
}
