package interactions_test

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/disgoorg/disgo/discord"

	"github.com/entente-bot/entente/internal/interactions"
	"github.com/entente-bot/entente/internal/text"
)

func catalog(t *testing.T) *text.Catalog {
	t.Helper()
	c, err := text.Load()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestReferenceIsFresh compares docs/commands.md with the route tables.
func TestReferenceIsFresh(t *testing.T) {
	t.Parallel()
	got, err := os.ReadFile("../../docs/commands.md")
	if err != nil || string(got) != interactions.Reference(catalog(t)) {
		t.Error("docs/commands.md is not what the route tables say; run: go run ./scripts/commands", err)
	}
}

// TestReferenceIsWhole wants a line for every route, that says who and what; and
// no line for what is no route.
func TestReferenceIsWhole(t *testing.T) {
	t.Parallel()
	lines := map[string]int{}
	for line := range strings.Lines(interactions.Reference(catalog(t))) {
		cells := strings.Split(strings.TrimSpace(line), " | ")
		if len(cells) != 3 || !strings.HasPrefix(cells[0], "| `") {
			continue
		}
		name := strings.Trim(cells[0], "|` /")
		lines[name]++
		if !slices.Contains([]string{"everyone", "viewers", "managers"}, cells[1]) {
			t.Errorf("%s: who may use it is %q", name, cells[1])
		}
		if len(strings.Trim(cells[2], "| ")) < 10 {
			t.Errorf("%s: what it does is %q", name, cells[2])
		}
	}
	routes := map[string]int{}
	for _, name := range interactions.Routes() {
		if kind, rest, _ := strings.Cut(name, " "); kind != "suggest" {
			routes[rest]++
		}
	}
	if !maps.Equal(lines, routes) {
		t.Errorf("the lines are %v, the routes %v", lines, routes)
	}
	for _, name := range interactions.Described() {
		if routes[name] == 0 {
			t.Errorf("%s is described, and no route", name)
		}
	}
}

// TestCommandsSpeakEveryLanguage wants what each command and option is for in
// English, and in German where German is shown.
func TestCommandsSpeakEveryLanguage(t *testing.T) {
	t.Parallel()
	seen := 0
	check := func(path, english string, others map[discord.Locale]string) {
		seen++
		german := others[discord.LocaleGerman]
		if len(others) != 1 || english == "" || german == "" || german == english {
			t.Errorf("%s is for %q, in other languages %v", path, english, others)
		}
	}
	for _, c := range interactions.Commands(catalog(t)) {
		top := c.(discord.SlashCommandCreate)
		check(top.Name, top.Description, top.DescriptionLocalizations)
		for _, o := range top.Options {
			sub := o.(discord.ApplicationCommandOptionSubCommand)
			check(top.Name+" "+sub.Name, sub.Description, sub.DescriptionLocalizations)
			for _, o := range sub.Options {
				path := top.Name + " " + sub.Name + " " + o.OptionName()
				switch o := o.(type) {
				case discord.ApplicationCommandOptionString:
					check(path, o.Description, o.DescriptionLocalizations)
				case discord.ApplicationCommandOptionInt:
					check(path, o.Description, o.DescriptionLocalizations)
				case discord.ApplicationCommandOptionBool:
					check(path, o.Description, o.DescriptionLocalizations)
				case discord.ApplicationCommandOptionUser:
					check(path, o.Description, o.DescriptionLocalizations)
				case discord.ApplicationCommandOptionChannel:
					check(path, o.Description, o.DescriptionLocalizations)
				default:
					t.Errorf("%s is a %T: teach this test", path, o)
				}
			}
		}
	}
	if seen < 20 {
		t.Errorf("only %d commands and options were seen", seen)
	}
}

// TestReferenceTellsWhatCommandsTake: each option stands there with what Discord has
// people put in, and with what it is for.
func TestReferenceTellsWhatCommandsTake(t *testing.T) {
	t.Parallel()
	page := interactions.Reference(catalog(t))
	words := map[discord.ApplicationCommandOptionType]string{
		discord.ApplicationCommandOptionTypeString: "text", discord.ApplicationCommandOptionTypeInt: "a number",
		discord.ApplicationCommandOptionTypeBool: "yes or no", discord.ApplicationCommandOptionTypeUser: "a user",
		discord.ApplicationCommandOptionTypeChannel: "a channel",
	}
	seen := map[discord.ApplicationCommandOptionType]bool{}
	for _, c := range interactions.Commands(catalog(t)) {
		top := c.(discord.SlashCommandCreate)
		for _, o := range top.Options {
			sub := o.(discord.ApplicationCommandOptionSubCommand)
			for _, o := range sub.Options {
				seen[o.Type()] = true
				line := fmt.Sprintf("| `/%s %s` | `%s` | %s", top.Name, sub.Name, o.OptionName(), words[o.Type()])
				_, rest, found := strings.Cut(page, line)
				if about, _, _ := strings.Cut(rest, "\n"); !found || strings.HasSuffix(about, "|  |") {
					t.Errorf("no line begins with %q and says what it is for", line)
				}
			}
		}
	}
	if len(seen) != len(words) {
		t.Errorf("options of %d kinds were seen, of %d", len(seen), len(words))
	}
}
