package setup

import (
	"math"

	"github.com/entente-bot/entente/internal/access"
)

// problem returns why r cannot be a role that Entente trusts or gives, in a guild
// where the bot's highest role is at top; "" if it can.
func (r Role) problem(guild string, top int) Problem {
	switch {
	case r.ID == guild:
		return Everyone
	case r.Managed:
		return Managed
	case r.Rights&powers != 0:
		return Powerful
	case r.Position >= top:
		return AboveBot
	}
	return ""
}

// Distrust returns why the caller cannot choose r as a role for f, and whether
// that is so. How high the bot and the caller stand is known from the last look
// at the guild; before the first, it is found out by it.
func (h Health) Distrust(guild string, f Feature, r Role, by access.Caller) (Finding, bool) {
	top, highest := math.MaxInt, math.MaxInt
	if !h.At.IsZero() && !h.Absent {
		top, highest = h.Top, h.highest(by)
	}
	problem := r.problem(guild, top)
	if problem == "" && r.Position >= highest {
		problem = AboveYou
	}
	return Finding{Feature: f, Problem: problem, About: r.ID, Rights: (r.Rights & powers).Words()}, problem != ""
}

// highest is the position of the highest role of a member. The owner of a guild
// stands above all roles.
func (h Health) highest(by access.Caller) (highest int) {
	if by.User == h.Owner {
		return math.MaxInt
	}
	for _, id := range by.Roles {
		highest = max(highest, h.Ranks[id])
	}
	return highest
}
