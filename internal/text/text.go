// Package text holds every sentence that Entente shows to people, one file per
// language, named by Discord's locale without its region: en.json.
//
// A text is found by its key, capability first: "apply.cooldown". It may hold
// placeholders in braces: "{until}".
package text

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"strings"
)

//go:embed *.json
var files embed.FS

// fallback is the language that has every text.
const fallback = "en"

// A Catalog is the texts of all languages.
type Catalog struct {
	languages map[string]map[string]string
}

// Load reads the languages that Entente was built with.
func Load() (*Catalog, error) {
	names, err := fs.Glob(files, "*.json")
	if err != nil {
		return nil, err
	}
	c := &Catalog{languages: make(map[string]map[string]string)}
	for _, name := range names {
		b, err := files.ReadFile(name)
		if err != nil {
			return nil, err
		}
		texts := make(map[string]string)
		if err := json.Unmarshal(b, &texts); err != nil {
			return nil, fmt.Errorf("texts of %s: %w", name, err)
		}
		c.languages[strings.TrimSuffix(name, ".json")] = texts
	}
	return c, nil
}

// Say returns the text with the given key in the language of a Discord locale,
// in English if that language lacks it, filled in with args: name, value, name,
// value … A text that does not exist is shown as its key.
func (c *Catalog) Say(locale, key string, args ...string) string {
	language, _, _ := strings.Cut(locale, "-")
	t, ok := c.languages[language][key]
	if !ok {
		t, ok = c.languages[fallback][key]
	}
	if !ok {
		return key
	}
	if len(args) == 0 {
		return t
	}
	pairs := make([]string, len(args)&^1)
	for i := range pairs {
		pairs[i] = args[i]
		if i%2 == 0 {
			pairs[i] = "{" + args[i] + "}"
		}
	}
	return strings.NewReplacer(pairs...).Replace(t)
}

// Speaks reports whether there are texts in the language of a Discord locale:
// where there are none, English is spoken.
func (c *Catalog) Speaks(locale string) bool {
	language, _, _ := strings.Cut(locale, "-")
	_, ok := c.languages[language]
	return ok
}

// Has reports whether the fallback language has the text with the given key.
func (c *Catalog) Has(key string) bool {
	_, ok := c.languages[fallback][key]
	return ok
}
