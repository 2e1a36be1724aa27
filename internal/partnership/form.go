package partnership

import (
	"slices"
	"strconv"

	"github.com/entente-bot/entente/internal/refuse"
)

// A Form is an ad as somebody filled it in, as they wrote it.
type Form struct {
	Invite      string `json:"invite"`
	Category    string `json:"category"`
	Description string `json:"description"`
	Highlights  string `json:"highlights"`

	Banner Banner `json:"banner,omitzero"` // what was uploaded with it
	Bare   bool   `json:"bare,omitempty"`  // of a changed ad: it is to go without the banner there is
}

// Check refuses what cannot become an ad of one of the given categories,
// whatever the invite leads to.
func (f Form) Check(categories []string) error {
	code, err := ParseInvite(f.Invite)
	if err != nil {
		return err
	}
	if !slices.Contains(categories, f.Category) {
		return refuse.Because("apply.category-gone")
	}
	if Clean(f.Description, MaxDescription) == "" {
		return refuse.Because("apply.no-description")
	}
	if others := f.Beside(code); len(others) > MaxBeside {
		return refuse.Because("apply.many-invites", "most", strconv.Itoa(MaxBeside))
	}
	return f.Banner.Check()
}

// MaxBeside is how many invites the texts of an ad may hold beside the ad's own:
// each costs a look-up.
const MaxBeside = 3

// Beside returns the codes of the invites in the texts of f, but for the given one.
// They may lead anywhere: see [Invite.Stray].
func (f Form) Beside(code string) []string { return f.Ad(code).Beside() }

// Beside returns the codes of the invites in the texts of a, but for its own.
func (a Ad) Beside() []string { return InvitesBeside(a.Description+"\n"+a.Highlights, a.Invite) }

// Ad is f as it may be shown, with the invite of the given code.
func (f Form) Ad(code string) Ad {
	return Ad{
		Invite:      code,
		Category:    f.Category,
		Description: Clean(f.Description, MaxDescription),
		Highlights:  Clean(f.Highlights, MaxHighlights),
		Banner:      f.Banner,
	}
}

// Acceptable refuses an invite that does not lead where the invite of an ad
// should: to another server than guild, for good, and to at least so many members.
func (i Invite) Acceptable(guild string, minimum int) error {
	switch {
	case i.Type == NoInvite:
		return refuse.Because("apply.unknown-invite")
	case i.Type == BannedInvite:
		return refuse.Because("apply.banned-there")
	case i.Type == GroupDMInvite:
		return refuse.Because("apply.group-dm")
	case i.Type != GuildInvite || i.Server.ID == "":
		return refuse.Because("apply.not-a-server")
	case i.Server.ID == guild:
		return refuse.Because("apply.this-server")
	case i.Guest, i.Temporary:
		return refuse.Because("apply.guest-invite")
	case !i.Permanent:
		return refuse.Because("apply.not-permanent")
	case i.Stray != "":
		return refuse.Because("apply.other-invite", "invite", i.Stray)
	case i.Server.Members < minimum:
		return refuse.Because("apply.too-small",
			"server", Named(i.Server), "members", strconv.Itoa(i.Server.Members), "minimum", strconv.Itoa(minimum))
	}
	return nil
}
