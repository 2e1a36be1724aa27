// Package bump decides when the listing of a partner may be posted anew, and
// whether the partner's contact is reminded of it.
//
// It keeps:
//
//	guild#<g>   bump#<p>        one Bump: of partner <p>
//	guild#<g>   bump-here#<p>   one Post: the reminder that mentions the contact
//	guild#<g>   bump-direct#<p> one Post: the reminder by direct message
package bump

import (
	"slices"
	"time"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/refuse"
	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/storage"
)

// A Bump is how the bumps of one partner stand. The zero Bump is that of a
// partner that was never bumped, whose contact asked for nothing.
type Bump struct {
	At    time.Time `json:"at,omitzero"`  // when it was last bumped
	By    string    `json:"by,omitempty"` // who did: the contact, or a manager
	Count int       `json:"count"`        // how often: the listing is posted anew each time this changes

	Remind Way       `json:"remind,omitempty"` // how User wants to be reminded
	User   string    `json:"user,omitempty"`   // who asked for it: the next contact is not reminded because the last one was
	Locale string    `json:"locale,omitempty"` // Discord's locale of User
	Untold bool      `json:"untold,omitempty"` // they asked for direct messages, and take none
	Ready  time.Time `json:"ready,omitzero"`   // the due time for which it was marked bumpable; zero while it is not
	Told   Way       `json:"told,omitempty"`   // how User is reminded of Ready
	Loose  bool      `json:"loose,omitempty"`  // what follows from the last bump is still to be caused: see Follow
}

// A Way is how somebody is reminded that they can bump.
type Way string

// The ways. Nobody is reminded who did not choose one.
const (
	Never  Way = ""       // not at all
	Here   Way = "here"   // by a mention where the listing stands, or in an open ticket
	Direct Way = "direct" // by direct message
)

// Kind implements [storage.Record].
func (Bump) Kind() (string, int) { return "bump", 1 }

// Prefix is what the Sort of every Bump of a guild begins with.
const Prefix = "bump#"

func key(guild, sort string) storage.Key {
	return storage.Key{Table: storage.Records, Part: "guild#" + guild, Sort: sort}
}

// Key is where the Bump of a partner is kept.
func Key(guild, partner string) storage.Key { return key(guild, Prefix+partner) }

// HereKey is where the post of the reminder that mentions the contact is kept.
func HereKey(guild, partner string) storage.Key { return key(guild, "bump-here#"+partner) }

// DirectKey is where the post of the reminder by direct message is kept.
func DirectKey(guild, partner string) storage.Key { return key(guild, "bump-direct#"+partner) }

// Of returns how the bumps of a partner stand. tx must have read [Key].
func Of(tx *storage.Tx, guild, partner string) Bump {
	b, _ := storage.Read[Bump](tx, Key(guild, partner))
	return b
}

// All lists the Bumps of a guild: no guild has more than fit one page.
func All(guild string) storage.Query {
	return storage.Query{Table: storage.Records, Part: "guild#" + guild, Prefix: Prefix, Limit: storage.MaxLimit}
}

// Sync is the action that marks a partner bumpable when it is, and reminds its
// contact. It waits for the time when the next bump is due.
func Sync(guild, partner string) action.Ref {
	return action.Ref{Name: "bump.sync", Guild: guild, Subject: partner}
}

// Loose is the action that causes what follows from the bumps of a guild that
// were made before it was known which partner they are about.
func Loose(guild string) action.Ref {
	return action.Ref{Name: "bump.follow", Guild: guild, Subject: "all"}
}

// followers are the actions that bring in line what follows from a bump.
func followers(guild, partner string) []action.Ref {
	return []action.Ref{
		partnership.Sync(guild, partner), Sync(guild, partner),
		{Name: "joins.sync", Guild: guild, Subject: partner},
		{Name: "index.sync", Guild: guild, Subject: "all"},
	}
}

// Next is when b's partner p may be bumped again, if every so often: a listing
// counts as bumped when it is new. It is a whole second, as Discord shows it, so
// that what is shown is what holds. It is zero if there are no bumps.
func (b Bump) Next(p partnership.Partnership, every time.Duration) time.Time {
	if every <= 0 {
		return time.Time{}
	}
	return later(p.Since, b.At).Add(every).UTC().Truncate(time.Second)
}

// Can reports whether p may be bumped: its time has come, or it was told so by a
// clock that is ahead of this one.
func (b Bump) Can(p partnership.Partnership, every time.Duration, now time.Time) bool {
	next := b.Next(p, every)
	return !next.IsZero() && (!now.Before(next) || b.Ready.Equal(next))
}

// Reminds returns how the contact of p wants to be reminded.
func (b Bump) Reminds(p partnership.Partnership) Way {
	if b.User != p.Contact {
		return Never
	}
	return b.Remind
}

