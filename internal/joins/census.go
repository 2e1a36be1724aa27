package joins

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"maps"
	"slices"
	"time"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/storage"
)

// A Census is how the members of a guild were last looked at.
type Census struct {
	Listed time.Time `json:"listed,omitzero"` // when the latest complete list of members began
	Pages  int       `json:"pages,omitempty"` // how long that list was: so many requests
	Tally  string    `json:"tally,omitempty"` // of the ledger then: see Ledger.Tally
	Again  time.Time `json:"again,omitzero"`  // when a stay threshold passes, and they are to be listed again
	Blind  time.Time `json:"blind,omitzero"`  // since when Discord does not list them: the members intent is off
	Tried  time.Time `json:"tried,omitzero"`  // when it was last asked to, while it does not
	Plain  time.Time `json:"plain,omitzero"`  // when Discord last refused to tell of a vanity URL
}

// Daily is how often Discord is asked again for what it refused, and how often the
// members are listed although nothing seems to have changed.
const Daily = 24 * time.Hour

// Tally tells whether anything changed by which members came or went: it is another
// one if a count is.
func (l Ledger) Tally() string {
	h := fnv.New64a()
	for _, a := range l.Accounts {
		here := -1
		if a.Here != nil {
			here = *a.Here
		}
		fmt.Fprintln(h, a.Partner, a.Role, a.Counted, here)
	}
	return fmt.Sprintf("%016x", h.Sum64())
}

// Marked reports whether any account has a marker role.
func (l Ledger) Marked() bool {
	for _, a := range l.Accounts {
		if a.Role != "" {
			return true
		}
	}
	return false
}

// perPage is how long no other list of members is asked for after one, for each page
// of it: so a large guild, in which something changes all the time, does not use up
// what requests there are for all.
const perPage = 6 * time.Second

// Lists returns when the members are to be listed next, to see who they are, and
// whether they are at all: when something changed since they last were, or a stay
// threshold passes, and otherwise once a day. Where Discord does not list them, it is
// asked to once a day.
func (l Ledger) Lists(now time.Time) (at time.Time, ever bool) {
	c := l.Census
	switch soonest := c.Listed.Add(time.Duration(c.Pages) * perPage); {
	case !l.Marked():
		return time.Time{}, false
	case !c.Blind.IsZero():
		return c.Tried.Add(Daily), true
	case c.Listed.IsZero(), c.Tally != l.Tally():
		return later(now, soonest), true
	case !c.Again.IsZero() && c.Again.Before(c.Listed.Add(Daily)):
		return later(c.Again, soonest), true
	}
	return c.Listed.Add(Daily), true
}

// BookVanity writes what Discord told, when it was asked at start, of a guild's
// vanity URL; code is empty if it has none. Another code has a new baseline. tx must
// have read LedgerKey and DayKey of start.
func BookVanity(tx *storage.Tx, guild, code string, uses int, start time.Time) {
	l := LedgerOf(tx, guild)
	v := l.Vanity
	if !start.After(v.Seen) {
		return
	}
	base := v.Seen.IsZero() || v.Code != code || v.Seen.Before(l.Rebase.At)
	if !base && uses <= v.Uses {
		return
	}
	if !base {
		tx.Set(DayKey(guild, start), DayOf(tx, guild, start).Add(map[string]int{ByVanity: uses - v.Uses}))
	} else if v.Code == code {
		uses = max(uses, v.Uses)
	}
	l.Vanity = Vanity{Code: code, Uses: uses, Seen: start}
	tx.Set(LedgerKey(guild), l)
}

// CountKeys are what BookCounts needs to have read, for a ledger that was l before.
func CountKeys(guild string, l Ledger, counts map[string]int, start time.Time) []storage.Key {
	keys := []storage.Key{LedgerKey(guild), DayKey(guild, start)}
	for _, partner := range l.unmarked(counts) {
		keys = append(keys, Sync(guild, partner).Key())
	}
	return keys
}

// unmarked returns the partners whose marker role is not counted, up to as many as
// can be seen to in one write.
func (l Ledger) unmarked(counts map[string]int) (list []string) {
	for _, a := range l.Accounts {
		if _, counted := counts[a.Role]; a.Role != "" && !counted && len(list) < together {
			list = append(list, a.Partner)
		}
	}
	return list
}

