// Package showcase decides where the listings of a guild's partners stand: as
// messages in one channel, in a channel each, or in a forum post each. A [Home]
// is where one listing is; an [Overflow] is what the homes of a guild share.
//
// It keeps:
//
//	guild#<g>   home#<p>      one Home: where the listing of partner <p> stands
//	guild#<g>   listing#<p>   one Post: that listing, as published
//	guild#<g>   lift#<p>      one Post: the message by which a bump lifts a forum post
//	guild#<g>   overflow      one Overflow
package showcase

import (
	"hash/fnv"
	"time"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/storage"
)

// Key is where the post of a partner's listing is kept.
func Key(guild, partner string) storage.Key { return key(guild, "listing#"+partner) }

// HomeKey is where the home of a partner's listing is kept.
func HomeKey(guild, partner string) storage.Key { return key(guild, "home#"+partner) }

// LiftKey is where the post of the message is kept by which a bump lifts a
// partner's forum post.
func LiftKey(guild, partner string) storage.Key { return key(guild, "lift#"+partner) }

// OverflowKey is where the overflow of a guild is kept.
func OverflowKey(guild string) storage.Key { return key(guild, "overflow") }

// Homes lists the homes of a guild's listings.
func Homes(guild string) storage.Query { return all(guild, "home#") }

// Listings lists the posts of a guild's listings.
func Listings(guild string) storage.Query { return all(guild, "listing#") }

func all(guild, prefix string) storage.Query {
	return storage.Query{Table: storage.Records, Part: "guild#" + guild, Prefix: prefix, Limit: storage.MaxLimit}
}

func key(guild, sort string) storage.Key {
	return storage.Key{Table: storage.Records, Part: "guild#" + guild, Sort: sort}
}

// Shelves is the action that brings in line what the homes of a guild share.
func Shelves(guild string) action.Ref {
	return action.Ref{Name: "showcase.category", Guild: guild, Subject: "all"}
}

// Place returns where a guild wants its listings: a channel, a category or a
// forum, by its mode. It fails with an [action.Failure] that blocks while none
// is chosen.
func Place(s settings.Settings) (string, error) {
	switch {
	case s.Place() != "":
		return s.Place(), nil
	case s.Mode == settings.Channels:
		return "", action.Blocking("showcase.no-category")
	case s.Mode == settings.Forum:
		return "", action.Blocking("showcase.no-forum")
	}
	return "", action.Blocking("worker.no-showcase-channel")
}

// Daily returns the last and the next moment at which a partner's listing is to
// be looked at: once a day, spread over the day.
func Daily(guild, partner string, now time.Time) (last, next time.Time) {
	const day = 24 * time.Hour
	h := fnv.New32a()
	h.Write([]byte(guild + "#" + partner))
	last = now.UTC().Truncate(day).Add(time.Duration(h.Sum32()%uint32(day/time.Second)) * time.Second)
	if last.After(now) {
		last = last.Add(-day)
	}
	return last, last.Add(day)
}
