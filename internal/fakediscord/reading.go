package fakediscord

import (
	"fmt"
	"strings"

	"github.com/entente-bot/entente/internal/fakediscord/contract"
)

// Component types.
const (
	componentRow         = 1
	componentButton      = 2
	componentString      = 3
	componentText        = 4
	componentUser        = 5
	componentRole        = 6
	componentMentionable = 7
	componentChannel     = 8
	componentDisplay     = 10
	componentThumbnail   = 11
	componentGallery     = 12
	componentLabel       = 18
	componentFiles       = 19
	componentRadio       = 21
	componentChecks      = 22
	componentCheck       = 23
)

// A Button is a button as a person sees it.
type Button struct {
	Label    string // or its emoji, without a label
	CustomID string // empty for a link
	URL      string
	Style    int
	Disabled bool
}

// A Select is a select menu as a person sees it.
type Select struct {
	CustomID    string
	Type        int // 3 text, 5 user, 6 role, 7 mentionable, 8 channel
	Placeholder string
	Options     []SelectOption // of a text select
	Disabled    bool
	Min, Max    int
	Chosen      []string // mentions of the users, roles or channels that are chosen already
}

// A SelectOption is one line of a select menu, or of a radio or checkbox group.
type SelectOption struct {
	Label, Value, Description string
	Default                   bool
}

// Text returns everything a person can read in the message, top to bottom, one
// line a paragraph: text, [buttons], {selects}, (pictures).
func (m Message) Text() string {
	return readable(m.Content, m.Embeds, m.Components)
}

// Buttons returns the buttons of the message, top to bottom.
func (m Message) Buttons() []Button {
	var list []Button
	contract.Walk(m.Components, func(_ string, c object) {
		if integer(c["type"]) == componentButton {
			list = append(list, readButton(c))
		}
	})
	return list
}

// Button returns the button with that label or custom ID, and whether there is one.
func (m Message) Button(name string) (Button, bool) {
	for _, b := range m.Buttons() {
		if b.Label == name || b.CustomID == name && name != "" {
			return b, true
		}
	}
	return Button{}, false
}

// Selects returns the select menus of the message, top to bottom.
func (m Message) Selects() []Select {
	var list []Select
	contract.Walk(m.Components, func(_ string, c object) {
		if isSelect(integer(c["type"])) {
			list = append(list, readSelect(c))
		}
	})
	return list
}

func isSelect(kind int) bool {
	return kind == componentString || kind >= componentUser && kind <= componentChannel
}

func readButton(c object) Button {
	emoji, _ := c["emoji"].(object)
	b := Button{
		Label: textOf(c["label"]), CustomID: textOf(c["custom_id"]), URL: textOf(c["url"]),
		Style: integer(c["style"]), Disabled: c["disabled"] == true,
	}
	if b.Label == "" {
		b.Label = textOf(emoji["name"])
	}
	return b
}

func readSelect(c object) Select {
	m := Select{
		CustomID: textOf(c["custom_id"]), Type: integer(c["type"]), Placeholder: textOf(c["placeholder"]),
		Options: readOptions(c), Disabled: c["disabled"] == true, Min: 1, Max: 1,
	}
	if c["min_values"] != nil {
		m.Min = integer(c["min_values"])
	}
	if n := integer(c["max_values"]); n > 0 {
		m.Max = n
	}
	defaults, _ := c["default_values"].([]any)
	for _, v := range defaults {
		entry, _ := v.(object)
		m.Chosen = append(m.Chosen, mentionOf(textOf(entry["type"]), textOf(entry["id"])))
	}
	return m
}

// mentionOf writes the ID of a user, role or channel as a mention.
func mentionOf(kind, id string) string {
	return map[string]string{"user": "<@", "role": "<@&", "channel": "<#"}[kind] + id + ">"
}

func readOptions(c object) []SelectOption {
	options, _ := c["options"].([]any)
	var list []SelectOption
	for _, v := range options {
		o, _ := v.(object)
		list = append(list, SelectOption{
			Label: textOf(o["label"]), Value: textOf(o["value"]), Description: textOf(o["description"]),
			Default: o["default"] == true,
		})
	}
	return list
}

// readable flattens what a person sees.
func readable(content string, embeds, components []any) string {
	var lines []string
	add := func(line string) {
		if strings.TrimSpace(line) != "" {
			lines = append(lines, line)
		}
	}
	add(content)
	for _, v := range embeds {
		for _, line := range embedLines(v) {
			add(line)
		}
	}
	contract.Walk(components, func(_ string, c object) { add(componentLine(c)) })
	return strings.Join(lines, "\n")
}

func embedLines(v any) []string {
	e, _ := v.(object)
	author, _ := e["author"].(object)
	footer, _ := e["footer"].(object)
	lines := []string{textOf(author["name"]), textOf(e["title"]), textOf(e["description"])}
	fields, _ := e["fields"].([]any)
	for _, f := range fields {
		f, _ := f.(object)
		lines = append(lines, textOf(f["name"])+": "+textOf(f["value"]))
	}
	return append(lines, textOf(footer["text"]))
}

// componentLine is what one component shows by itself, its children apart.
func componentLine(c object) string {
	switch kind := integer(c["type"]); {
	case kind == componentDisplay:
		return textOf(c["content"])
	case kind == componentButton:
		return buttonLine(readButton(c))
	case isSelect(kind):
		return selectLine(readSelect(c))
	case kind == componentThumbnail:
		return "(picture: " + textOf(c["description"]) + ")"
	case kind == componentGallery:
		items, _ := c["items"].([]any)
		return fmt.Sprintf("(%d pictures)", len(items))
	case kind == componentLabel:
		return textOf(c["label"])
	case kind == componentText:
		return textOf(c["label"])
	}
	return ""
}

func buttonLine(b Button) string {
	switch {
	case b.URL != "":
		return "[" + b.Label + " → " + b.URL + "]"
	case b.Disabled:
		return "[" + b.Label + ", disabled]"
	}
	return "[" + b.Label + "]"
}

func selectLine(m Select) string {
	var labels []string
	for _, o := range m.Options {
		label := o.Label
		if o.Default {
			label += " ✓"
		}
		labels = append(labels, label)
	}
	labels = append(labels, m.Chosen...)
	return "{" + m.Placeholder + ": " + strings.Join(labels, " | ") + "}"
}

// allText is what mentions are looked for in: content and text displays.
func (m *message) allText() string {
	lines := []string{m.content}
	contract.Walk(m.components, func(_ string, c object) {
		if integer(c["type"]) == componentDisplay {
			lines = append(lines, textOf(c["content"]))
		}
	})
	return strings.Join(lines, "\n")
}
