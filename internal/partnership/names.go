package partnership

import (
	"slices"

	"github.com/entente-bot/entente/internal/storage"
)

// A Name is what a server is called where it is suggested or typed.
type Name struct {
	ID      string `json:"id"`
	Name    string `json:"name"`              // see [Server.Called]
	Contact string `json:"contact,omitempty"` // of an active partner
}

// MaxName is how long a [Name] is, as [Cut] counts.
const MaxName = 50

// Names are what servers are called that somebody in a guild may mean: what is
// read with every key typed, so it holds nothing else.
type Names struct {
	Whole bool   `json:"whole"` // false until it was made from the records once
	List  []Name `json:"list"`
}

// Kind implements [storage.Record].
func (Names) Kind() (string, int) { return "names", 1 }

// MaxOthers is how many servers are remembered that are no partners.
const MaxOthers = 50

// NamesKey is where the names of a guild's active partners are kept.
func NamesKey(guild string) storage.Key {
	return storage.Key{Table: storage.Records, Part: "guild#" + guild, Sort: "names"}
}

// OthersKey is where the names are kept of servers that applied or were partners
// last, latest first.
func OthersKey(guild string) storage.Key {
	return storage.Key{Table: storage.Records, Part: "guild#" + guild, Sort: "names-others"}
}

// NamesQuery lists what is under [NamesKey], and under [OthersKey] if others are
// wanted, too. What was written in the last second may be missing.
func NamesQuery(guild string, others bool) storage.Query {
	k := NamesKey(guild)
	q := storage.Query{Table: k.Table, Part: k.Part, From: k.Sort, Before: OthersKey(guild).Sort, Stale: true}
	if others {
		q.Before += "-"
	}
	return q
}

// Name is what p is called where it is suggested, and who speaks for it.
func (p Partnership) Name() Name { return Name{p.Partner, p.Server.Called(MaxName), p.Contact} }

// Rename notes what p is called and who speaks for it. Whoever stores a partnership
// does it in the same write; [Start] and [Change] have done it. tx must have read
// [NamesKey].
func Rename(tx *storage.Tx, guild string, p Partnership) {
	n, _ := storage.Read[Names](tx, NamesKey(guild))
	if next := n.with(p.Name()); !slices.Equal(next.List, n.List) {
		tx.Set(NamesKey(guild), next)
	}
}

// with returns n with a name, in the place of the one that its server had.
func (n Names) with(name Name) Names {
	n.List = slices.Clone(n.List)
	if i := slices.IndexFunc(n.List, func(o Name) bool { return o.ID == name.ID }); i >= 0 {
		n.List[i] = name
		return n
	}
	n.List = append(n.List, name)
	return n
}

// without returns n without the name of a server.
func (n Names) without(id string) Names {
	n.List = slices.DeleteFunc(slices.Clone(n.List), func(o Name) bool { return o.ID == id })
	return n
}

// unname takes p from the names of the active partners: it is one of the others now.
// It writes even where p had no name: whoever makes the names from the records has
// to notice that there is one record less.
func unname(tx *storage.Tx, guild string, p Partnership) {
	n, _ := storage.Read[Names](tx, NamesKey(guild))
	tx.Set(NamesKey(guild), n.without(p.Partner))
	Remember(tx, guild, p.Server)
}

// Remember notes that s applied, or is no partner any more, as the latest of those
// that did. tx must have read [OthersKey].
func Remember(tx *storage.Tx, guild string, s Server) {
	n, _ := storage.Read[Names](tx, OthersKey(guild))
	name := Name{ID: s.ID, Name: s.Called(MaxName)}
	if len(n.List) > 0 && n.List[0] == name {
		return
	}
	n = n.without(s.ID)
	n.List = slices.Insert(n.List, 0, name)
	n.List = n.List[:min(len(n.List), MaxOthers)]
	tx.Set(OthersKey(guild), n)
}

// Recount has the names of the partners made anew if there are not as many as
// partnerships: an earlier version of Entente wrote no names. tx must have read
// [NamesKey] and [CountsKey].
func Recount(tx *storage.Tx, guild string) {
	n, ok := storage.Read[Names](tx, NamesKey(guild))
	if ok && n.Whole && len(n.List) != CountsOf(tx, guild).Active {
		n.Whole = false
		tx.Set(NamesKey(guild), n)
	}
}
