package local_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/fakediscord"
	"github.com/entente-bot/entente/internal/settings"
)

// applies lets so many people apply, a minute apart.
func (s *stage) applies(n int) {
	s.Helper()
	for i := range n {
		_, invite := s.AddPartner(fmt.Sprintf("Port %02d", i), 500+i)
		user := s.AddUser(fmt.Sprintf("Skipper %d", i))
		s.AddMember(s.Guild, user)
		form := s.Form()
		form["invite"] = invite
		s.apply(user, form)
		s.later(time.Minute)
	}
}

// later moves the clock on, and does what is then due.
func (s *stage) later(by time.Duration) {
	s.Helper()
	if err := s.Advance(s.Context(), by); err != nil {
		s.Fatal(err)
	}
	s.drain()
}

// reminders returns the reminders that stand in the review channel.
func (s *stage) reminders() (list []fakediscord.Message) {
	for _, m := range s.Messages(s.Review) {
		if _, ok := m.Button("Show the queue"); ok {
			list = append(list, m)
		}
	}
	return list
}

func TestQueue(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.says(s.command(s.Max, "partnerships queue").Text(), "No application is pending")
	s.says(s.command(s.Nora, "partnerships queue").Text(), "Only staff of this server")

	s.applies(10)
	ex := s.command(s.Max, "partnerships queue")
	if !ex.Ephemeral {
		t.Error("everybody sees the queue")
	}
	text := ex.Text()
	s.says(text, "10 in all")
	s.says(text, "**1. Port 00** · 500 members")
	s.says(text, "**8. Port 07**")
	s.says(text, "[Review card](https://discord.com/channels/"+s.Guild+"/"+s.Review+"/"+s.Messages(s.Review)[0].ID+")")
	if strings.Contains(text, "Port 08") || strings.Contains(text, "overdue") {
		t.Errorf("too much on the first page:\n%s", text)
	}
	next := s.on(s.Max, ex.Message, "Next")
	s.says(next.Text(), "**10. Port 09**")
	if strings.Contains(next.Text(), "Port 07") {
		t.Error("the second page shows the first")
	}

	first := s.Messages(s.Review)[0]
	s.on(s.Max, first.Ref, "Approve")
	text = s.command(s.Max, "partnerships queue").Text()
	s.says(text, "9 in all")
	if strings.Contains(text, "Port 00") {
		t.Error("a settled application is still in the queue")
	}
	s.later(3 * 24 * time.Hour)
	s.says(s.command(s.Max, "partnerships queue").Text(), "⏰ overdue")
}

// TestReminder wants one reminder while applications are overdue, a new one each
// day, and none once nothing is.
func TestReminder(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.applies(2)
	s.later(3*24*time.Hour - 5*time.Minute)
	if n := len(s.reminders()); n != 0 {
		t.Fatalf("%d reminders before anything is overdue", n)
	}
	s.later(10 * time.Minute)
	list := s.reminders()
	if len(list) != 1 {
		t.Fatalf("%d reminders, want 1", len(list))
	}
	s.says(list[0].Text(), "2 applications have been pending")
	if len(list[0].Pings) != 0 {
		t.Error("the reminder pings somebody")
	}
	s.says(s.on(s.Max, list[0].Ref, "Show the queue").Text(), "2 in all")

	s.later(12 * time.Hour)
	if again := s.reminders(); len(again) != 1 || again[0].Ref != list[0].Ref {
		t.Error("another reminder within a day")
	}
	s.later(13 * time.Hour)
	again := s.reminders()
	if len(again) != 1 || again[0].Ref == list[0].Ref {
		t.Fatalf("%d reminders after a day, want one that is new", len(again))
	}

	cards := s.Messages(s.Review)
	s.on(s.Max, cards[0].Ref, "Approve")
	s.says(s.reminders()[0].Text(), "An application has been pending")
	s.on(s.Max, cards[1].Ref, "Approve")
	if n := len(s.reminders()); n != 0 {
		t.Errorf("%d reminders although nothing waits", n)
	}
	s.later(48 * time.Hour)
	if n := len(s.reminders()); n != 0 {
		t.Errorf("%d reminders later although nothing waits", n)
	}
}

