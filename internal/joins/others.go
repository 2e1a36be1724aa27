package joins

import (
	"cmp"
	"hash/fnv"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/entente-bot/entente/internal/storage"
)

// Others are the invites of a guild that are no partner's. Where they are many, they
// are kept in parts: a write costs what changed, however many there are.
type Others struct {
	Invites []Other   `json:"invites"` // by code; kept in the parts if there are any
	Polled  time.Time `json:"polled"`  // when the latest poll began that was booked here
	Gaps    []Gap     `json:"gaps,omitempty"`
	Parts   int       `json:"parts,omitempty"` // in how many the invites are kept; 0 = in none
}

// An Other is an invite that is no partner's.
type Other struct {
	Code    string    `json:"code"`
	Created time.Time `json:"created"`
	Base    int       `json:"base"`             // uses when it was first seen, or had a new baseline
	Uses    int       `json:"uses"`             // the most that was seen
	Missing time.Time `json:"missing,omitzero"` // as of an Account
	Seen    time.Time `json:"seen,omitzero"`    // while it is missing: when the latest poll began that saw it
}

// A Part is some of the Others: those whose code has one hash.
type Part struct {
	Invites []Other `json:"invites"` // by code
}

// Kind implements [storage.Record]. Schema 1 has no parts: who knows only that one
// must not take what is kept in parts for nothing.
func (Others) Kind() (string, int) { return "others", 2 }

// Kind implements [storage.Record].
func (Part) Kind() (string, int) { return "others-part", 1 }

// perPart is how many invites a part has, as a rule: 3 KB. mostParts is how many parts
// there are at most, since they may all change in one write.
const (
	perPart   = 32
	mostParts = 64
)

// OthersKey is where the Others of a guild are kept.
func OthersKey(guild string) storage.Key {
	return storage.Key{Table: storage.Records, Part: "guild#" + guild, Sort: "joins-others"}
}

func partKey(guild string, n int) storage.Key {
	k := OthersKey(guild)
	k.Sort += "#" + strconv.Itoa(n)
	return k
}

// Keys are where the parts of o are kept.
func (o Others) Keys(guild string) (keys []storage.Key) {
	for n := range o.Parts {
		keys = append(keys, partKey(guild, n))
	}
	return keys
}

// OthersOf returns the Others of a guild, whose key tx must have read. It
// [storage.Tx.Want]s those of their parts.
func OthersOf(tx *storage.Tx, guild string) Others {
	o, _ := storage.Read[Others](tx, OthersKey(guild))
	keys := o.Keys(guild)
	if !tx.Want(keys...) {
		return Others{}
	}
	for _, k := range keys {
		p, _ := storage.Read[Part](tx, k)
		o.Invites = append(o.Invites, p.Invites...)
	}
	slices.SortFunc(o.Invites, byCode)
	return o
}

// keep writes o, and those of its parts that are not as before. Where there are too
// many for their parts, or few, they are divided again, which is rare.
func (o Others) keep(tx *storage.Tx, guild string, before Others) {
	o.Parts = partsFor(len(o.Invites), before.Parts)
	was, is := before.divided(), o.divided()
	for n := range max(before.Parts, o.Parts) {
		k, known := partKey(guild, n), n < before.Parts
		switch {
		case known && slices.Equal(was[n], is[n]):
		case known && len(is[n]) == 0:
			tx.Delete(k)
		case known:
			tx.Set(k, Part{is[n]})
		case len(is[n]) == 0: // a purge that was cut off may have left something there
			tx.Unindex(k)
		default:
			tx.Index(k, Part{is[n]})
		}
	}
	if o.Parts > 0 {
		o.Invites = []Other{}
	}
	tx.Set(OthersKey(guild), o)
}

// partsFor returns in how many parts so many invites are kept that were in some: a
// power of two, and fewer than before only if they are very few for that.
func partsFor(invites, before int) int {
	parts := 0
	for parts < mostParts && invites > max(1, parts)*perPart {
		parts = max(2, 2*parts)
	}
	if before > parts && invites > before*perPart/4 {
		return before
	}
	return parts
}

// divided are the invites of o by part.
func (o Others) divided() map[int][]Other {
	parts := map[int][]Other{}
	for _, x := range o.Invites {
		if o.Parts > 0 {
			n := partOf(x.Code, o.Parts)
			parts[n] = append(parts[n], x)
		}
	}
	return parts
}

func partOf(code string, parts int) int {
	h := fnv.New32a()
	h.Write([]byte(code))
	return int(h.Sum32() % uint32(parts))
}

func byCode(x, y Other) int {
	return cmp.Or(strings.Compare(x.Code, y.Code), x.Created.Compare(y.Created))
}
