package local_test

import (
	"github.com/entente-bot/entente/internal/fakediscord"
	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/storage"
)

// staffSet changes the settings of the guild without the panel.
func (s *stage) staffSet(change func(*settings.Settings)) {
	s.Helper()
	err := storage.Update(s.Context(), s.DB, settings.Keys(s.Guild), func(tx *storage.Tx) error {
		chosen := settings.Of(tx, s.Guild)
		change(&chosen)
		settings.Save(tx, s.Guild, chosen, s.Now())
		return nil
	})
	if err != nil {
		s.Fatal(err)
	}
	s.drain()
}

// staffUses uses a command, and does what follows.
func (s *stage) staffUses(user, name string, options ...fakediscord.Option) *fakediscord.Exchange {
	s.Helper()
	ex, err := s.As(user, s.Guild, s.Lobby).Command(s.Context(), name, options...)
	if err != nil {
		s.Fatal(err)
	}
	s.drain()
	return ex
}

// staffSends sends a form, and does what follows.
func (s *stage) staffSends(user string, opened *fakediscord.Exchange, form map[string]any) *fakediscord.Exchange {
	s.Helper()
	ex, err := s.As(user, s.Guild, s.Lobby).Submit(s.Context(), opened, form)
	if err != nil {
		s.Fatal(err)
	}
	s.drain()
	return ex
}

// staffPresses presses a button on a message, and does what follows.
func (s *stage) staffPresses(user string, m fakediscord.Ref, button string) *fakediscord.Exchange {
	s.Helper()
	ex, err := s.As(user, s.Guild, m.Channel).Press(s.Context(), m, button)
	if err != nil {
		s.Fatal(err)
	}
	s.drain()
	return ex
}

// recordOf returns a record of the store.
func recordOf[T storage.Record](s *stage, k storage.Key) (T, bool) {
	s.Helper()
	tx, err := storage.Begin(s.Context(), s.DB, k)
	if err != nil {
		s.Fatal(err)
	}
	v, ok := storage.Read[T](tx, k)
	if _, err := tx.Changes(); err != nil {
		s.Fatal(err)
	}
	return v, ok
}
