package view

import (
	"github.com/disgoorg/disgo/discord"

	"github.com/entente-bot/entente/internal/forget"
	"github.com/entente-bot/entente/internal/partnership"
)

// person shows a user's name, or that there is none any more: their data was
// deleted. It pings nobody unless the message says so.
func person(s Speaker, user string) string {
	if user == partnership.Nobody {
		return s.Say("forget.nobody")
	}
	return Mention(user)
}

// Forget asks a user whether they mean to have their data deleted.
func Forget(s Speaker, staff bool) []discord.LayoutComponent {
	return []discord.LayoutComponent{
		Text(append([]string{s.Say("forget.ask")}, forgetKept(s, staff)...)...),
		discord.NewActionRow(discord.NewDangerButton(s.Say("forget.confirm"), ID("forget/confirm"))),
	}
}

// Forgetting tells a user that their data is being deleted.
func Forgetting(s Speaker) discord.MessageCreate { return Whisper(Text(s.Say("forget.waits"))) }

// Forgotten tells a user what was deleted, and what is kept.
func Forgotten(s Speaker, gone forget.Gone, staff bool) discord.MessageCreate {
	lines := []string{s.Say("forget.done"),
		s.Say("forget.done-forms", "count", s.Count(gone.Forms)),
		s.Say("forget.done-applications", "count", s.Count(gone.Applications)),
		s.Say("forget.done-ended", "count", s.Count(gone.Ended)),
		s.Say("forget.done-tickets", "count", s.Count(gone.Tickets)),
	}
	if !staff {
		lines = append(lines, s.Say("forget.done-entries", "count", s.Count(gone.Entries)))
	}
	return Whisper(Text(append(lines, forgetKept(s, staff)...)...))
}

// forgetKept says what stays.
func forgetKept(s Speaker, staff bool) []string {
	lines := []string{"", s.Say("forget.kept")}
	if staff {
		lines = append(lines, s.Say("forget.kept-staff"))
	}
	return lines
}
