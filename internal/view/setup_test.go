package view_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/setup"
	"github.com/entente-bot/entente/internal/text"
	"github.com/entente-bot/entente/internal/view"
)

// TestSetupFits shows every section of the panel with all that can be chosen, and
// all that can be wrong: it stays within Discord's limits.
func TestSetupFits(t *testing.T) {
	catalog, err := text.Load()
	if err != nil {
		t.Fatal(err)
	}
	id := func(n int) string { return fmt.Sprintf("12345678901234567%02d", n) }
	full := view.Configuration{Settings: settings.Default(), Health: setup.Health{At: time.Unix(1, 0)}, Active: 100}
	full.Settings.Contact, full.Settings.Index, full.Settings.Category, full.Settings.Mode = id(0), id(1), id(2), settings.Channels
	full.Settings.Showcase, full.Settings.Review, full.Settings.Log, full.Settings.Tickets = id(3), id(4), id(5), id(6)
	full.Settings.Sources.Ticket, full.Settings.Archive = true, true
	full.Settings.Track, full.Settings.Markers, full.Settings.Entrance, full.Settings.Stay = true, true, id(7), settings.MaxStay
	full.Settings.Topics = nil
	for n := range settings.MaxRoles {
		full.Settings.Managers = append(full.Settings.Managers, id(n))
		full.Settings.Viewers = append(full.Settings.Viewers, id(n))
		full.Settings.Topics = append(full.Settings.Topics, strings.Repeat("*", settings.MaxTopic-2)+fmt.Sprint(n))
		full.Health.Findings = append(full.Health.Findings, setup.Finding{
			Feature: setup.FeatureManagers, Problem: setup.Powerful, About: id(n), Rights: (^setup.Rights(0)).Words(),
		})
	}
	full.Names.List = []partnership.Name{{ID: id(8), Name: strings.Repeat("*", partnership.MaxName)}}
	for i := range 100 {
		full.Stops = append(full.Stops, action.Stop{
			Ref: action.Ref{Name: "showcase.sync", Subject: id(8)}, Reason: action.Reason{Key: "worker.no-history", Args: []string{"channel", id(i % 9)}},
		})
	}
	for _, locale := range []string{"en-US", "de"} {
		for i, section := range append(setup.Sections(), "unknown", setup.Showcase, setup.Showcase) {
			full.Section, full.Settings.Mode = section, settings.Modes()[i%3]
			b, err := json.Marshal(view.Setup(view.Speaker{Catalog: catalog, Locale: locale}, full))
			if err != nil {
				t.Fatal(err)
			}
			var body any
			if err := json.Unmarshal(b, &body); err != nil {
				t.Fatal(err)
			}
			components, characters := size(body)
			if components > 40 || characters > 4000 {
				t.Errorf("%s, %s: %d components, %d characters", locale, section, components, characters)
			}
			t.Logf("%s, %s: %d components, %d characters", locale, section, components, characters)
		}
	}
}

// TestSetupTexts wants a text for everything that can be wrong.
func TestSetupTexts(t *testing.T) {
	catalog, err := text.Load()
	if err != nil {
		t.Fatal(err)
	}
	var keys []string
	add := func(prefix string, words ...string) {
		for _, w := range words {
			keys = append(keys, prefix+w)
		}
	}
	add("setup.problem-", "absent", "unset", "gone", "type", "permission", "public", "everyone", "managed", "powerful", "above-bot", "above-you", "staff", "server", "no-entrance", "full", "intent", "paused")
	add("setup.role-", "everyone", "managed", "powerful", "above-bot", "above-you", "staff")
	add("setup.feature-", "bot", "review", "showcase", "category", "forum", "index", "log", "tickets", "sources", "managers", "viewers", "contact", "track", "markers", "entrance")
	add("setup.wrong-type-", "review", "showcase", "category", "forum", "index", "log", "tickets", "entrance")
	add("setup.cost-", "bot", "review", "showcase", "log", "tickets", "lock", "banner", "sources",
		"channels", "closed", "bumps", "posts", "tags", "index", "found", "contact", "joins", "entrance", "entered", "markers", "identified", "paused")
	for _, m := range settings.Modes() {
		add("setup.", "mode-"+string(m), "mode-"+string(m)+"-hint", "place-"+string(m), "choose-"+string(setup.PlaceOf(m)))
	}
	add("setup.permission-", (^setup.Rights(0)).Words()...)
	for _, section := range setup.Sections() {
		add("setup.section-", section, section+"-hint")
	}
	for _, number := range []string{"minimum", "cooldown", "active", "expiry", "remind", "bump"} {
		add("setup."+number, "-label", "-hint", "-invalid")
	}
	for _, key := range keys {
		if !catalog.Has(key) {
			t.Errorf("there is no text %s", key)
		}
	}
}

// size counts components, nested ones too, and the characters of their texts.
func size(v any) (components, characters int) {
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			c, n := size(e)
			components, characters = components+c, characters+n
		}
	case map[string]any:
		if _, is := v["type"].(float64); is {
			components++
		}
		for key, e := range v {
			if s, is := e.(string); is && key == "content" {
				characters += len(utf16.Encode([]rune(s)))
			}
			if key == "components" || key == "component" || key == "accessory" {
				c, n := size(e)
				components, characters = components+c, characters+n
			}
		}
	}
	return components, characters
}
