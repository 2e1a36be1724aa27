package text_test

import (
	"go/ast"
	"slices"
	"strings"
	"testing"

	"github.com/disgoorg/disgo/discord"

	"github.com/entente-bot/entente/internal/discordrest"
	"github.com/entente-bot/entente/internal/interactions"
	"github.com/entente-bot/entente/internal/setup"
	"github.com/entente-bot/entente/internal/ticket"
)

// family returns the keys that begin with prefix and whose rest is computed. A
// computed key that is not here fails the test: add what it can be.
func family(t *testing.T, files []file, prefix string) []string {
	t.Helper()
	statuses := constants(files, "internal/apply/", "Status")
	settled := slices.DeleteFunc(slices.Clone(statuses), func(s string) bool { return s == "pending" })
	features := constants(files, "internal/setup/", "Feature")
	problems := constants(files, "internal/setup/", "Problem")
	numbers := []string{"minimum", "cooldown", "active", "expiry", "remind", "bump", "stay"}
	sources := []string{"slash", "panel", "ticket"}
	edits := constants(files, "internal/edit/", "Status")
	closed := slices.DeleteFunc(slices.Clone(edits), func(s string) bool { return s == "waiting" })
	modes := constants(files, "internal/settings/", "Mode")
	rest := map[string][]string{
		"status.":            statuses,
		"card.":              settled,
		"card.settled-":      settled,
		"apply.settled-":     settled,
		"apply.over-":        settled,
		"apply.answer-":      settled,
		"end.done-":          {"contact", "manager"},
		"end.history-":       {"blocked", "contact", "manager"},
		"ticket.why-":        append(slices.Clone(settled), ticket.ByHand),
		"card.verification-": {"0", "1", "2", "3", "4"},
		"flag.":              constants(files, "internal/apply/", "Flag"),
		"command.":           commandPaths(t),
		"action.":            append(routesOf(files, "internal/worker/routes.go"), "joins.poll"),
		"reason.":            slices.DeleteFunc(routesOf(files, "internal/worker/routes.go"), silent),
		"audit.":             done(files, features),
		"audit.from-":        {"command", "button", "select", "modal", "form", "interaction", "worker", "direct"},
		"setup.":             append(each(numbers, "-label", "-hint", "-invalid"), "minimum-title", "waiting-title", "bumps-title", "stay-title"),
		"edit.settled-":      closed,
		"edit.is-":           closed,
		"edit.label-":        closed,
		"edit.answer-":       edits,
		"edit.state-":        edits,
		"contact.role-":      {"gone", "everyone", "managed", "powerful", "beyond", "above-bot", "staff", "server", "absent"},
		"stats.gap-":         constants(files, "internal/joins/", "Why"),
		"setup.section-":     each(setup.Sections(), "", "-hint"),
		"setup.source-":      each(sources, "", "-hint"),
		"setup.mode-":        each(modes, "", "-hint"),
		"setup.place-":       modes,
		"showcase.moved-":    modes,
		"setup.choose-":      {"showcase", "category", "forum"},
		"setup.at-end-":      {"deleted", "archived"},
		"audit.setting-":     {"slash", "panel", "ticket", "minimum", "cooldown", "active", "expiry", "remind", "role", "person"},
		"drift.change-":      {"renamed", "restricted", "small", "shrunken"},
		"drift.why-":         {"gone", "elsewhere", "beside"},
		"drift.done-":        {"accept", "hide"},
		"hidden.":            {"gone", "elsewhere", "beside", "managers"},
		"showcase.invite-":   {"gone", "elsewhere", "beside"},
		"joins.bare-":        constants(files, "internal/joins/", "Lack"),
		"joins.poll-":        constants(files, "internal/poll/", "Loss"),
		"joins.entrance-":    {"absent", "no-entrance", "gone", "type", "permission"},
		"setup.markers-":     {"on", "off"},
		"setup.counting-":    {"on", "off"},
		"setup.feature-":     features,
		"setup.problem-":     problems,
		"setup.role-":        {"everyone", "managed", "powerful", "beyond", "above-bot", "unplaced", "above-you", "staff"},
		"setup.wrong-type-":  {"review", "showcase", "category", "forum", "index", "log", "tickets", "entrance"},
		"setup.permission-":  (^setup.Rights(0)).Words(),
		"setup.cost-": {"bot", "review", "taken-back", "showcase", "seen", "log", "tickets", "joined", "lock", "banner", "sources",
			"channels", "closed", "bumps", "posts", "tags", "index", "found", "contact", "joins", "entrance", "entered", "markers", "identified", "paused"},
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

// silent reports whether an action does nothing that Discord's audit log could tell:
// it answers somebody, or has others follow. Every other one has a reason to give.
func silent(name string) bool {
	return slices.Contains([]string{
		"apply.answer", "apply.check", "apply.compare", "apply.expire", "block.enforce", "block.lift", "bump.follow", "edit.answer", "edit.check",
		"export.send", "forget.user", "guild.call", "guild.look", "joins.renew", "removal.check", "removal.purge", "settings.retry", "setup.check", "stats.send",
	}, name)
}

// each adds every ending to every word.
func each(words []string, endings ...string) (list []string) {
	for _, w := range words {
		for _, end := range endings {
			list = append(list, w+end)
		}
	}
	return list
}

// done returns what the trail can say was done: what is written where it is noted.
func done(files []file, features []string) (list []string) {
	list = append(list, "apply.notify-on", "apply.notify-off", "edit.send", "edit.change", "edit.withdraw", "bump.remind-on", "bump.remind-off",
		"drift.hold", "drift.back", "drift.misled", "drift.stray", "drift.mended", "drift.accept", "drift.hide") // noted as one of two
	for _, f := range features {
		if slices.Contains([]string{"review", "showcase", "category", "forum", "index", "log", "tickets", "entrance"}, f) { // the channels
			list = append(list, "setup."+f)
		}
	}
	for _, f := range files {
		ast.Inspect(f.tree, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CallExpr:
				called, ok := n.Fun.(*ast.SelectorExpr)
				if !ok || len(n.Args) == 0 {
					return true
				}
				s, ok := literal(n.Args[0])
				switch {
				case s == "":
				case ok && slices.Contains([]string{"audit", "entry", "note", "noteRole", "notes", "notesRole"}, called.Sel.Name):
					list = append(list, s)
				case ok && called.Sel.Name == "change":
					list = append(list, "setup."+s)
				}
			case *ast.KeyValueExpr:
				key, ok := n.Key.(*ast.Ident)
				s, is := literal(n.Value)
				if ok && is && key.Name == "What" && s != "" {
					list = append(list, s)
				}
			case *ast.AssignStmt: // did := "partnership.add"
				if v, ok := n.Lhs[0].(*ast.Ident); ok && v.Name == "did" && len(n.Lhs) == len(n.Rhs) {
					if s, ok := literal(n.Rhs[0]); ok && s != "" {
						list = append(list, s)
					}
				}
			}
			return true
		})
	}
	return list
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

// commandPaths returns the commands, subcommands and options, joined by dots.
func commandPaths(t *testing.T) (paths []string) {
	t.Helper()
	for _, c := range interactions.Commands(load(t)) {
		paths = append(paths, c.CommandName())
		slash, ok := c.(discord.SlashCommandCreate)
		if !ok {
			t.Fatalf("%s is no slash command", c.CommandName())
		}
		for _, o := range slash.Options {
			path := c.CommandName() + "." + o.OptionName()
			paths = append(paths, path)
			if sub, ok := o.(discord.ApplicationCommandOptionSubCommand); ok {
				for _, option := range sub.Options {
					paths = append(paths, path+"."+option.OptionName())
				}
			}
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
				keys = slices.DeleteFunc(family(t, files, u.key), func(key string) bool { return !strings.HasSuffix(key, u.ending) })
			}
			for _, key := range keys {
				used[key] = true
				s, ok := english[key]
				if !ok {
					t.Errorf("%s: there is no text %s", u.at, key)
					continue
				}
				slices.Sort(u.args)
				asks, given := placeholders(s), slices.Compact(u.args)
				if fits := slices.Equal(asks, given) || u.family && contains(given, asks); u.argsSeen && !fits {
					t.Errorf("%s: %s asks for %q and is filled in with %q", u.at, key, asks, given)
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

// contains reports whether all holds every one of some: the texts of a family are
// filled in with the same, and need not ask for all of it.
func contains(all, some []string) bool {
	return !slices.ContainsFunc(some, func(s string) bool { return !slices.Contains(all, s) })
}

// TestReasonsOfDiscord checks the sentences for what Discord refuses: they are
// there, and ask for nothing that does not come with them.
func TestReasonsOfDiscord(t *testing.T) {
	t.Parallel()
	english := languages(t)["en"]
	comes := map[string]string{
		"discord.permission_send": "channel", "discord.permission_read": "channel", "discord.permission_thread": "channel", "discord.permission_role": "role",
		"discord.permission_forum": "channel", "discord.permission_tags": "channel", "discord.permission_category": "channel", "discord.permission_channel": "channel",
		"discord.unforeseen": "code",
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
