// Package storagetest holds every adapter of package storage to the promises of
// [storage.DB]: [Run] plays them one by one, [Agree] plays random histories.
package storagetest

import (
	"bytes"
	"encoding/json"
	"errors"
	"math/big"
	"reflect"
	"sync/atomic"
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/storage"
)

// Run tests the DB that open opens: a new one, with nothing in it, for every
// call, in which now decides what has expired. Several are open at once.
func Run(t *testing.T, open func(t *testing.T, now func() time.Time) storage.DB) {
	for _, group := range [][]test{versions(), expiry(), lists(), values(), limits(), transactions(), contention()} {
		for _, tt := range group {
			t.Run(tt.name, func(t *testing.T) {
				t.Parallel()
				clock := NewClock()
				tt.run(&bench{T: t, db: open(t, clock.Now), clock: clock})
			})
		}
	}
}

type test struct {
	name string
	run  func(b *bench)
}

// A Clock is a time that only moves when told. It may be used from any number
// of goroutines.
type Clock struct{ passed atomic.Int64 }

// NewClock returns a clock that stands at the beginning of the year 2100: in the
// future, so that DynamoDB's TTL, which goes by the real time, does not interfere.
func NewClock() *Clock { return new(Clock) }

// Now returns what the clock shows.
func (c *Clock) Now() time.Time {
	return time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(c.passed.Load()))
}

// Advance moves the clock forward.
func (c *Clock) Advance(by time.Duration) { c.passed.Add(int64(by)) }

// A bench is a test with its DB.
type bench struct {
	*testing.T
	db    storage.DB
	clock *Clock
}

func record(part, sort string) storage.Key {
	return storage.Key{Table: storage.Records, Part: part, Sort: sort}
}

func action(part, sort string) storage.Key {
	return storage.Key{Table: storage.Actions, Part: part, Sort: sort}
}

// item returns an item to be written over version.
func item(k storage.Key, version int64, value string) storage.Item {
	return storage.Item{Key: k, Version: version, Kind: "thing", Schema: 1, Value: json.RawMessage(value)}
}

func deletion(k storage.Key, version int64) storage.Item {
	return storage.Item{Key: k, Version: version}
}

func (b *bench) put(items ...storage.Item) {
	b.Helper()
	if err := b.db.Put(b.Context(), items...); err != nil {
		b.Fatalf("Put: %v", err)
	}
}

// fails puts items that must be refused with want.
func (b *bench) fails(want error, items ...storage.Item) {
	b.Helper()
	if err := b.db.Put(b.Context(), items...); !errors.Is(err, want) {
		b.Fatalf("Put = %v, want %v", err, want)
	}
}

func (b *bench) get(k storage.Key) storage.Item {
	b.Helper()
	items, err := b.db.Get(b.Context(), k)
	if err != nil {
		b.Fatalf("Get %v: %v", k, err)
	}
	return items[0]
}

// holds checks the value under each key; "" means that there is no item.
func (b *bench) holds(want map[storage.Key]string) {
	b.Helper()
	for k, value := range want {
		switch got := b.get(k); {
		case value == "" && (got.Value != nil || got.Version != 0):
			b.Errorf("%v holds %s, version %d; want nothing", k, got.Value, got.Version)
		case value != "" && !equal(got.Value, json.RawMessage(value)):
			b.Errorf("%v holds %s, want %s", k, got.Value, value)
		}
	}
}

func (b *bench) list(q storage.Query) storage.Page {
	b.Helper()
	page, err := b.db.List(b.Context(), q)
	if err != nil {
		b.Fatalf("List %+v: %v", q, err)
	}
	return page
}

func sorts(items []storage.Item) []string {
	s := make([]string, len(items))
	for i, it := range items {
		s[i] = it.Key.Sort
	}
	return s
}

// equal reports whether two JSON values are the same, numbers by what they are
// worth: DynamoDB writes 1.0 as 1.
func equal(a, b json.RawMessage) bool {
	va, errA := parse(a)
	vb, errB := parse(b)
	return errA == nil && errB == nil && reflect.DeepEqual(va, vb)
}

func parse(b json.RawMessage) (v any, err error) {
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	err = d.Decode(&v)
	return exact(v), err
}

// exact writes the numbers in v as fractions.
func exact(v any) any {
	switch v := v.(type) {
	case json.Number:
		if r, ok := new(big.Rat).SetString(v.String()); ok {
			return r.RatString()
		}
	case []any:
		for i := range v {
			v[i] = exact(v[i])
		}
	case map[string]any:
		for name := range v {
			v[name] = exact(v[name])
		}
	}
	return v
}
