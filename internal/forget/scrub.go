package forget

import (
	"bytes"
	"encoding/json"
	"strings"

	"github.com/entente-bot/entente/internal/partnership"
)

// Names reports whether a key or a value has the ID of a user in it.
func Names(s, user string) bool { return strings.Contains(s, user) && without(s, user) != s }

// Scrub returns a record's value with [partnership.Nobody] wherever it has the ID
// of a user, and whether it had it. What cannot be read is left as it is.
func Scrub(value json.RawMessage, user string) (json.RawMessage, bool) {
	if !Names(string(value), user) {
		return value, false
	}
	var v any
	d := json.NewDecoder(bytes.NewReader(value))
	d.UseNumber() // not all numbers fit a float
	if err := d.Decode(&v); err != nil {
		return value, false
	}
	b, err := json.Marshal(scrubbed(v, user))
	if err != nil || bytes.Equal(b, value) {
		return value, false
	}
	return b, true
}

// scrubbed is v without the ID of a user, in fields and their names.
func scrubbed(v any, user string) any {
	switch v := v.(type) {
	case string:
		return without(v, user)
	case []any:
		for i := range v {
			v[i] = scrubbed(v[i], user)
		}
	case map[string]any:
		fields := make(map[string]any, len(v))
		for name, field := range v {
			fields[without(name, user)] = scrubbed(field, user)
		}
		return fields
	}
	return v
}

// without is s with Nobody in the place of an ID: not where it is only a part of a
// longer number, which is another ID.
func without(s, user string) string {
	var b strings.Builder
	for {
		before, after, found := strings.Cut(s, user)
		if !found {
			return b.String() + s
		}
		b.WriteString(before)
		if digit(last(before)) || digit(first(after)) {
			b.WriteString(user)
		} else {
			b.WriteString(partnership.Nobody)
		}
		s = after
	}
}

func first(s string) string { return s[:min(len(s), 1)] }
func last(s string) string  { return s[max(0, len(s)-1):] }

func digit(s string) bool { return s != "" && s >= "0" && s <= "9" }
