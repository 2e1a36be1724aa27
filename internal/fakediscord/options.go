package fakediscord

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
)

// An Option is one option of a slash command as a person fills it in.
type Option struct {
	Name  string
	Value any // string, int, float64, bool; an ID for users, channels, roles and files
	Type  int // as Discord numbers them; 0 to go by the registered command, else by Value
}

// Opt returns an option.
func Opt(name string, value any) Option { return Option{Name: name, Value: value} }

// A Choice is one suggestion of an autocompletion.
type Choice struct {
	Name  string
	Value any // string, or json.Number
}

// commandData makes the data of a command or, with a focused option, of an
// autocompletion. The caller holds the lock.
func (p Person) commandData(line string, options []Option, focused string) (object, error) {
	words := strings.Fields(line)
	if len(words) == 0 {
		return nil, notPossible("use a command without a name")
	}
	top, defined, err := p.definition(words)
	if err != nil {
		return nil, err
	}
	data := object{"id": p.s.ids.next(p.s.now()), "name": words[0], "type": 1}
	if top != nil {
		data["id"] = top["id"]
		if top["guild_id"] != nil {
			data["guild_id"] = top["guild_id"]
		}
	}
	resolved := object{}
	filled := []object{}
	for _, o := range options {
		entry, err := p.option(o, defined, top != nil, o.Name == focused && focused != "")
		if err != nil {
			return nil, err
		}
		filled = append(filled, entry)
		p.resolveInto(resolved, entry["type"].(int), o.Value)
	}
	if err := complete(defined, options, focused); err != nil {
		return nil, err
	}
	nested := nest(words[1:], filled)
	if len(nested) > 0 {
		data["options"] = nested
	}
	if len(resolved) > 0 {
		data["resolved"] = resolved
	}
	return data, nil
}

// nest wraps options into the subcommand and group they belong to.
func nest(path []string, options []object) []object {
	for i, name := range slices.Backward(path) {
		kind := optionSubcommand
		if i < len(path)-1 {
			kind = optionGroup
		}
		options = []object{{"name": name, "type": kind, "options": options}}
	}
	return options
}

// definition returns the registered command and the options defined for the
// subcommand that words name. Without any registered command it returns nothing.
func (p Person) definition(words []string) (top object, options []any, err error) {
	all := append(slices.Clone(p.s.commands[p.Guild]), p.s.commands[""]...)
	if len(all) == 0 {
		return nil, nil, nil
	}
	i := slices.IndexFunc(all, func(c object) bool { return c["name"] == words[0] })
	if i < 0 {
		return nil, nil, notPossible("use /%s: no such command", words[0])
	}
	top = all[i]
	if err := p.mayUse(top); err != nil {
		return nil, nil, err
	}
	options, _ = top["options"].([]any)
	for _, word := range words[1:] {
		o := find(options, word)
		if o == nil || integer(o["type"]) > optionGroup {
			return nil, nil, notPossible("use /%s: no subcommand %q", strings.Join(words, " "), word)
		}
		options, _ = o["options"].([]any)
	}
	for _, o := range options {
		if integer(o.(object)["type"]) <= optionGroup {
			return nil, nil, notPossible("use /%s: it needs a subcommand", strings.Join(words, " "))
		}
	}
	return top, options, nil
}

// mayUse checks that the client shows the command to the person here.
func (p Person) mayUse(cmd object) error {
	if p.Guild == "" {
		contexts, _ := cmd["contexts"].([]any)
		if contexts != nil && !slices.Contains(contexts, any(one)) {
			return notPossible("use /%s in a direct message", cmd["name"])
		}
		return nil
	}
	g := p.s.mustGuild(p.Guild)
	if g.members[p.s.appID] == nil && !p.s.commandsOnly[g.id] {
		return notPossible("use /%s: the application is not installed", cmd["name"])
	}
	ch := p.s.channels[p.Channel]
	if ch == nil {
		return notPossible("use /%s: the channel is gone", cmd["name"])
	}
	own := g.permissionsIn(ch, p.User)
	need, err := strconv.ParseUint(textOf(cmd["default_member_permissions"]), 10, 64)
	if err == nil && (need == 0 && own != All || !g.ownPermissions(p.User).Has(Permission(need))) {
		return notPossible("use /%s: hidden from this person", cmd["name"])
	}
	if !own.Has(ViewChannel | UseCommands) {
		return notPossible("use /%s: no commands for this person in this channel", cmd["name"])
	}
	return nil
}

func find(options []any, name string) object {
	for _, v := range options {
		if o, _ := v.(object); o["name"] == name {
			return o
		}
	}
	return nil
}

// option makes one filled-in option, checked against its definition if there is one.
func (p Person) option(o Option, defined []any, registered, focused bool) (object, error) {
	kind := o.Type
	definition := find(defined, o.Name)
	if registered {
		if definition == nil {
			return nil, notPossible("fill in %q: no such option", o.Name)
		}
		kind = integer(definition["type"])
		if err := fits(o, definition, focused); err != nil {
			return nil, err
		}
	}
	if kind == 0 {
		kind = kindOf(o.Value)
	}
	entry := object{"name": o.Name, "type": kind, "value": o.Value}
	if focused {
		entry["focused"] = true
	}
	return entry, nil
}

func kindOf(value any) int {
	switch value.(type) {
	case int, int64:
		return optionInteger
	case bool:
		return optionBoolean
	case float64:
		return optionNumber
	}
	return optionString
}

// fits checks a value against the definition of its option, as the client does.
func fits(o Option, definition object, focused bool) error {
	kind, got := integer(definition["type"]), kindOf(o.Value)
	isNumber := (kind == optionInteger || kind == optionNumber) && (got == optionInteger || got == optionNumber || focused)
	switch {
	case focused && definition["autocomplete"] != true:
		return notPossible("type into %q: it has no autocompletion", o.Name)
	case !isNumber && kind != got && (got != optionString || kind < optionUser || kind == optionNumber):
		return notPossible("fill %v into %q: wrong type", o.Value, o.Name)
	}
	choices, _ := definition["choices"].([]any)
	if len(choices) > 0 && !slices.ContainsFunc(choices, func(c any) bool {
		return same(c.(object)["value"], o.Value)
	}) {
		return notPossible("choose %v for %q: not offered", o.Value, o.Name)
	}
	return inBounds(o, definition)
}

func same(offered, value any) bool {
	a, errA := json.Marshal(offered)
	b, errB := json.Marshal(value)
	return errA == nil && errB == nil && string(a) == string(b)
}

func inBounds(o Option, definition object) error {
	size, low, high := 0, "min_length", "max_length"
	switch v := o.Value.(type) {
	case int:
		size, low, high = v, "min_value", "max_value"
	case string:
		size = len([]rune(v))
	default:
		return nil
	}
	if definition[low] != nil && size < integer(definition[low]) || definition[high] != nil && size > integer(definition[high]) {
		return notPossible("fill %v into %q: out of bounds", o.Value, o.Name)
	}
	return nil
}

// complete checks that every required option is filled in; while someone still
// types into one, others may be missing.
func complete(defined []any, options []Option, focused string) error {
	for _, v := range defined {
		o, _ := v.(object)
		filled := slices.ContainsFunc(options, func(x Option) bool { return x.Name == o["name"] })
		if o["required"] == true && !filled && focused == "" {
			return notPossible("send the command: %q is required", o["name"])
		}
	}
	return nil
}
