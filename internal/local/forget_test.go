package local_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/apply"
	"github.com/entente-bot/entente/internal/audit"
	"github.com/entente-bot/entente/internal/block"
	"github.com/entente-bot/entente/internal/fakediscord"
	"github.com/entente-bot/entente/internal/forget"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/storage"
	"github.com/entente-bot/entente/internal/ticket"
)

// forgetMe uses /partner forget and confirms it, and returns the reply.
func (s *stage) forgetMe(user string) *fakediscord.Exchange {
	s.Helper()
	asked := s.command(user, "partner forget")
	s.says(asked.Text(), "This cannot be undone")
	ex := s.on(user, asked.Message, "forget/confirm")
	s.says(ex.Text(), "Your data is being deleted")
	return ex
}

// naming returns the keys of all records that name a user.
func (s *stage) naming(user string) (keys []string) {
	s.Helper()
	for q := (storage.Query{Table: storage.Records, Part: "guild#" + s.Guild, Limit: storage.MaxLimit}); ; {
		page, err := s.DB.List(s.Context(), q)
		if err != nil {
			s.Fatal(err)
		}
		for _, it := range page.Items {
			if strings.Contains(it.Key.Sort+string(it.Value), user) {
				keys = append(keys, it.Key.Sort)
			}
		}
		if q.Cursor = page.Cursor; q.Cursor == "" {
			return keys
		}
	}
}

// TestForget lets somebody with a long past have their data deleted: a form that
// was refused, a denied application, a partnership that ended, one that waits, a
// ticket. Nothing names them any more.
func TestForget(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.chooses(func(chosen *settings.Settings) {
		chosen.Sources.Ticket, chosen.Tickets, chosen.Cooldown, chosen.Log = true, s.Lobby, 0, s.Lobby
	})
	bad := s.Form()
	bad["invite"] = "discord.gg/nowhere"
	s.apply(s.Rio, bad)
	s.apply(s.Rio, s.Form())
	s.on(s.Max, s.only(s.Review).Ref, "Approve")
	s.command(s.Max, "partnerships block", fakediscord.Opt("server", s.Lighthouse))
	s.update(partnership.EndKeys(s.Guild, s.Lighthouse, ""), func(tx *storage.Tx) error {
		partnership.End(tx, s.Guild, s.Lighthouse, partnership.Ending{EndedBy: s.Max, At: s.Now(), Why: partnership.WhyManager})
		return nil
	})
	s.drain()
	other, invite := s.AddPartner("Harbour Bar", 500)
	waits := s.Form()
	waits["invite"] = "discord.gg/" + invite
	s.apply(s.Rio, waits)
	s.update(append(ticket.Keys(s.Guild, "5"), ticket.UserKey(s.Guild, s.Rio)), func(tx *storage.Tx) error {
		return ticket.Open(tx, s.Guild, "5", s.Rio, s.Lobby, partnership.DefaultLimits(), s.Now())
	})
	s.drain()

	ex := s.forgetMe(s.Rio)
	s.says(ex.Current().Text(), "Your data here is deleted.\nForms deleted: 3\nApplications without your name and words: 2\n"+
		"Ended partnerships without your name and words: 1\nTickets without your name: 1\n")
	limits := fmt.Sprint([]string{"standing#user#" + s.Rio, "ticket-user#" + s.Rio}) // how often they may send forms
	if keys := s.naming(s.Rio); fmt.Sprint(keys) != limits {
		t.Errorf("they are named in %v, want %v", keys, limits)
	}
	for _, a := range kept[apply.Application](s, "apply#") {
		want := map[string]apply.Status{s.Lighthouse: apply.Approved, other: apply.Withdrawn}[a.Server.ID]
		if a.Status != want || a.Applicant != partnership.Nobody || a.Ad.Description != "" || a.Ad.Invite != "" || a.Sent.IsZero() {
			t.Errorf("the application became %+v", a)
		}
	}
	if c := s.counts(); c.Pending != 0 || c.Active != 0 {
		t.Errorf("counts: %+v", c)
	}
	for _, m := range s.Messages(s.Review) {
		if strings.Contains(m.Text(), s.Rio) || strings.Contains(m.Text(), "calm place") {
			t.Errorf("a card still says:\n%s", m.Text())
		}
	}
	s.says(s.command(s.Max, "partnerships info").Text(), "a deleted user")
	s.says(s.command(s.Rio, "partner forget").Text(), "Your data was deleted a short time ago")
	if left := s.left(); left.Pending > 0 || left.Blocked > 0 || len(s.dead()) > 0 {
		t.Errorf("%+v are left, dead: %v", left, s.dead())
	}
	s.advance(forget.Every)
	if keys := s.naming(s.Rio); len(keys) > 0 {
		t.Errorf("after an hour, they are named in %v", keys)
	}
	if p, there := recordOf[forget.Progress](s, forget.Key(s.Guild, s.Rio)); there {
		t.Errorf("it is still known that they asked: %+v", p)
	}
	s.says(s.forgetMe(s.Rio).Current().Text(), "Applications without your name and words: 0")
}

