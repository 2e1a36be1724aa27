package text_test

import (
	"go/ast"
	"slices"
	"strings"
	"testing"

	"github.com/disgoorg/disgo/discord"

	"github.com/entente-bot/entente/internal/discordrest"
	"github.com/entente-bot/entente/internal/interactions"
)

// family returns the keys that begin with prefix and whose rest is computed. A
// computed key that is not here fails the test: add what it can be.
func family(t *testing.T, files []file, prefix string) []string {
	t.Helper()
	statuses := constants(files, "internal/apply/", "Status")
	settled := slices.DeleteFunc(slices.Clone(statuses), func(s string) bool { return s == "pending" })
	rest := map[string][]string{
		"status.":            statuses,
		"card.":              settled,
		"card.settled-":      settled,
		"apply.settled-":     settled,
		"card.verification-": {"0", "1", "2", "3", "4"},
		"command.":           commandPaths(t),
		"action.":            routesOf(files, "internal/worker/routes.go"),
	}[prefix]
	if len(rest) == 0 {
		t.Errorf("keys that begin with %q are computed: say in family what they can be", prefix)
	}
	var keys []string
	for _, r := range rest {
		keys = append(keys, prefix+r)
	}
	return keys
}

// constants returns the values of the string constants of a type.
func constants(files []file, dir, typ string) (values []string) {
	for _, f := range files {
		if !strings.HasPrefix(f.path, dir) {
			continue
		}
		ast.Inspect(f.tree, func(n ast.Node) bool {
			v, ok := n.(*ast.ValueSpec)
			if !ok || len(v.Values) != 1 {
				return true
			}
			if name, ok := v.Type.(*ast.Ident); ok && name.Name == typ {
				if s, ok := literal(v.Values[0]); ok {
					values = append(values, s)
				}
			}
			return true
		})
	}
	return values
}

// routesOf returns the keys of the route tables in a file.
func routesOf(files []file, path string) (names []string) {
	for _, f := range files {
		if f.path != path {
			continue
		}
		ast.Inspect(f.tree, func(n ast.Node) bool {
			if kv, ok := n.(*ast.KeyValueExpr); ok {
				if s, ok := literal(kv.Key); ok {
					names = append(names, s)
				}
			}
			return true
		})
	}
	return names
}

// commandPaths returns the commands and subcommands, joined by dots.
func commandPaths(t *testing.T) (paths []string) {
	t.Helper()
	for _, c := range interactions.Commands(load(t)) {
		paths = append(paths, c.CommandName())
		slash, ok := c.(discord.SlashCommandCreate)
		if !ok {
			t.Fatalf("%s is no slash command", c.CommandName())
		}
		for _, o := range slash.Options {
			paths = append(paths, c.CommandName()+"."+o.OptionName())
		}
	}
	return paths
}

// TestKeys reads the source: every text that is named exists, is filled in with
// what it asks for, and no text is left over.
func TestKeys(t *testing.T) {
	t.Parallel()
	english := languages(t)["en"]
	files := sources(t)
	used := map[string]bool{}
	for _, f := range files {
		for _, u := range uses(t, f) {
			keys := []string{u.key}
			if u.family {
				keys = family(t, files, u.key)
			}
			for _, key := range keys {
				used[key] = true
				s, ok := english[key]
				if !ok {
					t.Errorf("%s: there is no text %s", u.at, key)
					continue
				}
				slices.Sort(u.args)
				if asks := placeholders(s); u.argsSeen && !slices.Equal(asks, slices.Compact(u.args)) {
					t.Errorf("%s: %s asks for %q and is filled in with %q", u.at, key, asks, u.args)
				}
			}
		}
	}
	for _, key := range discordrest.Reasons() {
		used[key] = true
	}
	if len(used) < 50 {
		t.Errorf("only %d texts are used: the source was not read", len(used))
	}
	for key := range english {
		if !used[key] {
			t.Errorf("%s is used nowhere", key)
		}
	}
}

// TestReasonsOfDiscord checks the sentences for what Discord refuses: they are
// there, and ask for nothing that does not come with them.
func TestReasonsOfDiscord(t *testing.T) {
	t.Parallel()
	english := languages(t)["en"]
	comes := map[string]string{
		"discord.permission_send": "channel", "discord.permission_read": "channel", "discord.permission_role": "role",
	}
	for _, key := range discordrest.Reasons() {
		s, ok := english[key]
		if !ok {
			t.Errorf("there is no text %s", key)
			continue
		}
		for _, name := range placeholders(s) {
			if name != comes[key] {
				t.Errorf("%s asks for %s, which does not come with it", key, name)
			}
		}
		if !strings.HasSuffix(s, ".") {
			t.Errorf("%s is no sentence: %q", key, s)
		}
	}
}
