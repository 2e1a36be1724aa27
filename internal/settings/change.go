package settings

import (
	"strconv"
	"strings"
)

// A Change is one setting before and after somebody changed it, as IDs, numbers and
// words of ours: nothing that people wrote.
type Change struct {
	Setting string `json:"setting"`
	Was     string `json:"was"` // mentions, a number, "on", or empty for nothing
	Is      string `json:"is"`
}

// Changes returns what differs between two Settings of a guild.
func Changes(before, after Settings) (list []Change) {
	was, is := before.shown(), after.shown()
	for i, s := range is {
		if was[i].Is != s.Is {
			list = append(list, Change{s.Setting, was[i].Is, s.Is})
		}
	}
	return list
}

// shown is every setting that is chosen by a manager, as it is shown. Of categories,
// which people name, it is their number.
func (s Settings) shown() []Change {
	var list []Change
	add := func(name, value string) { list = append(list, Change{Setting: name, Is: value}) }
	number := func(name string, n int) { add(name, strconv.Itoa(n)) }
	flag := func(name string, on bool) { add(name, map[bool]string{true: "on", false: "off"}[on]) }
	add("review", mentions("<#", s.Review))
	add("mode", string(s.Mode))
	add("showcase", mentions("<#", s.Showcase))
	add("category", mentions("<#", s.Category))
	add("forum", mentions("<#", s.Forum))
	add("index", mentions("<#", s.Index))
	add("log", mentions("<#", s.Log))
	add("tickets", mentions("<#", s.Tickets))
	add("entrance", mentions("<#", s.Entrance))
	add("managers", mentions("<@&", s.Managers...))
	add("viewers", mentions("<@&", s.Viewers...))
	add("contact", mentions("<@&", s.Contact))
	flag("intake", !s.Closed)
	flag("slash", s.Sources.Slash)
	flag("panel", s.Sources.Panel)
	flag("ticket", s.Sources.Ticket)
	number("minimum", s.Minimum)
	number("cooldown", s.Cooldown)
	number("active", s.Active)
	number("expiry", s.Expiry)
	number("remind", s.Remind)
	number("bump", s.Bump)
	flag("ending", s.Archive)
	flag("track", s.Track)
	flag("markers", s.Markers)
	number("stay", s.Stay)
	number("categories", len(s.Topics))
	return list
}

// mentions shows channels or roles by what Discord's mentions of them begin with.
func mentions(sign string, ids ...string) string {
	var list []string
	for _, id := range ids {
		if id != "" {
			list = append(list, sign+id+">")
		}
	}
	return strings.Join(list, ", ")
}
