package view_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/entente-bot/entente/internal/index"
	"github.com/entente-bot/entente/internal/view"
)

func TestIndex(t *testing.T) {
	t.Parallel()
	s := newShow(t)
	var list []index.Entry
	for i, name := range []string{"The *Lighthouse*", "Be[a]con](https://evil.example)", "https://evil.example", "Cove"} {
		list = append(list, index.Entry{
			Partner: fmt.Sprint(i), Name: name, Category: []string{"Art & design", "Gaming"}[i/3], Link: view.Link("1", "2", fmt.Sprint(i)),
		})
	}
	var shown []string
	for _, groups := range [][]index.Group{nil, index.Arrange(list, nil)} {
		for _, m := range view.Index(s.Speaker, groups) {
			shown = append(shown, s.shown(t, m))
		}
	}
	golden(t, "index", lines(shown...))
}

// TestLongestIndex shows as many partners as a guild can have, with names as long
// as they can be, in one category, in many, and in one each: all of them, in order.
func TestLongestIndex(t *testing.T) {
	t.Parallel()
	shows := newShows(t)
	for name, part := range fillers() {
		for locale, s := range shows {
			for _, categories := range []int{1, 25, 100} {
				t.Run(fmt.Sprint(locale, "/", name, "/", categories), func(t *testing.T) {
					t.Parallel()
					longestIndex(t, s, part, categories)
				})
			}
		}
	}
}

func longestIndex(t *testing.T, s show, part string, categories int) {
	server, ad := full(part)
	var list []index.Entry
	for i := range 100 {
		list = append(list, index.Entry{
			Partner: fmt.Sprintf("%020d", i), Name: server.Name, Category: fmt.Sprintf("%02d", i%categories) + ad.Category,
			Link: view.Link(longest, longest, fmt.Sprintf("%020d", i)),
		})
	}
	groups := index.Arrange(list, nil)
	var all string
	pages := view.Index(s.Speaker, groups)
	for _, m := range pages {
		all += s.shown(t, m)
	}
	if len(pages) > 12 {
		t.Errorf("%d pages", len(pages))
	}
	from := 0
	for _, g := range groups {
		for _, e := range g.Entries {
			at := strings.Index(all[from:], e.Link)
			if at < 0 {
				t.Fatalf("%s is missing, or out of order", e.Link)
			}
			from += at
		}
	}
}

// hundred is partners who fill several pages.
func hundred() []index.Group {
	g := index.Group{Category: "Gaming"}
	for i := range 100 {
		g.Entries = append(g.Entries, index.Entry{Name: fmt.Sprint("Server ", i), Link: view.Link(longest, longest, longest)})
	}
	return []index.Group{g}
}
