// Package partnership holds the record everything is about: what a partner
// says of itself, what Discord says of it, and since when it is one.
//
// It keeps:
//
//	guild#<g>   partnership#<p>   one Partnership while it is active
//	guild#<g>   counts            one Counts
//	guild#<g>   names             one Names: of the active partners
//	guild#<g>   names-others      one Names: of servers that applied, or were partners, lately
package partnership

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/refuse"
	"github.com/entente-bot/entente/internal/storage"
)

// An Ad is what a partner says of itself.
type Ad struct {
	Invite      string `json:"invite"` // the invite's code
	Category    string `json:"category"`
	Description string `json:"description"`
	Highlights  string `json:"highlights,omitempty"`
	Banner      Banner `json:"banner,omitzero"`
}

// The longest texts of an ad, as [Cut] counts. They are chosen so that an ad and all
// that stands around it fit Discord's 4,000 characters a message.
const (
	MaxDescription = 1500
	MaxHighlights  = 600
	MaxCategory    = 50
)

// A Server is another Discord server as its invite describes it.
type Server struct {
	ID           string    `json:"id"`
	Name         string    `json:"name"`
	Icon         string    `json:"icon,omitempty"` // Discord's hash of the icon
	Members      int       `json:"members"`        // approximate, bots included
	Online       int       `json:"online"`         // approximate
	Features     []string  `json:"features,omitempty"`
	Verification int       `json:"verification"` // Discord's verification level, 0 to 4
	NSFW         int       `json:"nsfw"`         // Discord's NSFW level: 0 default, 1 explicit, 2 safe, 3 age-restricted
	Seen         time.Time `json:"seen"`         // when Discord said so
}

// Named is the name of s as it stands in a sentence.
func Named(s Server) string { return Plain(s.Called(100)) }

// Paused reports whether s lets nobody join for now: its invites stand, and are
// refused to all.
func (s Server) Paused() bool { return slices.Contains(s.Features, "INVITES_DISABLED") }

// Called is [NameOf] s.
func (s Server) Called(limit int) string { return NameOf(s.Name, s.ID, limit) }

// A Partnership is the standing agreement that approval makes.
type Partnership struct {
	Partner     string    `json:"partner"`     // the partner's guild ID
	Application string    `json:"application"` // the application it came from
	Server      Server    `json:"server"`
	Ad          Ad        `json:"ad"`
	Contact     string    `json:"contact"` // user who speaks for the partner
	Since       time.Time `json:"since"`
	By          string    `json:"by"` // manager who approved

	Vetted int    `json:"vetted,omitempty"` // members when managers last accepted the server; 0: see Accepted
	Drift  Drift  `json:"drift,omitzero"`   // what they did not accept yet
	Hidden Hiding `json:"hidden,omitzero"`  // why the ad is on offer nowhere
}

// Accepted is how many members the server had when managers last accepted it.
func (p Partnership) Accepted() int { return cmp.Or(p.Vetted, p.Server.Members) }

// Kind implements [storage.Record].
func (Partnership) Kind() (string, int) { return "partnership", 1 }

// Prefix is what the Sort of every active partnership of a guild begins with.
const Prefix = "partnership#"

// Key is where the active partnership with partner is kept.
func Key(guild, partner string) storage.Key {
	return storage.Key{Table: storage.Records, Part: "guild#" + guild, Sort: Prefix + partner}
}

// All lists the active partnerships of a guild.
func All(guild string) storage.Query {
	return storage.Query{Table: storage.Records, Part: "guild#" + guild, Prefix: Prefix, Limit: storage.DefaultLimit}
}

// Sync is the action that brings the listing of partner in line.
func Sync(guild, partner string) action.Ref {
	return action.Ref{Name: "showcase.sync", Guild: guild, Subject: partner}
}

// Limits are a deployment's hard limits for one guild.
type Limits struct {
	Active  int // active partnerships
	Pending int // pending applications
	Blocks  int // entries of the blocklist
}

// DefaultLimits are the limits of a deployment that sets none.
func DefaultLimits() Limits { return Limits{Active: 100, Pending: 250, Blocks: 500} }

// Counts are how many items of each kind a guild has. They change in the same
// write as the items, so that a limit holds however many write at once.
type Counts struct {
	Active  int `json:"active"`
	Pending int `json:"pending"`
	Blocks  int `json:"blocks"`
}

// Kind implements [storage.Record].
func (Counts) Kind() (string, int) { return "counts", 1 }

