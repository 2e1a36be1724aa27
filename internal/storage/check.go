package storage

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"
)

const (
	maxKey   = 1024 // bytes in Part, and in Sort: DynamoDB's limit for a sort key
	maxKind  = 255
	maxDepth = 30 // DynamoDB allows 32 levels, of which Value itself takes one
)

// CheckGet reports what is wrong with the arguments of a Get. Adapters call it
// first, so that they all refuse the same.
func CheckGet(keys []Key) error {
	if len(keys) > MaxGet {
		return fmt.Errorf("storage: get of %d keys, but at most %d go together", len(keys), MaxGet)
	}
	return checkKeys(len(keys), func(i int) Key { return keys[i] })
}

// CheckPut reports what is wrong with the arguments of a Put: [ErrTooLarge], or
// a mistake of the caller. Adapters call it first, so that they all refuse the same.
func CheckPut(items []Item) error {
	if len(items) > MaxPut {
		return fmt.Errorf("%w: %d items, but at most %d are written together", ErrTooLarge, len(items), MaxPut)
	}
	if err := checkKeys(len(items), func(i int) Key { return items[i].Key }); err != nil {
		return err
	}
	total := 0
	for _, it := range items {
		n, err := size(it)
		if err != nil {
			return fmt.Errorf("storage: item %v: %w", it.Key, err)
		}
		if n > MaxValue {
			return fmt.Errorf("%w: item %v has %d bytes, but %d are the limit", ErrTooLarge, it.Key, n, MaxValue)
		}
		total += n
	}
	if total > MaxTotal {
		return fmt.Errorf("%w: %d items have %d bytes together, but %d are the limit", ErrTooLarge, len(items), total, MaxTotal)
	}
	return nil
}

func checkKeys(n int, at func(int) Key) error {
	seen := make(map[Key]bool, n)
	for i := range n {
		k := at(i)
		if err := checkKey(k); err != nil {
			return err
		}
		if seen[k] {
			return fmt.Errorf("storage: key %v is named twice", k)
		}
		seen[k] = true
	}
	return nil
}

func checkKey(k Key) error {
	if k.Table != Records && k.Table != Actions {
		return fmt.Errorf("storage: key %v: no such table", k)
	}
	for _, s := range []string{k.Part, k.Sort} {
		if s == "" || len(s) > maxKey || !utf8.ValidString(s) {
			return fmt.Errorf("storage: key %q %q: each half must be 1 to %d bytes of UTF-8", k.Part, k.Sort, maxKey)
		}
	}
	return nil
}

// size returns how large DynamoDB takes it to be, or a little more, and checks
// that it can be kept at all. A deletion has the size of its key.
func size(it Item) (int, error) {
	if it.Version < Any {
		return 0, fmt.Errorf("there is no version %d", it.Version)
	}
	if len(it.Kind) > maxKind || !utf8.ValidString(it.Kind) || it.Schema < 0 || it.Schema > 1<<30 {
		return 0, fmt.Errorf("kind %q schema %d cannot be kept", it.Kind, it.Schema)
	}
	// The names and the numbers of the attributes around Value come to less than 64.
	n := 64 + len(it.Key.Part) + len(it.Key.Sort) + len(it.Kind)
	if it.Value == nil {
		return n, nil
	}
	if !utf8.Valid(it.Value) {
		return 0, errors.New("the value is not UTF-8")
	}
	var object map[string]any
	d := json.NewDecoder(bytes.NewReader(it.Value))
	d.UseNumber()
	if err := d.Decode(&object); err != nil {
		return 0, fmt.Errorf("the value is not a JSON object: %w", err)
	}
	if _, err := d.Token(); object == nil || !errors.Is(err, io.EOF) {
		return 0, errors.New("the value is not one JSON object")
	}
	v, err := valueSize(object, 1)
	return n + v, err
}

// valueSize goes by DynamoDB's published arithmetic; numbers are rounded up.
func valueSize(v any, depth int) (int, error) {
	if depth > maxDepth {
		return 0, fmt.Errorf("the value is more than %d levels deep", maxDepth)
	}
	switch v := v.(type) {
	case string:
		return len(v), nil
	case json.Number:
		if !numberFits(v.String()) {
			return 0, errors.New("the value has a number beyond 38 digits or between 0 and 1e-130 or from 1e126")
		}
		return min(len(v)/2+2, 21), nil
	case []any:
		n := 3
		for _, e := range v {
			size, err := valueSize(e, depth+1)
			if err != nil {
				return 0, err
			}
			n += 1 + size
		}
		return n, nil
	case map[string]any:
		n := 3
		for name, e := range v {
			size, err := valueSize(e, depth+1)
			if err != nil {
				return 0, err
			}
			if name == "" {
				return 0, errors.New("the value has a field without a name")
			}
			n += 1 + len(name) + size
		}
		return n, nil
	}
	return 1, nil // true, false, null
}

// numberFits reports whether DynamoDB keeps the JSON number n exactly.
func numberFits(n string) bool {
	mantissa, power, scientific := strings.Cut(strings.ToLower(n), "e")
	exponent := 0
	if scientific {
		var err error
		if exponent, err = strconv.Atoi(power); err != nil {
			return false
		}
	}
	whole, fraction, _ := strings.Cut(strings.TrimPrefix(mantissa, "-"), ".")
	exponent -= len(fraction)
	digits := strings.TrimLeft(whole+fraction, "0")
	significant := strings.TrimRight(digits, "0")
	exponent += len(digits) - len(significant) // now n = significant × 10^exponent
	if significant == "" {
		return -100 < exponent && exponent < 100
	}
	return len(significant) <= 38 && exponent >= -130 && len(significant)+exponent <= 126
}
