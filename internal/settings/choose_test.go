package settings_test

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/entente-bot/entente/internal/refuse"
	"github.com/entente-bot/entente/internal/settings"
)

// refused returns the key of a refusal, "" of none.
func refused(t *testing.T, err error) string {
	t.Helper()
	no := new(refuse.Error)
	if err != nil && !errors.As(err, &no) {
		t.Fatalf("%v is no refusal", err)
	}
	return no.Key
}

func TestNumbers(t *testing.T) {
	active := func(s *settings.Settings, typed string) error { return s.SetActive(typed, 100) }
	tests := []struct {
		name    string
		set     func(*settings.Settings, string) error
		chosen  func(settings.Settings) int
		typed   string
		want    int
		refused string
	}{
		{"minimum", (*settings.Settings).SetMinimum, minimum, "100", 100, ""},
		{"none", (*settings.Settings).SetMinimum, minimum, "0", 0, ""},
		{"blanks around", (*settings.Settings).SetMinimum, minimum, " 250 ", 250, ""},
		{"English thousands", (*settings.Settings).SetMinimum, minimum, "1,500", 1500, ""},
		{"German thousands", (*settings.Settings).SetMinimum, minimum, "10.000.000", 10_000_000, ""},
		{"Swiss thousands", (*settings.Settings).SetMinimum, minimum, "1'500", 1500, ""},
		{"a fraction is no thousands", (*settings.Settings).SetMinimum, minimum, "1.5", 0, "setup.minimum-invalid"},
		{"too many", (*settings.Settings).SetMinimum, minimum, "10000001", 0, "setup.minimum-invalid"},
		{"far too many", (*settings.Settings).SetMinimum, minimum, "99999999999999999999", 0, "setup.minimum-invalid"},
		{"negative", (*settings.Settings).SetMinimum, minimum, "-1", 0, "setup.minimum-invalid"},
		{"plus", (*settings.Settings).SetMinimum, minimum, "+1", 0, "setup.minimum-invalid"},
		{"hexadecimal", (*settings.Settings).SetMinimum, minimum, "0x10", 0, "setup.minimum-invalid"},
		{"words", (*settings.Settings).SetMinimum, minimum, "a hundred", 0, "setup.minimum-invalid"},
		{"nothing", (*settings.Settings).SetMinimum, minimum, "", 0, "setup.minimum-invalid"},
		{"cooldown of a year", (*settings.Settings).SetCooldown, cooldown, "8760", 8760, ""},
		{"no cooldown", (*settings.Settings).SetCooldown, cooldown, "0", 0, ""},
		{"cooldown beyond a year", (*settings.Settings).SetCooldown, cooldown, "8761", 24, "setup.cooldown-invalid"},
		{"active", active, func(s settings.Settings) int { return s.Active }, "100", 100, ""},
		{"active beyond the hard limit", active, func(s settings.Settings) int { return s.Active }, "101", 0, "setup.active-invalid"},
		{"expiry", (*settings.Settings).SetExpiry, expiry, "90", 90, ""},
		{"expiry at once", (*settings.Settings).SetExpiry, expiry, "0", 30, "setup.expiry-invalid"},
		{"expiry too late", (*settings.Settings).SetExpiry, expiry, "91", 30, "setup.expiry-invalid"},
		{"no reminder", (*settings.Settings).SetRemind, remind, "0", 0, ""},
		{"no bumps", (*settings.Settings).SetBump, bump, "0", 0, ""},
		{"bumps once a year", (*settings.Settings).SetBump, bump, "365", 365, ""},
		{"bumps too seldom", (*settings.Settings).SetBump, bump, "366", 7, "setup.bump-invalid"},
		{"bumps by words", (*settings.Settings).SetBump, bump, "weekly", 7, "setup.bump-invalid"},
		{"stay of a week", (*settings.Settings).SetStay, stay, "604,800", 604_800, ""},
		{"stay of more than a week", (*settings.Settings).SetStay, stay, "604801", 600, "setup.stay-invalid"},
		{"any stay", (*settings.Settings).SetStay, stay, "0", 0, ""},
		{"reminder too late", (*settings.Settings).SetRemind, remind, "31", 3, "setup.remind-invalid"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := settings.Default()
			err := tt.set(&s, tt.typed)
			if key := refused(t, err); key != tt.refused {
				t.Errorf("refused with %q, want %q", key, tt.refused)
			}
			if got := tt.chosen(s); got != tt.want {
				t.Errorf("is %d, want %d", got, tt.want)
			}
		})
	}
}

