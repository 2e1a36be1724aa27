package contract

import (
	"encoding/json"
	"strconv"
)

// Component types this package looks into.
const (
	typeActionRow    = 1
	typeButton       = 2
	typeStringSelect = 3
	typeTextInput    = 4
	typeTextDisplay  = 10
	typeLabel        = 18

	buttonLink    = 5
	buttonPremium = 6
)

// v1Only lists the components a message without the Components V2 flag may hold at top level.
var v1Only = map[int]bool{typeActionRow: true}

// components checks the component tree of a message.
func (c *checker) components(v any, v2 bool) {
	list, _ := v.([]any)
	count, text := 0, 0
	ids, numeric := map[string]bool{}, map[int]bool{}
	Walk(list, func(at string, component map[string]any) {
		at = "components." + at
		count++
		kind, _ := number(component["type"])
		if kind == typeTextDisplay {
			text += characters(component, "content")
			if characters(component, "content") == 0 {
				c.add(at+".content", "this field is required")
			}
		}
		c.interactive(at, kind, component)
		if id, ok := component["custom_id"].(string); ok && id != "" {
			if ids[id] {
				c.add(at+".custom_id", "component custom id cannot be duplicated: %q", id)
			}
			ids[id] = true
		}
		if id, ok := number(component["id"]); ok && id != 0 {
			if numeric[id] {
				c.add(at+".id", "component id cannot be duplicated: %d", id)
			}
			numeric[id] = true
		}
	})
	if count > maxComponents {
		c.add("components", "total number of components is limited to %d, has %d", maxComponents, count)
	}
	if text > maxText {
		c.add("components", "total text is limited to %d characters, has %d", maxText, text)
	}
	if v2 {
		return
	}
	for i, top := range list {
		if kind, ok := number(object(top)["type"]); ok && !v1Only[kind] {
			c.add("components."+strconv.Itoa(i)+".type", "needs the Components V2 flag")
		}
	}
	if len(list) > 5 {
		c.add("components", "must be 5 or fewer in length without the Components V2 flag")
	}
}

// interactive checks what a person can press, choose or fill in.
func (c *checker) interactive(at string, kind int, component map[string]any) {
	c.length(at+".custom_id", component["custom_id"], maxCustomID)
	switch kind {
	case typeButton:
		c.button(at, component)
	case typeStringSelect:
		options, _ := component["options"].([]any)
		if len(options) < 1 || len(options) > maxOptions {
			c.add(at+".options", "must be between 1 and %d in length, has %d", maxOptions, len(options))
		}
		values := map[any]bool{}
		for i, o := range options {
			value := object(o)["value"]
			if values[value] {
				c.add(at+".options."+strconv.Itoa(i)+".value", "the specified option value is already used: %v", value)
			}
			values[value] = true
		}
	}
	if kind >= typeStringSelect && kind <= 8 && kind != typeTextInput {
		if id, _ := component["custom_id"].(string); id == "" {
			c.add(at+".custom_id", "this field is required")
		}
	}
	if kind == typeActionRow {
		row, _ := component["components"].([]any)
		selects := 0
		for _, child := range row {
			if k, _ := number(object(child)["type"]); k != typeButton {
				selects++
			}
		}
		if selects > 0 && len(row) > 1 || len(row) > 5 || len(row) == 0 {
			c.add(at+".components", "a row holds one to five buttons or one select")
		}
	}
}

func (c *checker) button(at string, b map[string]any) {
	c.length(at+".label", b["label"], maxLabel)
	style, _ := number(b["style"])
	hasID, hasURL := present(b["custom_id"]), present(b["url"])
	switch {
	case style == buttonLink && (hasID || !hasURL):
		c.add(at, "a link button has a url and no custom id")
	case style != buttonLink && style != buttonPremium && (!hasID || hasURL):
		c.add(at, "a button has a custom id and no url")
	}
	if style != buttonPremium && !present(b["label"]) && b["emoji"] == nil {
		c.add(at+".label", "a label or emoji is required")
	}
}

// Walk calls visit for every component in the tree, outer ones first, with
// where it is: 0.components.1, 2.accessory.
func Walk(components []any, visit func(at string, component map[string]any)) {
	for i, v := range components {
		walk(strconv.Itoa(i), v, visit)
	}
}

func walk(at string, v any, visit func(string, map[string]any)) {
	component, ok := v.(map[string]any)
	if !ok {
		return
	}
	visit(at, component)
	children, _ := component["components"].([]any)
	for i, child := range children {
		walk(at+".components."+strconv.Itoa(i), child, visit)
	}
	for _, field := range []string{"accessory", "component"} {
		if component[field] != nil {
			walk(at+"."+field, component[field], visit)
		}
	}
}

// number reads an integer that encoding/json decoded, in either of its forms.
func number(v any) (int, bool) {
	switch n := v.(type) {
	case json.Number:
		i, err := n.Int64()
		return int(i), err == nil
	case float64:
		return int(n), true
	case int:
		return n, true
	}
	return 0, false
}
