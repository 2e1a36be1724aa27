package view

import (
	"strconv"

	"github.com/disgoorg/disgo/discord"

	"github.com/entente-bot/entente/internal/block"
	"github.com/entente-bot/entente/internal/partnership"
)

// blocksPerPage is how many entries one page of the blocklist shows: at most 500
// characters each, they fit the 4,000 of a message.
const blocksPerPage = 7

// blocked names what an entry is about.
func blocked(s Speaker, e block.Entry) string {
	switch {
	case e.What == block.User:
		return s.Say("block.user", "user", Mention(e.ID), "id", e.ID)
	case e.Name == "":
		return s.Say("block.nameless", "id", e.ID)
	}
	return s.Say("block.server", "server", called(e.Name, e.ID, 50), "id", e.ID)
}

// term says until when an entry holds.
func term(s Speaker, e block.Entry) string {
	if e.Until.IsZero() {
		return s.Say("block.for-good")
	}
	return s.Say("block.until", "until", date(e.Until), "left", ago(e.Until))
}

// Blocked tells a manager what they put on the blocklist, and which partnership
// that ended, if any. See [BarredContact] for what may follow.
func Blocked(s Speaker, entries []block.Entry, ended string) discord.TextDisplayComponent {
	var lines []string
	for _, e := range entries {
		lines = append(lines, s.Say("block.added", "what", blocked(s, e), "term", term(s, e)))
	}
	if ended != "" {
		lines = append(lines, s.Say("block.ended", "server", partnership.Plain(partnership.CleanLine(ended, 100))))
	}
	return Text(append(lines, subtext(s.Say("block.added-hint")))...)
}

// Unblocked tells a manager what they took off the blocklist.
func Unblocked(s Speaker, entries []block.Entry) discord.TextDisplayComponent {
	var lines []string
	for _, e := range entries {
		lines = append(lines, s.Say("block.removed", "what", blocked(s, e)))
	}
	return Text(lines...)
}

// BlockPartner asks a manager whether they mean to block an active partner. The
// button names the question, and what it is about.
func BlockPartner(s Speaker, id string, p partnership.Partnership, user string) []discord.LayoutComponent {
	if user == "" {
		user = "0"
	}
	return []discord.LayoutComponent{
		Text(s.Say("block.partner-confirm", "server", name(p.Server), "since", date(p.Since))),
		discord.NewActionRow(discord.NewDangerButton(s.Say("block.confirm"), ID("block/confirm", id, p.Partner, user))),
	}
}

// Blocklist shows one page of the blocklist. A page that does not exist shows the
// nearest that does.
func Blocklist(s Speaker, entries []block.Entry, most, page int) discord.MessageCreate {
	if len(entries) == 0 {
		return Message(Text(s.Say("block.list-title"), s.Say("block.list-empty")))
	}
	pages := (len(entries) + blocksPerPage - 1) / blocksPerPage
	page = max(0, min(page, pages-1))
	lines := []string{s.Say("block.list-title")}
	for _, e := range entries[page*blocksPerPage : min((page+1)*blocksPerPage, len(entries))] {
		lines = append(lines, s.Say("block.list-line", "what", blocked(s, e), "term", term(s, e), "by", person(s, e.By), "when", ago(e.At)))
		if e.Reason != "" {
			lines = append(lines, "> "+partnership.Cut(partnership.Plain(e.Reason), block.MaxReason))
		}
	}
	parts := []discord.LayoutComponent{
		Text(lines...),
		Text(subtext(s.Say("block.list-hint", "count", s.Count(len(entries)), "most", s.Count(most)))),
	}
	if pages > 1 {
		parts = append(parts, discord.NewActionRow(
			discord.NewSecondaryButton(s.Say("list.previous"), ID("block/list", strconv.Itoa(page-1))).WithDisabled(page == 0),
			discord.NewSecondaryButton(s.Say("list.next"), ID("block/list", strconv.Itoa(page+1))).WithDisabled(page == pages-1),
		))
	}
	return Message(parts...)
}
