package forget_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/entente-bot/entente/internal/forget"
)

// TestKeeps reads the table of keys: whatever is kept stands in docs/privacy.md, or
// is said to tell nothing of people.
func TestKeeps(t *testing.T) {
	t.Parallel()
	b, err := os.ReadFile("../storage/storage.go")
	if err != nil {
		t.Fatal(err)
	}
	var stored []string
	for _, row := range regexp.MustCompile(`(?m)^//\s+(records|actions)\s+(\S+)\s+(\S+)`).FindAllStringSubmatch(string(b), -1) {
		key := row[2]
		if row[1] == "records" && row[2] == "guild#<g>" {
			key = row[3]
		}
		stored = append(stored, regexp.MustCompile(`^[a-z-]+`).FindString(key))
	}
	if len(stored) == 0 {
		t.Fatal("there is no table of keys")
	}
	said := map[string]int{}
	for _, k := range forget.Keeps() {
		for _, key := range k.Keys {
			said[key]++
			if !slices.Contains(stored, key) {
				t.Errorf("nothing is kept under %s any more", key)
			}
		}
		if k.Whom != "" && (k.What == "" || k.Why == "" || k.Long == "") {
			t.Errorf("%q: say what is kept, why, and for how long", k.What)
		}
	}
	for _, key := range stored {
		if said[key] != 1 {
			t.Errorf("%s is said %d times in forget.Keeps, want once: what does it tell of people, why is it kept, and for how long?", key, said[key])
		}
	}
}

func TestDocument(t *testing.T) {
	t.Parallel()
	b, err := os.ReadFile("../../docs/privacy.md")
	if err != nil {
		t.Fatal(err)
	}
	want, err := forget.Document(string(b))
	if err != nil {
		t.Fatal(err)
	}
	if string(b) != want {
		t.Error("docs/privacy.md does not say what is kept: go run ./scripts/commands")
	}
	if _, err := forget.Document(strings.ReplaceAll(string(b), "<!-- /kept -->", "")); err == nil {
		t.Error("a document without a place for the table is taken")
	}
}
