package text_test

import (
	"bytes"
	"encoding/json"
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

// TestTextsAreSound checks each text by itself, and every language against English.
func TestTextsAreSound(t *testing.T) {
	t.Parallel()
	form := regexp.MustCompile(`^[a-z]+(\.[a-z0-9_-]+)+$`)
	all := languages(t)
	for language, texts := range all {
		for key, s := range texts {
			english, known := all["en"][key]
			switch {
			case !form.MatchString(key):
				t.Errorf("%s: %q is no key", language, key)
			case s == "" || s != strings.TrimSpace(s):
				t.Errorf("%s: %s is %q", language, key, s)
			case strings.Count(s, "{") != strings.Count(s, "}") || strings.Count(s, "{") != len(placeholder.FindAllString(s, -1)):
				t.Errorf("%s: %s has braces that are no placeholder: %q", language, key, s)
			case strings.Contains(s, "@everyone") || strings.Contains(s, "@here"):
				t.Errorf("%s: %s pings: %q", language, key, s)
			case !known:
				t.Errorf("%s: English has no %s", language, key)
			case !slices.Equal(placeholders(s), placeholders(english)):
				t.Errorf("%s: %s asks for %v, in English for %v", language, key, placeholders(s), placeholders(english))
			case strings.HasPrefix(key, "command.") && len([]rune(s)) > 100:
				t.Errorf("%s: %s has more than the 100 characters of a command's description", language, key)
			}
		}
	}
}
