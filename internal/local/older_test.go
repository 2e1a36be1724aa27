package local_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/fakediscord"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/roll"
	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/storage"
)

// younger lists, by kind, the fields that records of the first version lack, with what
// stood there instead; of a kind without fields there were no records.
func younger() map[string]map[string]any {
	gone := func(fields ...string) map[string]any {
		m := map[string]any{}
		for _, f := range fields {
			m[f] = nil
		}
		return m
	}
	return map[string]map[string]any{
		"application": gone("maker"),
		"standing":    gone("waiting", "misses"), // see aged for what stood there
		"waiting":     gone("own"),
		"entry":       gone("changes"),
		"log":         gone("old"),
		"contact":     gone("barred", "kept", "given"),
		"ledger":      gone("watched"),
		"making":      gone("repairs", "again"),
		"partnership": gone("vetted", "drift", "hidden"),
		"post":        gone("shown", "repairs"),
		"health":      gone("timed_out", "everybody"),
		"home":        gone("barred", "paused", "repairs"),
		"ticket":      gone("counted"),
		"names":       nil, "forms": nil, "crowd": nil, "probes": nil, "others-part": nil, "guild": nil, "losses": nil,
	}
}

// aged is a record as the first version would have written it; without a value there
// was none.
func aged(t *testing.T, it storage.Item) storage.Item {
	t.Helper()
	fields, known := younger()[it.Kind]
	if !known {
		return it
	}
	if fields == nil {
		it.Value = nil
		return it
	}
	var value map[string]any
	if err := json.Unmarshal(it.Value, &value); err != nil {
		t.Fatal(err)
	}
	if waiting, ok := value["waiting"].([]any); ok && it.Kind == "standing" && strings.Contains(it.Key.Sort, "#partner#") {
		value["pending"] = waiting[0].(map[string]any)["application"]
	}
	for f := range fields {
		delete(value, f)
	}
	var err error
	if it.Value, err = json.Marshal(value); err != nil {
		t.Fatal(err)
	}
	return it
}

// ages makes the records of the guild as the first version left them. It returns how many
// were others.
func (s *stage) ages() (changed int) {
	s.Helper()
	queries := []storage.Query{{Table: storage.Records, Part: "guild#" + s.Guild, Limit: storage.MaxGet}}
	for shard := range roll.Shards {
		queries = append(queries, roll.In(shard))
	}
	for _, q := range queries {
		for {
			page, err := s.DB.List(s.Context(), q)
			if err != nil {
				s.Fatal(err)
			}
			for _, it := range page.Items {
				old := aged(s.T, it)
				if string(old.Value) == string(it.Value) {
					continue
				}
				changed++
				if err := s.DB.Put(s.Context(), old); err != nil {
					s.Fatal(err)
				}
			}
			if q.Cursor = page.Cursor; q.Cursor == "" {
				break
			}
		}
	}
	return changed
}

// everyCommand lets people use every command, and returns what each was answered.
func (s *stage) everyCommand() map[string]string {
	s.Helper()
	said := map[string]string{}
	partner, user := fakediscord.Opt("partner", s.Lighthouse), fakediscord.Option{Name: "user", Value: stranger(8), Type: 6}
	for _, c := range []struct {
		who, name string
		options   []fakediscord.Option
	}{
		{s.Rio, "partner apply", nil}, {s.Rio, "partner bump", nil}, {s.Rio, "partner edit", nil}, {s.Rio, "partner info", nil},
		{s.Rio, "partner info", []fakediscord.Option{partner}}, {s.Nora, "partner list", nil}, {s.Rio, "partner stats", nil},
		{s.Nora, "partner withdraw", nil}, {s.Rio, "partner end", nil}, {s.Nora, "partner forget", nil},
		{s.Ada, "partnerships setup", nil}, {s.Ada, "partnerships queue", nil}, {s.Ada, "partnerships status", nil},
		{s.Ada, "partnerships info", nil}, {s.Ada, "partnerships info", []fakediscord.Option{partner}}, {s.Ada, "partnerships blocklist", nil},
		{s.Ada, "partnerships edit", []fakediscord.Option{partner}}, {s.Ada, "partnerships end", []fakediscord.Option{partner}},
		{s.Ada, "partnerships block", []fakediscord.Option{user}}, {s.Ada, "partnerships panel", nil}, {s.Ada, "partnerships export", nil},
	} {
		said[c.name] += s.command(c.who, c.name, c.options...).Text()
	}
	for _, c := range []string{"partner bump", "partner info", "partner edit", "partner end"} {
		said[c+" suggests"] = strings.Join(s.suggested(s.Rio, c, "partner", "light"), ", ")
	}
	return said
}

// TestOlderRecords goes on from what the first version kept, with the actions table as it
// was, and without it, as after a restore: every command answers, what waited is decided
// on, and there is one of each thing.
func TestOlderRecords(t *testing.T) {
	t.Parallel()
	for name, loses := range map[string]bool{"updated": false, "restored": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t)
			s.chooses(func(c *settings.Settings) {
				c.Contact, c.Log = s.Contacts, s.AddChannel(s.Guild, fakediscord.Channel{Name: "log"})
			})
			s.thrives()
			if n := s.ages(); n < 20 {
				t.Fatalf("only %d records were older", n)
			}
			if loses {
				s.loseActions()
			}
			s.drain()
			for command, said := range s.everyCommand() {
				s.silent(said, "Something went wrong")
				if said == "" {
					t.Errorf("/%s says nothing", command)
				}
			}
			s.advance(8 * 24 * time.Hour)
			s.settle()
			s.everyCommand()
			s.goesOn()
		})
	}
}

// goesOn fails the test unless the guild of thrives is in order: there is one ad, one role,
// one invite, nothing is given up, and what waits can be decided on.
func (s *stage) goesOn() {
	s.Helper()
	if n := len(s.listings(s.Lighthouse)); n != 1 {
		s.Errorf("%d ads of Lighthouse", n)
	}
	if n := len(s.trackedInvites()); n != 1 || !s.holder(s.Rio, s.Contacts) || !s.watched() {
		s.Errorf("%d tracked invites; the contact has the role: %v; joins are counted: %v", n, s.holder(s.Rio, s.Contacts), s.watched())
	}
	if left, dead := s.left(), s.dead(); left.Blocked != 0 || len(dead) != 0 {
		s.Errorf("blocked %d, given up %v", left.Blocked, dead)
	}
	if strings.Contains(s.logs.String(), "outcome=failed") {
		s.Error("something failed")
	}
	for _, card := range s.Messages(s.Review) {
		if _, ok := card.Button("Approve"); ok && strings.Contains(card.Text(), "## Beacon") {
			s.on(s.Max, card.Ref, "Approve")
		}
	}
	if c := s.counted(); c.Active != 2 || c.Pending != 0 {
		s.Errorf("what waited was not decided on: %+v", c)
	}
	s.namesAgree()
	if list := kept[partnership.Partnership](s, partnership.Prefix); len(list) == 2 && len(s.listings(list[1].Partner))+len(s.listings(list[0].Partner)) != 2 {
		s.Error("not both partners have an ad")
	}
}
