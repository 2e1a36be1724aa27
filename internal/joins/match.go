package joins

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/entente-bot/entente/internal/partnership"
)

func compare(a, b string) int { return strings.Compare(a, b) }

// young reports whether the account of a person was young when they joined.
func young(p Person) bool {
	made := partnership.Created(p.User)
	return !made.IsZero() && p.Joined.Sub(made) < YoungAge
}

// A find is a stay that may be identified, and then is.
type find struct {
	Person
	may     []string // partners it may be of
	partner string
	date    string // on which it is booked
}

// matched returns the stays that are identified by this look. Each takes the room of
// one join that was counted by the partner whose marker role they have, and of whom
// it is not known whose it was: on the day they joined, or on the next day after that
// on which there is room, since a count may be late.
//
// Who is the nearest to a count gets it first: so somebody who was a member before
// they used the link, and is not counted, does not take the room of a newcomer. Who
// has the roles of several partners that have room for them is not identified.
func (k *Look) matched() (found []find) {
	waits, free := k.unknown(), k.room()
	take := func(pick func(f find) (partner, date string)) bool {
		before := len(found)
		waits = slices.DeleteFunc(waits, func(f find) bool {
			if f.partner, f.date = pick(f); f.date == "" {
				return false
			}
			free[f.date+f.partner]--
			found = append(found, f)
			return true
		})
		return len(found) > before
	}
	dates := k.dates()
	for _, apart := range distances(len(dates)) {
		take(func(f find) (string, string) {
			if len(f.may) > 1 {
				return "", ""
			}
			return f.may[0], free.on(f, f.may[0], dates, apart)
		})
	}
	for take(func(f find) (string, string) { return free.only(f, dates) }) {
	}
	return found
}

// unknown returns the stays that are not identified yet, earliest first.
func (k *Look) unknown() (list []find) {
	for user, p := range k.here {
		m, known := k.members[user]
		late := k.start.Sub(p.Joined) >= lateMost
		if late || known && !p.Joined.After(m.Joined) || k.nobody(user) {
			continue
		}
		f := find{Person: p}
		for _, a := range k.partners(p) {
			f.may = append(f.may, a.Partner)
		}
		if f.may = slices.Compact(f.may); len(f.may) > 0 {
			list = append(list, f)
		}
	}
	slices.SortFunc(list, func(a, b find) int { return cmp.Or(a.Joined.Compare(b.Joined), compare(a.User, b.User)) })
	return list
}

// A room is how many joins are not identified, by date and partner.
type room map[string]int

func (k *Look) room() room {
	free := room{}
	for date, d := range k.days {
		for partner, b := range d.Books {
			free[date+partner] = b.Unidentified()
		}
	}
	return free
}

// dates are the days on which there may be room, earliest first, today last.
func (k *Look) dates() (list []string) {
	for day := From(k.start).UTC().Truncate(24 * time.Hour); !day.After(k.end); day = day.AddDate(0, 0, 1) {
		list = append(list, Date(day))
	}
	return list
}

// distances are how many days after somebody joined they may be counted, the
// likeliest first. The day before is the last: a poll that began before midnight
// may have counted them, and Discord's clock may differ from ours.
func distances(days int) (list []int) {
	for n := range days {
		list = append(list, n)
	}
	return append(list, -1)
}

// on returns the day that is so many after the one on which f joined, if there is
// room for f.
func (free room) on(f find, partner string, dates []string, apart int) string {
	i, _ := slices.BinarySearch(dates, Date(f.Joined))
	i += apart
	ok := i >= 0 && i < len(dates) && free[dates[i]+partner] > 0
	if !ok || apart < 0 && Date(f.Joined.Add(-skew)) != dates[i] {
		return ""
	}
	return dates[i]
}

// skew is how much Discord's clock may be ahead of ours, with the time that an
// answer takes.
const skew = apart

// only returns the one partner that has room for f, and on which day.
func (free room) only(f find, dates []string) (partner, date string) {
	for _, p := range f.may {
		for _, apart := range distances(len(dates)) {
			on := free.on(f, p, dates, apart)
			if on == "" {
				continue
			}
			if date != "" {
				return "", ""
			}
			partner, date = p, on
			break
		}
	}
	return partner, date
}
