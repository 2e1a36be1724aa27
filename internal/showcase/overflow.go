package showcase

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/entente-bot/entente/internal/settings"
)

// An Overflow is what the homes of a guild share: the categories of their
// channels, or the tags of their posts.
type Overflow struct {
	Parent     string     `json:"parent"`               // the category or forum that it is of
	Categories []Category `json:"categories,omitempty"` // Channels: the chosen one first, then those we made
	Trying     Attempt    `json:"trying,omitzero"`      // at the next category
	Name       string     `json:"name,omitempty"`       // of the chosen category

	Tags  []Tag    `json:"tags,omitempty"`  // Forum: those of the guild's categories
	Mine  []string `json:"mine,omitempty"`  // Forum: names of tags that we made
	Stale bool     `json:"stale,omitempty"` // Forum: a tag turned out to be gone

	Tagged time.Time `json:"tagged,omitzero"` // Forum: when Tags were last read

	Plain bool `json:"plain,omitempty"` // Forum: Discord takes only embeds at the beginning of a post

	Left []string `json:"left,omitempty"` // categories we made that are to go once they are empty
}

// Kind implements [storage.Record].
func (Overflow) Kind() (string, int) { return "overflow", 1 }

// A Category is one of those below which listings' channels are made.
type Category struct {
	ID         string      `json:"id"`
	Full       bool        `json:"full,omitempty"`
	Overwrites []Overwrite `json:"overwrites,omitempty"`
}

// Ready reports whether o is of what the settings name.
func (o Overflow) Ready(s settings.Settings) bool { return o.Parent == s.Place() && !o.Stale }

// Room returns a category with room for a channel.
func (o Overflow) Room() (Category, bool) {
	i := slices.IndexFunc(o.Categories, func(c Category) bool { return !c.Full })
	if i < 0 {
		return Category{}, false
	}
	return o.Categories[i], true
}

// Fill notes that a category is full, or not any more.
func (o *Overflow) Fill(id string, full bool) {
	list := slices.Clone(o.Categories)
	for i := range list {
		if list[i].ID == id {
			list[i].Full = full
		}
	}
	o.Categories = list
}

// Drop notes that a category is gone.
func (o *Overflow) Drop(id string) {
	o.Categories = slices.DeleteFunc(slices.Clone(o.Categories), func(c Category) bool { return c.ID == id })
	o.Left = slices.DeleteFunc(slices.Clone(o.Left), func(left string) bool { return left == id })
}

// Has reports whether a category is one of o's.
func (o Overflow) Has(id string) bool {
	return slices.ContainsFunc(o.Categories, func(c Category) bool { return c.ID == id })
}

// Move returns what o becomes for another place: the categories we made for the
// old one are to go once they are empty, and attempts are not forgotten.
func (o Overflow) Move(parent string) Overflow {
	if o.Parent == parent {
		return o
	}
	next := Overflow{Parent: parent, Left: slices.Clone(o.Left), Trying: o.Trying, Plain: o.Plain}
	for _, c := range o.Categories {
		if c.ID != o.Parent {
			next.Left = append(next.Left, c.ID)
		}
	}
	return next
}

// Survey brings o's categories in line with the channels of the guild. It
// reports false if the chosen category is not among them.
func (o *Overflow) Survey(channels []Found) bool {
	there := make(map[string]Found)
	for _, f := range channels {
		if f.Category {
			there[f.ID] = f
		}
	}
	base, ok := there[o.Parent]
	if !ok {
		return false
	}
	o.Name = base.Name
	list := []Category{{ID: o.Parent}}
	for _, c := range o.Categories {
		if _, stands := there[c.ID]; stands && c.ID != o.Parent {
			list = append(list, c)
		}
	}
	for i, c := range list {
		list[i].Overwrites, list[i].Full = there[c.ID].Overwrites, full(channels, c.ID)
	}
	o.Categories = list
	return true
}

// maxCategory is the most channels that Discord takes below a category.
const maxCategory = 50

// full reports whether a category has no room.
func full(channels []Found, category string) bool {
	n := 0
	for _, f := range channels {
		if f.Parent == category {
			n++
		}
	}
	return n >= maxCategory
}

// NextName is what the next category is called.
func (o Overflow) NextName() string {
	return cut(o.Name, maxName-4) + " " + strconv.Itoa(len(o.Categories)+1)
}

// Made returns the category that an earlier attempt made.
func (o Overflow) Made(channels []Found) (Found, bool) {
	i := slices.IndexFunc(channels, func(f Found) bool {
		return f.Category && !o.Has(f.ID) && !slices.Contains(o.Left, f.ID) && f.Name == o.NextName() && o.Trying.made(f.ID)
	})
	if i < 0 {
		return Found{}, false
	}
	return channels[i], true
}

// Adopt takes back a category we made that was to go, if it is called as the next
// one would be and has room. It reports whether there is one.
func (o *Overflow) Adopt(channels []Found) bool {
	i := slices.IndexFunc(channels, func(f Found) bool {
		return slices.Contains(o.Left, f.ID) && f.Name == o.NextName() && !full(channels, f.ID)
	})
	if i < 0 {
		return false
	}
	o.Left = slices.DeleteFunc(slices.Clone(o.Left), func(id string) bool { return id == channels[i].ID })
	o.Categories = append(slices.Clone(o.Categories), Category{ID: channels[i].ID, Overwrites: channels[i].Overwrites})
	return true
}

// Tries notes that a category is about to be made.
func (o *Overflow) Tries(now time.Time) {
	o.Trying = Attempt{settings.Channels, o.Parent, o.NextName(), now}
}

// Add notes that a category was made, with the overwrites of the chosen one.
func (o *Overflow) Add(id string) {
	o.Trying = Attempt{}
	o.Categories = append(slices.Clone(o.Categories), Category{ID: id, Overwrites: o.Categories[0].Overwrites})
}

// Empty returns those of Left that nothing stands below any more, and those that are gone.
func (o Overflow) Empty(channels []Found) (empty, gone []string) {
	for _, id := range o.Left {
		switch {
		case !slices.ContainsFunc(channels, func(f Found) bool { return f.ID == id }):
			gone = append(gone, id)
		case !slices.ContainsFunc(channels, func(f Found) bool { return f.Parent == id }):
			empty = append(empty, id)
		}
	}
	return empty, gone
}

// fold makes names comparable.
func fold(name string) string { return strings.ToLower(strings.TrimSpace(name)) }

// Category returns the category with the given ID if it is one of o's, or else
// one with room.
func (o Overflow) Category(id string) (Category, bool) {
	for _, c := range o.Categories {
		if c.ID == id {
			return c, true
		}
	}
	return o.Room()
}

// Full reports whether a category was found to be full.
func (o Overflow) Full(id string) bool {
	return slices.ContainsFunc(o.Categories, func(c Category) bool { return c.ID == id && c.Full })
}

// Tidy is how long after a channel left it is seen whether its category is empty:
// others leave with it.
const Tidy = 5 * time.Minute
