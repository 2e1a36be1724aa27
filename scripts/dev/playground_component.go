package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"html/template"
	"path"
	"strings"
)

// A component is a component of a message or a modal as Discord writes it.
type component struct {
	Type       int         `json:"type"`
	Content    string      `json:"content"`
	Components []component `json:"components"`
	Component  *component  `json:"component"`
	Accessory  *component  `json:"accessory"`
	Accent     *int        `json:"accent_color"`
	Divider    *bool       `json:"divider"`

	Style    int    `json:"style"`
	Label    string `json:"label"`
	CustomID string `json:"custom_id"`
	URL      string `json:"url"`
	Disabled bool   `json:"disabled"`
	Emoji    struct {
		Name string `json:"name"`
	} `json:"emoji"`

	Placeholder  string   `json:"placeholder"`
	Options      []option `json:"options"`
	Min          *int     `json:"min_values"`
	Max          *int     `json:"max_values"`
	ChannelTypes []int    `json:"channel_types"`
	Chosen       []struct {
		ID string `json:"id"`
	} `json:"default_values"`

	Description string  `json:"description"`
	Media       media   `json:"media"`
	File        media   `json:"file"`
	Name        string  `json:"name"`
	Size        int     `json:"size"`
	Items       []media `json:"items"`
}

// A media is a picture or a file. In a gallery it is wrapped once more.
type media struct {
	URL         string `json:"url"`
	Description string `json:"description"`
	Media       *media `json:"media"`
}

// An option is one line of a select menu, or of a group of radio buttons or
// check boxes.
type option struct {
	Label       string `json:"label"`
	Value       string `json:"value"`
	Description string `json:"description"`
	Chosen      bool   `json:"default"`
}

// A part is a component as the page shows it.
type part struct {
	Kind   string // names the piece of the template that shows it
	HTML   template.HTML
	Text   string
	URL    string
	Accent string // "#rrggbb", or ""
	Style  string // of a button
	Off    bool
	Name   string // what a form sends
	Parts  []part
	Beside *part
	Menu   menu
	On     target
}

// A target is the message that a button or a menu belongs to, and who sees it.
type target struct{ As, In, Channel, Message string }

// A menu is something to choose from.
type menu struct {
	Name, Label string
	Options     []option
	Min, Max    int
}

// Many reports whether more than one can be chosen.
func (m menu) Many() bool { return m.Max > 1 }

// parts reads components that were decoded from JSON.
func (e eyes) parts(components []any, on target) ([]part, error) {
	data, err := json.Marshal(components)
	if err != nil {
		return nil, fmt.Errorf("read components: %w", err)
	}
	var list []component
	if err := json.Unmarshal(data, &list); err != nil {
		return nil, fmt.Errorf("read components: %w", err)
	}
	return e.all(list, on), nil
}

func (e eyes) all(list []component, on target) []part {
	var parts []part
	for _, c := range list {
		parts = append(parts, e.part(c, on))
	}
	return parts
}

// part shows a component by its type, as Discord numbers them.
func (e eyes) part(c component, on target) part {
	show, ok := map[int]func(component, target) part{
		1: e.row, 2: e.button, 3: e.menu, 5: e.menu, 6: e.menu, 7: e.menu, 8: e.menu, 9: e.section,
		10: e.text, 11: e.picture, 12: e.gallery, 13: e.file, 14: e.separator, 17: e.container,
	}[c.Type]
	if !ok {
		return part{Kind: "note", Text: fmt.Sprintf("(a component of type %d, which this page cannot show)", c.Type)}
	}
	return show(c, on)
}

func (e eyes) row(c component, on target) part {
	return part{Kind: "row", Parts: e.all(c.Components, on)}
}

// buttonStyles are the styles of buttons, by Discord's numbers.
func buttonStyles() map[int]string {
	return map[int]string{1: "primary", 2: "secondary", 3: "success", 4: "danger", 5: "link"}
}

func (e eyes) button(c component, on target) part {
	kind := "button"
	if c.URL != "" {
		kind = "linkbutton"
	}
	label := strings.TrimSpace(c.Emoji.Name + " " + c.Label)
	return part{Kind: kind, Text: label, Name: c.CustomID, URL: c.URL, Style: buttonStyles()[c.Style], Off: c.Disabled, On: on}
}

func (e eyes) menu(c component, on target) part {
	m := menu{Name: c.CustomID, Label: cmp.Or(c.Placeholder, "Choose"), Options: e.offered(c), Min: 1, Max: 1}
	if c.Min != nil {
		m.Min = *c.Min
	}
	if c.Max != nil {
		m.Max = *c.Max
	}
	return part{Kind: "menu", Menu: m, Off: c.Disabled, On: on}
}

func (e eyes) section(c component, on target) part {
	p := part{Kind: "section", Parts: e.all(c.Components, on)}
	if c.Accessory != nil {
		beside := e.part(*c.Accessory, on)
		p.Beside = &beside
	}
	return p
}

func (e eyes) text(c component, _ target) part {
	return part{Kind: "text", HTML: written(e.markdown, c.Content)}
}

// picture shows a picture of the simulated Discord; of others, only that there is one.
func (e eyes) picture(c component, _ target) part {
	p := part{Kind: "picture", Text: c.Description}
	if strings.HasPrefix(c.Media.URL, e.origin()+"/") {
		p.URL = c.Media.URL
	}
	return p
}

func (e eyes) gallery(c component, on target) part {
	p := part{Kind: "gallery"}
	for _, item := range c.Items {
		if item.Media != nil {
			p.Parts = append(p.Parts, e.picture(component{Description: item.Description, Media: *item.Media}, on))
		}
	}
	return p
}

func (e eyes) file(c component, _ target) part {
	return e.filed(cmp.Or(c.Name, path.Base(c.File.URL)), c.File.URL, c.Size)
}

// filed shows a file, as a link if it is on the simulated Discord.
func (e eyes) filed(name, address string, size int) part {
	p := part{Kind: "file", Text: name}
	if size > 0 {
		p.Text += fmt.Sprintf(", %d bytes", size)
	}
	if strings.HasPrefix(address, e.origin()+"/") {
		p.URL = address
	}
	return p
}

func (e eyes) separator(c component, _ target) part {
	if c.Divider != nil && !*c.Divider {
		return part{Kind: "gap"}
	}
	return part{Kind: "line"}
}

func (e eyes) container(c component, on target) part {
	p := part{Kind: "container", Parts: e.all(c.Components, on)}
	if c.Accent != nil {
		p.Accent = fmt.Sprintf("#%06x", *c.Accent&0xffffff)
	}
	return p
}
