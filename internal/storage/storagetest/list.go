package storagetest

import (
	"slices"
	"strings"

	"github.com/entente-bot/entente/internal/storage"
)

// pages lists all of q, and checks that every page is full but the last.
func (b *bench) pages(q storage.Query) []string {
	b.Helper()
	var all []string
	for range 1000 {
		page := b.list(q)
		all = append(all, sorts(page.Items)...)
		if len(page.Items) > q.Limit || len(page.Items) < q.Limit && page.Cursor != "" {
			b.Errorf("a page of %d has %d items and the cursor %q", q.Limit, len(page.Items), page.Cursor)
		}
		if q.Cursor = page.Cursor; q.Cursor == "" {
			return all
		}
	}
	b.Fatalf("List %+v does not end", q)
	return nil
}

// selected is what q means, the plain way.
func selected(q storage.Query, all []string) []string {
	got := slices.DeleteFunc(slices.Sorted(slices.Values(all)), func(s string) bool {
		return !strings.HasPrefix(s, q.Prefix) || s < q.From || q.Before != "" && s >= q.Before
	})
	if q.Descending {
		slices.Reverse(got)
	}
	return got
}

// awkward are sort keys that go wrong where order is not that of the bytes,
// or where a prefix has no plain successor.
func awkward() []string {
	return []string{
		"A", "a", "a#", "a#1", "a#10", "a#2", "a#\x00", "a#\x7f", "a#\u0080", "a$", "ab",
		"z", "é", "é1", "\uD7FF", "\uD7FFx", "\uE000", "\uFFFD", "𝄞", "\U0010FFFF", "\U0010FFFFx", "\U0010FFFF\U0010FFFF",
	}
}

func lists() []test {
	return []test{
		{"list by prefix, range and both, in both directions", listCombinations},
		{"a page at a time", func(b *bench) {
			for _, s := range letters(7) {
				b.put(item(record("p", s), 0, `{}`))
			}
			for limit := 1; limit <= 8; limit++ {
				for _, descending := range []bool{false, true} {
					q := storage.Query{Table: storage.Records, Part: "p", Limit: limit, Descending: descending}
					if got, want := b.pages(q), selected(q, letters(7)); !slices.Equal(got, want) {
						b.Errorf("limit %d, descending %v: %q", limit, descending, got)
					}
				}
			}
		}},
		{"a hundred by default", func(b *bench) {
			var items []storage.Item
			for i := range 100 {
				items = append(items, item(record("p", string(rune(0x100+i))), 0, `{}`))
			}
			b.put(items...)
			q := storage.Query{Table: storage.Records, Part: "p"}
			if page := b.list(q); len(page.Items) != 100 || page.Cursor != "" {
				b.Errorf("of 100: %d items, cursor %q", len(page.Items), page.Cursor)
			}
			b.put(item(record("p", "last"+string(rune(0x1000))), 0, `{}`))
			if page := b.list(q); len(page.Items) != 100 || page.Cursor == "" {
				b.Errorf("of 101: %d items, cursor %q", len(page.Items), page.Cursor)
			}
			q.Limit = storage.MaxLimit
			if page := b.list(q); len(page.Items) != 101 || page.Cursor != "" {
				b.Errorf("at the maximum: %d items, cursor %q", len(page.Items), page.Cursor)
			}
		}},
		{"a cursor stands when its item goes", func(b *bench) {
			for _, s := range letters(4) {
				b.put(item(record("p", s), 0, `{}`))
			}
			q := storage.Query{Table: storage.Records, Part: "p", Limit: 2}
			q.Cursor = b.list(q).Cursor
			b.put(deletion(record("p", "b"), storage.Any), item(record("p", "bb"), 0, `{}`))
			if got, want := b.pages(q), []string{"bb", "c", "d"}; !slices.Equal(got, want) {
				b.Errorf("goes on with %q, want %q", got, want)
			}
		}},
		{"a cursor from elsewhere does no harm", func(b *bench) {
			for _, s := range letters(9) {
				b.put(item(record("p", s), 0, `{}`))
			}
			q := storage.Query{Table: storage.Records, Part: "p", From: "c", Before: "g", Limit: 9}
			for _, cursor := range []string{"", "a", "c", "cc", "e", "g", "z", "\x00", "{}", "\xff", strings.Repeat("z", 2000)} {
				for _, descending := range []bool{false, true} {
					q.Cursor, q.Descending = cursor, descending
					page, err := b.db.List(b.Context(), q)
					for _, s := range sorts(page.Items) {
						if s < "c" || s >= "g" {
							b.Errorf("cursor %q, descending %v: %q is beyond the query", cursor, descending, s)
						}
					}
					if malformed := cursor == "\xff" || len(cursor) == 2000; malformed != (err != nil) {
						b.Errorf("cursor %q: error %v", cursor, err)
					}
				}
			}
		}},
		{"a range of nothing", func(b *bench) {
			b.put(item(record("p", "m"), 0, `{}`))
			for _, q := range []storage.Query{
				{Part: "none"}, {Part: "p", Prefix: "n"}, {Part: "p", From: "n"}, {Part: "p", Before: "m"},
				{Part: "p", From: "z", Before: "a"}, {Part: "p", From: "m", Before: "m"},
				{Part: "p", Prefix: "m", From: "n"}, {Part: "p", Prefix: "m", Before: "l"},
			} {
				q.Table = storage.Records
				if page := b.list(q); len(page.Items) != 0 || page.Cursor != "" {
					b.Errorf("%+v lists %q", q, sorts(page.Items))
				}
			}
		}},
	}
}

func listCombinations(b *bench) {
	var items []storage.Item
	for _, s := range awkward() {
		items = append(items, item(record("p", s), 0, `{}`), item(action("p", "not "+s), 0, `{}`), item(record("p2", s+"?"), 0, `{}`))
	}
	b.put(items...)
	bounds := []string{"", "a", "a#", "a#1", "a#\x7f", "b", "é", "\uD7FF", "\uFFFD", "\U0010FFFF"}
	for i, prefix := range bounds {
		for j, from := range bounds {
			for _, before := range []string{"", bounds[(3*i+j)%len(bounds)]} {
				q := storage.Query{Table: storage.Records, Part: "p", Prefix: prefix, From: from, Before: before, Descending: (i+j)%2 == 1, Limit: 5 + i}
				if got, want := b.pages(q), selected(q, awkward()); !slices.Equal(got, want) {
					b.Errorf("%+v lists %q, want %q", q, got, want)
				}
			}
		}
	}
}
