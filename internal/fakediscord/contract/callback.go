package contract

import "strconv"

// Kinds of interaction, as Discord numbers them.
const (
	interactionCommand      = 2
	interactionComponent    = 3
	interactionAutocomplete = 4
	interactionModal        = 5
)

// Callback types, as Discord numbers them.
const (
	callbackPong         = 1
	callbackMessage      = 4
	callbackDefer        = 5
	callbackDeferUpdate  = 6
	callbackUpdate       = 7
	callbackAutocomplete = 8
	callbackModal        = 9
)

// answers lists which callbacks may answer which interaction.
var answers = map[int][]int{
	1:                       {callbackPong},
	interactionCommand:      {callbackMessage, callbackDefer, callbackModal},
	interactionComponent:    {callbackMessage, callbackDefer, callbackDeferUpdate, callbackUpdate, callbackModal},
	interactionAutocomplete: {callbackAutocomplete},
	interactionModal:        {callbackMessage, callbackDefer, callbackDeferUpdate, callbackUpdate},
}

// Callback returns what is wrong with the answer to an interaction of the
// given kind, beyond the OpenAPI document. OnMessage says that the interaction
// came from a component, or from a modal a component opened; v2 says
// that the message it came from is a Components V2 message.
func Callback(kind int, onMessage, v2 bool, body map[string]any) []Problem {
	var c checker
	answer, _ := number(body["type"])
	if !contains(answers[kind], answer) {
		c.add("type", "callback %d cannot answer an interaction of type %d", answer, kind)
		return c.problems
	}
	data := object(body["data"])
	switch answer {
	case callbackMessage:
		return under("data", append(Message(data, false), Mentions(data)...))
	case callbackDefer:
		if flags, _ := number(data["flags"]); flags&^flagEphemeral != 0 {
			c.add("data.flags", "a deferred reply takes no flag but ephemeral")
		}
	case callbackUpdate:
		if !onMessage {
			c.add("type", "there is no message to update")
			return c.problems
		}
		return under("data", append(Message(data, v2), Mentions(data)...))
	case callbackDeferUpdate:
		if !onMessage {
			c.add("type", "there is no message to update")
		}
	case callbackAutocomplete:
		choices, _ := data["choices"].([]any)
		if len(choices) > maxOptions {
			c.add("data.choices", "must be %d or fewer in length", maxOptions)
		}
	case callbackModal:
		return under("data", Modal(data))
	}
	return c.problems
}

func under(at string, problems []Problem) []Problem {
	for i, p := range problems {
		problems[i].At = at
		if p.At != "" {
			problems[i].At += "." + p.At
		}
	}
	return problems
}

func contains(list []int, n int) bool {
	for _, v := range list {
		if v == n {
			return true
		}
	}
	return false
}

// Modal returns what is wrong with a modal, beyond the OpenAPI document.
func Modal(modal map[string]any) []Problem {
	var c checker
	c.length("title", modal["title"], maxModalTitle)
	c.length("custom_id", modal["custom_id"], maxCustomID)
	list, _ := modal["components"].([]any)
	if len(list) < 1 || len(list) > maxModalLayout {
		c.add("components", "must be between 1 and %d in length, has %d", maxModalLayout, len(list))
	}
	ids := map[string]bool{}
	Walk(list, func(at string, component map[string]any) {
		at = "components." + at
		kind, _ := number(component["type"])
		if kind == typeLabel || kind == typeTextInput {
			c.length(at+".label", component["label"], maxModalLabel)
		}
		c.field(at, kind, component)
		if kind != typeButton && kind != typeActionRow {
			c.interactive(at, kind, component)
		}
		if id, ok := component["custom_id"].(string); ok {
			if ids[id] {
				c.add(at+".custom_id", "component custom id cannot be duplicated: %q", id)
			}
			ids[id] = true
		}
	})
	for i, top := range list {
		kind, _ := number(object(top)["type"])
		if kind != typeActionRow && kind != typeLabel && kind != typeTextDisplay {
			c.add("components."+strconv.Itoa(i)+".type", "cannot stand at the top of a modal")
		}
	}
	return c.problems
}

// field checks one input of a modal against itself.
func (c *checker) field(at string, kind int, f map[string]any) {
	if kind == typeTextInput {
		n := characters(f, "value")
		if max, ok := number(f["max_length"]); ok && n > max {
			c.add(at+".value", "is longer than max_length")
		}
		return
	}
	min, hasMin := number(f["min_values"])
	required, stated := f["required"].(bool)
	if hasMin && min == 0 && (required || !stated) && kind >= typeStringSelect && kind <= 22 {
		c.add(at+".required", "must be false where min_values is 0")
	}
}
