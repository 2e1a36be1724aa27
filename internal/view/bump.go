package view

import (
	"fmt"
	"strings"
	"time"

	"github.com/disgoorg/disgo/discord"

	"github.com/entente-bot/entente/internal/bump"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/refuse"
)

// Bumps is how the bumps of a partner stand for whoever reads it.
type Bumps struct {
	bump.Bump
	Every   time.Duration // between two bumps; 0 = there are none
	Now     time.Time
	Contact bool // the reader is the contact: they bump, and choose how they are reminded
	Manager bool // the reader bumps for them
}

// The words in the custom IDs of the buttons about reminders: how to be reminded
// and where the button stands.
const (
	BumpNever  = "never"
	BumpInfo   = "info"   // below /partner info
	BumpReply  = "bump"   // below the reply to a bump
	BumpPosted = "posted" // below a reminder that everybody sees
)

// BumpMark is on the reminder that mentions the contact of a partner.
func BumpMark(partner string) Mark { return Mark{[]string{"bump/do"}, partner} }

// BumpDirectMark is on the reminder by direct message of a bump that is due since
// the given time.
func BumpDirectMark(partner string, ready time.Time) Mark {
	return Mark{[]string{"bump/stop"}, bumpTurn(partner, ready)}
}

// bumpTurn names one due bump: by it a reminder is told from those before.
func bumpTurn(partner string, ready time.Time) string {
	return fmt.Sprintf("%s-%d", partner, ready.Unix())
}

// Bump is how the bumps of p stand, below a line that says what was done or why not.
func Bump(s Speaker, line string, p partnership.Partnership, b Bumps) []discord.LayoutComponent {
	parts := []discord.LayoutComponent{Text(append([]string{line}, bumped(s, p, b)...)...)}
	if row := bumpRow(s, p, b, BumpReply); len(row) > 0 {
		parts = append(parts, discord.NewActionRow(row...))
	}
	return parts
}

// bumped says when p was bumped, when it can be, and how its contact is reminded:
// that only to themselves.
func bumped(s Speaker, p partnership.Partnership, b Bumps) (lines []string) {
	next := b.Next(p, b.Every)
	switch {
	case next.IsZero() && !b.Contact && !b.Manager:
		return nil
	case next.IsZero():
		return []string{subtext(s.Say("bump.none"))}
	case b.Can(p, b.Every, b.Now):
		lines = append(lines, s.Say("bump.ready"))
	default:
		lines = append(lines, s.Say("bump.next", "until", refuse.When(next)))
	}
	if !b.At.IsZero() {
		lines[0] += " " + s.Say("bump.last", "when", ago(b.At))
	}
	if b.Contact {
		lines = append(lines, subtext(reminded(s, p, b.Bump)))
	}
	return lines
}

// reminded says how the contact of p is reminded.
func reminded(s Speaker, p partnership.Partnership, b bump.Bump) string {
	key := "bump.reminds-never"
	switch way := b.Reminds(p); {
	case way == bump.Here:
		key = "bump.reminds-here"
	case way == bump.Direct:
		key = "bump.reminds-direct"
	case b.Untold && b.User == p.Contact:
		key = "bump.reminds-untold"
	}
	return s.Say(key)
}

// bumpRow is what the reader can do about the bumps of p.
func bumpRow(s Speaker, p partnership.Partnership, b Bumps, where string) (row []discord.InteractiveComponent) {
	if (b.Contact || b.Manager) && b.Can(p, b.Every, b.Now) {
		row = append(row, bumpButton(s, p.Partner))
	}
	if !b.Contact || b.Every <= 0 {
		return row
	}
	way := b.Reminds(p)
	if way != bump.Here {
		row = append(row, discord.NewSecondaryButton(s.Say("bump.remind-here"), ID("bump/remind", p.Partner, string(bump.Here), where)))
	}
	if way != bump.Direct {
		row = append(row, discord.NewSecondaryButton(s.Say("bump.remind-direct"), ID("bump/remind", p.Partner, string(bump.Direct), where)))
	}
	if way != bump.Never {
		row = append(row, stopButton(s, p.Partner, where))
	}
	return row
}

func bumpButton(s Speaker, partner string) discord.ButtonComponent {
	return discord.NewPrimaryButton(s.Say("bump.button"), ID("bump/do", partner))
}

func stopButton(s Speaker, partner, where string) discord.ButtonComponent {
	return discord.NewSecondaryButton(s.Say("bump.remind-never"), ID("bump/remind", partner, BumpNever, where))
}

// BumpReminder mentions the contact of p, who asked for it: nobody else is notified.
func BumpReminder(s Speaker, p partnership.Partnership) discord.MessageCreate {
	m := Message(
		Text(s.Say("bump.here", "user", Mention(p.Contact), "server", name(p.Server))),
		discord.NewActionRow(bumpButton(s, p.Partner), stopButton(s, p.Partner, BumpPosted)),
	)
	return pinging(m, p.Contact)
}

// BumpDirect is the direct message that reminds the contact of p, who asked for
// it. Its buttons tell where it came from: in a direct message there is no guild.
func BumpDirect(s Speaker, guild, guildName string, p partnership.Partnership, ready time.Time) discord.MessageCreate {
	return Message(
		Text("### "+called(guildName, guild, 100),
			s.Say("bump.direct", "server", name(p.Server)), "", subtext(s.Say("bump.direct-why"))),
		discord.NewActionRow(
			discord.NewPrimaryButton(s.Say("bump.button"), ID("bump/do", guild, p.Partner)),
			discord.NewLinkButton(s.Say("bump.open"), "https://discord.com/channels/"+guild),
			discord.NewSecondaryButton(s.Say("bump.stop"), ID("bump/stop", guild, bumpTurn(p.Partner, ready))),
		))
}

// BumpDirectDone is BumpDirect after its reader bumped.
func BumpDirectDone(s Speaker, guild string, p partnership.Partnership, b Bumps) discord.MessageCreate {
	next := b.Next(p, b.Every)
	return Message(
		Text(s.Say("bump.done", "server", name(p.Server)), s.Say("bump.next", "until", refuse.When(next))),
		discord.NewActionRow(
			discord.NewLinkButton(s.Say("bump.open"), "https://discord.com/channels/"+guild),
			discord.NewSecondaryButton(s.Say("bump.stop"), ID("bump/stop", guild, bumpTurn(p.Partner, b.At))),
		))
}

// BumpStopped is BumpDirect after its reader wanted no more of them.
func BumpStopped(s Speaker) discord.MessageCreate { return Message(Text(s.Say("bump.stopped"))) }

// BumpTurn returns the partner that the button of a reminder is about.
func BumpTurn(turn string) (partner string) {
	partner, _, _ = strings.Cut(turn, "-")
	return partner
}