// TestForgetNobody: who is told who was faster reads no ID that is none.
func TestForgetNobody(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.befriended()
	form := s.endForm(s.Max)
	s.ended(s.Rio)
	s.forgetMe(s.Rio)
	s.says(s.submit(s.Max, form, map[string]any{"reason": "It was time."}).Text(), "is over already: a deleted user ended it")
}

// TestForgetEdits: what was written in a changed ad goes, too.
func TestForgetEdits(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.allied()
	s.changesAd(s.Rio, map[string]any{"description": "Words of Rio's."})
	s.approveLast()
	s.ended(s.Rio)
	s.settle()
	s.forgetMe(s.Rio)
	for _, it := range s.items("") {
		for _, words := range []string{"Words of Rio's", "A calm place"} {
			if strings.Contains(string(it.Value), words) {
				t.Errorf("%s still says %q", it.Key.Sort, words)
			}
		}
	}
	if n := len(s.items("edit-past#")); n != 1 {
		t.Errorf("%d changed ads are known of, want 1", n)
	}
}

// TestForgetContact: the contact of an active partner is told what to do first, at
// the command and at the button.
func TestForgetContact(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.apply(s.Rio, s.Form())
	asked := s.command(s.Rio, "partner forget")
	s.on(s.Max, s.only(s.Review).Ref, "Approve")
	const says = "You are the contact of **Lighthouse**"
	s.says(s.on(s.Rio, asked.Message, "forget/confirm").Text(), says)
	s.says(s.command(s.Rio, "partner forget").Text(), says)
	if p := kept[partnership.Partnership](s, partnership.Prefix); len(p) != 1 || p[0].Contact != s.Rio {
		t.Errorf("the partnership became %+v", p)
	}
}

// TestForgetStaff: what staff did stays in the trail while they are staff, and
// goes once they are not.
func TestForgetStaff(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.apply(s.Rio, s.Form())
	s.on(s.Max, s.only(s.Review).Ref, "Deny")
	s.command(s.Max, "partnerships block", fakediscord.Opt("user", s.Nora))
	s.says(s.forgetMe(s.Max).Current().Text(), "You are staff here")
	by := func() (n int) {
		for _, e := range kept[audit.Entry](s, audit.Prefix) {
			if e.By == s.Max {
				n++
			}
		}
		return n
	}
	if by() == 0 {
		t.Error("their trail is gone")
	}
	s.RevokeRole(s.Guild, s.Max, s.Reviewers)
	s.advance(forget.Every)
	s.silent(s.forgetMe(s.Max).Current().Text(), "You are staff here")
	if keys := s.naming(s.Max); by() > 0 || len(keys) > 0 {
		t.Errorf("they are named in %v", keys)
	}
	if e := kept[block.Entry](s, block.Prefix); len(e) != 1 || e[0].By != partnership.Nobody {
		t.Errorf("the blocklist became %+v", e)
	}
}

// TestForgetKeepsLimits: who has their data deleted may not apply sooner than they
// could before (FAULTS S25), and stays on the blocklist.
func TestForgetKeepsLimits(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.apply(s.Rio, s.Form())
	s.command(s.Max, "partnerships block", fakediscord.Opt("user", s.Rio))
	s.forgetMe(s.Rio)
	ex := s.command(s.Rio, "partner apply")
	s.says(ex.Text(), "asks for a pause between two applications")
	keys := s.naming(s.Rio)
	if want := []string{"block#user#" + s.Rio, "standing#user#" + s.Rio}; fmt.Sprint(keys) != fmt.Sprint(want) {
		t.Errorf("they are named in %v, want %v", keys, want)
	}
	if e := kept[block.Entry](s, block.Prefix); len(e) != 1 || e[0].ID != s.Rio {
		t.Errorf("the blocklist became %+v", e)
	}
	if u, _ := recordOf[apply.Standing](s, apply.UserKey(s.Guild, s.Rio)); u.Latest.ID != "" {
		t.Errorf("kept is %+v", u)
	}
	s.advance(24 * time.Hour)
	if u, there := recordOf[apply.Standing](s, apply.UserKey(s.Guild, s.Rio)); there {
		t.Errorf("after the waiting time, kept is %+v", u)
	}
}

