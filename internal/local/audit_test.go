package local_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/audit"
	"github.com/entente-bot/entente/internal/fakediscord"
	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/storage"
	"github.com/entente-bot/entente/internal/text"
)

// withLog chooses a new channel as the log.
func (s *stage) withLog() (channel string) {
	s.Helper()
	channel = s.AddChannel(s.Guild, fakediscord.Channel{Name: "log"})
	s.chooses(func(c *settings.Settings) { c.Log = channel })
	return channel
}

// logged returns the lines that stand in a log channel, in order.
func (s *stage) logged(channel string) (lines []string) {
	for _, m := range s.Messages(channel) {
		for line := range strings.Lines(m.Text()) {
			if strings.HasPrefix(line, "<t:") {
				lines = append(lines, strings.TrimSpace(line))
			}
		}
	}
	return lines
}

// note writes entries to the trail, as handlers do.
func (s *stage) note(about string, from, n int) {
	s.Helper()
	for i := from; i < from+n; i++ {
		err := storage.Update(s.Context(), s.DB, audit.Keys(s.Guild), func(tx *storage.Tx) error {
			id := fmt.Sprintf("%019d", i)
			audit.Write(tx, s.Guild, id, audit.Entry{
				At: s.Now(), By: s.Max, What: "apply.approve", About: id, Partner: about, Surface: "button",
			})
			return nil
		})
		if err != nil {
			s.Fatal(err)
		}
	}
}

// TestLog posts every change in the log channel, once and in order, and nothing
// that people wrote.
func TestLog(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	log := s.withLog()
	s.apply(s.Rio, s.Form())
	s.press(s.Max, s.Review, "Approve")
	lines := s.logged(log)
	if len(lines) != 2 {
		t.Fatalf("%d lines, want 2:\n%s", len(lines), strings.Join(lines, "\n"))
	}
	s.says(lines[0], "<@"+s.Rio+"> sent an application · by form")
	s.says(lines[1], "<@"+s.Max+"> approved an application · by button")
	for _, m := range s.Messages(log) {
		if strings.Contains(m.Text(), "Lighthouse") || len(m.Pings) > 0 {
			t.Errorf("the log says too much, or pings:\n%s", m.Text())
		}
	}

	again, err := s.As(s.Nora, s.Guild, s.Review).ForgePress(t.Context(), s.only(s.Review).Ref, "setup/intake:close")
	if err != nil {
		t.Fatal(err)
	}
	s.says(again.Text(), "Only partnership managers")
	s.drain()
	if n := len(s.logged(log)); n != 2 {
		t.Errorf("a refused attempt is posted: %d lines", n)
	}
	ex := s.on(s.Max, s.Messages(log)[0].Ref, "Show everything")
	s.says(ex.Text(), "tried `setup/intake` without the permission")
	if !ex.Ephemeral {
		t.Error("everybody sees the trail")
	}
	s.says(s.on(s.Nora, s.Messages(log)[0].Ref, "Show everything").Text(), "Only staff of this server")
}

// TestLogBurst posts many changes in few messages, however posting goes wrong.
func TestLogBurst(t *testing.T) {
	t.Parallel()
	const create = "/channels/{channel}/messages"
	faults := map[string]*fakediscord.Fault{
		"nothing goes wrong": nil,
		"server error":       {Method: "POST", Route: create, Status: 500, Times: 2},
		"reset before":       {Method: "POST", Route: create, Reset: true, Times: 2},
		"reset after":        {Method: "POST", Route: create, Reset: true, After: true, Times: 2},
		"truncated after":    {Method: "POST", Route: create, Truncate: 10, After: true},
		"limited":            {Method: "POST", Route: create, Status: 429, RetryAfter: 0.1},
	}
	for name, fault := range faults {
		t.Run(name, func(t *testing.T) {
			s := newStage(t)
			log := s.withLog()
			if fault != nil {
				s.Scene.Fail(*fault)
			}
			s.note(s.Lighthouse, 1, 40)
			s.drain()
			s.note(s.Lighthouse, 41, 10)
			for range 5 {
				s.later(10 * time.Minute)
			}
			lines := s.logged(log)
			if len(lines) != 50 {
				t.Fatalf("%d lines, want 50", len(lines))
			}
			for i, line := range lines {
				s.says(line, fmt.Sprintf("`%019d`", i+1))
			}
			if left, err := s.DB.List(t.Context(), audit.Waiting(s.Guild)); err != nil || len(left.Items) != 0 {
				t.Errorf("%d entries still wait, %v", len(left.Items), err)
			}
		})
	}
}

// TestLogFlood: a guild in which very much happens posts some of it at a time, so that
// what else is due is done in between; each change is in the log once.
func TestLogFlood(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	log, changes := s.withLog(), 20*audit.PerMessage
	s.note(s.Lighthouse, 1, changes)
	s.drain()
	lines := s.logged(log)
	if len(lines) != changes {
		t.Fatalf("%d lines, want %d", len(lines), changes)
	}
	for i, line := range lines {
		s.says(line, fmt.Sprintf("`%019d`", i+1))
	}
	messages, runs := len(s.Messages(log)), strings.Count(s.logs.String(), "action=audit.post")
	if runs < messages/10 {
		t.Errorf("%d messages were posted in %d runs", messages, runs)
	}
}

