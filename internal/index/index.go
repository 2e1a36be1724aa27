// Package index decides how the index of a guild's partners stands: pages of
// links to their listings, by category, in one channel.
//
// Its order is that of categories and names, so nobody moves up or down by a bump.
// Discord caps how often messages older than an hour are edited. So changes are
// gathered for a while, a young page is edited, and an old one is published anew,
// with those that come after it: see [Index.Plan].
//
// It keeps:
//
//	guild#<g>   index       one Index
//	guild#<g>   index#<n>   one Post: page n, from 0, as published
package index

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/storage"
)

// Gather is how long changes are gathered before the pages show them.
const Gather = 10 * time.Minute

// young is how old a page may be to be edited: an hour, less what takes time and
// what clocks differ.
const young = 50 * time.Minute

// An Index is how far the index of a guild is. The zero Index has no pages.
type Index struct {
	Turns []int     `json:"turns"`          // by page: how often it was published anew. Pages that are gone stay counted
	Due   time.Time `json:"due,omitzero"`   // until when changes are gathered; zero if there are none
	Shown time.Time `json:"shown,omitzero"` // when the pages were last brought in line
}

// Kind implements [storage.Record].
func (Index) Kind() (string, int) { return "index", 1 }

// Key is where the index of a guild is kept.
func Key(guild string) storage.Key { return key(guild, "index") }

// PageKey is where the post of a page is kept.
func PageKey(guild string, page int) storage.Key {
	return key(guild, "index#"+strconv.Itoa(page))
}

func key(guild, sort string) storage.Key {
	return storage.Key{Table: storage.Records, Part: "guild#" + guild, Sort: sort}
}

// Sync is the action that brings the index of a guild in line.
func Sync(guild string) action.Ref {
	return action.Ref{Name: "index.sync", Guild: guild, Subject: "all"}
}

// Gathers returns x while changes are gathered: Due is when they are to be shown.
func (x Index) Gathers(now time.Time) Index {
	if x.Due.IsZero() {
		x.Due = now.Add(Gather)
	}
	return x
}

// Done returns x after its pages were brought in line.
func (x Index) Done(now time.Time) Index {
	x.Due, x.Shown = time.Time{}, now
	return x
}

// A Page is how a page of the index stands.
type Page struct {
	Message string // empty if none stands in the channel of the index
	Turn    int    // that its message was published for
	Changed bool   // it should show something else
}

// Plan returns x with the turns for which its pages are to be published. Messages
// stand in the order in which they were published. So what comes after a page that
// is published anew is, too; what comes before it stays.
func (x Index) Plan(pages []Page, now time.Time) Index {
	x.Turns = slices.Clone(x.Turns)
	anew, last := false, uint64(0)
	for n, p := range pages {
		if n == len(x.Turns) {
			x.Turns = append(x.Turns, 0)
		}
		id, _ := strconv.ParseUint(p.Message, 10, 64)
		old := partnership.Created(p.Message).Before(now.Add(-young))
		if !x.Missing(n, p) && (anew || id < last || p.Changed && old) {
			x.Turns[n]++
		}
		anew, last = anew || x.Missing(n, p), id
	}
	return x
}

// Missing reports whether page n, which stands as p, is to be published.
func (x Index) Missing(n int, p Page) bool { return p.Message == "" || p.Turn != x.Turns[n] }

// An Entry is a partner in the index.
type Entry struct {
	Partner  string // their guild ID
	Name     string // of their server
	Category string
	Link     string // to their listing
}

// A Group is the partners of one category.
type Group struct {
	Category string
	Entries  []Entry
}

// Arrange groups partners by category, in the order of topics and then by name;
// within a category they stand by name.
func Arrange(entries []Entry, topics []string) []Group {
	rank := func(category string) int {
		if i := slices.Index(topics, category); i >= 0 {
			return i
		}
		return len(topics)
	}
	entries = slices.Clone(entries)
	slices.SortFunc(entries, func(a, b Entry) int {
		return cmp.Or(
			cmp.Compare(rank(a.Category), rank(b.Category)),
			strings.Compare(a.Category, b.Category),
			strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)),
			strings.Compare(a.Partner, b.Partner))
	})
	var groups []Group
	for _, e := range entries {
		if n := len(groups); n == 0 || groups[n-1].Category != e.Category {
			groups = append(groups, Group{Category: e.Category})
		}
		last := &groups[len(groups)-1]
		last.Entries = append(last.Entries, e)
	}
	return groups
}
