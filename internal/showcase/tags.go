package showcase

import (
	"slices"
)

// A Tag can be put on a forum's posts.
type Tag struct {
	ID        string `json:"id"` // empty while it is to be made
	Name      string `json:"name"`
	Moderated bool   `json:"moderated,omitempty"`
	EmojiID   string `json:"emoji_id,omitempty"`
	Emoji     string `json:"emoji,omitempty"`
}

// Discord's limits on tags.
const (
	maxTags    = 20
	maxTagName = 20
)

// other is the category of everything that has no tag of its own.
const other = "Other"

// Wanted returns the names of the tags for a guild's categories, of which room
// fit: if they do not all fit, the last is for the rest.
func Wanted(topics []string, room int) []string {
	var names []string
	for _, t := range topics {
		if name := cut(t, maxTagName); !has(names, name) {
			names = append(names, name)
		}
	}
	if len(names) <= room || room <= 0 {
		return names[:min(len(names), max(room, 0))]
	}
	names = slices.DeleteFunc(names, func(n string) bool { return fold(n) == fold(other) })
	return append(names[:min(room-1, len(names))], other)
}

// Plan returns the tags a forum should have that has the tags there, and the
// names of those that are ours. Tags that people made stay as they are, and are
// used if they are called like a category; of ours those go that no category is
// called like any more.
func Plan(there []Tag, mine, topics []string) (tags []Tag, ours []string) {
	foreign := 0
	for _, t := range there {
		if !has(mine, t.Name) && !has(Wanted(topics, maxTags), t.Name) {
			foreign++
		}
	}
	names := Wanted(topics, maxTags-foreign)
	for _, t := range there {
		switch {
		case has(names, t.Name):
			if has(mine, t.Name) {
				ours = append(ours, t.Name)
			}
			tags = append(tags, t)
		case !has(mine, t.Name):
			tags = append(tags, t)
		}
	}
	for _, n := range names {
		if !slices.ContainsFunc(tags, func(t Tag) bool { return fold(t.Name) == fold(n) }) && len(tags) < maxTags {
			tags, ours = append(tags, Tag{Name: n}), append(ours, n)
		}
	}
	return tags, ours
}

// TagOf returns the ID of the tag of a category, or else of that for the rest;
// "" if there is neither.
func (o Overflow) TagOf(category string) string {
	for _, name := range []string{cut(category, maxTagName), other} {
		for _, t := range o.Tags {
			if fold(t.Name) == fold(name) {
				return t.ID
			}
		}
	}
	return ""
}

// Same reports whether two lists of tags are the same.
func Same(a, b []Tag) bool { return slices.Equal(a, b) }

func has(names []string, name string) bool {
	return slices.ContainsFunc(names, func(n string) bool { return fold(n) == fold(name) })
}
