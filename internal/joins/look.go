package joins

import (
	"slices"
	"time"

	"github.com/entente-bot/entente/internal/storage"
)

// A Look is one complete list of the members of a guild, as far as it matters. A
// list that was cut short is none.
type Look struct {
	start, end time.Time         // when the first page was asked for, and when the last was there
	stay       time.Duration     // the stay threshold; 0 = nobody leaves early
	members    map[string]Member // who is known, by user
	days       map[string]Day    // by date
	nobody     func(user string) bool

	accounts map[string]Account // by marker role
	here     map[string]Person  // by user: who is known, or has a marker role
}

// NewLook begins a look at a guild with the accounts of l, where members are known.
func NewLook(l Ledger, members []Member, stay time.Duration, start time.Time) *Look {
	k := &Look{
		nobody: func(string) bool { return false }, start: start, stay: stay, days: map[string]Day{}, members: make(map[string]Member, len(members)),
		accounts: make(map[string]Account, len(l.Accounts)), here: map[string]Person{},
	}
	for _, m := range members {
		k.members[m.User] = m
	}
	for _, a := range l.Accounts {
		if a.Role != "" {
			k.accounts[a.Role] = a
		}
	}
	return k
}

// Forget has nobody identified who had their data deleted, of whom the given marks
// tell: what they brought is no room for others, and they take none.
func (k *Look) Forget(guild string, marks []storage.Key) {
	marked := make(map[storage.Key]bool, len(marks))
	for _, m := range marks {
		marked[m] = true
	}
	k.nobody = func(user string) bool { return len(marked) > 0 && marked[NobodyKey(guild, user)] }
}

// Note takes note of some of the members of the list. Bots come by no invite.
func (k *Look) Note(people []Person) {
	for _, p := range people {
		if _, known := k.members[p.User]; !p.Bot && (known || len(k.partners(p)) > 0) {
			k.here[p.User] = p
		}
	}
}

// Over ends the look, with the days from that of [From] on.
func (k *Look) Over(end time.Time, days []Day) {
	k.end = end
	for _, d := range days {
		k.days[d.Date] = d
	}
}

// From is the first day on which a look that began at start may book anything.
func From(start time.Time) time.Time { return start.Add(-lateMost - 24*time.Hour) }

// partners returns the accounts whose marker role a person has, and that there were
// when they joined, by partner.
func (k *Look) partners(p Person) (list []Account) {
	for _, role := range p.Roles {
		if a, ok := k.accounts[role]; ok && !p.Joined.Before(a.Since) {
			list = append(list, a)
		}
	}
	slices.SortFunc(list, func(a, b Account) int { return compare(a.Partner, b.Partner) })
	return list
}

// A Change is what a look has news of one user. It is written whole or not at all,
// and only while what is kept of the user is as it was.
type Change struct {
	Before, After Member // Before is zero for somebody new
	Adds          []Addition
}

// An Addition is what is added to the books of a partner on a day. Counted is not.
type Addition struct {
	Date, Partner string
	Books         Books
}

// Changes are the news of a look, by user. Decided again after they were written,
// there are none.
func (k *Look) Changes() []Change {
	changes := map[string]Change{}
	for user, m := range k.members {
		if c := k.known(m); c.After != c.Before {
			changes[user] = c
		}
	}
	for _, f := range k.matched() {
		before := k.members[f.User]
		c, ok := changes[f.User]
		if !ok {
			c = Change{Before: before}
		}
		b := Books{Identified: 1}
		if before.User != "" {
			b.Returned = 1
		}
		if young(f.Person) {
			b.Young = 1
		}
		c.After = Member{User: f.User, Partner: f.partner, Joined: f.Joined, Day: f.date, Seen: k.start}
		c.Adds = append(c.Adds, Addition{f.date, f.partner, b})
		changes[f.User] = c
	}
	list := make([]Change, 0, len(changes))
	for _, c := range changes {
		list = append(list, c)
	}
	slices.SortFunc(list, func(a, b Change) int { return compare(a.After.User, b.After.User) })
	return list
}

// known returns the news of somebody who is known.
func (k *Look) known(m Member) Change {
	c := Change{Before: m, After: m}
	p, here := k.here[m.User]
	switch {
	case here && p.Joined.Equal(m.Joined) && !m.Left.IsZero(): // an earlier list was wrong
		c.After.Left, c.After.Seen = time.Time{}, k.start
		c.early(false)
	case here && p.Joined.Equal(m.Joined):
		if k.stale(m) {
			c.After.Seen = k.start
		}
	case here && !p.Joined.After(m.Joined), !m.Left.IsZero():
	case here:
		c.After.Left = p.Joined
		c.early(k.early(m, p.Joined))
	case k.start.After(m.Joined) && k.start.After(m.Seen):
		c.After.Left = k.end
		c.early(k.early(m, k.start))
	}
	return c
}

// early has it that they left early, or not.
func (c *Change) early(is bool) {
	if is == c.After.Early {
		return
	}
	n := 1
	if !is {
		n = -1
	}
	c.After.Early = is
	c.Adds = append(c.Adds, Addition{c.After.Day, c.After.Partner, Books{Early: n}})
}

// leeway is how long after the stay threshold a look may begin, at least, that tells
// who did not stay so long.
const leeway = 10 * time.Minute

// early reports whether somebody left early who was gone when a look began, or when
// they joined again: no look after the threshold had found them, and it was not long
// after that.
func (k *Look) early(m Member, gone time.Time) bool {
	stayed := m.Joined.Add(k.stay)
	return k.stay > 0 && m.Seen.Before(stayed) && gone.Before(stayed.Add(max(k.stay, leeway)))
}

// stale reports whether Seen of somebody who was found is to be written: it is now
// known that they stayed, or it was long ago.
func (k *Look) stale(m Member) bool {
	stayed := m.Joined.Add(k.stay)
	late := stayed.Add(max(k.stay, leeway))
	return k.start.Sub(m.Seen) >= freshFor || m.Seen.Before(stayed) && !k.start.Before(stayed) && k.start.Before(late)
}

// Again is when the guild should be looked at again, as by then the stay threshold
// of the next one passes: zero if there is none.
func (k *Look) Again() (next time.Time) {
	note := func(joined time.Time) {
		if at := joined.Add(k.stay); at.After(k.start) && (next.IsZero() || at.Before(next)) {
			next = at
		}
	}
	for user, p := range k.here {
		if m := k.members[user]; m.Joined.Equal(p.Joined) && k.stay > 0 {
			note(p.Joined)
		}
	}
	if k.stay > 0 {
		for _, f := range k.matched() {
			note(f.Joined)
		}
	}
	return next
}
