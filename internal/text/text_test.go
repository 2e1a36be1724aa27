package text_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/entente-bot/entente/internal/text"
)

func load(t *testing.T) *text.Catalog {
	t.Helper()
	c, err := text.Load()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestSay(t *testing.T) {
	t.Parallel()
	c := load(t)
	tests := []struct {
		name, locale, key string
		args              []string
		want              string
	}{
		{"plain", "en-US", "card.approve", nil, "Approve"},
		{"filled in", "en-US", "list.page", []string{"page", "2", "pages", "3"}, "Page 2 of 3"},
		{"what fills it in is not filled in", "en-US", "list.page", []string{"page", "{pages}", "pages", "3"}, "Page {pages} of 3"},
		{"left open", "en-US", "list.page", []string{"page", "2"}, "Page 2 of {pages}"},
		{"a name without a value", "en-US", "list.page", []string{"page", "2", "pages"}, "Page 2 of {pages}"},
		{"more than it asks for", "en-US", "list.page", []string{"page", "2", "pages", "3", "x", "y"}, "Page 2 of 3"},
		{"other region", "en-GB", "card.approve", nil, "Approve"},
		{"German", "de", "card.approve", nil, "Annehmen"},
		{"German, filled in", "de", "list.page", []string{"page", "2", "pages", "3"}, "Seite 2 von 3"},
		{"language that lacks it", "tlh", "card.approve", nil, "Approve"},
		{"no language", "", "card.approve", nil, "Approve"},
		{"no such text", "en-US", "card.celebrate", []string{"x", "y"}, "card.celebrate"},
	}
	for _, tt := range tests {
		if got := c.Say(tt.locale, tt.key, tt.args...); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
	if !c.Has("card.approve") || c.Has("card.celebrate") || c.Has("") {
		t.Error("Has is wrong")
	}
	for locale, want := range map[string]bool{"en-US": true, "en-GB": true, "de": true, "tlh": false, "": false, "d": false} {
		if c.Speaks(locale) != want {
			t.Errorf("Speaks(%q) = %v", locale, !want)
		}
	}
}

// languages reads the texts of every language.
func languages(t *testing.T) map[string]map[string]string {
	t.Helper()
	files, err := filepath.Glob("*.json")
	if err != nil || len(files) == 0 {
		t.Fatal("no texts", err)
	}
	all := map[string]map[string]string{}
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		d := json.NewDecoder(bytes.NewReader(b))
		texts := map[string]string{}
		if _, err := d.Token(); err != nil { // {
			t.Fatalf("%s: %v", file, err)
		}
		for d.More() {
			token, err := d.Token()
			key, ok := token.(string)
			if err != nil || !ok {
				t.Fatalf("%s: %v", file, err)
			}
			var value string
			if err := d.Decode(&value); err != nil {
				t.Fatalf("%s: %s: %v", file, key, err)
			}
			if _, twice := texts[key]; twice {
				t.Errorf("%s has %s twice", file, key)
			}
			texts[key] = value
		}
		all[strings.TrimSuffix(file, ".json")] = texts
	}
	return all
}

var placeholder = regexp.MustCompile(`\{([a-z]+)\}`)

// placeholders returns the names that a text asks for, sorted, each once.
func placeholders(s string) []string {
	var names []string
	for _, m := range placeholder.FindAllStringSubmatch(s, -1) {
		names = append(names, m[1])
	}
	slices.Sort(names)
	return slices.Compact(names)
}

var form = regexp.MustCompile(`^[a-z]+(\.[a-z0-9_-]+)+$`)

// unsound says what is wrong with the texts of each language by themselves, and
// with each language against English: it has the same keys, and they ask for the
// same.
func unsound(all map[string]map[string]string) (problems []string) {
	for language, texts := range all {
		no := func(format string, args ...any) {
			problems = append(problems, language+": "+fmt.Sprintf(format, args...))
		}
		for key := range all["en"] {
			if _, ok := texts[key]; !ok {
				no("there is no %s", key)
			}
		}
		for key, s := range texts {
			english, known := all["en"][key]
			switch {
			case !form.MatchString(key):
				no("%q is no key", key)
			case s == "" || s != strings.TrimSpace(s):
				no("%s is %q", key, s)
			case strings.Count(s, "{") != strings.Count(s, "}") || strings.Count(s, "{") != len(placeholder.FindAllString(s, -1)):
				no("%s has braces that are no placeholder: %q", key, s)
			case strings.Contains(s, "@everyone") || strings.Contains(s, "@here"):
				no("%s pings: %q", key, s)
			case !known:
				no("English has no %s", key)
			case !slices.Equal(placeholders(s), placeholders(english)):
				no("%s asks for %v, in English for %v", key, placeholders(s), placeholders(english))
			case !slices.Equal(marks(s), marks(english)):
				no("%s has the marks %q, in English %q", key, marks(s), marks(english))
			}
		}
	}
	slices.Sort(problems)
	return problems
}

var mark = regexp.MustCompile("\\*\\*|`/[a-z ]+`|<@&?|<#|\\]\\(|(?m:^(?:#+|-#?|>>>) )")

// marks returns what a text has of markup that is more than emphasis: bold, named
// commands, mentions, links, and how its lines begin. Sorted, since another
// language has another order.
func marks(s string) []string {
	found := mark.FindAllString(s, -1)
	slices.Sort(found)
	return found
}

// TestTextsAreSound checks the texts of every language.
func TestTextsAreSound(t *testing.T) {
	t.Parallel()
	for _, p := range unsound(languages(t)) {
		t.Error(p)
	}
}

// TestLanguagesMustMatch holds what a language that does not match English is told.
func TestLanguagesMustMatch(t *testing.T) {
	t.Parallel()
	english := map[string]string{"a.title": "## {name} asks", "a.plain": "Use `/partner apply`."}
	for _, tt := range []struct {
		name  string
		texts map[string]string
		want  string
	}{
		{"whole", map[string]string{"a.title": "## Frage von {name}", "a.plain": "`/partner apply` hilft."}, ""},
		{"lacks one", map[string]string{"a.title": "## Frage von {name}"}, "there is no a.plain"},
		{"has one more", map[string]string{"a.title": "## {name}", "a.plain": "`/partner apply`", "a.more": "Mehr"}, "English has no a.more"},
		{"asks for something else", map[string]string{"a.title": "## {wer} fragt", "a.plain": "`/partner apply`"}, "a.title asks for [wer], in English for [name]"},
		{"asks for nothing", map[string]string{"a.title": "## Frage", "a.plain": "`/partner apply`"}, "a.title asks for [], in English for [name]"},
		{"names another command", map[string]string{"a.title": "## {name}", "a.plain": "`/partner bewerben`"}, "a.plain has the marks"},
		{"is no title", map[string]string{"a.title": "{name} fragt", "a.plain": "`/partner apply`"}, "a.title has the marks"},
		{"is empty", map[string]string{"a.title": "## {name}", "a.plain": ""}, `a.plain is ""`},
		{"pings", map[string]string{"a.title": "## {name}", "a.plain": "@everyone `/partner apply`"}, "a.plain pings"},
	} {
		got := unsound(map[string]map[string]string{"en": english, "xx": tt.texts})
		if tt.want == "" && len(got) == 0 {
			continue
		}
		if tt.want == "" || len(got) != 1 || !strings.HasPrefix(got[0], "xx: "+tt.want) {
			t.Errorf("a language that %s: %q, want %q", tt.name, got, tt.want)
		}
	}
}
