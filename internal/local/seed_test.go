package local_test

import (
	"fmt"
	"slices"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/apply"
	"github.com/entente-bot/entente/internal/audit"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/setup"
	"github.com/entente-bot/entente/internal/storage"
)

// The methods of this file put records where a long history would have put them.

// update changes the items under keys as decide says.
func (s *stage) update(keys []storage.Key, decide func(*storage.Tx) error) {
	s.Helper()
	if err := storage.Update(s.Context(), s.DB, keys, decide); err != nil {
		s.Fatal(err)
	}
}

// setUp chooses what [scene.Scene.SetUp] does in the panel, and leaves what that
// leaves but the open panel: the choices, their entries in the trail, and what a look
// at the guild found. To do that in the panel takes six times as long, in every story;
// the stories of a player do.
func (s *stage) setUp() {
	s.Helper()
	look := setup.Check(s.Guild)
	keys := slices.Concat(settings.Keys(s.Guild), audit.Keys(s.Guild), action.Keys(look))
	s.update(keys, func(tx *storage.Tx) error {
		now, chosen := s.Now(), settings.Of(tx, s.Guild)
		chosen.Review, chosen.Showcase, chosen.Managers, chosen.Locale = s.Review, s.Showcase, []string{s.Reviewers}, "en-US"
		settings.Save(tx, s.Guild, chosen, now)
		for i, what := range []string{"setup.review", "setup.showcase", "setup.managers"} {
			audit.Write(tx, s.Guild, stranger(i), audit.Entry{At: now, By: s.Ada, What: what, Surface: "select"})
		}
		action.Cause(tx, look, now)
		return nil
	})
	s.drain()
}

// stranger returns the nth of many IDs that belong to nobody on the stage. What has
// it was made 1,859 days before the stories begin.
func stranger(n int) string {
	const discord = 1_420_070_400_000 // when the time in IDs begins, in milliseconds
	born := beginning().AddDate(0, 0, -1859).UnixMilli() - discord
	return fmt.Sprint(born<<22 + int64(n))
}

// history gives the guild as many active partnerships and pending applications,
// of strangers, with all that is left to do for them done.
func (s *stage) history(active, pending int) {
	s.Helper()
	counts := partnership.CountsKey(s.Guild)
	for n := range active + pending {
		s.update([]storage.Key{counts}, func(tx *storage.Tx) error {
			c := partnership.CountsOf(tx, s.Guild)
			server := partnership.Server{ID: stranger(n), Name: fmt.Sprint("Old ", n)}
			if n < active {
				c.Active++
				tx.Create(partnership.Key(s.Guild, server.ID), partnership.Partnership{
					Partner: server.ID, Server: server, Since: s.Now(),
					Ad: partnership.Ad{Invite: fmt.Sprint("old-", n), Category: []string{"Gaming", "Music"}[n%2]},
				})
			} else {
				c.Pending++
				tx.Create(apply.Key(s.Guild, stranger(n)), apply.Application{ID: stranger(n), Status: apply.Pending, Server: server})
			}
			tx.Set(counts, c)
			return nil
		})
	}
}

// queue puts n applications before the managers, of other applicants and
// partners each, and returns them.
func (s *stage) queue(n int) []apply.Application {
	s.Helper()
	for i := range n {
		name := fmt.Sprint("Server ", i)
		id, code := s.AddPartner(name, 500)
		d := s.draft(i, code)
		found := partnership.Invite{Code: code, Permanent: true, Server: partnership.Server{ID: id, Name: name, Members: 500}}
		s.update(apply.QueueKeys(s.Guild, d, found.Server.ID), func(tx *storage.Tx) error {
			tx.Set(apply.DraftKey(s.Guild, d.ID), d)
			if apply.Queue(tx, s.Guild, d.ID, found, s.Worker.Limits, s.Now()) == "" {
				return fmt.Errorf("application %d is refused", i)
			}
			return nil
		})
	}
	list := kept[apply.Application](s, "apply#")
	return slices.DeleteFunc(list, func(a apply.Application) bool { return a.Applicant == "" })
}

// draft returns a form of the ith of many applicants.
func (s *stage) draft(i int, code string) apply.Draft {
	return apply.Draft{ID: stranger(3000 + i), Applicant: stranger(4000 + i), Source: apply.Slash, Sent: s.Now(), Form: apply.Form{
		Invite: code, Category: "Community", Description: "A place.",
	}}
}

// send sends a form that is to be checked, and returns the action that does.
func (s *stage) send(d apply.Draft) action.Ref {
	s.Helper()
	keys := append(apply.SendKeys(s.Guild, d.Applicant, d.ID), settings.Key(s.Guild))
	s.update(keys, func(tx *storage.Tx) error {
		return apply.Send(tx, s.Guild, d, "token", s.Worker.Limits, s.Now())
	})
	return apply.Check(s.Guild, d.ID)
}

// set changes a setting for which there is no control yet.
func (s *stage) set(name string, values []string) {
	s.Helper()
	s.update([]storage.Key{settings.Key(s.Guild)}, func(tx *storage.Tx) error {
		chosen := settings.Of(tx, s.Guild)
		switch name {
		case "categories":
			chosen.Topics = values
		case "active":
			chosen.Active = len(values)
		case "nothing-in-reviews":
			chosen.Review = ""
		}
		tx.Set(settings.Key(s.Guild), chosen)
		return nil
	})
}
