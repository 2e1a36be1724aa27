package view

import (
	"strconv"
	"time"

	"github.com/disgoorg/disgo/discord"

	"github.com/entente-bot/entente/internal/apply"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/post"
	"github.com/entente-bot/entente/internal/settings"
)

// perQueuePage is how many applications one page of the queue shows: at most 400
// characters each, they fit the 4,000 of a message.
const perQueuePage = 8

// Queue shows one page of the applications that wait, oldest first, and marks
// those that wait for longer than so many days. A page that does not exist shows
// the nearest that does.
func Queue(s Speaker, guild string, list []apply.Waiting, page, after int, now time.Time) discord.MessageCreate {
	if len(list) == 0 {
		return Message(Text(s.Say("queue.title"), s.Say("queue.empty")))
	}
	pages := (len(list) + perQueuePage - 1) / perQueuePage
	page = max(0, min(page, pages-1))
	lines := []string{s.Say("queue.title"), s.Say("queue.count", "count", strconv.Itoa(len(list)))}
	for i, w := range list[page*perQueuePage : min((page+1)*perQueuePage, len(list))] {
		lines = append(lines, queued(s, guild, page*perQueuePage+i+1, w, w.Overdue(after, now)))
	}
	parts := []discord.LayoutComponent{Text(lines...), discord.NewActionRow(queueSelect(s, list, page))}
	if pages > 1 {
		parts = append(parts,
			Text(subtext(s.Say("list.page", "page", strconv.Itoa(page+1), "pages", strconv.Itoa(pages)))),
			discord.NewActionRow(
				discord.NewSecondaryButton(s.Say("list.previous"), ID("queue/page", strconv.Itoa(page-1))).WithDisabled(page == 0),
				discord.NewSecondaryButton(s.Say("list.next"), ID("queue/page", strconv.Itoa(page+1))).WithDisabled(page == pages-1),
			))
	}
	return Message(parts...)
}

// queueSelect opens one of the applications of a page.
func queueSelect(s Speaker, list []apply.Waiting, page int) discord.StringSelectMenuComponent {
	var options []discord.StringSelectMenuOption
	for i, w := range list[page*perQueuePage : min((page+1)*perQueuePage, len(list))] {
		label := strconv.Itoa(page*perQueuePage+i+1) + ". " + partnership.NameOf(w.Name, w.Partner, 80)
		options = append(options, discord.NewStringSelectMenuOption(label, w.ID))
	}
	return discord.NewStringSelectMenu(ID("queue/show", strconv.Itoa(page)), s.Say("queue.choose"), options...)
}

// CardCopy is the review card of an application for one manager, who can decide on it
// there: without its banner, and with a link to where the card itself stands, if it
// is known.
func CardCopy(s Speaker, guild string, a apply.Application, chosen settings.Settings, card post.Place) discord.MessageCreate {
	a.Ad.Banner = partnership.Banner{}
	m := Card(s, a, chosen)
	line := s.Say("queue.copy")
	if card.Message != "" {
		line = s.Say("queue.copy-of", "link", Link(guild, card.Channel, card.Message))
	}
	m.Components = append(m.Components, Text(subtext(line)))
	return m
}

// queued is one application in the queue.
func queued(s Speaker, guild string, number int, w apply.Waiting, overdue bool) string {
	line := s.Say("queue.line", "number", strconv.Itoa(number), "server", waitingName(w), "members", s.Members(w.Members),
		"applicant", Mention(w.Applicant), "sent", ago(w.Sent))
	if overdue {
		line += " · " + s.Say("queue.overdue")
	}
	if w.Claimed != "" {
		line += " · " + s.Say("queue.claimed", "by", Mention(w.Claimed))
	}
	if w.Message == "" {
		return line + " · " + s.Say("queue.no-card")
	}
	return line + " · " + s.Say("queue.card", "link", Link(guild, w.Channel, w.Message))
}

// waitingName is the name of a server that waits, as it stands in a line.
func waitingName(w apply.Waiting) string {
	return called(w.Name, w.Partner, 50)
}

// maxReminded is how many applications a reminder names.
const maxReminded = 5

// Reminder is the message that reminds managers of the applications that are
// overdue. about makes its button another one than that of the reminder before.
func Reminder(s Speaker, guild string, late []apply.Waiting, about string) discord.MessageCreate {
	head := s.Say("queue.remind-many", "count", strconv.Itoa(len(late)))
	if len(late) == 1 {
		head = s.Say("queue.remind-one")
	}
	lines := []string{head}
	for i, w := range late[:min(len(late), maxReminded)] {
		lines = append(lines, queued(s, guild, i+1, w, false))
	}
	if more := len(late) - maxReminded; more > 0 {
		lines = append(lines, s.Say("queue.remind-more", "more", strconv.Itoa(more)))
	}
	return Message(Text(lines...), discord.NewActionRow(
		discord.NewPrimaryButton(s.Say("queue.open"), ID("queue/open", about))))
}
