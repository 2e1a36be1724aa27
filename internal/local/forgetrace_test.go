package local_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/apply"
	"github.com/entente-bot/entente/internal/audit"
	"github.com/entente-bot/entente/internal/fakediscord"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/storage"
	"github.com/entente-bot/entente/internal/ticket"
)

// An overtaker has something done behind the back of whoever walks the records of a
// guild, once: after they read a page, before they act on it.
type overtaker struct {
	storage.DB
	do func()
}

func (o *overtaker) List(ctx context.Context, q storage.Query) (storage.Page, error) {
	p, err := o.DB.List(ctx, q)
	if do := o.do; do != nil && q.Table == storage.Records && q.Prefix == "" {
		o.do = nil
		do()
	}
	return p, err
}

// TestForgottenWhileUnderWay deletes the data of somebody while work of theirs is
// done by others, which writes where the deletion has been already.
func TestForgottenWhileUnderWay(t *testing.T) {
	t.Parallel()
	tests := map[string]func(*stage) (behind func()){
		"a form becomes an application": func(s *stage) func() {
			s.Scene.Fail(fakediscord.Fault{Method: "GET", Route: "/invites/" + s.Invite, Status: 503, Times: -1})
			s.apply(s.Rio, s.Form()) // its look-up takes its time
			d := kept[apply.Draft](s, "draft#")[0]
			return func() {
				found := partnership.Invite{Code: s.Invite, Permanent: true, Server: partnership.Server{ID: s.Lighthouse, Name: "Lighthouse", Members: 1204}}
				s.update(append(apply.QueueKeys(s.Guild, d, s.Lighthouse), audit.Keys(s.Guild)...), func(tx *storage.Tx) error {
					apply.Queue(tx, s.Guild, d.ID, found, partnership.DefaultLimits(), s.Now())
					return nil
				})
			}
		},
		"a ticket is opened": func(s *stage) func() {
			s.chooses(func(c *settings.Settings) { c.Sources.Ticket, c.Tickets = true, s.Lobby })
			return func() {
				s.update(append(ticket.Keys(s.Guild, "5"), ticket.UserKey(s.Guild, s.Rio)), func(tx *storage.Tx) error {
					return ticket.Open(tx, s.Guild, "5", s.Rio, s.Lobby, partnership.DefaultLimits(), s.Now())
				})
			}
		},
		"an application is denied": func(s *stage) func() {
			s.apply(s.Rio, s.Form())
			a := kept[apply.Application](s, "apply#")[0]
			return func() {
				c := apply.CaseOf(a)
				s.update(append(c.Keys(s.Guild), settings.Key(s.Guild)), func(tx *storage.Tx) error {
					_, err := c.Deny(tx, s.Guild, s.Max, "Ask Rio", "", s.Now())
					return err
				})
			}
		},
	}
	for name, begin := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t)
			behind := begin(s)
			db := s.Worker.Actions.DB
			s.Worker.Actions.DB = &overtaker{DB: db, do: behind}
			s.forgetMe(s.Rio)
			s.settle()
			s.advance(25 * time.Hour)
			if keys := s.naming(s.Rio); len(keys) > 0 {
				t.Errorf("what names them is kept: %v", keys)
			}
			for _, m := range s.Messages(s.Review) {
				if strings.Contains(m.Text(), "A calm place") {
					t.Errorf("the card still shows what they wrote: %s", m.Text())
				}
			}
			s.logs.mu.Lock()
			defer s.logs.mu.Unlock()
			for line := range strings.Lines(s.logs.b.String()) {
				if strings.Contains(line, "action=forget.user") && strings.Contains(line, s.Rio) {
					t.Errorf("the log says who had their data deleted: %s", line)
				}
			}
		})
	}
}
