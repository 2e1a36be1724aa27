package ticket_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/refuse"
	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/storage"
	"github.com/entente-bot/entente/internal/ticket"
)

const guild, rio, max = "1", "2", "3"

// at is when everything happens.
func at() time.Time { return time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC) }

// with returns a Tx that has read ticket 7 and its user, as they are given.
func with(t ticket.Ticket, c ticket.Current) *storage.Tx {
	var items []storage.Item
	for _, k := range append(ticket.Keys(guild, "7"), ticket.UserKey(guild, rio)) {
		items = append(items, storage.Item{Key: k})
	}
	tx := storage.Of(items...)
	if t.ID != "" {
		tx.Set(ticket.Key(guild, "7"), t)
	}
	if c.Ticket != "" {
		tx.Set(ticket.UserKey(guild, rio), c)
	}
	return tx
}

// refused returns the key of a refusal; "" if err is nil.
func refused(t *testing.T, err error) string {
	t.Helper()
	if err == nil {
		return ""
	}
	no := new(refuse.Error)
	if !errors.As(err, &no) {
		t.Fatal(err)
	}
	return no.Key
}

func open() ticket.Ticket { return ticket.Ticket{ID: "7", User: rio, Opened: at()} }
func shut() ticket.Ticket {
	t := open()
	t.Closed, t.Why, t.Closings = at(), ticket.ByHand, 1
	return t
}
func asked() ticket.Ticket { t := open(); t.Asked = make([]ticket.Question, 10); return t }
func about() ticket.Ticket { t := open(); t.Application = "8"; return t }