// TestLogMoved wants what waited posted in the new channel, and nothing posted
// twice; without a channel nothing waits.
func TestLogMoved(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	first := s.withLog()
	s.Scene.Fail(fakediscord.Fault{Method: "POST", Route: "/channels/" + first + "/messages", Reset: true, After: true})
	s.note("", 1, 3) // posted, and not recorded
	s.drain()
	second := s.withLog()
	s.note("", 4, 2)
	for range 3 {
		s.later(10 * time.Minute)
	}
	if a, b := len(s.logged(first)), len(s.logged(second)); a != 3 || b != 2 {
		t.Errorf("%d and %d lines, want 3 and 2", a, b)
	}

	s.DeleteChannel(second)
	s.note("", 6, 2)
	s.drain()
	s.says(s.command(s.Max, "partnerships status").Text(), "Log channel")
	third := s.withLog()
	if n := len(s.logged(third)); n != 2 {
		t.Errorf("%d lines in the third channel, want 2", n)
	}
	s.chooses(func(c *settings.Settings) { c.Log = "" })
	s.note("", 8, 2)
	s.drain()
	if left, err := s.DB.List(t.Context(), audit.Waiting(s.Guild)); err != nil || len(left.Items) != 0 {
		t.Errorf("%d entries wait for no channel, %v", len(left.Items), err)
	}
}

// TestTrail pages through what was changed about a partner, and in the guild.
func TestTrail(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.apply(s.Rio, s.Form())
	s.press(s.Max, s.Review, "Approve")
	s.later(time.Hour)
	s.note("", 1, 3)
	s.later(time.Hour)
	s.note(s.Lighthouse, 4, 23)

	choices, err := s.As(s.Max, s.Guild, s.Lobby).Autocomplete(t.Context(), "partnerships info", "partner", "light")
	if err != nil || len(choices) != 1 {
		t.Fatalf("suggestions: %v, %v", choices, err)
	}
	ex := s.command(s.Max, "partnerships info", fakediscord.Opt("partner", s.Lighthouse))
	if !ex.Ephemeral {
		t.Error("everybody sees the trail")
	}
	s.says(ex.Text(), "## Lighthouse")
	s.says(ex.Text(), "Approved by <@"+s.Max+">")
	s.says(ex.Text(), "Latest application, for **Lighthouse**: **approved**")
	seen := s.pages(ex, s.Max)
	if n := strings.Count(seen, "approved an application"); n != 24 {
		t.Errorf("%d approvals about the partner, want 24", n)
	}
	if n := strings.Count(seen, "sent an application"); n != 1 {
		t.Errorf("%d applications about the partner, want 1", n)
	}

	all := s.command(s.Max, "partnerships info")
	s.says(all.Text(), fmt.Sprintf("`%019d`", 26))
	seen = s.pages(all, s.Max)
	if n := strings.Count(seen, "approved an application"); n != 27 {
		t.Errorf("%d approvals in the guild, want 27", n)
	}
	s.says(s.command(s.Nora, "partnerships info").Text(), "Only staff of this server")
	s.says(s.command(s.Max, "partnerships info", fakediscord.Opt("partner", s.Guild)).Text(), "no such partner")
	s.says(s.command(s.Max, "partnerships info", fakediscord.Opt("partner", "x#y")).Text(), "no such partner")
}

// pages returns what all pages of a trail say, going on with Older.
func (s *stage) pages(ex *fakediscord.Exchange, user string) string {
	s.Helper()
	all := ex.Text()
	for range 20 {
		b, ok := ex.Current().Button("Older")
		if !ok || b.Disabled {
			return all
		}
		next := s.on(user, ex.Message, "Older")
		all += "\n" + next.Text()
	}
	s.Error("the pages do not end")
	return all
}

// TestTrailForged wants a cursor made up by somebody to lead nowhere else.
func TestTrailForged(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.note("", 1, 3)
	ex := s.command(s.Max, "partnerships info")
	for _, id := range []string{"audit/page:all:zzz", "audit/page:../x:latest", "audit/page:all:\x00", "audit/page:all:" + strings.Repeat("9", 80)} {
		forged, err := s.As(s.Max, s.Guild, s.Lobby).ForgePress(t.Context(), ex.Message, id)
		if err != nil {
			t.Fatal(err)
		}
		s.says(forged.Text(), "Changes")
	}
}

// TestTrailTexts wants a text for every kind of change that the code notes.
func TestTrailTexts(t *testing.T) {
	t.Parallel()
	catalog, err := text.Load()
	if err != nil {
		t.Fatal(err)
	}
	noted := regexp.MustCompile(`(?:\.audit\(|\.note\(|What: |did(?:, err)? :?= )"([a-z]+\.[a-z-]*[a-z])"`)
	surfaces := regexp.MustCompile(`(?:\.audit\([^\n]*, |Surface: )"([a-z]+)"`)
	found := 0
	for _, dir := range []string{"interactions", "worker", "apply"} {
		files, err := filepath.Glob(filepath.Join("..", dir, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			source, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range noted.FindAllStringSubmatch(string(source), -1) {
				found++
				if !catalog.Has("audit." + m[1]) {
					t.Errorf("%s notes %q, and there is no text audit.%[2]s", filepath.Base(file), m[1])
				}
			}
			for _, m := range surfaces.FindAllStringSubmatch(string(source), -1) {
				if !catalog.Has("audit.from-" + m[1]) {
					t.Errorf("%s notes the surface %q, and there is no text audit.from-%[2]s", filepath.Base(file), m[1])
				}
			}
		}
	}
	if found < 5 {
		t.Errorf("only %d notes were found in the code", found)
	}
}
