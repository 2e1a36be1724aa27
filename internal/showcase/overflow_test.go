package showcase_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/entente-bot/entente/internal/showcase"
)

// TestPlan: a forum's tags follow the categories of the guild.
func TestPlan(t *testing.T) {
	t.Parallel()
	tags := func(names ...string) (list []showcase.Tag) {
		for i, n := range names {
			list = append(list, showcase.Tag{ID: fmt.Sprint(i + 1), Name: n})
		}
		return list
	}
	many := func(n int) (list []string) {
		for i := range n {
			list = append(list, fmt.Sprint("t", i))
		}
		return list
	}
	tests := []struct {
		name         string
		there        []showcase.Tag
		mine, topics []string
		want, ours   []string
	}{
		{"a new forum", nil, nil, []string{"A", "B"}, []string{"A", "B"}, []string{"A", "B"}},
		{"in line", tags("A", "B"), []string{"A", "B"}, []string{"A", "B"}, []string{"A", "B"}, []string{"A", "B"}},
		{"people's own stays", tags("News"), nil, []string{"A"}, []string{"News", "A"}, []string{"A"}},
		{"people's own is used", tags("a"), nil, []string{"A"}, []string{"a"}, nil},
		{"a category less", tags("A", "B", "News"), []string{"A", "B"}, []string{"A"}, []string{"A", "News"}, []string{"A"}},
		{"too many", nil, nil, many(25), append(many(19), "Other"), append(many(19), "Other")},
		{"just as many as fit", nil, nil, many(20), many(20), many(20)},
		{"little room", tags(many(18)...), nil, []string{"A", "B", "C"}, append(many(18), "A", "Other"), []string{"A", "Other"}},
		{"no room", tags(many(20)...), nil, []string{"A"}, many(20), nil},
	}
	for _, tt := range tests {
		got, ours := showcase.Plan(tt.there, tt.mine, tt.topics)
		var names []string
		for _, g := range got {
			names = append(names, g.Name)
		}
		if !slices.Equal(names, tt.want) || !slices.Equal(ours, tt.ours) {
			t.Errorf("%s: %v, ours %v; want %v, ours %v", tt.name, names, ours, tt.want, tt.ours)
		}
	}
}

func TestTagOf(t *testing.T) {
	t.Parallel()
	o := showcase.Overflow{Tags: []showcase.Tag{{ID: "1", Name: "Gaming"}, {ID: "2", Name: "Other"}}}
	for category, want := range map[string]string{"gaming": "1", "Music": "2"} {
		if got := o.TagOf(category); got != want {
			t.Errorf("TagOf(%s) = %s, want %s", category, got, want)
		}
	}
	if got := (showcase.Overflow{}).TagOf("Gaming"); got != "" {
		t.Errorf("a tag of none: %s", got)
	}
}

// TestSurvey walks what channels share from the first category to another place.
func TestSurvey(t *testing.T) {
	t.Parallel()
	channels := []showcase.Found{{ID: "1", Name: "Partners", Category: true}}
	for i := range 50 {
		channels = append(channels, showcase.Found{ID: fmt.Sprint(100 + i), Parent: "1"})
	}
	o := showcase.Overflow{}.Move("1")
	if !o.Survey(channels) {
		t.Fatal("the category is there")
	}
	if _, room := o.Room(); room || o.NextName() != "Partners 2" {
		t.Fatalf("there is room, or another name: %+v", o)
	}
	o.Add("2")
	if c, room := o.Room(); !room || c.ID != "2" {
		t.Errorf("room below %s", c.ID)
	}
	o.Fill("2", true)
	if _, room := o.Room(); room || !o.Full("2") {
		t.Error("there is room below a full category")
	}
	o = o.Move("3")
	if !slices.Equal(o.Left, []string{"2"}) {
		t.Errorf("left: %v", o.Left)
	}
	if empty, gone := o.Empty(channels); len(empty) > 0 || !slices.Equal(gone, []string{"2"}) {
		t.Errorf("empty %v, gone %v", empty, gone)
	}
	back := o.Move("1")
	if there := append(channels, showcase.Found{ID: "2", Name: "Partners 2", Category: true}); !back.Survey(there) || !back.Adopt(there) || len(back.Left) > 0 || !back.Has("2") {
		t.Errorf("the category is not taken back: %+v", back)
	}
	if o.Survey(channels) {
		t.Error("a category that is not there was found")
	}
}

// TestClosed: who sees the category sees the channel, and nobody writes in it.
func TestClosed(t *testing.T) {
	t.Parallel()
	const view, send = 1 << 10, 1 << 11
	list := showcase.Closed("1", []showcase.Overwrite{{ID: "1", Deny: view}, {ID: "2", Allow: view | send}, {ID: "3", Allow: send}})
	if len(list) != 2 || list[0].Deny&(view|send) != view|send || list[1] != (showcase.Overwrite{ID: "2", Allow: view}) {
		t.Errorf("overwrites: %+v", list)
	}
}
