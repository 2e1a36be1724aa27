package view_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/disgoorg/disgo/discord"

	"github.com/entente-bot/entente/internal/apply"
	"github.com/entente-bot/entente/internal/fakediscord"
	"github.com/entente-bot/entente/internal/fakediscord/contract"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/text"
	"github.com/entente-bot/entente/internal/view"
)

var update = flag.Bool("update", false, "rewrite testdata with what is shown now")

// A show speaks English, and checks what it shows.
type show struct {
	view.Speaker
	doc *contract.Document // nil without DISCORD_OPENAPI
}

// What all shows need is read once.
var (
	catalog  = sync.OnceValues(text.Load)
	document = sync.OnceValues(func() (*contract.Document, error) {
		path := os.Getenv("DISCORD_OPENAPI")
		if path == "" {
			return nil, nil
		}
		return contract.Open(path)
	})
)

func newShow(t *testing.T) show {
	t.Helper()
	c, err := catalog()
	if err != nil {
		t.Fatal(err)
	}
	doc, err := document()
	if err != nil {
		t.Fatal(err)
	}
	return show{Speaker: view.Speaker{Catalog: c, Locale: "en-US"}, doc: doc}
}

// newShows returns a show for every language.
func newShows(t *testing.T) map[string]show {
	t.Helper()
	english, german := newShow(t), newShow(t)
	german.Locale = "de"
	return map[string]show{"en-US": english, "de": german}
}

// shown checks that Discord would take m, and returns what people read in it.
func (s show) shown(t *testing.T, m discord.MessageCreate) string {
	t.Helper()
	b, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	var body map[string]any
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	if err := d.Decode(&body); err != nil {
		t.Fatal(err)
	}
	problems := append(contract.Message(body, false), contract.Mentions(body)...)
	if s.doc != nil {
		found, err := s.doc.Check("POST", "/channels/1/messages", b)
		if err != nil {
			t.Fatal(err)
		}
		problems = append(problems, found...)
	}
	for _, p := range problems {
		t.Errorf("Discord would refuse it: %v", p)
	}
	components, _ := body["components"].([]any)
	fits(t, components)
	return fakediscord.Message{Components: components}.Text()
}

// fits counts the text of a message as JavaScript does, which counts an emoji as
// two: nobody knows which way Discord counts.
func fits(t *testing.T, components []any) {
	t.Helper()
	units := 0
	contract.Walk(components, func(_ string, c map[string]any) {
		if content, ok := c["content"].(string); ok {
			units += len(utf16.Encode([]rune(content)))
		}
	})
	if units > 4000 {
		t.Errorf("its text has %d units, 4,000 fit", units)
	}
}

// golden compares what is shown with testdata/name.txt. With -update it is the
// new truth, and the diff shows reviewers what people will read.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name+".txt")
	got += "\n"
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("it shows:\n%s\nand should show, as %s says:\n%s", got, path, want)
	}
}

// noon is when everything happens.
func noon() time.Time { return time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC) }

func lighthouse() partnership.Server {
	return partnership.Server{
		ID: "811111111111111111", Name: "The *Lighthouse*", Icon: "0123456789abcdef", Members: 1204, Online: 150, Verification: 2,
	}
}

func ad() partnership.Ad {
	return partnership.Ad{
		Invite: "lighthouse", Category: "Art & design",
		Description: "A calm place for people who **build things** at night.\nNo drama.", Highlights: "Show and tell every Friday",
	}
}

func application() apply.Application {
	return apply.Application{
		ID: "900000000000000001", Status: apply.Pending, Applicant: "700000000000000001",
		Server: lighthouse(), Ad: ad(), Sent: noon(),
	}
}

func partner() partnership.Partnership {
	return partnership.Partnership{
		Partner: "811111111111111111", Application: "900000000000000001", Server: lighthouse(), Ad: ad(),
		Contact: "700000000000000001", Since: noon(), By: "700000000000000002",
	}
}

// lines joins what several messages show.
func lines(parts ...string) string { return strings.Join(parts, "\n\n────\n\n") }
