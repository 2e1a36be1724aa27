package fakediscord

import (
	"strconv"
	"time"
)

// epoch is the first millisecond of 2015, where snowflakes start.
const epoch = 1420070400000

// snowflakes makes IDs that carry a time, as Discord's do. The zero value is ready.
type snowflakes struct {
	last    uint64
	counter uint64
}

// next returns an ID for something made at t. IDs made for rising times rise;
// so do IDs made for the same time.
func (s *snowflakes) next(t time.Time) string {
	id := stampOf(t)
	if id <= s.last {
		id = s.last + 1
	}
	s.last = id
	return strconv.FormatUint(id, 10)
}

// at returns a unique ID whose time is exactly t (in milliseconds), whatever came before.
func (s *snowflakes) at(t time.Time) string {
	s.counter++
	// The upper half of the low bits, where next does not reach.
	return strconv.FormatUint(stampOf(t)|1<<21|s.counter&(1<<21-1), 10)
}

func stampOf(t time.Time) uint64 {
	ms := t.UnixMilli() - epoch
	if ms < 0 {
		ms = 0
	}
	return uint64(ms) << 22
}

// CreatedAt returns the time an ID carries; the zero time if it is no snowflake.
func CreatedAt(id string) time.Time {
	n, err := strconv.ParseUint(id, 10, 64)
	if err != nil {
		return time.Time{}
	}
	return time.UnixMilli(int64(n>>22) + epoch).UTC()
}

// older reports whether snowflake a was made before b.
func older(a, b string) bool { return compareIDs(a, b) < 0 }

// compareIDs orders snowflakes. They are decimal numbers without leading zeros.
func compareIDs(a, b string) int {
	switch {
	case len(a) != len(b):
		return len(a) - len(b)
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}
