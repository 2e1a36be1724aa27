package main

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/yuin/goldmark"

	"github.com/entente-bot/entente/internal/fakediscord"
)

// A player is somebody of the scene who can be played.
type player struct{ Key, ID, Name, About string }

// eyes are whose the page is seen with, and what they look at.
type eyes struct {
	*playground
	player   player
	places   []place
	place    place
	markdown goldmark.Markdown
}

// A place is a channel, a thread or the direct messages, as a player sees it.
type place struct {
	fakediscord.ChannelState
	Guild string // "" for direct messages
	Count int    // messages that stand there
}

// Sign is what stands before the name of the place.
func (p place) Sign() string {
	switch {
	case p.Guild == "":
		return "@"
	case p.Type == fakediscord.Forum:
		return "▤ "
	case p.Type == fakediscord.PublicThread, p.Type == fakediscord.PrivateThread:
		return "↳"
	}
	return "#"
}

// Writable reports whether commands can be used in the place: in a forum they are
// used in its posts.
func (p place) Writable() bool { return p.Guild != "" && p.Type != fakediscord.Forum }

// look returns the eyes of the player with that key, on the place with that ID;
// without those, Ada's, on the lobby or else the first place that is seen.
func (g *playground) look(key, channel string) eyes {
	e := eyes{playground: g, player: g.players[0]}
	if i := slices.IndexFunc(g.players, func(p player) bool { return p.Key == key }); i >= 0 {
		e.player = g.players[i]
	}
	e.places = g.seenBy(e.player.ID)
	for _, id := range []string{g.Lobby, channel} {
		if i := slices.IndexFunc(e.places, func(p place) bool { return p.ID == id }); i >= 0 {
			e.place = e.places[i]
		}
	}
	if e.place.ID == "" && len(e.places) > 0 {
		e.place = e.places[0]
	}
	e.markdown = newMarkdown(e)
	return e
}

// person is the player where they look.
func (e eyes) person() fakediscord.Person {
	return e.As(e.player.ID, e.place.Guild, e.place.ID)
}

// at is the address of the page for these eyes; more is added to its query.
func (e eyes) at(more ...string) string {
	q := url.Values{"as": {e.player.Key}, "in": {e.place.ID}}
	for i := 0; i+1 < len(more); i += 2 {
		q.Set(more[i], more[i+1])
	}
	return "/?" + q.Encode()
}

// seenBy returns the places that a member sees, in the order of the guild, each
// followed by its threads; at the end the direct messages, if there are any.
func (g *playground) seenBy(user string) []place {
	var list []place
	add := func(ch fakediscord.ChannelState, guild string) {
		list = append(list, place{ch, guild, len(g.Messages(ch.ID))})
	}
	for _, ch := range g.Channels(g.Guild) {
		if ch.Type == fakediscord.Category || !g.may(user, ch, fakediscord.ViewChannel) {
			continue
		}
		add(ch, g.Guild)
		for _, th := range g.Threads(ch.ID) {
			if th.Type != fakediscord.PrivateThread || slices.Contains(th.Members, user) || g.may(user, ch, fakediscord.ManageThreads) {
				add(th, g.Guild)
			}
		}
	}
	if dms := g.DMs(user); len(dms) > 0 {
		add(fakediscord.ChannelState{ID: dms[0].Channel, Name: "Entente", Type: fakediscord.DirectMessage}, "")
	}
	return list
}

// may reports whether a member has a permission in a channel, by Discord's rules.
func (g *playground) may(user string, ch fakediscord.ChannelState, need fakediscord.Permission) bool {
	m, ok := g.Member(g.Guild, user)
	have := g.own(user)
	if !ok || have.Has(fakediscord.Administrator) {
		return ok
	}
	var allow, deny fakediscord.Permission
	for _, o := range ch.Overwrites {
		switch {
		case o.ID == g.Guild:
			have = have&^o.Deny | o.Allow
		case slices.Contains(m.Roles, o.ID):
			allow, deny = allow|o.Allow, deny|o.Deny
		}
	}
	have = have&^deny | allow
	for _, o := range ch.Overwrites {
		if o.ID == user {
			have = have&^o.Deny | o.Allow
		}
	}
	return have.Has(need)
}

