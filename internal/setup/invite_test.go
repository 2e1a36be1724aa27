package setup_test

import (
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/setup"
)

// viewAuditLog is what setup does not ask for, as hardly anything is lost without it.
const viewAuditLog setup.Rights = 1 << 7

// TestInviteLink compares the permissions that docs/deploy.md asks for with those
// that a bot without any would be told to need, in all modes.
func TestInviteLink(t *testing.T) {
	t.Parallel()
	needed := map[string]bool{}
	for _, mode := range []settings.Mode{settings.Single, settings.Channels, settings.Forum} {
		s, f := chosen(), counting()
		s.Mode, s.Track, s.Markers, s.Entrance = mode, true, true, "31"
		s.Category, s.Forum = "90", "91"
		f.Channels = append(f.Channels,
			setup.Channel{ID: s.Category, Type: setup.FeatureCategory.Types()[0]}, setup.Channel{ID: s.Forum, Type: setup.FeatureForum.Types()[0]})
		for i := range f.Roles {
			f.Roles[i].Rights = 0
		}
		for _, found := range setup.Find(guild, s, f) {
			if found.Problem == setup.Permission || found.Problem == setup.Server {
				for _, word := range found.Rights {
					needed[word] = true
				}
			}
		}
	}
	want := viewAuditLog
	for bit := range 64 {
		r := setup.Rights(1) << bit
		if words := r.Words(); len(words) == 1 && needed[words[0]] {
			want |= r
		}
	}
	text, err := os.ReadFile("../../docs/deploy.md")
	if err != nil {
		t.Fatal(err)
	}
	if link := fmt.Sprintf("&permissions=%d\n", want); !strings.Contains(string(text), link) {
		t.Errorf("docs/deploy.md has another invite link: want %s(needed: %v)", link, needed)
	}
	listed := setup.Rights(0)
	for _, row := range regexp.MustCompile(`(?m)^\| [A-Z][A-Za-z ]+ \| (\d+) \| \S`).FindAllStringSubmatch(string(text), -1) {
		bit, err := strconv.Atoi(row[1])
		if err != nil {
			t.Fatal(err)
		}
		listed |= 1 << bit
	}
	if listed != want {
		t.Errorf("docs/deploy.md lists the bits of %d, want %d", listed, want)
	}
}
