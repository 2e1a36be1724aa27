// Package view turns domain values into what Discord shows: plain functions,
// used by every handler that shows the same thing.
package view

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/disgoorg/disgo/discord"

	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/text"
)

// A Speaker says texts in one language.
type Speaker struct {
	Catalog *text.Catalog
	Locale  string // Discord's, e.g. "en-GB"
}

// Say returns the text with the given key, filled in with args: name, value …
func (s Speaker) Say(key string, args ...string) string {
	return s.Catalog.Say(s.Locale, key, args...)
}

// Count writes n with its thousands apart: "12,345" in English.
func (s Speaker) Count(n int) string {
	digits, apart := fmt.Sprint(n), s.Say("number.thousands")
	for i := len(digits) - 3; i > 0 && digits[i-1] != '-'; i -= 3 {
		digits = digits[:i] + apart + digits[i:]
	}
	return digits
}

// Members writes how many members a server has: "12,345 members" in English.
func (s Speaker) Members(n int) string {
	key := "number.members"
	if n == 1 {
		key = "number.member"
	}
	return s.Say(key, "count", s.Count(n))
}

// Days writes a number of days as it stands behind "after".
func (s Speaker) Days(n int) string {
	key := "number.days"
	if n == 1 {
		key = "number.day"
	}
	return s.Say(key, "count", s.Count(n))
}

// Why says why something is refused, or cannot be done. Its numbers are written
// as people write them, and who is nobody any more is named as such.
func (s Speaker) Why(key string, args ...string) string {
	args = slices.Clone(args)
	for i := 0; i+1 < len(args); i += 2 {
		n, err := strconv.Atoi(args[i+1])
		switch {
		case err != nil:
		case args[i] == "members":
			args[i+1] = s.Members(n)
		case slices.Contains([]string{"count", "least", "minimum", "most"}, args[i]):
			args[i+1] = s.Count(n)
		}
	}
	return strings.ReplaceAll(s.Say(key, args...), Mention(partnership.Nobody), s.Say("forget.nobody"))
}

// ID joins a route and what it is about to a custom ID: "apply/approve:1:2".
// Discord allows 100 characters.
func ID(route string, about ...string) string {
	return strings.Join(append([]string{route}, about...), ":")
}

// NoMentions pings nobody. Discord takes null for "parse everything", so the
// lists are empty, not nil.
func NoMentions() *discord.AllowedMentions {
	return &discord.AllowedMentions{Parse: []discord.AllowedMentionType{}}
}

// Message is a message of components that pings nobody.
func Message(components ...discord.LayoutComponent) discord.MessageCreate {
	return discord.MessageCreate{
		Flags:           discord.MessageFlagIsComponentsV2,
		Components:      components,
		AllowedMentions: NoMentions(),
	}
}

// Whisper is a message of components that only the caller sees.
func Whisper(components ...discord.LayoutComponent) discord.MessageCreate {
	m := Message(components...)
	m.Flags |= discord.MessageFlagEphemeral
	return m
}

// Update is Message for a message that stands already.
func Update(m discord.MessageCreate) discord.MessageUpdate {
	flags := m.Flags &^ discord.MessageFlagEphemeral
	u := discord.MessageUpdate{Components: &m.Components, AllowedMentions: m.AllowedMentions, Flags: &flags}
	if len(m.Embeds) > 0 { // beside components as they were before Discord's second version of them
		u.Embeds = &m.Embeds
	}
	return u
}

// Text is a component that shows lines of text.
func Text(lines ...string) discord.TextDisplayComponent {
	return discord.NewTextDisplay(strings.Join(lines, "\n"))
}

// Mention shows a user's name. It pings nobody unless the message says so.
func Mention(user string) string { return "<@" + user + ">" }

// Channel shows a channel's name as a link to it.
func Channel(id string) string { return "<#" + id + ">" }

// Link is where a message can be seen.
func Link(guild, channel, message string) string {
	return fmt.Sprintf("https://discord.com/channels/%s/%s/%s", guild, channel, message)
}

// InviteURL is the link of an invite's code.
func InviteURL(code string) string { return "https://discord.gg/" + code }

// subtext shows a line small and grey.
func subtext(line string) string { return "-# " + line }
