package invite

import (
	"cmp"
	"fmt"
	"hash/fnv"
	"slices"
	"strings"
	"time"

	"github.com/entente-bot/entente/internal/storage"
)

// budget is who had Discord asked in the last ten minutes, and who waits for it.
//
// Each guild may have half of what is then left for all others, and each of its
// people a third of what is left for the others in it: alone they have 67, or 23. So
// even where one guild after the other takes what it can, something is left for the
// next. Those who wait are served in the order in which they came, each guild in its
// own share.
type budget struct {
	Asked []int64  `json:"asked"`          // when, in Unix seconds, oldest first
	By    []string `json:"by,omitempty"`   // for whom: see party
	Line  []waiter `json:"line,omitempty"` // who waits, first come first
}

// A waiter holds a place in the line.
type waiter struct {
	ID string `json:"id"` // of their [Asker]
	By string `json:"by"`
	At int64  `json:"at"` // when they come again, in Unix seconds
}

// Kind implements [storage.Record].
func (budget) Kind() (string, int) { return "budget", 1 }

func budgetKey() storage.Key {
	return storage.Key{Table: storage.Actions, Part: "invite", Sort: "budget"}
}

// A guild may have one part in so many of what is left, and a person one in so many of
// what is left for their guild.
const (
	guildPart  = 2
	personPart = 3
)

// How long the line is, in all and of one guild: who finds no place comes again like
// the others, a little later, and is let in before those who came after them. Who does
// not come when they should loses their place.
const (
	maxLine      = 200
	maxGuildLine = 30
	patience     = 2 * time.Minute
)

// party names for whom Discord is asked, without saying who they are. Nobody in
// particular is whom a recheck is for.
func party(guild, user string) string {
	if user == "" {
		return short(guild) + "/"
	}
	return short(guild) + "/" + short(user)
}

func short(id string) string {
	h := fnv.New32a()
	h.Write([]byte(id))
	return fmt.Sprintf("%08x", h.Sum32())
}

// at returns b without what is over at now.
func (b budget) at(now time.Time) budget {
	for len(b.By) < len(b.Asked) { // written by a version that did not note whom for
		b.By = slices.Insert(b.By, 0, "")
	}
	b.By = b.By[len(b.By)-len(b.Asked):]
	over, _ := slices.BinarySearch(b.Asked, now.Add(-Window).Unix())
	b.Asked, b.By = slices.Clone(b.Asked[over:]), slices.Clone(b.By[over:])
	b.Line = slices.DeleteFunc(slices.Clone(b.Line), func(w waiter) bool {
		return now.After(time.Unix(w.At, 0).Add(patience))
	})
	return b
}

// with returns b after Discord was asked for by.
func (b budget) with(by string, at time.Time) budget {
	b.Asked, b.By = append(b.Asked, at.Unix()), append(b.By, by)
	return b
}

// A tally is how much of a budget was used.
type tally struct {
	all, rechecks int
	by            map[string]int // of parties, and of guilds
}

func (b budget) tally() tally {
	t := tally{by: map[string]int{}}
	for _, by := range b.By {
		t.add(by)
	}
	return t
}

func (t *tally) add(by string) {
	guild, user, _ := strings.Cut(by, "/")
	t.all++
	t.by[guild]++
	if user == "" {
		t.rechecks++
		return
	}
	t.by[by]++
}

// left says of how much a guild may still have a part.
func (t tally) left(by string) int {
	guild, _, _ := strings.Cut(by, "/")
	return Budget - t.all - guildPart*t.by[guild]
}

// room reports whether by may have another look-up.
func (t tally) room(by string) bool { return guildPart*personPart*t.by[by] < t.left(by) }

// take returns b with one more look-up for who, or with them in the line and when
// their turn is.
func (b budget) take(who Asker, now time.Time) (budget, error) {
	me := waiter{ID: who.ID, By: party(who.Guild, who.User)}
	b.Line = slices.DeleteFunc(b.Line, func(w waiter) bool { return w.ID == me.ID })
	turn := b.turn(me, now)
	if !turn.After(now) {
		return b.with(me.By, now), nil
	}
	me.At = turn.Unix()
	line := b.line(me)
	if !slices.Contains(line, me) {
		h := fnv.New32a()
		h.Write([]byte(me.ID))
		return b, &Waiting{turn.Add(time.Duration(h.Sum32()) % Window)}
	}
	b.Line = line
	return b, &Waiting{turn}
}

// turn is when it is the turn of w, who is not in the line, if all who are take theirs.
func (b budget) turn(w waiter, now time.Time) time.Time {
	line := arrange(append(slices.Clone(b.Line), w))
	for at := now; ; at = time.Unix(b.Asked[0], 0).Add(Window + time.Second) {
		b = b.at(at)
		t := b.tally()
		var rest []waiter
		for _, next := range line {
			if !t.room(next.By) {
				rest = append(rest, next)
				continue
			}
			if next == w {
				return at
			}
			t.add(next.By)
			b = b.with(next.By, at)
		}
		line = rest
	}
}

// line is that of b with w in its place, as long as it may be.
func (b budget) line(w waiter) []waiter {
	ofGuild := map[string]int{}
	line := slices.DeleteFunc(arrange(append(slices.Clone(b.Line), w)), func(w waiter) bool {
		guild, _, _ := strings.Cut(w.By, "/")
		ofGuild[guild]++
		return ofGuild[guild] > maxGuildLine
	})
	return line[:min(len(line), maxLine)]
}

// arrange puts first who came first.
func arrange(line []waiter) []waiter {
	slices.SortStableFunc(line, func(a, b waiter) int {
		return cmp.Or(len(a.ID)-len(b.ID), strings.Compare(a.ID, b.ID))
	})
	return line
}

// recheck returns b with one more recheck. The longer an invite was unseen, the more
// of their share rechecks may use for it: so where it does not reach for all, each is
// looked at every few days.
func (b budget) recheck(guild string, unseen time.Duration, now time.Time) (budget, error) {
	by, t := party(guild, ""), b.tally()
	most := min(Budget*(7+int(unseen/(24*time.Hour)))/20, Budget/2)
	if t.rechecks >= most || t.left(by) <= 0 {
		return b, errUsedUp
	}
	return b.with(by, now), nil
}