// Mark returns b marked bumpable since its time came, and reports whether that is
// new. Who asks to be reminded later than that is reminded the next time.
func (b Bump) Mark(p partnership.Partnership, every time.Duration) (Bump, bool) {
	next := b.Next(p, every)
	if b.Ready.Equal(next) {
		return b, false
	}
	b.Ready, b.Told = next, b.Reminds(p)
	return b, true
}

// Unmark returns b as it is while p is not bumpable, and reports whether that is new.
func (b Bump) Unmark() (Bump, bool) {
	if b.Ready.IsZero() && b.Told == Never {
		return b, false
	}
	b.Ready, b.Told = time.Time{}, Never
	return b, true
}

// Tells returns how the contact of p is reminded now.
func (b Bump) Tells(p partnership.Partnership) Way {
	if b.User != p.Contact || b.Ready.IsZero() {
		return Never
	}
	return b.Told
}

// Early is the refusal of a bump whose time has not come.
const Early = "bump.early"

// DoKeys are what Do and Follow need to have read, beside the guild's settings.
func DoKeys(guild, partner string) []storage.Key {
	return append(action.Keys(followers(guild, partner)...), partnership.Key(guild, partner), Key(guild, partner))
}

// Do bumps p, if it may be. The caller has seen to it that by may bump it. What
// follows is to be caused in the same write: see Follow and FollowLater. tx must
// have read the guild's settings and [Key].
func Do(tx *storage.Tx, guild string, p partnership.Partnership, by string, now time.Time) (Bump, error) {
	b, every := Of(tx, guild, p.Partner), settings.Of(tx, guild).BumpTime()
	if every == 0 {
		return b, refuse.Because("bump.off")
	}
	if !p.Offered() {
		return b, refuse.Because("bump.hidden", "server", partnership.Named(p.Server))
	}
	next := b.Next(p, every)
	if !b.Can(p, every, now) {
		return b, refuse.Because(Early, "server", partnership.Named(p.Server), "until", refuse.When(next))
	}
	b, _ = b.Unmark()
	b.At, b.By = later(now, next).UTC(), by // by a clock that is behind, no bump is the sooner for it
	b.Count++
	tx.Set(Key(guild, p.Partner), b)
	return b, nil
}

// Follow causes what follows from a bump. tx must have read [DoKeys].
func Follow(tx *storage.Tx, guild, partner string, now time.Time) {
	for _, r := range followers(guild, partner) {
		action.Cause(tx, r, now)
	}
}

// FollowLater has what follows from a bump caused by the action [Loose], where
// the keys of what follows could not be read: tx must have read that of Loose,
// and [Key].
func FollowLater(tx *storage.Tx, guild, partner string, now time.Time) {
	b := Of(tx, guild, partner)
	b.Loose = true
	tx.Set(Key(guild, partner), b)
	action.Cause(tx, Loose(guild), now)
}

// Followed is Follow for a bump that was left for the action [Loose], unless it
// was done meanwhile. tx must have read [DoKeys].
func Followed(tx *storage.Tx, guild, partner string, now time.Time) {
	b := Of(tx, guild, partner)
	if !b.Loose {
		return
	}
	b.Loose = false
	tx.Set(Key(guild, partner), b)
	Follow(tx, guild, partner, now)
}

// Ask notes how the contact of p, who speaks the language of locale, wants to be
// reminded, and reports whether that is new. Without it, nobody ever is. tx must
// have read [RemindKeys].
func Ask(tx *storage.Tx, guild string, p partnership.Partnership, by, locale string, way Way, now time.Time) (b Bump, changed bool, err error) {
	b = Of(tx, guild, p.Partner)
	switch {
	case by != p.Contact:
		return b, false, refuse.Because("bump.contact-only", "server", partnership.Named(p.Server))
	case !slices.Contains([]Way{Never, Here, Direct}, way):
		return b, false, refuse.Because("partnership.not-found")
	case b.Reminds(p) == way && !(b.Untold && b.User == by):
		return b, false, nil
	}
	if b.Told != way {
		b.Told = Never // the reminder that stands is not wanted any more
	}
	b.User, b.Locale, b.Remind, b.Untold = by, locale, way, false
	tx.Set(Key(guild, p.Partner), b)
	action.Cause(tx, Sync(guild, p.Partner), now)
	return b, true, nil
}

// RemindKeys are what Ask needs to have read.
func RemindKeys(guild, partner string) []storage.Key {
	return []storage.Key{partnership.Key(guild, partner), Key(guild, partner), Sync(guild, partner).Key()}
}

// Unreached returns b after its contact could not be written to: they are not
// tried again until they ask again.
func (b Bump) Unreached() Bump {
	b.Remind, b.Told, b.Untold = Never, Never, true
	return b
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
