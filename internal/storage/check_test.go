package storage_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/entente-bot/entente/internal/storage"
)

func TestNumbersThatFit(t *testing.T) {
	t.Parallel()
	fits := func(n string, want bool) {
		t.Helper()
		it := storage.Item{Key: storage.Key{Table: storage.Records, Part: "p", Sort: "s"}, Value: []byte(`{"n":` + n + `}`)}
		if err := storage.CheckPut([]storage.Item{it}); (err == nil) != want {
			t.Errorf("%s: %v", n, err)
		}
	}
	nines := strings.Repeat("9", 38)
	for _, n := range []string{"0", "-0", "0e99", "0.000", "1", "-1.50", "9223372036854775807", nines, "-" + nines,
		nines + "000", "0.00" + nines, "1e125", "9.99E+125", "1e-130", "123e-130", "1" + strings.Repeat("0", 125)} {
		fits(n, true)
	}
	for _, n := range []string{"0e100", "1e126", "1e-131", "1.5e-130", nines + "9", nines + "09", "0.1" + nines,
		"1" + strings.Repeat("0", 126), "1e999999999999999999999", "1e-999999999999999999999", "01", "+1", ".5", "NaN", "0x1"} {
		fits(n, false)
	}
}

func TestTooLarge(t *testing.T) {
	t.Parallel()
	sized := func(n int) storage.Item {
		return storage.Item{
			Key:   storage.Key{Table: storage.Records, Part: "p", Sort: "s"},
			Value: []byte(`{"v":"` + strings.Repeat("x", n) + `"}`),
		}
	}
	// What stands around the text comes to less than 100 bytes.
	if err := storage.CheckPut([]storage.Item{sized(storage.MaxValue - 100)}); err != nil {
		t.Errorf("just below the limit: %v", err)
	}
	if err := storage.CheckPut([]storage.Item{sized(storage.MaxValue - 8)}); !errors.Is(err, storage.ErrTooLarge) {
		t.Errorf("just above the limit: %v", err)
	}
}

func TestSpan(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name        string
		q           storage.Query
		has, hasNot []string
	}{
		{"all", storage.Query{}, []string{"\x00", "a", "\U0010FFFF"}, nil},
		{"prefix", storage.Query{Prefix: "a#"}, []string{"a#", "a#\U0010FFFF"}, []string{"a", "a\"", "a$", "b"}},
		{"prefix before the surrogates", storage.Query{Prefix: "\uD7FF"}, []string{"\uD7FF", "\uD7FFz"}, []string{"\uD7FE", "\uE000"}},
		{"prefix at the end of all runes", storage.Query{Prefix: "a\U0010FFFF"}, []string{"a\U0010FFFF", "a\U0010FFFFz"}, []string{"a", "b"}},
		{"prefix without a successor", storage.Query{Prefix: "\U0010FFFF"}, []string{"\U0010FFFF", "\U0010FFFFz"}, []string{"z"}},
		{"range", storage.Query{From: "b", Before: "d"}, []string{"b", "c", "cz"}, []string{"a", "az", "d"}},
		{"prefix cuts range", storage.Query{Prefix: "b", From: "a", Before: "z"}, []string{"b", "bz"}, []string{"a", "c"}},
		{"range cuts prefix", storage.Query{Prefix: "b", From: "bb", Before: "bd"}, []string{"bb", "bc"}, []string{"b", "ba", "bd"}},
		{"cursor", storage.Query{Prefix: "b", Cursor: "bb"}, []string{"bb\x00", "bc"}, []string{"ba", "bb", "c"}},
		{"cursor, descending", storage.Query{Prefix: "b", Cursor: "bb", Descending: true}, []string{"b", "ba"}, []string{"a", "bb", "bc"}},
		{"cursor before all", storage.Query{From: "b", Cursor: "a"}, []string{"b"}, []string{"a", "aa"}},
		{"cursor behind all", storage.Query{Before: "b", Cursor: "z", Descending: true}, []string{"a"}, []string{"b", "z"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tt.q.Table, tt.q.Part = storage.Records, "p"
			span, err := tt.q.Span()
			if err != nil || span.Empty() != (len(tt.has) == 0) {
				t.Fatalf("Span = %+v, %v", span, err)
			}
			for _, s := range slices.Concat(tt.has, tt.hasNot) {
				if span.Has(s) != slices.Contains(tt.has, s) {
					t.Errorf("%+v: Has(%q) = %v", span, s, span.Has(s))
				}
			}
		})
	}
}
