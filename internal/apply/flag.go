package apply

import (
	"slices"
	"time"

	"github.com/entente-bot/entente/internal/partnership"
)

// A Flag is something about an application that a manager should look at twice.
type Flag string

// The flags.
const (
	AdultOnly    Flag = "adult"    // the server is explicit or age-restricted, and the guild is not
	Young        Flag = "young"    // the server was younger than YoungServer
	Tiny         Flag = "tiny"     // it has fewer members than TinyServer
	Shrunken     Flag = "shrunken" // it lost more than a fifth of its members since its last application
	NoCommunity  Flag = "closed"   // it does not have Discord's COMMUNITY feature, which asks for rules and safety settings
	DeniedBefore Flag = "denied"   // an earlier application was denied
	Paused       Flag = "paused"   // nobody can join the server for now
	NewAccount   Flag = "newcomer" // the applicant's account was younger than NewcomerFor
)

// What the flags go by.
const (
	YoungServer = 30 * 24 * time.Hour
	NewcomerFor = 30 * 24 * time.Hour
	TinyServer  = 50
)

// Flags returns what a manager of a guild with the given NSFW level (Discord's
// numbers) should look at twice. It goes by when a was sent, so that a card says
// tomorrow what it says today.
func (a Application) Flags(guildNSFW int) []Flag {
	before := a.Earlier.Latest.Members
	checks := []struct {
		flag  Flag
		holds bool
	}{
		{AdultOnly, adult(a.Server.NSFW) && !adult(guildNSFW)},
		{Young, a.Sent.Sub(partnership.Created(a.Server.ID)) < YoungServer},
		{Tiny, a.Server.Members < TinyServer},
		{Shrunken, a.Server.Members*5 < before*4},
		{NoCommunity, !slices.Contains(a.Server.Features, "COMMUNITY")},
		{Paused, a.Server.Paused()},
		{DeniedBefore, a.Earlier.Denied > 0},
		{NewAccount, a.Sent.Sub(partnership.Created(a.Applicant)) < NewcomerFor},
	}
	var flags []Flag
	for _, c := range checks {
		if c.holds {
			flags = append(flags, c.flag)
		}
	}
	return flags
}

// adult reports whether an NSFW level of Discord's means that a server is for
// adults: 1 is explicit, 3 is age-restricted.
func adult(level int) bool { return level == 1 || level == 3 }

// Badges are the features of the server that speak for it.
func (a Application) Badges() []string {
	var badges []string
	for _, f := range []string{"VERIFIED", "PARTNERED", "COMMUNITY"} {
		if slices.Contains(a.Server.Features, f) {
			badges = append(badges, f)
		}
	}
	return badges
}
