package local_test

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/entente-bot/entente/internal/index"
	"github.com/entente-bot/entente/internal/settings"
)

// readme is the page whose block between two comments is what TestReadme finds.
const readme = "../../README.md"

// TestReadme shows one partner in a showcase of each mode, and the index. The README
// shows the same; with -update it is rewritten.
func TestReadme(t *testing.T) {
	t.Parallel()
	modes := settings.Modes()
	shown := make([]string, len(modes))
	t.Run("modes", func(t *testing.T) {
		for i, m := range modes {
			t.Run(string(m), func(t *testing.T) {
				t.Parallel()
				shown[i] = newStage(t).display(m)
			})
		}
	})
	page, err := os.ReadFile(readme)
	if err != nil {
		t.Fatal(err)
	}
	const begins, ends = "<!-- modes: go test ./internal/local -run TestReadme -update -->\n", "<!-- /modes -->"
	before, rest, ok := strings.Cut(string(page), begins)
	_, after, ok2 := strings.Cut(rest, ends)
	if !ok || !ok2 {
		t.Fatalf("there is no place for it between %q and %q", begins, ends)
	}
	want := before + begins + "```\n" + strings.Join(shown, "\n") + "```\n" + ends + after
	if *update {
		if err := os.WriteFile(readme, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if want != string(page) {
		t.Errorf("README.md does not show the modes as they are; -update rewrites it to:\n%s", strings.Join(shown, "\n"))
	}
}

// display shows the listing of Lighthouse in a mode, and the index.
func (s *stage) display(m settings.Mode) string {
	s.Helper()
	channel := s.indexed()
	s.partner(m)
	s.advance(index.Gather)
	stands := s.listing(m)
	ch, _ := s.Channel(stands.Channel)
	var out strings.Builder
	switch m {
	case settings.Single:
		fmt.Fprintf(&out, "single · a message in #%s\n", ch.Name)
	case settings.Channels:
		category, _ := s.Channel(ch.Parent)
		fmt.Fprintf(&out, "channel · the channel #%s below %s, where only the bot writes\n", ch.Name, category.Name)
	case settings.Forum:
		forum, _ := s.Channel(ch.Parent)
		fmt.Fprintf(&out, "forum · the post “%s” in #%s, tagged %s\n", ch.Name, forum.Name, strings.Join(ch.Tags, ", "))
	}
	quote(&out, stands.Text())
	fmt.Fprintln(&out, "   its line in #index")
	for _, line := range strings.Split(s.only(channel).Text(), "\n") {
		if strings.HasPrefix(line, "- ") || strings.HasPrefix(line, "### ") {
			quote(&out, line)
		}
	}
	return out.String()
}

// quote writes what people read, set off from the left, without numbers that are
// others each time.
func quote(out *strings.Builder, text string) {
	text = regexp.MustCompile(`<t:\d+:D>`).ReplaceAllString(text, "1 June 2026")
	text = regexp.MustCompile(`discord\.gg/\w+`).ReplaceAllString(text, "discord.gg/lighthouse")
	text = regexp.MustCompile(`/channels/\d+/\d+/\d+`).ReplaceAllString(text, "/channels/…/the message")
	text = regexp.MustCompile(`/channels/\d+/\d+`).ReplaceAllString(text, "/channels/…/the channel or post")
	for _, line := range strings.Split(text, "\n") {
		fmt.Fprintf(out, "   │ %s\n", line)
	}
}