// BookCounts writes how many members have the marker roles, as Discord told when it
// was asked at start. A role that it does not count any more may have been deleted:
// that is looked into.
func BookCounts(tx *storage.Tx, guild string, before Ledger, counts map[string]int, start, now time.Time) {
	l, d := LedgerOf(tx, guild), DayOf(tx, guild, start)
	changed, dated := false, false
	lost := before.unmarked(counts)
	if d.Books = maps.Clone(d.Books); d.Books == nil {
		d.Books = map[string]Books{}
	}
	for _, a := range l.Accounts {
		known, ok := before.Account(a.Partner)
		if a.Role == "" || !ok || known.Role != a.Role {
			continue
		}
		n, b := counts[a.Role], d.Books[a.Partner]
		if slices.Contains(lost, a.Partner) && (b.Here == nil || *b.Here > 0) {
			action.Cause(tx, Sync(guild, a.Partner), now)
		}
		if a.Here == nil || *a.Here != n {
			a.Here, changed = &n, true
			l = l.With(a)
		}
		if b.Here == nil || *b.Here != n {
			b.Here, dated = &n, true
			d.Books[a.Partner] = b
		}
	}
	if changed {
		tx.Set(LedgerKey(guild), l)
	}
	if dated {
		tx.Set(DayKey(guild, start), d)
	}
}

// together is how many items one write of changes has, at most.
const together = storage.MaxPut - 4

// Batches splits changes into such as are written together.
func Batches(changes []Change) (batches [][]Change) {
	days, size, from := map[string]bool{}, 0, 0
	for i, c := range changes {
		need := 2 // the member, and that they are not forgotten
		for _, a := range c.Adds {
			if !days[a.Date] {
				need++
			}
		}
		if size+need > together {
			batches = append(batches, changes[from:i])
			days, size, from = map[string]bool{}, 0, i
			need = 2 + len(c.Adds)
		}
		size += need
		for _, a := range c.Adds {
			days[a.Date] = true
		}
	}
	if from < len(changes) {
		batches = append(batches, changes[from:])
	}
	return batches
}

// Write writes changes, of one of [Batches], all or none of them: a member with what
// they add to the books. What does not fit any more what is kept is left out: of
// members that somebody else wrote, of days on which there is no room left, and of
// users who had their data deleted. So it does no harm to write them again.
func Write(ctx context.Context, db storage.DB, guild string, changes []Change) error {
	for try := 1; ; try++ {
		tx, err := storage.Begin(ctx, db, writeKeys(guild, changes)...)
		if err != nil {
			return err
		}
		var nobody []storage.Item // none of them is marked in the meantime
		for _, c := range changes {
			if c.write(tx, guild) && c.Before.User == "" {
				nobody = append(nobody, storage.Item{Key: NobodyKey(guild, c.After.User)})
			}
		}
		items, err := tx.Changes()
		if err != nil {
			return err
		}
		err = db.Put(ctx, append(items, nobody...)...)
		if !errors.Is(err, storage.ErrConflict) || try == 40 {
			return err
		}
		if err := storage.Pause(ctx, try); err != nil {
			return err
		}
	}
}

func writeKeys(guild string, changes []Change) (keys []storage.Key) {
	for _, c := range changes {
		keys = append(keys, MemberKey(guild, c.After.User), NobodyKey(guild, c.After.User))
		for _, a := range c.Adds {
			keys = append(keys, a.key(guild))
		}
	}
	return keys
}

// write reports whether c was written.
func (c Change) write(tx *storage.Tx, guild string) bool {
	key := MemberKey(guild, c.After.User)
	m, known := storage.Read[Member](tx, key)
	if _, marked := storage.Read[Nobody](tx, NobodyKey(guild, c.After.User)); marked || known != (c.Before.User != "") || !m.is(c.Before) {
		return false
	}
	days := map[storage.Key]Day{}
	for _, a := range c.Adds {
		k := a.key(guild)
		d, ok := days[k]
		if !ok {
			d, ok = storage.Read[Day](tx, k)
			d.Books = maps.Clone(d.Books)
		}
		b := d.Books[a.Partner].plus(a.Books)
		if !ok || b.Early < 0 || b.Early > b.Identified || b.Identified > b.Counted {
			return false
		}
		d.Books[a.Partner], days[k] = b, d
	}
	for k, d := range days {
		tx.Set(k, d)
	}
	tx.Set(key, c.After)
	return true
}

func (a Addition) key(guild string) storage.Key {
	return storage.Key{Table: storage.Records, Part: "guild#" + guild, Sort: dayPrefix + a.Date}
}

// is reports whether two are the same.
func (m Member) is(o Member) bool {
	same := m.Joined.Equal(o.Joined) && m.Seen.Equal(o.Seen) && m.Left.Equal(o.Left)
	m.Joined, m.Seen, m.Left = o.Joined, o.Seen, o.Left
	return same && m == o
}
