package storage

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"
)

// A Record is a value that can be kept. Fields are named by json tags; they may
// be added, never renamed or given another type.
type Record interface {
	// Kind names what the value is, and the version of its fields from 1.
	Kind() (name string, schema int)
}

// Expiring is a [Record] that is not kept for ever.
type Expiring interface {
	Record
	ExpiresAt() time.Time // zero means never
}

// A Tx is a set of items read together, to be changed and written together:
// one read, a decision, one write. It holds what changed until [Tx.Changes].
//
// The first misuse or undecodable item makes the Tx fail; it then goes on
// returning zero values, and [Tx.Changes] returns the error.
// A Tx must not be used from two goroutines at once.
type Tx struct {
	read    map[Key]Item
	changed map[Key]int // index in out
	out     []Item
	want    []Key // that were not read, and need to be
	err     error
}

// Begin reads keys in one round trip.
func Begin(ctx context.Context, db DB, keys ...Key) (*Tx, error) {
	unique := make([]Key, 0, len(keys))
	seen := make(map[Key]bool, len(keys))
	for _, k := range keys {
		if !seen[k] {
			seen[k] = true
			unique = append(unique, k)
		}
	}
	items, err := db.Get(ctx, unique...)
	if err != nil {
		return nil, err
	}
	return Of(items...), nil
}

// Of makes a Tx of items already read.
func Of(items ...Item) *Tx {
	tx := &Tx{read: make(map[Key]Item, len(items)), changed: make(map[Key]int)}
	for _, it := range items {
		tx.read[it.Key] = it
	}
	return tx
}

// Listed adds items to tx that a list returned: with a key alone, that it
// returned none.
func (tx *Tx) Listed(items ...Item) {
	for _, it := range items {
		tx.read[it.Key] = it
	}
}

// Want reports whether tx has read all of keys, of which another item told. If not,
// tx is of no more use: [Update] starts again and reads these keys as well.
func (tx *Tx) Want(keys ...Key) bool {
	for _, k := range keys {
		if _, err := tx.item(k); err != nil {
			tx.want = append(tx.want, k)
		}
	}
	return len(tx.want) == 0
}

// Read returns the value under k as it stands in tx, and whether there is one.
// k must be one of the keys that tx began with.
func Read[T Record](tx *Tx, k Key) (v T, ok bool) {
	it, err := tx.item(k)
	if err == nil && it.Value == nil {
		return v, false
	}
	if err == nil {
		v, err = Decode[T](it)
	}
	if err != nil {
		tx.fail(err)
		return *new(T), false
	}
	return v, true
}

// Decode returns the value of an item that was read. It fails if the item is
// of another kind, or was written by a later version of Entente.
func Decode[T Record](it Item) (v T, err error) {
	kind, schema := v.Kind()
	if it.Kind != kind || it.Schema > schema {
		return v, fmt.Errorf("storage: item %v is %s schema %d, not %s schema %d or earlier", it.Key, it.Kind, it.Schema, kind, schema)
	}
	if err := json.Unmarshal(it.Value, &v); err != nil {
		return *new(T), fmt.Errorf("storage: item %v: %w", it.Key, err)
	}
	return v, nil
}

// Set writes v under k, which must be one of the keys that tx began with.
func (tx *Tx) Set(k Key, v Record) {
	it, err := tx.item(k)
	if err != nil {
		tx.fail(err)
		return
	}
	tx.put(k, it.Version, v)
}

// Create writes v under k, where there must not be an item yet, unless tx deletes it.
func (tx *Tx) Create(k Key, v Record) { tx.put(k, 0, v) }

// Index writes v under k, whatever stands there. See [Any] for when to use it.
func (tx *Tx) Index(k Key, v Record) { tx.put(k, Any, v) }

// Unindex deletes what an Index wrote, if it is there.
func (tx *Tx) Unindex(k Key) { tx.change(Item{Key: k, Version: Any}) }

// Delete deletes the item under k, which must be one of the keys that tx began with.
func (tx *Tx) Delete(k Key) {
	it, err := tx.item(k)
	if err != nil {
		tx.fail(err)
		return
	}
	if it.Value == nil {
		return
	}
	tx.change(Item{Key: k, Version: it.Version})
}

// Fail makes tx fail with err, if it has not failed yet.
func (tx *Tx) fail(err error) {
	if tx.err == nil {
		tx.err = err
	}
}

// Changes returns what to Put, or why it cannot be told.
func (tx *Tx) Changes() ([]Item, error) {
	if len(tx.want) > 0 {
		return nil, fmt.Errorf("storage: items %v were not read", tx.want)
	}
	if tx.err != nil {
		return nil, tx.err
	}
	return tx.out, nil
}

// Discard drops all changes, as if nothing but reads had happened.
func (tx *Tx) Discard() { tx.changed, tx.out = make(map[Key]int), nil }

// item returns the item under k as tx would leave it.
func (tx *Tx) item(k Key) (Item, error) {
	it, ok := tx.read[k]
	if i, changed := tx.changed[k]; changed {
		it, ok = tx.out[i], true
	}
	if !ok {
		return Item{}, fmt.Errorf("storage: item %v was not read", k)
	}
	return it, nil
}

func (tx *Tx) put(k Key, version int64, v Record) {
	value, err := json.Marshal(v)
	if err != nil {
		tx.fail(fmt.Errorf("storage: item %v: %w", k, err))
		return
	}
	it := Item{Key: k, Version: version, Value: value}
	it.Kind, it.Schema = v.Kind()
	if e, ok := v.(Expiring); ok {
		it.Expires = e.ExpiresAt()
	}
	tx.change(it)
}

// change replaces an earlier change of the same item, but keeps the version that
// one was to find: in the table nothing has happened in between.
func (tx *Tx) change(it Item) {
	if i, ok := tx.changed[it.Key]; ok {
		if earlier := tx.out[i].Version; earlier != Any {
			it.Version = earlier
		}
		tx.out[i] = it
		return
	}
	tx.changed[it.Key] = len(tx.out)
	tx.out = append(tx.out, it)
}

// tries is how often an Update is tried.
const tries = 40

// Update reads keys, lets decide change them, and writes what it changed,
// again from the start as long as somebody else was faster: until ctx ends, or
// 40 times. decide may run several times and must do nothing but decide; its
// error ends the update and is returned as it is, with nothing written. If it Wants
// more keys, they are read, too, and what it decided without them is nothing.
func Update(ctx context.Context, db DB, keys []Key, decide func(*Tx) error) error {
	for try := 1; ; try++ {
		tx, err := Begin(ctx, db, keys...)
		if err != nil {
			return err
		}
		err = decide(tx)
		if len(tx.want) > 0 && try < tries {
			keys = slices.Concat(keys, tx.want)
			continue
		}
		if err != nil {
			return err
		}
		items, err := tx.Changes()
		if err != nil || len(items) == 0 {
			return err
		}
		err = db.Put(ctx, items...)
		if !errors.Is(err, ErrConflict) || try == tries {
			return err
		}
		if err := Pause(ctx, try); err != nil {
			return err
		}
	}
}

// Pause waits before try number n+1 of a write that conflicted: a random time
// ("full jitter") of at most 5 ms doubled n times, 200 ms at the most.
func Pause(ctx context.Context, n int) error {
	most := min(5*time.Millisecond<<min(n, 6), 200*time.Millisecond)
	t := time.NewTimer(rand.N(most))
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}
