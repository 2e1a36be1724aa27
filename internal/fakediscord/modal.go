package fakediscord

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"
)

// A Modal is a form as a person sees it.
type Modal struct {
	Title, CustomID string
	Fields          []Field
	Notes           []string // text that stands between the fields
	layout          []any
}

// A Field is one input of a modal.
type Field struct {
	CustomID, Label, Description string
	Type                         int // 4 text, 3 5 6 7 8 selects, 19 files, 21 radio, 22 checkboxes, 23 checkbox
	Required                     bool
	Value                        string   // of a text, what stands in it already
	Values                       []string // of the others, what is chosen already
	Options                      []SelectOption
	Min, Max                     int  // characters of a text, number of values else; Max 0 for no limit
	inRow                        bool // stands in an action row, as text inputs once did
}

// Field returns the field with that label or custom ID, and whether there is one.
func (m *Modal) Field(name string) (Field, bool) {
	for _, f := range m.Fields {
		if f.Label == name || f.CustomID == name {
			return f, true
		}
	}
	return Field{}, false
}

// Text returns the title, the notes and the labels, with * for required, and
// what stands in the fields already.
func (m *Modal) Text() string {
	lines := append([]string{m.Title}, m.Notes...)
	for _, f := range m.Fields {
		line := f.Label
		if f.Required {
			line += " *"
		}
		if f.Value != "" {
			line += ": " + f.Value
		}
		if len(f.Values) > 0 {
			line += ": " + strings.Join(f.Values, ", ")
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

func readModal(data object) *Modal {
	m := &Modal{Title: textOf(data["title"]), CustomID: textOf(data["custom_id"])}
	m.layout, _ = data["components"].([]any)
	for _, v := range m.layout {
		top, _ := v.(object)
		input, _ := top["component"].(object)
		switch integer(top["type"]) {
		case componentDisplay:
			m.Notes = append(m.Notes, textOf(top["content"]))
			continue
		case componentRow:
			row, _ := top["components"].([]any)
			input, _ = row[0].(object)
			top = input
		}
		f := readField(input)
		f.inRow = integer(top["type"]) == componentText
		f.Label, f.Description = textOf(top["label"]), textOf(top["description"])
		m.Fields = append(m.Fields, f)
	}
	return m
}

func readField(c object) Field {
	f := Field{
		CustomID: textOf(c["custom_id"]), Type: integer(c["type"]), Value: textOf(c["value"]),
		Required: c["required"] != false && integer(c["type"]) != componentCheck, Options: readOptions(c),
	}
	if f.Type == componentText {
		f.Min, f.Max = integer(c["min_length"]), integer(c["max_length"])
		return f
	}
	f.Min, f.Max = 1, 1
	if c["min_values"] != nil {
		f.Min = integer(c["min_values"])
	}
	if c["max_values"] != nil {
		f.Max = integer(c["max_values"])
	} else if f.Type == componentChecks {
		f.Max = len(f.Options)
	}
	for _, o := range f.Options {
		if o.Default {
			f.Values = append(f.Values, o.Value)
		}
	}
	defaults, _ := c["default_values"].([]any)
	for _, v := range defaults {
		entry, _ := v.(object)
		f.Values = append(f.Values, textOf(entry["id"]))
	}
	if c["default"] == true {
		f.Values = []string{"true"}
	}
	return f
}

// Submit fills in the modal of an exchange and sends it. Values go by label or
// custom ID: a string for a text or a radio group, a []string for selects,
// checkboxes and files (IDs from [Server.Upload]), a bool for a checkbox. Fields not
// named keep what stands in them.
func (p Person) Submit(ctx context.Context, ex *Exchange, values map[string]any) (*Exchange, error) {
	if ex == nil || ex.Modal == nil {
		return nil, notPossible("submit: no modal is open")
	}
	fields := slices.Clone(ex.Modal.Fields)
	for name, value := range values {
		i := slices.IndexFunc(fields, func(f Field) bool { return f.Label == name || f.CustomID == name })
		if i < 0 {
			return nil, notPossible("fill in %q: no such field", name)
		}
		if err := fields[i].set(value); err != nil {
			return nil, err
		}
	}
	for _, f := range fields {
		if err := f.check(); err != nil {
			return nil, err
		}
	}
	return p.ForgeSubmit(ctx, ex, ex.Modal.CustomID, fields)
}

func (f *Field) set(value any) error {
	switch v := value.(type) {
	case string:
		f.Value, f.Values = v, []string{v}
		if v == "" {
			f.Values = nil
		}
	case []string:
		f.Values = v
	case bool:
		f.Values = nil
		if v {
			f.Values = []string{"true"}
		}
	default:
		return notPossible("fill %v into %q", value, f.Label)
	}
	return nil
}

// check refuses what the client refuses to send.
func (f Field) check() error {
	n := len(f.Values)
	if f.Type == componentText {
		n = utf8.RuneCountInString(f.Value)
	}
	switch {
	case f.Type == componentCheck:
		return nil
	case n == 0 && f.Required:
		return notPossible("submit: %q is required", f.Label)
	case n > 0 && n < f.Min, f.Max > 0 && n > f.Max:
		return notPossible("submit: %q takes %d to %d, has %d", f.Label, f.Min, f.Max, n)
	case f.Type != componentString && f.Type != componentRadio && f.Type != componentChecks:
		return nil
	}
	for _, v := range f.Values {
		if !offered(f.Options, v) {
			return notPossible("choose %q for %q: not offered", v, f.Label)
		}
	}
	return nil
}

// ForgeSubmit sends a modal with any custom ID and fields, checked by nobody.
// Ex is the exchange that opened it; nil for a modal nobody opened.
func (p Person) ForgeSubmit(ctx context.Context, ex *Exchange, customID string, fields []Field) (*Exchange, error) {
	components, resolved := []any{}, object{}
	for i, f := range fields {
		components = append(components, f.wrapped(2*i+1))
		if f.Type == componentFiles || f.Type >= componentUser && f.Type <= componentChannel {
			p.s.mu.Lock()
			for _, id := range f.Values {
				p.addResolved(resolved, f.Type, id)
			}
			p.s.mu.Unlock()
		}
	}
	in, err := p.BuildModal(ex, customID, components, resolved)
	if err != nil {
		return nil, err
	}
	return p.s.Deliver(ctx, in)
}

// wrapped is the field with what it stands in.
func (f Field) wrapped(id int) object {
	if f.inRow {
		return object{"type": componentRow, "id": id, "components": []object{f.submitted(id + 1)}}
	}
	return object{"type": componentLabel, "id": id, "component": f.submitted(id + 1)}
}

// submitted is the field as a submitted modal carries it.
func (f Field) submitted(id int) object {
	out := object{"type": f.Type, "id": id, "custom_id": f.CustomID}
	switch f.Type {
	case componentText:
		out["value"] = f.Value
	case componentCheck:
		out["value"] = len(f.Values) > 0
	case componentRadio:
		out["value"] = nil
		if len(f.Values) > 0 {
			out["value"] = f.Values[0]
		}
	default:
		out["values"] = append([]string{}, f.Values...)
	}
	return out
}