// TestForgetInParts: there is more than one run goes through. It takes up where it
// was, after a crash too, and does each record once.
func TestForgetInParts(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	const entries = 2_500
	for from := 0; from < entries; from += 50 {
		s.update(nil, func(tx *storage.Tx) error {
			for n := from; n < from+50; n++ {
				e := audit.Entry{At: s.Now(), By: s.Rio, What: "apply.send", About: "7", Surface: "form"}
				tx.Create(storage.Key{Table: storage.Records, Part: "guild#" + s.Guild, Sort: fmt.Sprintf("audit#%015d#x", n)}, e)
			}
			return nil
		})
	}
	s.update(forget.Keys(s.Guild, s.Rio), func(tx *storage.Tx) error {
		forget.Ask(tx, s.Guild, s.Rio, "canary", "en-US", false, s.Now())
		return nil
	})
	ref := forget.User(s.Guild, s.Rio)
	if _, err := s.Worker.Do(t.Context(), ref); err != nil {
		t.Fatal(err)
	}
	p, _ := recordOf[forget.Progress](s, forget.Key(s.Guild, s.Rio))
	if !p.Done.IsZero() || p.Cursor == "" || p.Gone.Entries == 0 {
		t.Fatalf("after one run: %+v", p)
	}
	s.restart()
	s.settle()
	p, _ = recordOf[forget.Progress](s, forget.Key(s.Guild, s.Rio))
	if keys := s.naming(s.Rio); len(keys) > 0 || p.Done.IsZero() || p.Gone.Entries != entries {
		t.Errorf("%d records name them; %+v", len(keys), p)
	}
}

// TestForgetAnswerLate (FAULTS R16): the reply is over, or was never to be had.
// The data is deleted all the same.
func TestForgetAnswerLate(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.apply(s.Rio, s.Form())
	s.Scene.Fail(fakediscord.Fault{Method: "PATCH", Route: replyRoute, Status: 401, Code: 50027, Times: -1})
	s.forgetMe(s.Rio)
	s.advance(action.TokenLife)
	if left := s.left(); left.Pending > 0 || left.Blocked > 0 || len(s.dead()) > 0 {
		t.Errorf("%+v are left, dead: %v", left, s.dead())
	}
	if keys := s.naming(s.Rio); len(keys) != 1 { // the waiting time
		t.Errorf("they are named in %v", keys)
	}
}

// TestForgetWhileApproved lets Rio confirm the deletion at the moment at which Max
// approves: he is the contact of a partner then, or his application is withdrawn.
func TestForgetWhileApproved(t *testing.T) {
	t.Parallel()
	for round := range 6 {
		t.Run(fmt.Sprint(round), func(t *testing.T) {
			t.Parallel()
			s := newStage(t)
			s.apply(s.Rio, s.Form())
			asked, card := s.command(s.Rio, "partner forget"), s.only(s.Review).Ref
			var both sync.WaitGroup
			for _, press := range []func() (*fakediscord.Exchange, error){
				func() (*fakediscord.Exchange, error) {
					return s.As(s.Rio, s.Guild, s.Lobby).Press(t.Context(), asked.Message, "forget/confirm")
				},
				func() (*fakediscord.Exchange, error) {
					return s.As(s.Max, s.Guild, s.Review).Press(t.Context(), card, "Approve")
				},
			} {
				both.Go(func() {
					if _, err := press(); err != nil {
						t.Error(err)
					}
				})
			}
			both.Wait()
			s.settledAll()
			s.balanced()
			a := kept[apply.Application](s, "apply#")[0]
			p := kept[partnership.Partnership](s, partnership.Prefix)
			active := len(p) == 1 && p[0].Contact == s.Rio && a.Status == apply.Approved && a.Applicant == s.Rio && a.Ad.Description != ""
			gone := len(p) == 0 && a.Status == apply.Withdrawn && a.Applicant == partnership.Nobody
			if !active && !gone {
				t.Errorf("partnerships: %+v, application: %+v", p, a)
			}
		})
	}
}
