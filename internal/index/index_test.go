package index_test

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/index"
)

func noon() time.Time { return time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC) }

// message is the ID of a message of that age at noon.
func message(age time.Duration) string {
	return strconv.FormatInt((noon().Add(-age).UnixMilli()-1420070400000)<<22, 10)
}

func TestPlan(t *testing.T) {
	t.Parallel()
	page := func(minutes, turn int, changed bool) index.Page {
		return index.Page{Message: message(time.Duration(minutes) * time.Minute), Turn: turn, Changed: changed}
	}
	gone := index.Page{}
	tests := []struct {
		name  string
		turns []int
		pages []index.Page
		want  []int
	}{
		{"the first pages", nil, []index.Page{gone, gone}, []int{0, 0}},
		{"nothing changed", []int{0, 3}, []index.Page{page(600, 0, false), page(599, 3, false)}, []int{0, 3}},
		{"a young page is edited", []int{0, 0}, []index.Page{page(49, 0, true), page(48, 0, false)}, []int{0, 0}},
		{"an old page is published anew, with those after it", []int{0, 0, 0},
			[]index.Page{page(600, 0, false), page(599, 0, true), page(598, 0, false)}, []int{0, 1, 1}},
		{"after a crash between two pages", []int{0, 1, 1},
			[]index.Page{page(600, 0, false), page(1, 1, false), page(598, 0, true)}, []int{0, 1, 1}},
		{"a new page at the end", []int{2}, []index.Page{page(600, 2, false), gone}, []int{2, 0}},
		{"one there was once", []int{2, 5}, []index.Page{page(600, 2, false), gone}, []int{2, 5}},
		{"a page was deleted", []int{0, 0, 0}, []index.Page{page(60, 0, false), gone, page(58, 0, false)}, []int{0, 0, 1}},
		{"a page was put back after a later one", []int{0, 0, 0},
			[]index.Page{page(600, 0, false), page(1, 0, false), page(598, 0, false)}, []int{0, 0, 1}},
		{"fewer pages", []int{0, 4}, []index.Page{page(600, 0, false)}, []int{0, 4}},
		{"all of them elsewhere", []int{0, 0}, []index.Page{gone, gone}, []int{0, 0}},
	}
	for _, tt := range tests {
		before := slices.Clone(tt.turns)
		x := index.Index{Turns: tt.turns}
		got := x.Plan(tt.pages, noon())
		if !slices.Equal(got.Turns, tt.want) {
			t.Errorf("%s: turns %v, want %v", tt.name, got.Turns, tt.want)
		}
		if !slices.Equal(tt.turns, before) {
			t.Errorf("%s: it changed its input", tt.name)
		}
		if again := got.Plan(tt.pages, noon()); !slices.Equal(again.Turns, got.Turns) {
			t.Errorf("%s: planned again, the turns are %v, before they were %v", tt.name, again.Turns, got.Turns)
		}
	}
}

func TestGathers(t *testing.T) {
	t.Parallel()
	x := index.Index{}.Gathers(noon())
	if want := noon().Add(index.Gather); !x.Due.Equal(want) {
		t.Errorf("due at %v, want %v", x.Due, want)
	}
	if later := x.Gathers(noon().Add(time.Minute)); later.Due != x.Due {
		t.Errorf("another change puts it off to %v", later.Due)
	}
	if done := x.Done(noon()); !done.Due.IsZero() || done.Shown != noon() {
		t.Errorf("done: %+v", done)
	}
}

func TestArrange(t *testing.T) {
	t.Parallel()
	entry := func(partner, name, category string) index.Entry {
		return index.Entry{Partner: partner, Name: name, Category: category}
	}
	list := []index.Entry{
		entry("1", "beacon", "Music"), entry("2", "Zoo", "Old times"), entry("3", "Anchor", "Music"),
		entry("5", "Same", "Gaming"), entry("4", "Same", "Gaming"), entry("6", "Yard", "Ancient"), entry("7", "Cove", "Music"),
	}
	want := "Gaming: 4 5, Music: 3 1 7, Ancient: 6, Old times: 2, "
	for range 3 {
		var got string
		for _, g := range index.Arrange(list, []string{"Gaming", "Music"}) {
			got += g.Category + ":"
			for _, e := range g.Entries {
				got += " " + e.Partner
			}
			got += ", "
		}
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
		slices.Reverse(list)
	}
	if got := index.Arrange(nil, nil); got != nil {
		t.Errorf("of nothing: %v", got)
	}
}

func TestKeys(t *testing.T) {
	t.Parallel()
	for n := range 12 {
		if got, want := index.PageKey("1", n).Sort, fmt.Sprint("index#", n); got != want {
			t.Errorf("page %d is kept under %s", n, got)
		}
	}
	if reflect.DeepEqual(index.Key("1"), index.PageKey("1", 0)) {
		t.Error("the index is kept where its first page is")
	}
}
