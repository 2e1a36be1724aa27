package view

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"

	"github.com/entente-bot/entente/internal/setup"
)

// How many characters of the panel each of its lists may take: together with all
// else they stay below Discord's 4,000.
const (
	maxFindings   = 1300
	maxStops      = 800
	maxCategories = 700
)

// setupHealth says what is wrong with what is chosen, what is lost by that, and how
// to mend it.
func setupHealth(s Speaker, c Configuration) []string {
	var list []string
	if !c.Health.TimedOut.IsZero() {
		why := c.Health.TimeOut()
		list = append(list, "⚠️ "+s.Say(why.Key, why.Args...))
	}
	mend := ""
	for _, f := range c.Health.Now(c.Settings) {
		list = append(list, finding(s, f))
		if f.Problem == setup.Permission {
			mend = s.Say("setup.mend") + " "
		}
	}
	checked := s.Say("setup.never-checked")
	switch {
	case c.Checking:
		checked = s.Say("setup.checking")
	case !c.Health.At.IsZero():
		checked = s.Say("setup.checked", "when", ago(c.Health.At))
	}
	if len(list) == 0 {
		if c.Health.At.IsZero() || c.Checking || slices.ContainsFunc(c.Stops, setup.Lacks) { // nothing is known, or not any more
			return []string{subtext(checked)}
		}
		return []string{s.Say("setup.healthy"), subtext(checked)}
	}
	lines := append([]string{s.Say("setup.problems")}, within(s, list, maxFindings)...)
	return append(lines, subtext(mend+checked))
}

// finding says one thing that is wrong, and what is lost by it.
func finding(s Speaker, f setup.Finding) string {
	about := ""
	switch {
	case f.Problem == setup.Gone || f.About == "":
	case f.Feature.IsRole():
		about = Role(f.About)
	default:
		about = Channel(f.About)
	}
	line := s.Say("setup.finding", "feature", s.Say("setup.feature-"+string(f.Feature)),
		"problem", s.Say("setup.problem-"+string(f.Problem), "about", about, "permissions", Permissions(s, f.Rights)))
	if f.Cost != "" {
		line += " " + s.Say("setup.cost-"+f.Cost)
	}
	return line
}

// Permissions names permissions by their words, as Discord's settings do.
func Permissions(s Speaker, words []string) string {
	names := make([]string, len(words))
	for i, w := range words {
		names[i] = "*" + s.Say("setup.permission-"+w) + "*"
	}
	return strings.Join(names, ", ")
}

// Role shows a role's name, "" for none. It pings nobody unless the message says so.
func Role(id string) string {
	if id == "" {
		return ""
	}
	return "<@&" + id + ">"
}

// setupStops says what is blocked, and why.
func setupStops(s Speaker, c Configuration) []string {
	var list []string
	for _, a := range grouped(c.Stops, c.Names) {
		list = append(list, s.Say("setup.blocked-line", a.said(s)...))
	}
	lines := append([]string{s.Say("setup.blocked")}, within(s, list, maxStops)...)
	return append(lines, subtext(s.Say("setup.blocked-hint")))
}

// within returns as many of lines as have room in that many characters, and says
// how many there are beside them.
func within(s Speaker, lines []string, most int) []string {
	const reserve = 40 // for the last line
	used := 0
	for i, line := range lines {
		used += len(utf16.Encode([]rune(line))) + len(" · ")
		if used > most-reserve && i > 0 {
			return append(lines[:i:i], s.Say("setup.blocked-more", "more", strconv.Itoa(len(lines)-i)))
		}
	}
	return lines
}
