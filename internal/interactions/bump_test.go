package interactions_test

import (
	"time"

	"github.com/entente-bot/entente/internal/bump"
	"github.com/entente-bot/entente/internal/fakediscord"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/storage"
	"github.com/entente-bot/entente/internal/view"
)

// bumpable makes a partnership that has not been bumped for long.
func (s *stage) bumpable(contact string) partnership.Partnership {
	s.Helper()
	id, code := s.AddPartner("canary-written @everyone", 300)
	p := partnership.Partnership{
		Partner: id, Application: id, Server: partnership.Server{ID: id, Name: "canary-written @everyone", Members: 300},
		Ad: partnership.Ad{Invite: code, Category: "Community"}, Contact: contact, Since: time.Now().Add(-30 * 24 * time.Hour),
	}
	s.update(partnership.StartKeys(s.Guild, id), func(tx *storage.Tx) error {
		partnership.Start(tx, s.Guild, p)
		return nil
	})
	return p
}

// directBump presses a button of a reminder by direct message.
func directBump(route, turn string) routeCase {
	return func(s *stage) (fakediscord.Interaction, error) {
		p := s.bumpable(s.newcomer())
		s.update(bump.RemindKeys(s.Guild, p.Partner), func(tx *storage.Tx) error {
			_, _, err := bump.Ask(tx, s.Guild, p, p.Contact, "de", bump.Direct, time.Now())
			return err
		})
		on := fakediscord.Ref{ID: "1"}
		id := view.ID(route, s.Guild, p.Partner+turn)
		return s.As(p.Contact, "", "").BuildComponent(on, map[string]any{"component_type": 2, "custom_id": id})
	}
}
