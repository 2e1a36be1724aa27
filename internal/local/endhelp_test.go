package local_test

import (
	"github.com/entente-bot/entente/internal/apply"
	"github.com/entente-bot/entente/internal/fakediscord"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/storage"
)

// The methods of this file begin and end partnerships.

// install adds the bot to the guild again, as an administrator.
func (s *stage) install() {
	s.Helper()
	s.InstallBot(s.Guild, fakediscord.Administrator)
}

// befriended makes Lighthouse a partner, with Rio as its contact.
func (s *stage) befriended() partnership.Partnership {
	s.Helper()
	s.apply(s.Rio, s.Form())
	s.approveLast()
	list := kept[partnership.Partnership](s, partnership.Prefix)
	if len(list) != 1 {
		s.Fatalf("%d partnerships, want 1", len(list))
	}
	return list[0]
}

// approveLast presses Approve on the card that has it.
func (s *stage) approveLast() {
	s.Helper()
	for _, m := range s.Messages(s.Review) {
		if _, waits := m.Button("Approve"); waits {
			s.on(s.Max, m.Ref, "Approve")
			return
		}
	}
	s.Fatal("no application waits")
}

// endForm opens the form that ends the partnership with Lighthouse.
func (s *stage) endForm(user string) *fakediscord.Exchange {
	s.Helper()
	ex := s.command(user, "partner end", fakediscord.Opt("partner", s.Lighthouse))
	if ex.Modal == nil {
		s.Fatalf("no form: %s", ex.Text())
	}
	return ex
}

// ended ends the partnership with Lighthouse.
func (s *stage) ended(user string) *fakediscord.Exchange {
	s.Helper()
	return s.submit(user, s.endForm(user), map[string]any{"reason": "It was time.", "farewell": "So long."})
}

// befriend makes n partnerships of strangers' servers, one after another, with
// their listings, and returns them. Rio speaks for all of them.
func (s *stage) befriend(n int) []partnership.Partnership {
	s.Helper()
	for _, a := range s.queue(n) {
		if a.Status != apply.Pending {
			continue
		}
		c := apply.CaseOf(a)
		s.update(append(append(c.Keys(s.Guild), settings.Key(s.Guild)), partnership.StartKeys(s.Guild, c.Partner)...), func(tx *storage.Tx) error {
			_, err := c.Approve(tx, s.Guild, s.Max, partnership.DefaultLimits(), s.Now())
			if err != nil {
				return err
			}
			p, _ := storage.Read[partnership.Partnership](tx, partnership.Key(s.Guild, c.Partner))
			p.Contact = s.Rio
			tx.Set(partnership.Key(s.Guild, c.Partner), p)
			partnership.Rename(tx, s.Guild, p)
			return nil
		})
	}
	s.drain()
	return kept[partnership.Partnership](s, partnership.Prefix)
}
