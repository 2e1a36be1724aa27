package removal_test

import (
	"errors"
	"os"
	"regexp"
	"slices"
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/refuse"
	"github.com/entente-bot/entente/internal/removal"
	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/storage"
)

func at(hours int) time.Time {
	return time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC).Add(time.Duration(hours) * time.Hour)
}

// empty is what a guild without anything reads.
func empty(guild string) *storage.Tx {
	var items []storage.Item
	for _, k := range removal.Keys(guild) {
		items = append(items, storage.Item{Key: k})
	}
	return storage.Of(items...)
}

// due is when an action is to be done; zero if it does not wait.
func due(tx *storage.Tx, r action.Ref) time.Time {
	a, _ := storage.Read[action.Action](tx, r.Key())
	return a.Due
}

// asked is why a command is refused.
func asked(t *testing.T, tx *storage.Tx, now time.Time) string {
	t.Helper()
	no := new(refuse.Error)
	if err := removal.Ask(tx, "1", now); !errors.As(err, &no) {
		t.Fatalf("Ask = %v", err)
	}
	return no.Key
}

func TestRemoval(t *testing.T) {
	t.Parallel()
	tx := empty("1")
	if _, out := removal.Of(tx, "1"); out || removal.Return(tx, "1") {
		t.Fatal("out before it left")
	}
	if !removal.Leave(tx, "1", removal.Grace, at(0)) || removal.Leave(tx, "1", removal.Grace, at(30)) {
		t.Error("it leaves once")
	}
	r, out := removal.Of(tx, "1")
	if !out || !r.Since.Equal(at(0)) || !r.Until.Equal(at(30*24)) || !r.Checked.Equal(at(30)) {
		t.Fatalf("out = %v, %+v", out, r)
	}
	if got := due(tx, removal.Purge("1")); !got.Equal(r.Until) {
		t.Errorf("the purge is due at %v", got)
	}
	if got := due(tx, removal.Check("1")); !got.After(at(0)) || got.After(at(24)) {
		t.Errorf("looked at again at %v", got)
	}
	if f := r.Park(at(48)); f.Verdict != action.Block || f.After != 29*24*time.Hour || !removal.IsParked(action.Stop{Reason: f.Reason}) {
		t.Errorf("parked with %+v", f)
	}
	if key := asked(t, tx, at(30).Add(time.Second)); key != "removal.out" || !due(tx, removal.Check("1")).After(at(0)) {
		t.Errorf("refused with %s, and looked again within a second", key)
	}
	asked(t, tx, at(10))
	for range 2 {
		if !removal.Return(tx, "1") {
			t.Error("it cannot come back, and begin that again")
		}
	}
	if _, out := removal.Of(tx, "1"); out {
		t.Error("nothing is done while it comes back")
	}
	removal.Back(tx, "1", at(40))
	if removal.Return(tx, "1") || !due(tx, removal.Purge("1")).IsZero() || !settings.Of(tx, "1").Retried.Equal(at(40)) {
		t.Error("it is not forgotten that it was out")
	}
}

// TestGraceAnew: who is out again before all was taken up has the whole grace period.
func TestGraceAnew(t *testing.T) {
	t.Parallel()
	tx := empty("1")
	removal.Leave(tx, "1", removal.Grace, at(0))
	removal.Return(tx, "1")
	removal.Leave(tx, "1", removal.Grace, at(29*24))
	if r, out := removal.Of(tx, "1"); !out || !r.Until.Equal(at(59*24)) {
		t.Errorf("out = %v, %+v", out, r)
	}
}