func TestWhoMayDoWhat(t *testing.T) {
	ask := func(text string) func(*storage.Tx) error {
		return func(tx *storage.Tx) error {
			return ticket.Ask(tx, guild, "7", rio, "8", "", ticket.Question{ID: "9", By: max, Text: text}, at())
		}
	}
	closing := func(by string, manager bool) func(*storage.Tx) error {
		return func(tx *storage.Tx) error { _, err := ticket.Close(tx, guild, "7", by, manager, at()); return err }
	}
	join := func(tx *storage.Tx) error { _, err := ticket.Join(tx, guild, "7", max, at()); return err }
	back := func(user string) func(*storage.Tx) error {
		return func(tx *storage.Tx) error { _, err := ticket.Back(tx, guild, "7", user, "", at()); return err }
	}
	fill := func(user string) func(*storage.Tx) error {
		return func(tx *storage.Tx) error {
			x, err := ticket.Load(tx, guild, "7")
			if err != nil {
				return err
			}
			return x.Fill(user)
		}
	}
	opens := func(tx *storage.Tx) error {
		return ticket.Open(tx, guild, "7", rio, "", partnership.DefaultLimits(), at())
	}
	none := ticket.Ticket{}
	for name, tt := range map[string]struct {
		ticket  ticket.Ticket
		current string
		do      func(*storage.Tx) error
		refused string
	}{
		"open":                          {none, "", opens, ""},
		"open a second":                 {none, "6", opens, "ticket.already-open"},
		"ask where there is none":       {none, "", ask("Why?"), ""},
		"ask":                           {open(), "7", ask("Why?"), ""},
		"ask in a closed one":           {shut(), "", ask("Why?"), ""},
		"ask nothing":                   {open(), "7", ask(" \u200b\n"), "ticket.no-question"},
		"ask too much":                  {asked(), "7", ask("Why?"), "ticket.too-many-questions"},
		"close one's own":               {open(), "7", closing(rio, false), ""},
		"close as a manager":            {open(), "7", closing(max, true), ""},
		"close another's":               {open(), "7", closing(max, false), "ticket.not-yours"},
		"close a closed one":            {shut(), "", closing(rio, false), "ticket.closed"},
		"close none":                    {none, "", closing(rio, false), "ticket.not-found"},
		"join":                          {open(), "7", join, ""},
		"join a closed one":             {shut(), "", join, "ticket.closed"},
		"back":                          {open(), "7", back(rio), ""},
		"back into another's":           {open(), "7", back(max), "ticket.not-yours"},
		"back into a closed one":        {shut(), "", back(rio), "ticket.closed"},
		"fill in":                       {open(), "7", fill(rio), ""},
		"fill in another's":             {open(), "7", fill(max), "ticket.not-yours"},
		"fill in when it was sent":      {about(), "7", fill(rio), "ticket.already-sent"},
		"fill in when it is closed":     {shut(), "", fill(rio), "ticket.closed"},
		"fill in what was never opened": {none, "", fill(rio), "ticket.not-found"},
	} {
		tx := with(tt.ticket, ticket.Current{Ticket: tt.current})
		if got := refused(t, tt.do(tx)); got != tt.refused {
			t.Errorf("%s: refused %q, want %q", name, got, tt.refused)
		}
		if _, err := tx.Changes(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestClosingLetsTheUserOpenAnother(t *testing.T) {
	for name, tt := range map[string]struct{ current, left string }{
		"of this ticket": {"7", ""}, "of another": {"6", "6"}, "of none": {"", ""},
	} {
		tx := with(open(), ticket.Current{Ticket: tt.current})
		x := open()
		x.Decided(tx, guild, "denied", at())
		if c, _ := ticket.Having(tx, guild, rio); c.Ticket != tt.left {
			t.Errorf("%s: %q is open, want %q", name, c.Ticket, tt.left)
		}
		if x.Closed.IsZero() || x.Why != "denied" || x.Closings != 1 || x.Idle() || x.Follows("denied", true) {
			t.Errorf("%s: %+v", name, x)
		}
	}
}

func TestAskingOpensAgain(t *testing.T) {
	x := shut()
	x.Decision, x.Added, x.Told = "denied", []string{rio, max}, 1
	tx := with(x, ticket.Current{})
	if err := ticket.Ask(tx, guild, "7", rio, "8", "denied", ticket.Question{ID: "9", By: max, Text: "Why, <@5>?"}, at()); err != nil {
		t.Fatal(err)
	}
	x, _ = ticket.Load(tx, guild, "7")
	if !x.Closed.IsZero() || x.Follows("denied", true) {
		t.Errorf("it stays closed: %+v", x)
	}
	if got := x.Missing(""); !slices.Equal(got, []string{rio, max}) {
		t.Errorf("missing %v", got)
	}
	if q := x.Asked; len(q) != 1 || q[0].Text != `Why, \<@5>?` {
		t.Errorf("asked %+v", q)
	}
	if x.Posted("9"); len(x.Asked) != 0 {
		t.Errorf("still to be asked: %+v", x.Asked)
	}
}

// A question about an application that is settled is posted, whether the ticket
// has taken note of the decision or not.
func TestQuestionsOutliveTheDecision(t *testing.T) {
	q := ticket.Question{ID: "9", By: max, Text: "Why?"}
	for name, x := range map[string]ticket.Ticket{"there is no ticket yet": {}, "it is open": about(), "it was closed by hand": shut()} {
		tx := with(x, ticket.Current{})
		if err := ticket.Ask(tx, guild, "7", rio, "8", "approved", q, at()); err != nil {
			t.Fatal(err)
		}
		fresh := x.ID == ""
		x, _ = ticket.Load(tx, guild, "7")
		if got := x.Follows("approved", true); got == fresh {
			t.Errorf("%s: it follows the decision: %t", name, got)
		} else if got {
			x.Decided(tx, guild, "approved", at())
		}
		if !x.Closed.IsZero() || len(x.Asked) != 1 || x.Follows("approved", true) {
			t.Errorf("%s: %+v", name, x)
		}
		if told := x.Told != x.Closings; told == fresh {
			t.Errorf("%s: the decision is to be told: %t", name, told)
		}
	}
}

func TestOpenings(t *testing.T) {
	var c ticket.Current
	opens := func(after time.Duration) string {
		tx := with(ticket.Ticket{}, ticket.Current{})
		tx.Set(ticket.UserKey(guild, rio), c)
		no := refused(t, ticket.Open(tx, guild, "7", rio, "", partnership.DefaultLimits(), at().Add(after)))
		if no == "" {
			if _, err := ticket.Close(tx, guild, "7", rio, false, at().Add(after)); err != nil {
				t.Fatal(err)
			}
			c, _ = ticket.Having(tx, guild, rio)
		}
		return no
	}
	for i, want := range []string{"", "", "", "ticket.too-many", "ticket.too-many"} {
		if got := opens(time.Duration(i) * time.Minute); got != want {
			t.Errorf("opening %d is refused %q, want %q", i+1, got, want)
		}
	}
	if got := opens(ticket.OpeningsWindow); got != "" {
		t.Errorf("an hour later it is refused %q", got)
	}
	if got, want := c.ExpiresAt(), at().Add(2*ticket.OpeningsWindow); !got.Equal(want) || !(ticket.Current{Ticket: "7"}).ExpiresAt().IsZero() {
		t.Errorf("kept until %v, want %v", got, want)
	}
}

func TestBackTakesAnotherPlace(t *testing.T) {
	for _, tt := range []struct{ thread, from, want string }{{"", "6", "6"}, {"", "", "5"}, {"8", "6", "5"}} {
		x := open()
		x.From, x.Thread = "5", tt.thread
		got, err := ticket.Back(with(x, ticket.Current{}), guild, "7", rio, tt.from, at())
		if err != nil || got.From != tt.want {
			t.Errorf("thread %q, from %q: %q, %v", tt.thread, tt.from, got.From, err)
		}
	}
}

func TestMissing(t *testing.T) {
	x := open()
	x.Staff, x.Added = []string{max, "4"}, []string{"4"}
	for claimed, want := range map[string][]string{"": {rio, max}, max: {rio, max}, "5": {rio, max, "5"}, rio: {rio, max}} {
		if got := x.Missing(claimed); !slices.Equal(got, want) {
			t.Errorf("claimed by %q: missing %v, want %v", claimed, got, want)
		}
	}
	x.Closed = at()
	if got := x.Missing("5"); got != nil {
		t.Errorf("closed: missing %v", got)
	}
}

func TestPlace(t *testing.T) {
	for _, tt := range []struct{ chosen, from, want, blocked string }{
		{"5", "6", "5", ""}, {"", "6", "6", ""}, {"5", "", "5", ""}, {"", "", "", "ticket.no-channel"},
	} {
		x := open()
		x.From = tt.from
		got, err := x.Place(settings.Settings{Tickets: tt.chosen})
		f := new(action.Failure)
		if errors.As(err, &f); got != tt.want || f.Reason.Key != tt.blocked {
			t.Errorf("chosen %q, from %q: %q, %v", tt.chosen, tt.from, got, err)
		}
	}
}

func TestThreadsAreToldApart(t *testing.T) {
	a, b := ticket.Ticket{ID: "7"}, ticket.Ticket{ID: "8"}
	th := ticket.Thread{Name: "Partnership ticket " + a.Number()}
	if !a.Is(th) || b.Is(th) || len(a.Number()) != 8 {
		t.Errorf("numbers %s, %s", a.Number(), b.Number())
	}
}

func TestAboutTheFirstApplication(t *testing.T) {
	tx := with(open(), ticket.Current{Ticket: "7"})
	ticket.About(tx, guild, "7", "8", at())
	ticket.About(tx, guild, "7", "9", at())
	if x, _ := ticket.Load(tx, guild, "7"); x.Application != "8" {
		t.Errorf("about %s", x.Application)
	}
	tx = with(ticket.Ticket{}, ticket.Current{})
	if ticket.About(tx, guild, "7", "8", at()); len(mustChange(t, tx)) != 0 {
		t.Error("a ticket that is not there was changed")
	}
}

func mustChange(t *testing.T, tx *storage.Tx) []storage.Item {
	t.Helper()
	items, err := tx.Changes()
	if err != nil {
		t.Fatal(err)
	}
	return items
}
