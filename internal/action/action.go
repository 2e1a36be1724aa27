// Package action keeps the work that must happen outside the database.
//
// An action is recorded in the same write as its cause and says what to bring
// in line ("showcase.sync" of partnership P), not what to send. So a second
// cause is absorbed by an action that already waits, and doing an action twice
// is harmless. A worker holds an action by a lease while it works on it.
//
// It keeps, in the actions table:
//
//	action#<id>   action        one Action
//	due#<shard>   <time>#<id>   its pointer, which is to be done at that time, or tried again
//	blocked#<g>   <id>          one Stop, while only people can mend what stops it, or once it is given up
//	dead#<shard>  <id>          its pointer, once it is given up
//
// and in the records table:
//
//	guild#<g>     probes        one Probes
package action

import (
	"encoding/json"
	"fmt"
	"hash/fnv"
	"slices"
	"strings"
	"time"

	"github.com/entente-bot/entente/internal/storage"
)

// A Ref names an action: what is to be brought in line. It is all a queue carries.
type Ref struct {
	Name    string `json:"name"`    // capability and verb: "showcase.sync"
	Guild   string `json:"guild"`   // the guild it works for
	Subject string `json:"subject"` // what of that guild, in the words of the capability
}

// ID is r as one string: name#guild#subject. Name and Guild hold no "#".
func (r Ref) ID() string { return r.Name + "#" + r.Guild + "#" + r.Subject }

// Parse is the inverse of [Ref.ID].
func Parse(id string) (Ref, error) {
	name, rest, ok := strings.Cut(id, "#")
	guild, subject, ok2 := strings.Cut(rest, "#")
	if !ok || !ok2 || name == "" || guild == "" || subject == "" || len(id) > 512 {
		return Ref{}, fmt.Errorf("action: %.64q is not name#guild#subject", id)
	}
	return Ref{name, guild, subject}, nil
}

// Key is where r is kept. Whoever causes or cancels r reads it first.
func (r Ref) Key() storage.Key {
	return storage.Key{Table: storage.Actions, Part: "action#" + r.ID(), Sort: "action"}
}

// Keys returns the keys of refs.
func Keys(refs ...Ref) []storage.Key {
	keys := make([]storage.Key, len(refs))
	for i, r := range refs {
		keys[i] = r.Key()
	}
	return keys
}

// A State is where an action stands.
type State string

const (
	Due     State = "due"     // to be done at its time
	Leased  State = "leased"  // a worker is at it, until the lease ends
	Blocked State = "blocked" // people have to mend something first
	Dead    State = "dead"    // given up: a bug, to be looked at
)

// An Action is work to be done. It is deleted when it is done.
type Action struct {
	Ref
	State      State     `json:"state"`
	Due        time.Time `json:"due"`        // when it is to be done; while Blocked or Dead, when it is tried again unasked
	Generation int64     `json:"generation"` // raised by each new cause
	Created    time.Time `json:"created"`

	Attempts int       `json:"attempts"`         // leases taken since it last succeeded
	Since    time.Time `json:"since,omitzero"`   // when the first of Attempts began
	Failing  time.Time `json:"failing,omitzero"` // since when it fails in a way that should have passed, and is no outage: by this it is given up
	Error    string    `json:"error,omitempty"`  // the last failure, for operators; never what people wrote
	Reason   Reason    `json:"reason,omitzero"`  // why it is Blocked or Dead, for the guild's managers; else why it was, if others wait for what comes of it
	Lease    string    `json:"lease,omitempty"`  // the holder's token while Leased
	Owner    string    `json:"owner,omitempty"`  // the process that holds it
	Until    time.Time `json:"until,omitzero"`   // when the lease ends
	Next     time.Time `json:"next,omitzero"`    // when a cause that came while Leased wants it done
}

// TokenLife is how long Discord honours an interaction's token: until then a
// worker can change the reply to it.
const TokenLife = 15 * time.Minute

// A Reason is a sentence of the text catalog: its key, and what fills it in.
type Reason struct {
	Key  string   `json:"key,omitempty"`
	Args []string `json:"args,omitempty"` // name, value, name, value …
}

// Kind implements [storage.Record].
func (Action) Kind() (string, int) { return "action", 1 }

// Shards is over how many partitions due work is spread. It must not shrink:
// work due in a shard that is no longer looked at would wait for ever.
const Shards = 16

// shard is the partition of the action with the given ID.
func shard(id string) int {
	h := fnv.New32a()
	h.Write([]byte(id))
	return int(h.Sum32() % Shards)
}

// A pointer is an index item: the action it leads to.
type pointer struct {
	Ref
}

// Kind implements [storage.Record].
func (pointer) Kind() (string, int) { return "pointer", 1 }

// duePart is the partition of one shard's due pointers.
func duePart(shard int) string { return fmt.Sprintf("due#%02d", shard) }

// blockedPart is the partition of what is blocked or given up in one guild.
func blockedPart(guild string) string { return "blocked#" + guild }

