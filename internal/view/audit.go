package view

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"github.com/disgoorg/disgo/discord"

	"github.com/entente-bot/entente/internal/apply"
	"github.com/entente-bot/entente/internal/audit"
	"github.com/entente-bot/entente/internal/contact"
	"github.com/entente-bot/entente/internal/edit"
	"github.com/entente-bot/entente/internal/joins"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/post"
	"github.com/entente-bot/entente/internal/settings"
)

// The words in the custom IDs of the trail's buttons.
const (
	AuditAll    = "all"    // the whole trail, not that of a partner
	AuditLatest = "latest" // the first page
)

// Trail shows a page of the trail of a guild, or of one partner, latest first.
// next is the cursor of the page after it, "" on the last.
func Trail(s Speaker, about string, list []audit.Entry, first bool, next string) discord.MessageCreate {
	title := s.Say("audit.title")
	if about != "" {
		title = s.Say("audit.title-partner", "partner", about)
	}
	return Message(trailed(s, title, about, list, first, next)...)
}

// trailed is a page of the trail below a title.
func trailed(s Speaker, title, about string, list []audit.Entry, first bool, next string) []discord.LayoutComponent {
	lines := []string{title}
	for _, e := range list {
		lines = append(lines, entry(s, e, shortChange))
	}
	if len(list) == 0 {
		lines = append(lines, s.Say("audit.empty"))
	}
	parts := []discord.LayoutComponent{Text(lines...)}
	if first && next == "" {
		return parts
	}
	about = cmp.Or(about, AuditAll)
	return append(parts, discord.NewActionRow(
		discord.NewSecondaryButton(s.Say("audit.latest"), ID("audit/page", about, AuditLatest)).WithDisabled(first),
		discord.NewSecondaryButton(s.Say("audit.older"), ID("audit/page", about, cmp.Or(next, "-"))).WithDisabled(next == "")))
}

// Log is the message of the log channel that holds the given entries. about makes
// its button another one than those of the messages before.
func Log(s Speaker, list []audit.Entry, about string) discord.MessageCreate {
	var lines []string
	for _, e := range list {
		lines = append(lines, entry(s, e, longChange))
	}
	return Message(Text(lines...), discord.NewActionRow(
		discord.NewSecondaryButton(s.Say("audit.open"), ID("audit/open", about))))
}

// How many characters each side of a change may take: in the trail, of which a page
// holds ten entries, and in the log, whose messages hold as many as fit.
const (
	shortChange = 75
	longChange  = 700
)

// entry is one line of the trail, and one for each setting that was changed.
func entry(s Speaker, e audit.Entry, most int) string {
	by := person(s, e.By)
	if e.By == audit.System {
		by = s.Say("audit.itself")
	}
	line := s.Say("audit.line", "when", moment(e.At), "what", did(s, by, e), "surface", s.Say("audit.from-"+e.Surface))
	for _, c := range e.Changes {
		line += "\n-# " + changed(s, c, most)
	}
	for _, id := range []string{e.About, e.Partner} {
		if id != "" {
			line += " · `" + partnership.Cut(partnership.CleanLine(id, 40), 40) + "`"
		}
	}
	return line
}

// changed says what a setting was, and is, in so many characters each.
func changed(s Speaker, c settings.Change, most int) string {
	word := func(v string) string { return cmp.Or(whole(v, most), s.Say("audit.nothing")) }
	label := ""
	if s.Catalog.Has("audit.setting-" + c.Setting) { // one of several that are changed together
		label = s.Say("audit.setting-"+c.Setting) + ": "
	}
	return label + s.Say("audit.changed", "was", word(c.Was), "is", word(c.Is))
}

// whole is as many parts of a list as have room: a mention that is cut is none.
func whole(list string, most int) string {
	parts := strings.Split(list, ", ")
	for n := len(parts); n > 0; n-- {
		shown := strings.Join(parts[:n], ", ")
		if n < len(parts) {
			shown += fmt.Sprintf(" … +%d", len(parts)-n)
		}
		if len(shown) <= most {
			return shown
		}
	}
	return ""
}

// did says what somebody did.
func did(s Speaker, by string, e audit.Entry) string {
	switch {
	case e.Refused:
		return s.Say("audit.refused", "by", by, "what", e.What)
	case !s.Catalog.Has("audit." + e.What): // of a later version
		return s.Say("audit.other", "by", by, "what", e.What)
	}
	return s.Say("audit."+e.What, "by", by)
}

// moment shows a time to the minute, in the reader's time zone.
func moment(t time.Time) string { return fmt.Sprintf("<t:%d:f>", t.Unix()) }

// BesideAd is how many entries of the trail there is room for below an ad.
const BesideAd = 2

// Known is what a guild has of one partner: the partnership, if it is active,
// its applications, and a page of the trail.
type Known struct {
	Partner string // its guild ID
	Active  bool
	partnership.Partnership
	Listing  post.Post
	Bumps    Bumps
	Edit     edit.Edit       // the latest of the ad
	Held     contact.Contact // whether the contact is still here
	Ledger   joins.Ledger    // of the joins of the guild
	Counts   bool            // joins are counted there, or were
	Standing apply.Standing
	Ended    []partnership.Ended // partnerships that are over, latest first
	Trail    []audit.Entry
	Next     string // the cursor of the next page of the trail
}

// History shows managers what the guild has of one partner.
func History(s Speaker, guild string, k Known) discord.MessageCreate {
	var parts []discord.LayoutComponent
	if k.Active {
		parts = append(parts, Info(s, guild, k.Partnership, k.Listing, k.Bumps))
		if hidden := HiddenState(s, k.Partnership, true); hidden != "" {
			parts = append(parts, Text(hidden))
		}
	}
	var lines []string
	if k.Active {
		lines = append(lines, s.Say("audit.approved", "by", person(s, k.By), "when", moment(k.Since), "id", k.Application))
	}
	if l := k.Standing.Latest; l.ID != "" {
		lines = append(lines, s.Say("audit.application", "server", called(l.Name, l.Partner, 100),
			"status", s.Say("status."+string(l.Status)), "when", moment(l.At), "id", l.ID, "denied", s.Count(k.Standing.Denied)))
	}
	if k.Active {
		lines = append(lines, EditState(s, k.Partnership, k.Edit)...)
	}
	if k.Held.Left() {
		lines = append(lines, ContactLeft(s, k.Held)...)
	}
	parts = append(parts, Joins(s, k.Ledger, k.Partner, false)...)
	title := s.Say("audit.title-partner", "partner", k.Partner)
	trail := trailed(s, title, k.Partner, k.Trail, true, k.Next)
	if !k.Active && len(k.Ended) > 0 && k.Counts { // the numbers of the past
		trail = append([]discord.LayoutComponent{discord.NewActionRow(StatsButton(s, k.Partner))}, trail...)
	}
	left := 4000 - shownLength(append(append(parts[:len(parts):len(parts)], Text(lines...)), trail...))
	if lines = append(lines, endings(s, k.Ended, left)...); len(lines) > 0 {
		parts = append(parts, Text(lines...))
	}
	return Message(append(parts, trail...)...)
}
