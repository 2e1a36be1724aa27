package assembly_test

import (
	"encoding/json"
	"flag"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/entente-bot/entente/internal/assembly"
	"github.com/entente-bot/entente/internal/env"
)

var update = flag.Bool("update", false, "write scripts/cost/testdata/counts.json anew")

// told is what a story took, as scripts/cost reads it.
type told struct {
	Story   string           `json:"story"`
	Means   string           `json:"means"`
	Discord int              `json:"discord"` // requests to Discord
	Counts  []assembly.Count `json:"counts"`
}

// told takes what was counted since the last story.
func (s *stage) told(of story) told {
	own := s.Env["interactions"]
	names := map[string]string{
		own[env.RecordsTable]: "records", own[env.ActionsTable]: "actions", s.Mapping.Queue: "queue",
	}
	counts := s.Counts.Take()
	for i, c := range counts {
		counts[i].Resource = names[c.Resource]
	}
	t := told{of.name, of.means, len(s.Requests()), counts}
	s.ResetRequests()
	return t
}

// keep holds what the stories took against the file that scripts/cost reads, or
// writes it: `go test ./internal/assembly -run TestAssembly -update`. Units may
// differ by a fifth, and by four: what is done at once meets, and tries again.
func keep(t *testing.T, counted []told) {
	t.Helper()
	var kept []told
	for _, c := range counted {
		if c.Means != "" {
			kept = append(kept, c)
		}
	}
	file := filepath.Join(root(t), "scripts", "cost", "testdata", "counts.json")
	if *update {
		write(t, file, kept)
		return
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v; write it with -update", err)
	}
	var before []told
	if err := json.Unmarshal(text, &before); err != nil {
		t.Fatal(err)
	}
	if len(before) != len(kept) {
		t.Fatalf("%s has %d stories, and %d were played: write it with -update", file, len(before), len(kept))
	}
	for i, now := range kept {
		old, new := units(before[i]), units(now)
		if now.Story != before[i].Story || math.Abs(new-old) > old/5+4 {
			t.Errorf("%s: %.1f units, and %s says that %s took %.1f: if that is meant, write it with -update",
				now.Story, new, filepath.Base(file), before[i].Story, old)
		}
	}
}

// write writes the file.
func write(t *testing.T, file string, kept []told) {
	t.Helper()
	text, err := json.MarshalIndent(kept, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, append(text, '\n'), 0o644); err != nil {
		t.Fatal(err)
	}
}

// units are all request units of DynamoDB that a story took.
func units(s told) (sum float64) {
	for _, c := range s.Counts {
		sum += c.Units
	}
	return sum
}
