package local_test

import (
	"strings"
	"time"

	"github.com/entente-bot/entente/internal/apply"
	"github.com/entente-bot/entente/internal/block"
	"github.com/entente-bot/entente/internal/fakediscord"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/storage"
)

// command uses a slash command in the lobby, and does what follows.
func (s *stage) command(user, name string, options ...fakediscord.Option) *fakediscord.Exchange {
	s.Helper()
	ex, err := s.As(user, s.Guild, s.Lobby).Command(s.Context(), name, options...)
	if err != nil {
		s.Fatal(err)
	}
	s.drain()
	return ex
}

// on presses a button on a message, and does what follows.
func (s *stage) on(user string, m fakediscord.Ref, button string) *fakediscord.Exchange {
	s.Helper()
	ex, err := s.As(user, s.Guild, m.Channel).Press(s.Context(), m, button)
	if err != nil {
		s.Fatal(err)
	}
	s.drain()
	return ex
}

// forged sends a press that no client would, and does what follows.
func (s *stage) forged(user string, m fakediscord.Ref, customID string) *fakediscord.Exchange {
	s.Helper()
	ex, err := s.As(user, s.Guild, m.Channel).ForgePress(s.Context(), m, customID)
	if err != nil {
		s.Fatal(err)
	}
	s.drain()
	return ex
}

// submit sends the form of an exchange, and does what follows.
func (s *stage) submit(user string, form *fakediscord.Exchange, values map[string]any) *fakediscord.Exchange {
	s.Helper()
	ex, err := s.As(user, s.Guild, s.Lobby).Submit(s.Context(), form, values)
	if err != nil {
		s.Fatal(err)
	}
	s.drain()
	return ex
}

// advance moves the clock on, and does what is then due.
func (s *stage) advance(by time.Duration) {
	s.Helper()
	if err := s.Advance(s.Context(), by); err != nil {
		s.Fatal(err)
	}
	s.drain()
}

// silent fails the test if text holds part.
func (s *stage) silent(text, part string) {
	s.Helper()
	if strings.Contains(text, part) {
		s.Errorf("it says:\n%s\nand must not say: %s", text, part)
	}
}

// items returns what a guild keeps under a prefix.
func (s *stage) items(prefix string) []storage.Item {
	s.Helper()
	q := storage.Query{Table: storage.Records, Part: "guild#" + s.Guild, Prefix: prefix, Limit: storage.MaxLimit}
	page, err := s.DB.List(s.Context(), q)
	if err != nil {
		s.Fatal(err)
	}
	return page.Items
}

// counted returns the counts of the guild, and fails the test unless they are
// the numbers of items.
func (s *stage) counted() partnership.Counts {
	s.Helper()
	tx, err := storage.Begin(s.Context(), s.DB, partnership.CountsKey(s.Guild))
	if err != nil {
		s.Fatal(err)
	}
	there := partnership.Counts{
		Active: len(s.items(partnership.Prefix)), Pending: len(s.items("pending#")), Blocks: len(s.items(block.Prefix)),
	}
	pending := 0
	for _, it := range s.items("apply#") {
		if a, err := storage.Decode[apply.Application](it); err == nil && a.Status == apply.Pending {
			pending++
		}
	}
	c := partnership.CountsOf(tx, s.Guild)
	if c != there || c.Pending != pending {
		s.Errorf("counts are %+v, items %+v, and %d applications are pending", c, there, pending)
	}
	return c
}