// deadPart is the partition of one shard's dead pointers.
func deadPart(shard int) string { return fmt.Sprintf("dead#%02d", shard) }

// stamp writes t so that later times sort later: milliseconds since 1970.
func stamp(t time.Time) string { return fmt.Sprintf("%015d", max(t.UnixMilli(), 0)) }

// index is where a's pointers stand in its present state.
func (a Action) index() []storage.Key {
	due := storage.Key{Table: storage.Actions, Part: duePart(shard(a.ID())), Sort: stamp(a.Due) + "#" + a.ID()}
	stop := storage.Key{Table: storage.Actions, Part: blockedPart(a.Guild), Sort: a.ID()}
	switch a.State {
	case Due, Leased:
		return []storage.Key{due}
	case Blocked:
		return []storage.Key{due, stop}
	case Dead:
		return []storage.Key{due, {Table: storage.Actions, Part: deadPart(shard(a.ID())), Sort: a.ID()}, stop}
	}
	return nil
}

// keep writes a, and moves its pointers from where they stood as old.
func keep(tx *storage.Tx, old, a Action) {
	tx.Set(a.Key(), a)
	from, to := old.index(), a.index()
	for _, k := range from {
		if !slices.Contains(to, k) {
			tx.Unindex(k)
		}
	}
	for _, k := range to {
		if k.Part == blockedPart(a.Guild) {
			tx.Index(k, Stop{a.Ref, a.Reason, a.Since})
		} else if !slices.Contains(from, k) {
			tx.Index(k, pointer{a.Ref})
		}
	}
}

// drop deletes a and its pointers.
func drop(tx *storage.Tx, a Action) {
	tx.Delete(a.Key())
	for _, k := range a.index() {
		tx.Unindex(k)
	}
}

// Cause records that r is to be done at the given time. If r already waits, it
// is absorbed: the earlier of the two times stands, and a worker that is at it
// will do it again. If r is blocked or dead, it is tried again.
// tx must have read r's key.
func Cause(tx *storage.Tx, r Ref, at time.Time) {
	old, found := storage.Read[Action](tx, r.Key())
	if !found {
		keep(tx, Action{}, Action{Ref: r, State: Due, Due: at, Generation: 1, Created: at})
		return
	}
	a := old
	a.Generation++
	switch a.State {
	case Due:
		if at.Before(a.Due) {
			a.Due = at
		}
	case Leased:
		if a.Next.IsZero() || at.Before(a.Next) {
			a.Next = at
		}
	case Blocked, Dead:
		a.State, a.Due, a.Reason = Due, at, Reason{}
	}
	keep(tx, old, a)
}

// Cancel takes r back, if it waits. A worker that is at it finds it gone and
// records nothing. tx must have read r's key.
func Cancel(tx *storage.Tx, r Ref) {
	if a, found := storage.Read[Action](tx, r.Key()); found {
		drop(tx, a)
	}
}

// DueAmong returns the actions among written items that are to be done by now:
// those a pointer should be sent for.
func DueAmong(items []storage.Item, now time.Time) []Ref {
	var refs []Ref
	for _, it := range items {
		if kind, _ := (Action{}).Kind(); it.Kind != kind || it.Value == nil {
			continue
		}
		a, err := storage.Decode[Action](it)
		if err == nil && a.State == Due && !a.Due.After(now) {
			refs = append(refs, a.Ref)
		}
	}
	return refs
}

// Backoff is how long to wait after the given number of attempts that failed:
// 2 s doubled each time, up to most, and never less than what the other side asked
// for. jitter, from 0 to 1, takes away up to a quarter.
func Backoff(attempts int, most, asked time.Duration, jitter float64) time.Duration {
	wait := min(2*time.Second<<min(max(attempts-1, 0), 10), most)
	wait -= time.Duration(float64(wait) * jitter / 4)
	return max(wait, asked)
}

// message is what a queue carries: a pointer to an action, never its content.
type message struct {
	Schema int    `json:"schema"`
	Hops   int    `json:"hops,omitempty"` // see Hops
	Action string `json:"action"`
}

// Encode writes r as the body of a queue message: the last of as many in a row.
func Encode(r Ref, hops int) string {
	b, err := json.Marshal(message{Schema: 1, Hops: hops, Action: r.ID()})
	if err != nil {
		panic(err) // plain fields always marshal
	}
	return string(b)
}

// Decode reads the body of a queue message. It fails on anything that [Encode]
// did not write, and on messages of a later schema.
func Decode(body string) (r Ref, hops int, err error) {
	var m message
	if err := json.Unmarshal([]byte(body), &m); err != nil {
		return Ref{}, 0, fmt.Errorf("action: queue message: %w", err)
	}
	if m.Schema != 1 {
		return Ref{}, 0, fmt.Errorf("action: queue message of schema %d", m.Schema)
	}
	r, err = Parse(m.Action)
	return r, m.Hops, err
}