// TestNoWayBack: what is being deleted is not taken up again.
func TestNoWayBack(t *testing.T) {
	t.Parallel()
	tx := empty("1")
	removal.Leave(tx, "1", removal.Grace, at(0))
	r, _ := removal.Of(tx, "1")
	r.Purging = true
	tx.Set(removal.Key("1"), r)
	if removal.Return(tx, "1") {
		t.Error("it came back in the middle of it")
	}
	action.Cancel(tx, removal.Check("1")) // as the deletion does
	if _, out := removal.Of(tx, "1"); !out || asked(t, tx, at(5)) != "removal.purging" || due(tx, removal.Check("1")).IsZero() {
		t.Error("commands work in the middle of it")
	}
	if removal.Leave(tx, "1", removal.Grace, at(6)); !due(tx, removal.Purge("1")).Equal(at(6)) {
		t.Error("a deletion that was given up is not taken up again")
	}
}

func TestDaily(t *testing.T) {
	t.Parallel()
	hours := map[int]bool{}
	for i := range 200 {
		guild := string(rune('0'+i%10)) + string(rune('0'+i/10%10)) + string(rune('0'+i/100))
		next := removal.Daily(guild, at(0))
		if d := next.Sub(at(0)); d <= 0 || d > 24*time.Hour {
			t.Fatalf("guild %s: in %v", guild, d)
		}
		if again := removal.Daily(guild, next); !again.Equal(next.Add(24 * time.Hour)) {
			t.Fatalf("guild %s: %v after %v", guild, again, next)
		}
		hours[next.Hour()] = true
	}
	if len(hours) < 20 {
		t.Errorf("all within %d hours of the day", len(hours))
	}
}

func TestActions(t *testing.T) {
	t.Parallel()
	tests := []struct {
		sort string
		want action.Ref
	}{
		{"apply#70", action.Ref{Name: "apply.expire", Guild: "1", Subject: "70"}},
		{"block#user#9", action.Ref{Name: "block.lift", Guild: "1", Subject: "user#9"}},
		{"partnership#7", action.Ref{Name: "bump.sync", Guild: "1", Subject: "7"}},
		{"ended#7#70", action.Ref{Name: "end.tell", Guild: "1", Subject: "7"}},
	}
	for _, tt := range tests {
		if got := removal.Actions("1", tt.sort); !slices.Contains(got, tt.want) {
			t.Errorf("%s: %v, without %v", tt.sort, got, tt.want)
		}
	}
	for _, sort := range []string{"settings", "counts", "audit#1#2", "trail#7#1#2", "apply#"} {
		if got := removal.Actions("1", sort); len(got) > 0 {
			t.Errorf("%s: %v", sort, got)
		}
	}
}

// read returns what matches in a file of the source.
func read(t *testing.T, path, pattern string) (list []string) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile(pattern).FindAllStringSubmatch(string(b), -1) {
		list = append(list, m[1])
	}
	if len(list) == 0 {
		t.Fatalf("%s holds nothing like %s", path, pattern)
	}
	return list
}

// TestNothingIsForgotten reads the maps of the program: whatever a guild can have
// is deleted with it.
func TestNothingIsForgotten(t *testing.T) {
	t.Parallel()
	var known []string
	for _, r := range removal.Always("1") {
		known = append(known, r.Name)
	}
	for _, what := range read(t, "../storage/storage.go", `(?m)^//\s+records\s+guild#<g>\s+([a-z-]+)`) {
		for _, r := range removal.Actions("1", what+"#7#8") {
			known = append(known, r.Name)
		}
	}
	// These are gone by themselves: the first is at work, the next is never delayed,
	// the third finds nothing to do once its reply is over, the last is no guild's.
	known = append(known, "removal.purge", "forget.user", "stats.send", "guild.call")
	for _, name := range read(t, "../worker/routes.go", `(?m)^\s+"([a-z]+\.[a-z]+)":`) {
		if !slices.Contains(known, name) {
			t.Errorf("the purge knows nothing of the action %s", name)
		}
	}
	parts := removal.Parts("1")
	for _, what := range read(t, "../storage/storage.go", `(?m)^//\s+actions\s+([a-z-]+)#<g>`) {
		if what != "blocked" && !slices.Contains(parts, what+"#1") {
			t.Errorf("the purge leaves the part %s#<g>", what)
		}
	}
}
