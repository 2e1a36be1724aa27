// Package drift decides what becomes of what changed about the server of a partner
// since managers accepted it. What matters is held: members see what was accepted
// until a manager looked at it.
//
// What is held is kept with the partnership. It keeps:
//
//	guild#<g>   drift-card#<p>   one Post: the card about the ad of partner <p>
//	guild#<g>   drift-word#<p>   one Post: the word to its contact, until it stands
package drift

import (
	"slices"
	"time"

	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/refuse"
	"github.com/entente-bot/entente/internal/storage"
)

// A Weight is what becomes of a change.
type Weight int

// The weights.
const (
	Note Weight = iota // it is shown from now on
	Hold               // members see what was accepted until managers decide
)

// The changes that are held.
const (
	Renamed    = "renamed"    // it is called otherwise
	Restricted = "restricted" // it became explicit or age-restricted
	Small      = "small"      // it fell below the minimum of the guild
	Shrunken   = "shrunken"   // it lost more than half of its members
)

// A rule gives a change its weight. Was is what managers accepted.
type rule struct {
	change string
	weight Weight
	holds  func(was partnership.Partnership, is partnership.Server, minimum int) bool
}

// rules lists every change that has a weight.
func rules() []rule {
	return []rule{
		{Renamed, Hold, func(was partnership.Partnership, is partnership.Server, _ int) bool {
			return was.Server.Called(100) != is.Called(100)
		}},
		{Restricted, Hold, func(was partnership.Partnership, is partnership.Server, _ int) bool {
			return adult(is.NSFW) && !adult(was.Server.NSFW)
		}},
		{Small, Hold, func(was partnership.Partnership, is partnership.Server, minimum int) bool {
			return is.Members < minimum && was.Accepted() >= minimum
		}},
		{Shrunken, Hold, func(was partnership.Partnership, is partnership.Server, _ int) bool {
			return is.Members*2 < was.Accepted()
		}},
	}
}

// adult reports whether an NSFW level of Discord's means that a server is for adults.
func adult(level int) bool { return level == 1 || level == 3 }

// Look returns p after Discord said what its server is by now: what is not held is
// shown, and what is held waits for managers. What is as it was is not held any more.
func Look(p partnership.Partnership, is partnership.Server, minimum int, now time.Time) partnership.Partnership {
	var held []string
	for _, r := range rules() {
		if r.weight == Hold && r.holds(p, is, minimum) {
			held = append(held, r.change)
		}
	}
	p.Vetted = p.Accepted()
	was := p.Server
	p.Server = is
	if slices.Contains(held, Renamed) {
		p.Server.Name = was.Name
	}
	if slices.Contains(held, Restricted) {
		p.Server.NSFW = was.NSFW
	}
	if slices.Contains(held, Small) || slices.Contains(held, Shrunken) {
		p.Server.Members, p.Server.Online, p.Server.Seen = was.Members, was.Online, was.Seen
	}
	switch d := p.Drift; {
	case len(held) == 0:
		p.Drift = partnership.Drift{Number: d.Number}
		if p.Hidden.Why == partnership.ByManagers {
			p.Hidden = partnership.Hiding{}
		}
	case !slices.Equal(d.Changes, held) || d.Server.Called(100) != is.Called(100) || d.Server.NSFW != is.NSFW:
		p.Drift = partnership.Drift{Number: d.Number + 1, Changes: held, Server: is, Since: now}
	}
	return p
}

// Same reports whether two states of a partnership look the same to everybody.
func Same(a, b partnership.Partnership) bool {
	return a.Server.Name == b.Server.Name && a.Server.Icon == b.Server.Icon && a.Server.Members == b.Server.Members &&
		a.Server.NSFW == b.Server.NSFW && Settled(a, b)
}

// Settled reports whether neither what is held nor what is hidden differs.
func Settled(a, b partnership.Partnership) bool {
	return a.Drift.Number == b.Drift.Number && a.Drift.Held() == b.Drift.Held() && a.Hidden.Why == b.Hidden.Why && a.Hidden.Code == b.Hidden.Code
}

// A Case names what is held, as a card shows it.
type Case struct {
	Partner string
	Number  int
}

// Load returns the partnership of c. It refuses if what is held is another by now.
func (c Case) Load(tx *storage.Tx, guild string) (partnership.Partnership, error) {
	p, active := storage.Read[partnership.Partnership](tx, partnership.Key(guild, c.Partner))
	switch {
	case !active:
		return p, refuse.Because("partnership.not-found")
	case !p.Drift.Held():
		return p, refuse.Because("drift.over", "server", partnership.Named(p.Server))
	case p.Drift.Number != c.Number:
		return p, refuse.Because("drift.changed", "server", partnership.Named(p.Server))
	}
	return p, nil
}

// Keys are what Accept and Hide need to have read.
func (c Case) Keys(guild string) []storage.Key {
	return append(partnership.ChangeKeys(guild, c.Partner), partnership.Review(guild, c.Partner).Key())
}

// Accept shows members the server as it is by now.
func (c Case) Accept(tx *storage.Tx, guild string, now time.Time) (partnership.Partnership, error) {
	p, err := c.Load(tx, guild)
	if err != nil {
		return p, err
	}
	p.Server, p.Vetted = p.Drift.Server, p.Drift.Server.Members
	p.Drift = partnership.Drift{Number: p.Drift.Number}
	if p.Hidden.Why == partnership.ByManagers {
		p.Hidden = partnership.Hiding{}
	}
	partnership.Change(tx, guild, p, now)
	partnership.Withhold(tx, guild, p, now)
	return p, nil
}

// Hide takes the ad out of sight until a manager accepts what changed, or it is as
// it was.
func (c Case) Hide(tx *storage.Tx, guild string, now time.Time) (partnership.Partnership, error) {
	p, err := c.Load(tx, guild)
	if err != nil {
		return p, err
	}
	if p.Offered() {
		p.Hidden = partnership.Hiding{Why: partnership.ByManagers, Since: now}
	}
	partnership.Change(tx, guild, p, now)
	partnership.Withhold(tx, guild, p, now)
	return p, nil
}

// CardKey is where the post of the card about a partner is kept.
func CardKey(guild, partner string) storage.Key { return key(guild, "drift-card#"+partner) }

// WordKey is where the post of the word to its contact is kept.
func WordKey(guild, partner string) storage.Key { return key(guild, "drift-word#"+partner) }

func key(guild, sort string) storage.Key {
	return storage.Key{Table: storage.Records, Part: "guild#" + guild, Sort: sort}
}

// LookEvery is how often it is looked whether the card still stands.
const LookEvery = 24 * time.Hour
