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

	Suggestions []string `json:"-"`
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
			choices, _ := e.person().Autocomplete(r.Context(), c.Name, o.Name, "") // without suggestions it can be typed
			for _, choice := range choices {
				o.Suggestions = append(o.Suggestions, choice.Name)
			}
		}
	}
	return &c
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
	if i < 0 {
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
		choices, err := e.person().Autocomplete(r.Context(), name, o.Name, typed)
		if err != nil {
			return nil, err
		}
		for _, c := range choices {
			if strings.EqualFold(c.Name, typed) {
				typed = fmt.Sprint(c.Value)
				break
			}
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
