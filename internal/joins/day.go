package joins

import (
	"maps"
	"time"

	"github.com/entente-bot/entente/internal/storage"
)

// The accounts of joins that are no partner's, beside the partners' IDs.
const (
	ByVanity = "vanity" // by the guild's vanity URL
	ByOther  = "other"  // by an invite that is no partner's
)

// Books are what one day brought by one partner. They balance: Counted is
// Identified plus what is not. Early, Returned and Young are among the Identified.
type Books struct {
	Counted    int  `json:"counted"`            // uses of the tracked invite
	Identified int  `json:"identified"`         // of these, joins of a member who is known
	Early      int  `json:"early,omitempty"`    // who left before the stay threshold
	Returned   int  `json:"returned,omitempty"` // who had been identified before, and had left
	Young      int  `json:"young,omitempty"`    // whose account was younger than YoungAge when they joined
	Here       *int `json:"here,omitempty"`     // members with the marker role at the day's last count; nil if there was none
}

// Unidentified is how many joins are counted of whom it is not known whose they are.
func (b Books) Unidentified() int { return b.Counted - b.Identified }

// YoungAge is how old an account must be not to be counted as young.
const YoungAge = 7 * 24 * time.Hour

// A Day is what one day, in UTC, brought a guild.
type Day struct {
	Date  string           `json:"date"`  // 2006-01-02
	Books map[string]Books `json:"books"` // by partner, or ByVanity or ByOther
}

// Kind implements [storage.Record].
func (Day) Kind() (string, int) { return "day", 1 }

const dayPrefix = "joins-day#"

// DayKey is where a Day is kept.
func DayKey(guild string, at time.Time) storage.Key {
	return storage.Key{Table: storage.Records, Part: "guild#" + guild, Sort: dayPrefix + Date(at)}
}

// Date is the day, in UTC, that at belongs to.
func Date(at time.Time) string { return at.UTC().Format(time.DateOnly) }

// DayOf returns a Day, whose key tx must have read.
func DayOf(tx *storage.Tx, guild string, at time.Time) Day {
	d, ok := storage.Read[Day](tx, DayKey(guild, at))
	if !ok {
		d = Day{Date: Date(at)}
	}
	return d
}

// Add returns d with joins more counted, by partner.
func (d Day) Add(joins map[string]int) Day {
	books := make(map[string]Books, len(d.Books)+len(joins))
	maps.Copy(books, d.Books)
	for partner, n := range joins {
		b := books[partner]
		b.Counted += n
		books[partner] = b
	}
	d.Books = books
	return d
}

// Days lists the days of a guild from the one of from on, earliest first.
func Days(guild string, from time.Time) storage.Query {
	return storage.Query{
		Table: storage.Records, Part: "guild#" + guild, Prefix: dayPrefix,
		From: dayPrefix + Date(from), Limit: storage.MaxLimit,
	}
}
