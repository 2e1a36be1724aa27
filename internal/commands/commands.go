// Package commands tells how the slash commands that Discord has differ from those
// that Entente wants.
package commands

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/disgoorg/disgo/discord"
)

// Compare says, a line each, what has to change for Discord to have the wanted
// commands: none if nothing.
func Compare(have []json.RawMessage, want []discord.ApplicationCommandCreate) ([]string, error) {
	registered := make(map[string]any)
	for _, raw := range have {
		c, err := decoded(raw)
		if err != nil {
			return nil, fmt.Errorf("read a command: %w", err)
		}
		registered[nameOf(c)] = c
	}
	var changes []string
	for _, w := range want {
		raw, err := json.Marshal(w)
		if err != nil {
			return nil, err
		}
		wanted, err := decoded(raw)
		if err != nil {
			return nil, err
		}
		name := "/" + w.CommandName()
		if had, ok := registered[w.CommandName()]; ok {
			changes = append(changes, difference(name, had, wanted)...)
			delete(registered, w.CommandName())
			continue
		}
		changes = append(changes, "+ "+name)
	}
	for name := range registered {
		changes = append(changes, "- /"+name)
	}
	slices.Sort(changes)
	return changes, nil
}

func decoded(raw json.RawMessage) (v any, err error) {
	err = json.Unmarshal(raw, &v)
	return v, err
}

func nameOf(v any) string {
	m, _ := v.(map[string]any)
	name, _ := m["name"].(string)
	return name
}

// difference says what differs between two values below path. What only Discord
// adds (IDs, versions, fields at their default) is no difference.
func difference(path string, have, want any) []string {
	if blank(have) && blank(want) {
		return nil
	}
	switch want := want.(type) {
	case map[string]any:
		if strings.HasSuffix(path, "_localizations") { // a language too many is a difference, too
			break
		}
		if have, ok := have.(map[string]any); ok {
			return fields(path, have, want)
		}
	case []any:
		if have, ok := have.([]any); ok && len(want) > 0 && nameOf(want[0]) != "" {
			return named(path, have, want)
		}
	}
	if fmt.Sprint(have) == fmt.Sprint(want) { // permissions come as a number or as a string of it
		return nil
	}
	return []string{fmt.Sprintf("~ %s: %v → %v", path, have, want)}
}

// settable are the fields that a command or an option has and Discord fills in
// only as it is told: what we do not send should not be there either.
var settable = []string{
	"options", "choices", "required", "autocomplete", "min_value", "max_value", "min_length", "max_length",
	"channel_types", "default_member_permissions", "name_localizations", "description_localizations", "nsfw",
}

// fields compares two objects.
func fields(path string, have, want map[string]any) (changes []string) {
	for name, w := range want {
		changes = append(changes, difference(path+" "+name, have[name], w)...)
	}
	for _, name := range settable {
		if _, ok := want[name]; !ok && !blank(have[name]) {
			changes = append(changes, fmt.Sprintf("~ %s %s: %v → none", path, name, have[name]))
		}
	}
	return changes
}

// named compares two lists of subcommands, options or choices by their names.
// Order counts: Discord shows options in it.
func named(path string, have, want []any) (changes []string) {
	at := make(map[string]any)
	var order, wanted []string
	for _, h := range have {
		at[nameOf(h)] = h
		order = append(order, nameOf(h))
	}
	for _, w := range want {
		name := nameOf(w)
		wanted = append(wanted, name)
		if h, ok := at[name]; ok {
			changes = append(changes, difference(path+" "+name, h, w)...)
		} else {
			changes = append(changes, "+ "+path+" "+name)
		}
	}
	for _, name := range order {
		if !slices.Contains(wanted, name) {
			changes = append(changes, "- "+path+" "+name)
		}
	}
	if len(changes) == 0 && !slices.Equal(order, wanted) {
		changes = append(changes, fmt.Sprintf("~ %s: order %v → %v", path, order, wanted))
	}
	return changes
}

// blank reports whether a value is what a field is when it is left out.
func blank(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case bool:
		return !v
	case []any:
		return len(v) == 0
	case map[string]any:
		return len(v) == 0
	}
	return false
}
