package storage

import (
	"cmp"
	"fmt"
	"unicode/utf8"
)

// MaxLimit is the longest page of a [Query].
const MaxLimit = 1000

// A Span is the range of Sort that is left of a [Query] after its Cursor:
// from Low, or right after it, until before High. Adapters use it.
type Span struct {
	Low   string
	After bool   // Low itself is not in the span
	High  string // "" means to the last
}

// Span returns what q selects from its Cursor on, or what is wrong with q.
func (q Query) Span() (Span, error) {
	if err := checkKey(Key{Table: q.Table, Part: q.Part, Sort: "-"}); err != nil {
		return Span{}, err
	}
	if q.Limit < 0 || q.Limit > MaxLimit {
		return Span{}, fmt.Errorf("storage: list with a limit of %d, but 1 to %d are allowed", q.Limit, MaxLimit)
	}
	for _, s := range []string{q.Prefix, q.From, q.Before, q.Cursor} {
		if len(s) > maxKey || !utf8.ValidString(s) {
			return Span{}, fmt.Errorf("storage: list from %q: a bound must be at most %d bytes of UTF-8", q.Part, maxKey)
		}
	}
	s := Span{Low: max(q.Prefix, q.From), High: earlier(q.Before, following(q.Prefix))}
	if q.Cursor != "" && q.Descending {
		s.High = earlier(s.High, q.Cursor)
	} else if q.Cursor != "" && q.Cursor >= s.Low {
		s.Low, s.After = q.Cursor, true
	}
	return s, nil
}

// Empty reports whether nothing can be in s.
func (s Span) Empty() bool { return s.High != "" && s.Low >= s.High }

// Has reports whether sort is in s.
func (s Span) Has(sort string) bool {
	return (s.Low < sort || s.Low == sort && !s.After) && (s.High == "" || sort < s.High)
}

// PageOf makes a page of the items q selects from its Cursor on, in order. The
// adapter collects one more than [Query.Length], if there are so many: so a
// page knows whether it is the last.
func (q Query) PageOf(items []Item) Page {
	n := q.Length()
	if len(items) <= n {
		return Page{Items: items}
	}
	return Page{Items: items[:n], Cursor: items[n-1].Key.Sort}
}

// Length is how many items a full page of q has.
func (q Query) Length() int { return cmp.Or(q.Limit, DefaultLimit) }

// earlier returns the lesser of two bounds of which "" means none.
func earlier(a, b string) string {
	if a == "" || b != "" && b < a {
		return b
	}
	return a
}

// following returns the least string after all that begin with prefix, "" if
// there is none. It is again UTF-8, as DynamoDB wants it, whose byte order is
// that of the code points.
func following(prefix string) string {
	for prefix != "" {
		r, n := utf8.DecodeLastRuneInString(prefix)
		prefix = prefix[:len(prefix)-n]
		switch r {
		case utf8.MaxRune:
			continue // no greater one: the rune before must rise
		case 0xD7FF:
			return prefix + "\uE000" // the surrogates in between are not UTF-8
		}
		return prefix + string(r+1)
	}
	return ""
}
