package fakediscord

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/entente-bot/entente/internal/fakediscord/contract"
)

// Types of options.
const (
	optionSubcommand  = 1
	optionGroup       = 2
	optionString      = 3
	optionInteger     = 4
	optionBoolean     = 5
	optionUser        = 6
	optionChannel     = 7
	optionRole        = 8
	optionMentionable = 9
	optionNumber      = 10
	optionAttachment  = 11
)

const (
	one            = json.Number("1")
	maxCommandSize = 8000
)

var commandName = regexp.MustCompile(`^[-_'\p{L}\p{N}\p{Devanagari}\p{Thai}]{1,32}$`)

// A commandChecker collects what is wrong with one command.
type commandChecker struct {
	problems []contract.Problem
	size     int // characters of names, descriptions and values
}

func (k *commandChecker) add(at, format string, args ...any) {
	k.problems = append(k.problems, contract.Problem{At: strings.TrimPrefix(at, "."), Text: fmt.Sprintf(format, args...)})
}

// checkCommand refuses what Discord refuses in a command. Index is the place in
// a bulk overwrite, -1 outside of one.
func (s *Server) checkCommand(cmd object, index int) error {
	at := ""
	if index >= 0 {
		at = "." + strconv.Itoa(index)
	}
	k := &commandChecker{}
	if kind := integer(cmd["type"]); kind <= 1 {
		k.named(at, cmd)
		k.options(at, cmd, 0)
	}
	if k.size > maxCommandSize {
		k.add(at, "Command exceeds maximum size (%d)", maxCommandSize)
	}
	if len(k.problems) == 0 {
		return nil
	}
	for _, p := range k.problems {
		s.violate("application command %v: %s", cmd["name"], p)
	}
	return invalid(k.problems...)
}

// named checks name and description.
func (k *commandChecker) named(at string, o object) {
	name, _ := o["name"].(string)
	if !commandName.MatchString(name) || strings.ToLower(name) != name {
		k.add(at+".name", "Command name is invalid: %q", name)
	}
	description, _ := o["description"].(string)
	if n := utf8.RuneCountInString(description); n < 1 || n > 100 {
		k.add(at+".description", "Must be between 1 and 100 in length.")
	}
	k.size += utf8.RuneCountInString(name) + utf8.RuneCountInString(description)
}

// below is the depth of what a subcommand and a group hold.
var below = map[int]int{optionGroup: 1, optionSubcommand: 2}

// options checks the options of a command (depth 0), group (1) or subcommand (2).
func (k *commandChecker) options(at string, parent object, depth int) {
	list, _ := parent["options"].([]any)
	if len(list) > 25 {
		k.add(at+".options", "Must be 25 or fewer in length.")
	}
	names, nested, optional := map[string]bool{}, 0, false
	for i, v := range list {
		o, _ := v.(object)
		at := fmt.Sprintf("%s.options.%d", at, i)
		k.named(at, o)
		name, _ := o["name"].(string)
		if names[name] {
			k.add(at+".name", "Option names must be unique: %q", name)
		}
		names[name] = true
		kind := integer(o["type"])
		if kind == optionSubcommand || kind == optionGroup {
			nested++
			if depth > 1 || depth == 1 && kind == optionGroup {
				k.add(at+".type", "Subcommands cannot be nested like this")
			}
			k.options(at, o, below[kind])
			continue
		}
		if o["required"] == true && optional {
			k.add(at+".required", "Required options must be placed before non-required options")
		}
		optional = optional || o["required"] != true
		k.choices(at, o)
	}
	if nested > 0 && nested < len(list) {
		k.add(at+".options", "Sub-command and sub-command group option types are mutually exclusive to all other types")
	}
}

func (k *commandChecker) choices(at string, o object) {
	choices, _ := o["choices"].([]any)
	if len(choices) > 25 {
		k.add(at+".choices", "Must be 25 or fewer in length.")
	}
	if len(choices) > 0 && o["autocomplete"] == true {
		k.add(at+".autocomplete", "Cannot be used together with choices")
	}
	for i, v := range choices {
		choice, _ := v.(object)
		name, _ := choice["name"].(string)
		if n := utf8.RuneCountInString(name); n < 1 || n > 100 {
			k.add(fmt.Sprintf("%s.choices.%d.name", at, i), "Must be between 1 and 100 in length.")
		}
		k.size += utf8.RuneCountInString(name) + len(textOf(choice["value"]))
	}
}