// own returns what a member may do in the guild as a whole. Ada owns it.
func (g *playground) own(user string) fakediscord.Permission {
	if user == g.Ada {
		return fakediscord.All
	}
	m, _ := g.Member(g.Guild, user)
	var have fakediscord.Permission
	for _, r := range g.Roles(g.Guild) {
		if r.ID == g.Guild || slices.Contains(m.Roles, r.ID) {
			have |= r.Permissions
		}
	}
	return have
}

// offered returns what a menu offers: its options, or the people, roles or
// channels of the guild, by the type of the menu.
func (e eyes) offered(c component) []option {
	var list []option
	if c.Type == 5 || c.Type == 7 {
		for _, p := range e.players {
			list = append(list, option{Label: "@" + p.Name, Value: p.ID})
		}
	}
	if c.Type == 6 || c.Type == 7 {
		for _, r := range e.Roles(e.Guild) {
			list = append(list, option{Label: "@" + strings.TrimPrefix(r.Name, "@"), Value: r.ID})
		}
	}
	if c.Type == 8 {
		for _, ch := range e.Channels(e.Guild) {
			if len(c.ChannelTypes) == 0 || slices.Contains(c.ChannelTypes, ch.Type) {
				list = append(list, option{Label: "#" + ch.Name, Value: ch.ID})
			}
		}
	}
	list = append(list, c.Options...)
	for _, v := range c.Chosen {
		for i := range list {
			list[i].Chosen = list[i].Chosen || list[i].Value == v.ID
		}
	}
	return list
}

// name says how Discord shows a mention. It implements [namer].
func (e eyes) name(kind, id string) string {
	switch kind {
	case "@":
		return "@" + e.user(id)
	case "@&":
		for _, r := range e.Roles(e.Guild) {
			if r.ID == id {
				return "@" + strings.TrimPrefix(r.Name, "@")
			}
		}
		return "@deleted-role"
	case "#":
		if ch, ok := e.Channel(id); ok {
			return "#" + ch.Name
		}
		return "#unknown"
	}
	unix, style, _ := strings.Cut(id, ":")
	return e.moment(unix, style)
}

// user returns the name of a user of the scene, or of the bot.
func (g *playground) user(id string) string {
	if id == g.ApplicationID() {
		return "Entente"
	}
	for _, p := range g.players {
		if p.ID == id {
			return p.Name
		}
	}
	return "unknown-user"
}

// layouts are how Discord shows times, by style.
func layouts() map[string]string {
	return map[string]string{
		"t": "15:04", "T": "15:04:05", "d": "02/01/2006", "D": "2 January 2006",
		"f": "2 January 2006 15:04", "F": "Monday, 2 January 2006 15:04",
	}
}

// moment writes a timestamp as Discord shows it, in UTC.
func (g *playground) moment(unix, style string) string {
	seconds, err := strconv.ParseInt(unix, 10, 64)
	if err != nil {
		return unix
	}
	t := time.Unix(seconds, 0).UTC()
	if style == "R" {
		return relative(t.Sub(g.system.Now()))
	}
	layout, ok := layouts()[style]
	if !ok {
		layout = layouts()["f"]
	}
	return t.Format(layout)
}

// local turns a link to a message of the guild into one to where the page shows
// it. It implements [namer].
func (e eyes) local(address string) (string, bool) {
	rest, ok := strings.CutPrefix(address, fmt.Sprintf("https://discord.com/channels/%s/", e.Guild))
	if !ok {
		return "", false
	}
	channel, message, _ := strings.Cut(rest, "/")
	there := e
	there.place.ID = channel
	return there.at() + "#m" + url.QueryEscape(message), true
}