func minimum(s settings.Settings) int  { return s.Minimum }
func cooldown(s settings.Settings) int { return s.Cooldown }
func expiry(s settings.Settings) int   { return s.Expiry }
func remind(s settings.Settings) int   { return s.Remind }
func stay(s settings.Settings) int     { return s.Stay }
func bump(s settings.Settings) int     { return s.Bump }

// TestModes chooses every mode there is, and one there is not. The place of the
// listings is that of the mode.
func TestModes(t *testing.T) {
	s := settings.Default()
	s.Review, s.Showcase, s.Category, s.Forum = "1", "2", "3", "4"
	for word, place := range map[string]string{"single": "2", "channel": "3", "forum": "4"} {
		if err := s.SetMode(word); err != nil || s.Place() != place || !s.Ready() {
			t.Errorf("%s: %v, listings stand in %q", word, err, s.Place())
		}
	}
	before := s.Mode
	if key := refused(t, s.SetMode("stage")); key != "setup.unknown-mode" || s.Mode != before {
		t.Errorf("refused with %q, is %q", key, s.Mode)
	}
	s.Mode, s.Category = settings.Channels, ""
	if s.Place() != "" || s.Ready() {
		t.Errorf("ready without a category: %q", s.Place())
	}
}

func TestTopics(t *testing.T) {
	lines := func(n int) string {
		var all []string
		for i := range n {
			all = append(all, fmt.Sprintf("Category %d", i))
		}
		return strings.Join(all, "\n")
	}
	long := strings.Repeat("x", settings.MaxTopic)
	tests := []struct {
		name, typed string
		want        []string // nil if refused
		refused     string
	}{
		{"one", "Gaming", []string{"Gaming"}, ""},
		{"blank lines and blanks", "\n  Gaming \r\n\r\nMusic\n", []string{"Gaming", "Music"}, ""},
		{"twice", "Gaming\ngaming\nMusic", []string{"Gaming", "Music"}, ""},
		{"pings", "@everyone", []string{"@ everyone"}, ""},
		{"invisible", "Ga\u200bming\u202e", []string{"Gaming"}, ""},
		{"the longest", long, []string{long}, ""},
		{"too long", long + "x", nil, "setup.category-too-long"},
		{"none", " \n\u200b\n", nil, "setup.no-categories"},
		{"too many", lines(26), nil, "setup.too-many-categories"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := settings.Default()
			before := slices.Clone(s.Topics)
			if key := refused(t, s.SetTopics(tt.typed)); key != tt.refused {
				t.Errorf("refused with %q, want %q", key, tt.refused)
			}
			want := tt.want
			if want == nil {
				want = before
			}
			if !reflect.DeepEqual(s.Topics, want) {
				t.Errorf("are %q, want %q", s.Topics, want)
			}
		})
	}
	s := settings.Default()
	if err := s.SetTopics(lines(25)); err != nil || len(s.Topics) != 25 {
		t.Errorf("25 categories: %v, %d", err, len(s.Topics))
	}
}

func TestSourcesAndRoles(t *testing.T) {
	s := settings.Default()
	if err := s.SetSources([]string{"ticket", "slash"}); err != nil || s.Sources != (settings.Sources{Slash: true, Ticket: true}) {
		t.Errorf("%v, %+v", err, s.Sources)
	}
	if key := refused(t, s.SetSources([]string{"panel", "fax"})); key != "setup.unknown-source" || s.Sources.Panel {
		t.Errorf("refused with %q, %+v", key, s.Sources)
	}
	if err := s.SetSources(nil); err != nil || s.Sources != (settings.Sources{}) {
		t.Errorf("%v, %+v", err, s.Sources)
	}
	if key := refused(t, s.SetManagers(make([]string, 26))); key != "setup.too-many-roles" || s.Managers != nil {
		t.Errorf("refused with %q, %q", key, s.Managers)
	}
	if err := s.SetViewers([]string{"7"}); err != nil || !slices.Equal(s.Viewers, []string{"7"}) {
		t.Errorf("%v, %q", err, s.Viewers)
	}
}
