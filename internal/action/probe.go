package action

import (
	"fmt"
	"hash/fnv"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/entente-bot/entente/internal/storage"
)

// ProbeEvery is how often people can have the actions tried that are stopped for one
// reason, and then one of them: the others follow if that helps.
const ProbeEvery = time.Minute

// causeOf is what stops actions of one kind for one reason, as one word.
func causeOf(name string, r Reason) string {
	h := fnv.New64a()
	h.Write([]byte(name + "\n" + r.Key + "\n" + strings.Join(r.Args, "\n")))
	return fmt.Sprintf("%016x", h.Sum64())
}

// Cause returns what stops s, as one word: it is the same for all that one probe can
// speak for.
func (s Stop) Cause() string { return causeOf(s.Name, s.Reason) }

// Cause returns what stopped a, as one word, before it was last taken: see
// [Stop.Cause]. It is "" if nothing did, or if others do not go by it.
func (a Action) Cause() string {
	if a.Reason.Key == "" {
		return ""
	}
	return causeOf(a.Name, a.Reason)
}

// Probe has r tried at once, if it is blocked or given up, and others by what comes of
// that: until it succeeds, it keeps what stopped it. tx must have read r's key.
func Probe(tx *storage.Tx, r Ref, now time.Time) {
	old, found := storage.Read[Action](tx, r.Key())
	if !found || old.State != Blocked && old.State != Dead {
		return
	}
	a := old
	a.Generation++
	a.State, a.Due = Due, now
	keep(tx, old, a)
}

// Offer is [Cause], but leaves r to the next probe if it is blocked.
// tx must have read r's key.
func Offer(tx *storage.Tx, r Ref, at time.Time) {
	if a, found := storage.Read[Action](tx, r.Key()); !found || a.State != Blocked {
		Cause(tx, r, at)
	}
}

// Probes are when the stopped actions of a guild were last tried because people
// wanted it, by what stops them.
type Probes struct {
	At map[string]time.Time `json:"at"`
}

// Kind implements [storage.Record].
func (Probes) Kind() (string, int) { return "probes", 1 }

// ProbesKey is where a guild's are kept.
func ProbesKey(guild string) storage.Key {
	return storage.Key{Table: storage.Records, Part: "guild#" + guild, Sort: "probes"}
}

// Next returns those of stops that are to be tried now, one for each cause, in turn,
// and when the others are whose turn has not come, zero if there are none.
func (p Probes) Next(stops []Stop, now time.Time) (try []Stop, later time.Time) {
	causes := make(map[string][]Stop)
	for _, s := range stops {
		causes[s.Cause()] = append(causes[s.Cause()], s)
	}
	for _, c := range slices.Sorted(maps.Keys(causes)) {
		if next := p.At[c].Add(ProbeEvery); now.Before(next) {
			if later.IsZero() || next.Before(later) {
				later = next
			}
			continue
		}
		turn := int(now.Unix()/int64(ProbeEvery/time.Second)) % len(causes[c])
		try = append(try, causes[c][turn])
	}
	return try, later
}

// Tried returns p after those of stops were tried, without what is long over.
func (p Probes) Tried(stops []Stop, now time.Time) Probes {
	at := make(map[string]time.Time)
	for c, last := range p.At {
		if now.Sub(last) < ProbeEvery {
			at[c] = last
		}
	}
	for _, s := range stops {
		at[s.Cause()] = now
	}
	return Probes{at}
}