// CountsKey is where a guild's counts are kept.
func CountsKey(guild string) storage.Key {
	return storage.Key{Table: storage.Records, Part: "guild#" + guild, Sort: "counts"}
}

// CountsOf returns the counts of a guild, whose key tx must have read.
func CountsOf(tx *storage.Tx, guild string) Counts {
	c, _ := storage.Read[Counts](tx, CountsKey(guild))
	return c
}

// Room returns a refusal if a guild that chose at most chosen active
// partnerships (0 = up to the hard limit) has no room for one more.
func (c Counts) Room(chosen int, l Limits) error {
	if most, _ := l.most(chosen); c.Active >= most {
		return refuse.Because("partnership.full", "most", strconv.Itoa(most))
	}
	return nil
}

// StaffRoom is Room for managers: its refusal says what they can do about it.
func (c Counts) StaffRoom(chosen int, l Limits) error {
	most, own := l.most(chosen)
	switch {
	case c.Active < most:
		return nil
	case own:
		return refuse.Because("partnership.full-chosen", "most", strconv.Itoa(most))
	}
	return refuse.Because("partnership.full-hard", "most", strconv.Itoa(most))
}

// most returns how many partnerships can be active where chosen were chosen, and
// whether it is that choice which keeps it from being more.
func (l Limits) most(chosen int) (most int, own bool) {
	if chosen > 0 && chosen < l.Active {
		return chosen, true
	}
	return l.Active, false
}

// Start makes p active and has its listing published. The caller has seen to it
// that there is room and that there is no active partnership with the partner;
// tx must have read [StartKeys].
func Start(tx *storage.Tx, guild string, p Partnership) {
	p.Vetted = p.Server.Members
	c := CountsOf(tx, guild)
	if c.Active == 0 {
		tx.Set(NamesKey(guild), Names{Whole: true})
	}
	c.Active++
	tx.Set(CountsKey(guild), c)
	Change(tx, guild, p, p.Since)
	action.Cause(tx, presence(guild), p.Since.Add(24*time.Hour))
}

// presence is the action that looks, every day while there are partnerships,
// whether the bot is still in their guild.
func presence(guild string) action.Ref {
	return action.Ref{Name: "removal.check", Guild: guild, Subject: "guild"}
}

// StartKeys are what Start needs to have read.
func StartKeys(guild, partner string) []storage.Key {
	return append(ChangeKeys(guild, partner), CountsKey(guild), presence(guild).Key())
}

// Change stores p as it now is and has everything follow that should.
// tx must have read [ChangeKeys].
func Change(tx *storage.Tx, guild string, p Partnership, now time.Time) {
	tx.Set(Key(guild, p.Partner), p)
	Rename(tx, guild, p)
	follow(tx, guild, p.Partner, now)
}

// ChangeKeys are what Change needs to have read.
func ChangeKeys(guild, partner string) []storage.Key {
	return append(action.Keys(Followers(guild, partner)...), Key(guild, partner), NamesKey(guild))
}

// Followers are the actions that bring in line what follows from a partnership,
// or from its end. Each belongs to the capability that its name begins with.
func Followers(guild, partner string) []action.Ref {
	return []action.Ref{
		Sync(guild, partner),
		{Name: "bump.sync", Guild: guild, Subject: partner},
		{Name: "contact.sync", Guild: guild, Subject: partner},
		{Name: "edit.card", Guild: guild, Subject: partner},
		{Name: "joins.sync", Guild: guild, Subject: partner},
		{Name: "index.sync", Guild: guild, Subject: "all"},
	}
}

func follow(tx *storage.Tx, guild, partner string, now time.Time) {
	for _, r := range Followers(guild, partner) {
		action.Cause(tx, r, now)
	}
}

// FirstAt returns the first snowflake that Discord may make at a time.
func FirstAt(t time.Time) string {
	return strconv.FormatInt(max(t.UnixMilli()-discordEpoch, 0)<<22, 10)
}

// discordEpoch is when snowflakes begin, in milliseconds since 1970.
const discordEpoch = 1420070400000

// Created returns when the Discord object with the given snowflake was made,
// from the snowflake's first 42 bits: milliseconds since 2015.
func Created(id string) time.Time {
	n, err := strconv.ParseUint(id, 10, 64)
	if err != nil {
		return time.Time{}
	}
	return time.UnixMilli(int64(n>>22) + discordEpoch).UTC()
}
