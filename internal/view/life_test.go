package view_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/disgoorg/disgo/discord"

	"github.com/entente-bot/entente/internal/apply"
	"github.com/entente-bot/entente/internal/block"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/text"
	"github.com/entente-bot/entente/internal/view"
)

// TestLifeFits shows the longest that can be: of the blocklist, of an application
// however it ended, and of what its applicant reads.
func TestLifeFits(t *testing.T) {
	catalog, err := text.Load()
	if err != nil {
		t.Fatal(err)
	}
	const id = "12345678901234567890"
	name, far := strings.Repeat("*", 100), time.Unix(9_999_999_999, 0)
	var entries []block.Entry
	var waiting []apply.Waiting
	for range 500 {
		entries = append(entries, block.Entry{
			Target: block.Target{What: block.Server, ID: id}, Name: name, Reason: strings.Repeat("*", block.MaxReason), By: id, At: far, Until: far,
		})
		waiting = append(waiting, apply.Waiting{ID: id, Partner: id, Applicant: id, Name: name, Sent: far})
	}
	long := apply.Application{
		ID: id, Applicant: id, Server: partnership.Server{ID: id, Name: name, Members: 10_000_000, Online: 10_000_000, Icon: "a_b"},
		Ad: partnership.Ad{
			Invite: strings.Repeat("x", 32), Category: strings.Repeat("*", partnership.MaxCategory),
			Description: strings.Repeat("x", partnership.MaxDescription), Highlights: strings.Repeat("x", partnership.MaxHighlights),
		},
		Earlier: apply.Standing{Denied: 1000, Latest: apply.Latest{ID: id, Status: apply.Withdrawn, At: far}},
		By:      id, Reason: strings.Repeat("x", apply.MaxReason), Note: strings.Repeat("x", apply.MaxNote), Untold: true, Sent: far, Settled: far,
	}
	for _, locale := range []string{"en-US", "de"} {
		s := view.Speaker{Catalog: catalog, Locale: locale}
		shown := map[string]discord.MessageCreate{
			"blocklist": view.Blocklist(s, entries, 500, 3),
			"withdraw":  view.Whisper(view.Withdrawals(s, waiting)...),
			"blocked":   view.Whisper(view.Blocked(s, entries[:2], name)),
			"confirm":   view.Whisper(view.BlockPartner(s, id, partnership.Partnership{Partner: id, Server: long.Server}, id)...),
			"regret":    view.Whisper(view.Regret(s, long)...),
		}
		for _, status := range []apply.Status{apply.Pending, apply.Approved, apply.Denied, apply.Withdrawn, apply.Expired} {
			a := long
			a.Status = status
			shown["card "+string(status)] = view.Card(s, a, settings.Settings{Minimum: 10_000_000})
			shown["answer "+string(status)] = view.Answer(s, apply.Draft{}, a)
			if status != apply.Pending {
				shown["notice "+string(status)] = view.Notice(s, id, name, a)
				shown["stopped "+string(status)] = view.Stopped(s, a)
			}
		}
		for what, m := range shown {
			withinLimits(t, fmt.Sprintf("%s, %s", locale, what), m)
		}
	}
}

// withinLimits fails the test if a message is beyond Discord's limits, or says the key of
// a text that is missing.
func withinLimits(t *testing.T, what string, m discord.MessageCreate) {
	t.Helper()
	b, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	var body any
	if err := json.Unmarshal(b, &body); err != nil {
		t.Fatal(err)
	}
	if components, characters := size(body); components > 40 || characters > 4000 {
		t.Errorf("%s: %d components, %d characters", what, components, characters)
	}
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case []any:
			for _, e := range v {
				walk(e)
			}
		case map[string]any:
			for k, e := range v {
				said, _ := e.(string)
				if k == "custom_id" && len(said) > 100 {
					t.Errorf("%s: %q has %d characters", what, said, len(said))
				}
				for _, prefix := range []string{"apply.", "block.", "card.", "status."} {
					if (k == "content" || k == "label") && (strings.Contains(said, prefix) || strings.Contains(said, "{")) {
						t.Errorf("%s says %q", what, said)
					}
				}
				walk(e)
			}
		}
	}
	walk(body)
}
