package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/entente-bot/entente/internal/fakediscord"
)

// gone refuses what can no longer be done on the page, as Discord's client would.
func gone(what string) error { return fmt.Errorf("%s: %w", what, fakediscord.ErrNotPossible) }

// A command is a slash command as Discord lists it or, with its subcommands
// apart, as somebody uses it.
type command struct {
	Name        string          `json:"name"` // such as "partner apply"
	Description string          `json:"description"`
	Permissions string          `json:"default_member_permissions"`
	Options     []commandOption `json:"options"`
}

// A commandOption is an option of a command, or a subcommand.
type commandOption struct {
	command
	Type         int  `json:"type"` // as Discord numbers them
	Required     bool `json:"required"`
	Autocomplete bool `json:"autocomplete"`
	Choices      []struct {
		Name  string `json:"name"`
		Value any    `json:"value"`
	} `json:"choices"`
	MinLength int      `json:"min_length"`
	MaxLength int      `json:"max_length"`
	MinValue  *float64 `json:"min_value"`
	MaxValue  *float64 `json:"max_value"`

	Suggestions []option `json:"-"`
	Menu        []option `json:"-"`
	Value       string   `json:"-"`
}

// commands returns the commands that the player is shown, by name, and how many are hidden.
func (e eyes) commands() (list []command, hidden int) {
	own := e.own(e.player.ID)
	for _, raw := range e.Commands("") {
		var top command
		if json.Unmarshal(raw, &top) != nil {
			continue // Discord lists no such command
		}
		uses := top.uses()
		need, err := strconv.ParseUint(top.Permissions, 10, 64)
		if err == nil && !own.Has(fakediscord.Permission(need)) {
			hidden += len(uses)
			continue
		}
		list = append(list, uses...)
	}
	slices.SortFunc(list, func(a, b command) int { return cmp.Compare(a.Name, b.Name) })
	return list, hidden
}

// uses are the ways to use a command: itself, or its subcommands.
func (c command) uses() []command {
	var list []command
	for _, o := range c.Options {
		if o.Type > 2 {
			return []command{c}
		}
		sub := o.command
		sub.Name = c.Name + " " + o.Name
		list = append(list, sub.uses()...)
	}
	if list == nil {
		list = []command{c}
	}
	return list
}

// opened is the command whose options r asks for, with what can be chosen.
func (e eyes) opened(r *http.Request, list []command) *command {
	i := slices.IndexFunc(list, func(c command) bool { return c.Name == r.FormValue("command") })
	if i < 0 || len(list[i].Options) == 0 {
		return nil
	}
	c := list[i]
	c.Options = slices.Clone(c.Options)
	for i := range c.Options {
		o := &c.Options[i]
		o.Value = r.PostFormValue("o." + o.Name)
		o.Menu = e.optionMenu(*o)
		if o.Autocomplete {
			o.Suggestions, _ = e.suggested(r, c.Name, o.Name, "") // without suggestions it can be typed
		}
	}
	return &c
}

// suggested returns what is suggested when typed stands in an option. No two labels
// are alike, because on the page a suggestion is told by its label.
func (e eyes) suggested(r *http.Request, command, name, typed string) ([]option, error) {
	choices, err := e.person().Autocomplete(r.Context(), command, name, typed)
	if err != nil {
		return nil, err
	}
	var list []option
	for _, c := range choices {
		label := c.Name
		for n := 2; slices.ContainsFunc(list, func(o option) bool { return strings.EqualFold(o.Label, label) }); n++ {
			label = fmt.Sprintf("%s (%d)", c.Name, n)
		}
		list = append(list, option{Label: label, Value: fmt.Sprint(c.Value)})
	}
	return list, nil
}

// unlabelled is the value of the suggestion that typed is the label of, as it was
// offered at first or as it is offered now; else what was typed.
func (e eyes) unlabelled(r *http.Request, command, name, typed string) (string, error) {
	for _, begun := range []string{"", typed} {
		list, err := e.suggested(r, command, name, begun)
		if err != nil {
			return "", err
		}
		for _, o := range list {
			if strings.EqualFold(o.Label, strings.TrimSpace(typed)) {
				return o.Value, nil
			}
		}
	}
	return typed, nil
}

// optionMenu is what an option offers, nil if it is typed.
func (e eyes) optionMenu(o commandOption) []option {
	// Select menus number users, roles and channels differently from options.
	menus := map[int]int{6: 5, 7: 8, 8: 6, 9: 7}
	list := e.offered(component{Type: menus[o.Type]})
	if o.Type == 5 {
		list = []option{{Label: "Yes", Value: "true"}, {Label: "No", Value: "false"}}
	}
	for _, c := range o.Choices {
		list = append(list, option{Label: c.Name, Value: fmt.Sprint(c.Value)})
	}
	for i := range list {
		list[i].Chosen = list[i].Value == o.Value
	}
	return list
}

// command handles the use of a command.
func (g *playground) command(r *http.Request, e eyes) (*fakediscord.Exchange, error) {
	list, _ := e.commands()
	name := r.PostFormValue("command")
	i := slices.IndexFunc(list, func(c command) bool { return c.Name == name })
	if i < 0 || !e.place.Writable() {
		return nil, gone("use a command that is not shown")
	}
	var filled []fakediscord.Option
	for _, o := range list[i].Options {
		typed := r.PostFormValue("o." + o.Name)
		if typed == "" {
			continue
		}
		value, err := e.value(r, name, o, typed)
		if err != nil {
			return nil, err
		}
		filled = append(filled, fakediscord.Opt(o.Name, value))
	}
	return e.person().Command(r.Context(), name, filled...)
}

// value is what the client sends for what was typed into an option: of a
// suggestion its value, of a number the number.
func (e eyes) value(r *http.Request, name string, o commandOption, typed string) (any, error) {
	read := map[int]func(string) (any, error){
		4:  func(s string) (any, error) { return strconv.Atoi(s) },
		5:  func(s string) (any, error) { return strconv.ParseBool(s) },
		10: func(s string) (any, error) { return strconv.ParseFloat(s, 64) },
	}[o.Type]
	if o.Autocomplete {
		var err error
		if typed, err = e.unlabelled(r, name, o.Name, typed); err != nil {
			return nil, err
		}
	}
	if read == nil {
		return typed, nil
	}
	value, err := read(typed)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("fill %q into %q", typed, o.Name), fakediscord.ErrNotPossible)
	}
	return value, nil
}
