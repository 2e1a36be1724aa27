package view

import (
	"strings"
	"unicode/utf16"

	"github.com/disgoorg/disgo/discord"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/contact"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/showcase"
)

// maxStatus is how many characters of the status what is blocked may take: the
// rest has 500, together below Discord's 4,000.
const maxStatus = 3000

// maxPaused is how many characters of it name servers that paused their invites.
const maxPaused = 150

// Status shows how much a guild has of what it can have, and what is blocked.
// move is how far its listings have followed a change, and since when an invite was not looked at if that is long; names are those of the partners, retrying says that everything is being tried again, looking that it is being found out what is due: nobody knows then that all is well. left are the contacts who left.
func Status(s Speaker, chosen settings.Settings, c partnership.Counts, l partnership.Limits, move showcase.Move, stops []action.Stop, names partnership.Names, retrying, looking bool, left ...contact.Contact) discord.MessageCreate {
	most := l.Active
	if chosen.Active > 0 {
		most = min(chosen.Active, most)
	}
	state := "status.open"
	switch {
	case !chosen.Ready():
		state = "status.not-ready"
	case chosen.Closed, chosen.Sources == settings.Sources{}:
		state = "status.closed"
	}
	parts := []discord.ContainerSubComponent{
		Text(s.Say("status.title"), s.Say(state)),
		Text(s.Say("status.active", "count", s.Count(c.Active), "most", s.Count(most)),
			s.Say("status.waiting", "count", s.Count(c.Pending), "most", s.Count(l.Pending)),
			s.Say("status.blocklist", "count", s.Count(c.Blocks), "most", s.Count(l.Blocks))),
		discord.NewSmallSeparator(),
	}
	if !move.Over() {
		parts = append(parts, Text(moving(s, move, chosen.Mode)))
	}
	if !move.Led.IsZero() {
		parts = append(parts, Text(s.Say("status.seldom", "when", ago(move.Led))))
	}
	if move.Paused != "" {
		names := partnership.Cut(move.Paused, maxPaused)
		parts = append(parts, Text(s.Say("status.paused", "servers", partnership.Plain(names))))
	}
	gone := strings.Join(ContactLeft(s, left...), "\n")
	if gone != "" {
		parts = append(parts, Text(gone))
	}
	if looking {
		parts = append(parts, Text(s.Say("status.looking")))
	}
	if len(stops) > 0 || !looking {
		parts = append(parts, Text(stopped(s, stops, names, maxStatus-len(utf16.Encode([]rune(gone))))...))
	}
	if retrying {
		parts = append(parts, Text(s.Say("status.retrying")))
	}
	if len(stops) > 0 {
		parts = append(parts, discord.NewActionRow(discord.NewPrimaryButton(s.Say("status.retry"), "status/retry").WithDisabled(retrying)))
	}
	color := green
	switch {
	case len(stops) > 0:
		color = red
	case looking:
		color = grey
	}
	return Message(discord.NewContainer(parts...).WithAccentColor(color))
}

// moving says how far the listings have followed a change of where they are to stand.
func moving(s Speaker, m showcase.Move, mode settings.Mode) string {
	return s.Say("showcase.moved-"+string(mode), "moved", s.Count(m.Moved), "all", s.Count(m.All))
}

// stopped says what is blocked, why, and since when, in about so many characters.
func stopped(s Speaker, stops []action.Stop, names partnership.Names, most int) []string {
	if len(stops) == 0 {
		return []string{s.Say("status.nothing-blocked")}
	}
	var list []string
	for _, a := range grouped(stops, names) {
		list = append(list, s.Say("status.blocked-line", a.said(s)...))
	}
	lines := append([]string{s.Say("status.blocked")}, within(s, list, most)...)
	return append(lines, subtext(s.Say("status.blocked-hint")))
}
