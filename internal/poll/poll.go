// Package poll decides when each guild's invites are read. One poll shows every
// join since the one before, and by which invite; but if two invites brought
// somebody within one window, nobody can say any more who of them came by which.
// So requests, of which there are few, go where they keep most joins apart.
//
// What a guild is worth is learned from what its polls show ([Watch.Saw]), how
// often it is then polled is solved for all guilds together, within a budget, and
// a [Plan] says whose turn it is.
//
// Units: time is in hours for what is learned (joins per hour), in seconds for
// what is planned (polls per second).
//
// It keeps, in the actions table:
//
//	poll#<shard>   <g>   one Watch, while the guild tracks its joins
package poll

import (
	"fmt"
	"hash/fnv"
	"reflect"
	"time"

	"github.com/entente-bot/entente/internal/storage"
)

// A Loss is why a guild's invites cannot be read: "" if they can, or nothing else
// is known.
type Loss string

const (
	Permission Loss = "permission" // the bot may no longer manage the server
	Away       Loss = "away"       // the bot is no longer in the server
)

// A Watch is when a guild is polled, and what is known of its joins. It is a value:
// methods return a changed one.
type Watch struct {
	Guild   string    `json:"guild"`
	Due     time.Time `json:"due"`              // zero if a [Plan] has to say
	Polled  time.Time `json:"polled,omitzero"`  // when the latest poll began that was answered
	Excited time.Time `json:"excited,omitzero"` // when more joins than usual were last to be expected

	Held     time.Time `json:"held,omitzero"`      // Discord wants no poll before
	Failures int       `json:"failures,omitempty"` // since a poll was answered

	Lost      Loss      `json:"lost,omitempty"`
	LostSince time.Time `json:"lost_since,omitzero"` // when that was first seen

	// Census is when members are to be counted. It is the poller's: here nothing
	// goes by it.
	Census time.Time `json:"census,omitzero"`

	Slow   Average `json:"slow,omitzero"`    // the latest week
	Fast   Average `json:"fast,omitzero"`    // the latest quarter of an hour
	Shares Shares  `json:"shares,omitempty"` // of the latest joins, how many came by which invite
	Rest   float64 `json:"rest,omitempty"`   // and by the invites that are not listed
}

// Kind implements [storage.Record].
func (Watch) Kind() (string, int) { return "watch", 1 }

// Shards is over how many parts watches are spread. It must not shrink: a watch in
// a shard that is no longer read would wait for ever.
const Shards = 16

// Key is where the Watch of a guild is kept.
func Key(guild string) storage.Key {
	h := fnv.New32a()
	h.Write([]byte(guild))
	return storage.Key{Table: storage.Actions, Part: part(int(h.Sum32() % Shards)), Sort: guild}
}

// In lists the watches of one shard.
func In(shard int) storage.Query {
	return storage.Query{Table: storage.Actions, Part: part(shard), Limit: 1000}
}

func part(shard int) string { return fmt.Sprintf("poll#%02d", shard) }

// New returns the Watch of a guild that is polled from now on: at once.
func New(guild string, now time.Time) Watch { return Watch{Guild: guild, Due: now} }

// Excite has a guild polled at once, and expects many joins for a while: it was
// bumped, or is listed somewhere new. Only what Discord asked for by Retry-After is
// waited for.
func (w Watch) Excite(now time.Time) Watch {
	w.Excited, w.Fast = now, Average{} // quiet minutes before say nothing about what comes
	w.Due = later(now, w.Held)
	return w
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// How long a guild waits after polls that failed: backoff after the first, twice
// as long after each further one, and no longer than outage, so that all are polled
// soon after one ends. One that may not be read waits for patience at once: only
// people can change it, and who does excites it.
const (
	backoff  = 15 * time.Second
	patience = time.Hour
	outage   = 4 * time.Minute
)

// Failed returns w after a poll that was not answered. The next one comes after the
// time that Discord asked for, if after is not 0; otherwise later with each failure,
// up to outage. loss says what was found out; "" leaves it at what was known.
// Nothing is learned.
func (w Watch) Failed(now time.Time, after time.Duration, loss Loss) Watch {
	w.Failures++
	if loss != "" && loss != w.Lost {
		w.Lost, w.LostSince = loss, now
	}
	wait := after
	if after > 0 {
		w.Held = now.Add(after)
	}
	if after <= 0 || w.Lost != "" {
		wait = max(after, w.patience())
	}
	w.Due = now.Add(wait)
	return w
}

// patience is how long w waits that failed, if Discord says nothing about it.
func (w Watch) patience() time.Duration {
	if w.Lost != "" {
		return patience
	}
	return min(backoff<<min(w.Failures-1, 16), outage)
}

// How long it is left unsaid that a guild is quiet, and how soon its turn must come
// for that: a run later it is polled anyway.
const (
	unsaid = 5 * time.Minute
	ever   = time.Minute
)

// Worth reports whether w, as a run of polls leaves it, has to be kept, or before,
// as it was kept last, will do: then nothing came but time, of which the next poll
// learns as much (joins that it finds are spread over all of it), and the guild's
// turn comes so often that the next run does not poll it the sooner.
func (w Watch) Worth(before Watch) bool {
	quiet := before
	quiet.Due, quiet.Polled, quiet.Slow, quiet.Fast = w.Due, w.Polled, w.Slow, w.Fast
	return w.Polled.IsZero() || w.Polled.Sub(before.Polled) >= unsaid || w.Due.Sub(w.Polled) > ever || !reflect.DeepEqual(w, quiet)
}