// TestReminderSettings wants the reminder to follow the settings.
func TestReminderSettings(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.chooses(func(c *settings.Settings) { c.Remind = 0 })
	s.applies(1)
	s.later(4 * 24 * time.Hour)
	if n := len(s.reminders()); n != 0 {
		t.Fatalf("%d reminders although they are off", n)
	}
	s.chooses(func(c *settings.Settings) { c.Remind = 2 })
	if n := len(s.reminders()); n != 1 {
		t.Errorf("%d reminders after they were switched on, want 1", n)
	}
	s.chooses(func(c *settings.Settings) { c.Remind = 10 })
	if n := len(s.reminders()); n != 0 {
		t.Errorf("%d reminders of what is not overdue", n)
	}
}

// TestReminderFaults wants one reminder however publishing it goes wrong.
func TestReminderFaults(t *testing.T) {
	t.Parallel()
	const create = "/channels/{channel}/messages"
	faults := map[string]fakediscord.Fault{
		"server error":           {Method: "POST", Route: create, Status: 500, Times: 2},
		"reset before":           {Method: "POST", Route: create, Reset: true},
		"reset after":            {Method: "POST", Route: create, Reset: true, After: true},
		"truncated after":        {Method: "POST", Route: create, Truncate: 10, After: true},
		"deleting it goes wrong": {Method: "DELETE", Route: create + "/{message}", Status: 502},
	}
	for name, fault := range faults {
		t.Run(name, func(t *testing.T) {
			s := newStage(t)
			s.applies(1)
			for range 2 { // a first one, and one that takes its place
				s.Scene.Fail(fault)
				s.later(3*24*time.Hour + time.Hour)
				for range 4 {
					s.later(2 * time.Minute)
				}
				if n := len(s.reminders()); n != 1 {
					t.Errorf("%d reminders, want 1", n)
				}
			}
		})
	}
}

// TestStaffLongest shows the longest texts there can be: the simulated Discord
// complains of a message beyond its limits.
func TestStaffLongest(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	for range 9 {
		_, invite := s.AddPartner(strings.Repeat("*", 100), 9_999_999)
		user := s.AddUser("Skipper")
		s.AddMember(s.Guild, user)
		form := s.Form()
		form["invite"] = invite
		form["description"], form["highlights"] = strings.Repeat("d", 1500), strings.Repeat("h", 600)
		s.apply(user, form)
	}
	for _, m := range s.Messages(s.Review) {
		ex, err := s.As(s.Max, s.Guild, s.Review).ForgePress(t.Context(), m.Ref, strings.Replace(buttonID(m, "Approve"), "approve", "claim", 1))
		if err != nil {
			t.Fatal(err)
		}
		s.says(ex.Text(), "*")
	}
	s.drain()
	s.later(4 * 24 * time.Hour)
	s.says(s.command(s.Max, "partnerships queue").Text(), "9 in all")
	s.says(s.reminders()[0].Text(), "9 applications have been pending")

	partner := ""
	for _, m := range s.Messages(s.Review) {
		if b, ok := m.Button("Approve"); ok {
			partner = strings.Split(b.CustomID, ":")[2]
			s.on(s.Max, m.Ref, "Approve")
			break
		}
	}
	s.note(partner, 1, 12)
	ex := s.command(s.Max, "partnerships info", fakediscord.Opt("partner", partner))
	s.says(ex.Text(), "Latest application")
	s.on(s.Max, ex.Message, "Older")
}

// buttonID is the custom ID of a button.
func buttonID(m fakediscord.Message, label string) string {
	b, _ := m.Button(label)
	return b.CustomID
}
