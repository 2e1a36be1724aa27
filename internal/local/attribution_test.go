package local_test

import (
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/fakediscord"
	"github.com/entente-bot/entente/internal/joins"
	"github.com/entente-bot/entente/internal/storage"
)

// newTroupe is a stage with three partners whose joins are tracked and were polled.
func newTroupe(t *testing.T) (*stage, []string) {
	t.Helper()
	s := newStage(t)
	s.tracks(false)
	var partners []string
	for _, p := range s.befriend(3) {
		partners = append(partners, p.Partner)
	}
	s.advance(time.Minute)
	return s, partners
}

// accountOf is that of a partner.
func (s *stage) accountOf(partner string) joins.Account {
	s.Helper()
	l, _ := recordOf[joins.Ledger](s, joins.LedgerKey(s.Guild))
	a, ok := l.Account(partner)
	if !ok {
		s.Fatalf("partner %s has no account", partner)
	}
	return a
}

// come has n strangers join by the tracked invite of a partner.
func (s *stage) come(partner string, n int) {
	s.Helper()
	s.joined(s.accountOf(partner).Code, n)
}

// polls returns how often Discord was asked for the invites of the guild.
func (s *stage) polls() int { return s.CountRequests("GET", "/guilds/{guild}/invites") }

// booked adds up what is booked on all days.
func (s *stage) booked() map[string]int {
	s.Helper()
	sums := map[string]int{}
	for _, d := range kept[joins.Day](s, "joins-day#") {
		for who, b := range d.Books {
			sums[who] += b.Counted
		}
	}
	return sums
}

const byInvites = "/guilds/{guild}/invites"

// A burst is one of the cases in which trackers go wrong that look at each join.
type burst struct {
	name    string
	happens func(s *stage, p []string) // since the poll before
	counted [3]int                     // for each partner, in the end
	other   int                        // by invites that are no partner's
	gap     bool                       // of the first partner: joins of which nobody can know
}

// bursts are the thirteen of issue 5, some of them in two ways, and what each account
// must show.
func bursts() []burst {
	return []burst{
		{name: "one join", happens: func(s *stage, p []string) { s.come(p[0], 1) }, counted: [3]int{1}},
		{name: "two joins by one invite", happens: func(s *stage, p []string) { s.come(p[0], 2) }, counted: [3]int{2}},
		{name: "two invites", happens: func(s *stage, p []string) {
			s.come(p[0], 1)
			s.come(p[1], 1)
		}, counted: [3]int{1, 1}},
		{name: "three invites", happens: func(s *stage, p []string) {
			s.come(p[0], 1)
			s.come(p[1], 2)
			s.come(p[2], 3)
		}, counted: [3]int{1, 2, 3}},
		{name: "500", happens: func(s *stage, p []string) { s.come(p[0], 500) }, counted: [3]int{500}},
		{name: "the poller is down", happens: func(s *stage, p []string) {
			s.come(p[0], 1)
			if err := s.Advance(s.Context(), 10*time.Minute); err != nil {
				s.Fatal(err)
			}
			s.come(p[0], 1)
		}, counted: [3]int{2}},
		{name: "by the vanity URL", happens: func(s *stage, _ []string) {
			s.SetVanity(s.Guild, "harbour", 0)
			s.joined("harbour", 2)
		}},
		{name: "by Discovery", happens: func(s *stage, _ []string) {
			s.SetVanity(s.Guild, "harbour", 0)
			s.AddMember(s.Guild, s.AddUser("Somebody"))
		}},
		{name: "an invite is deleted", happens: func(s *stage, p []string) {
			s.come(p[0], 2)
			s.come(p[1], 1)
			s.DeleteInvite(s.accountOf(p[0]).Code)
		}, counted: [3]int{2, 1}},
		{name: "an invite is deleted, and the audit log is not to be read", happens: func(s *stage, p []string) {
			s.InstallBot(s.Guild, tracker&^fakediscord.ViewAuditLog)
			s.come(p[0], 2)
			s.come(p[1], 1)
			s.DeleteInvite(s.accountOf(p[0]).Code)
		}, counted: [3]int{0, 1}, gap: true},
		{name: "an invite is deleted and made again under its code", happens: func(s *stage, p []string) {
			code := s.accountOf(p[0]).Code
			s.come(p[0], 2)
			s.DeleteInvite(code)
			if err := s.Advance(s.Context(), time.Second); err != nil {
				s.Fatal(err)
			}
			s.AddInvite(s.Guild, fakediscord.Invite{Code: code, Uses: 5})
			s.advance(2 * time.Minute)
			s.joined(code, 3)
		}, counted: [3]int{2}, other: 3},
		{name: "Manage Server is lost for one poll", happens: func(s *stage, p []string) {
			s.come(p[0], 2)
			s.InstallBot(s.Guild, tracker&^(fakediscord.ManageServer|fakediscord.ViewAuditLog))
			s.advance(time.Minute)
			s.InstallBot(s.Guild, tracker)
		}, counted: [3]int{2}},
		{name: "Manage Server is lost for one poll, and the audit log can be read", happens: func(s *stage, p []string) {
			s.come(p[0], 2)
			s.InstallBot(s.Guild, tracker&^fakediscord.ManageServer)
			s.advance(time.Minute)
			s.InstallBot(s.Guild, tracker)
		}, counted: [3]int{2}},
		{name: "the API fails for one poll", happens: func(s *stage, p []string) {
			s.come(p[0], 2)
			s.Scene.Fail(fakediscord.Fault{Method: "GET", Route: byInvites, Status: 503})
			s.advance(time.Minute)
		}, counted: [3]int{2}},
		{name: "leave and rejoin by the same invite", happens: func(s *stage, p []string) {
			code := s.accountOf(p[0]).Code
			user := s.joined(code, 1)[0]
			s.advance(time.Minute)
			s.RemoveMember(s.Guild, user)
			if err := s.UseInvite(code, user); err != nil {
				s.Fatal(err)
			}
		}, counted: [3]int{2}},
		{name: "R37: a member uses the invite", happens: func(s *stage, p []string) {
			s.come(p[0], 1)
			if err := s.UseInvite(s.accountOf(p[0]).Code, s.Nora); err != nil {
				s.Fatal(err)
			}
		}, counted: [3]int{1}},
	}
}

// TestBursts plays the thirteen cases, with the real handlers, and looks at every
// account afterwards.
func TestBursts(t *testing.T) {
	t.Parallel()
	for _, b := range bursts() {
		t.Run(b.name, func(t *testing.T) {
			t.Parallel()
			s, partners := newTroupe(t)
			b.happens(s, partners)
			for range 5 { // long enough for what is missing to be taken for gone
				s.advance(15 * time.Minute)
			}
			booked := s.booked()
			for i, p := range partners {
				a := s.accountOf(p)
				if a.Counted != b.counted[i] || booked[p] != b.counted[i] {
					t.Errorf("partner %d: %d counted, %d on the days, want %d", i, a.Counted, booked[p], b.counted[i])
				}
				if gap := len(a.Gaps) > 0; gap != (b.gap && i == 0) {
					t.Errorf("partner %d: gaps %v", i, a.Gaps)
				}
				if a.Code == "" {
					t.Errorf("partner %d has no invite", i)
				}
			}
			if booked[joins.ByOther] != b.other {
				t.Errorf("%d joins are booked by other invites, want %d", booked[joins.ByOther], b.other)
			}
			s.quietly()
		})
	}
}

// uncounted is what an answer does to the uses of the first partner's invite.
type uncounted struct {
	name    string
	fails   fakediscord.Fault
	happens func(s *stage, p []string)
}

// TestNoObservation (FAULTS R2, R30): Discord answers with an error, half an answer,
// or none, or tells no uses. Nothing is booked and nothing closed, and the next poll
// books all, once.
func TestNoObservation(t *testing.T) {
	t.Parallel()
	for _, tt := range []uncounted{
		{name: "500", fails: fakediscord.Fault{Status: 500}},
		{name: "502, by a page", fails: fakediscord.Fault{Status: 502, HTML: true}},
		{name: "reset", fails: fakediscord.Fault{Reset: true, Times: 5}},
		{name: "reset after it", fails: fakediscord.Fault{Reset: true, After: true, Times: 5}},
		{name: "truncated", fails: fakediscord.Fault{Truncate: 300}},
		{name: "429", fails: fakediscord.Fault{Status: 429, RetryAfter: 0.5, Times: 2}},
		{name: "403 once", fails: fakediscord.Fault{Status: 403, Code: 50013}},
		{name: "uses absent", happens: func(s *stage, _ []string) { s.InstallBot(s.Guild, tracker&^fakediscord.ManageServer) }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s, p := newTroupe(t)
			before := s.accountOf(p[0])
			s.come(p[0], 4)
			if tt.happens != nil {
				tt.happens(s, p)
			} else {
				tt.fails.Method, tt.fails.Route = "GET", byInvites
				s.Scene.Fail(tt.fails)
			}
			n := s.polls()
			s.advance(10 * time.Second)
			if s.polls() == n {
				t.Fatal("nobody polled")
			}
			if a := s.accountOf(p[0]); a.Counted != 0 || a.Code != before.Code || !a.Missing.IsZero() || len(s.booked()) != 0 {
				t.Errorf("without an observation: %+v, booked %v", a, s.booked())
			}
			s.ClearFaults()
			s.InstallBot(s.Guild, tracker)
			s.advance(time.Hour + time.Minute) // by then the bot's rights are looked at again
			if a := s.accountOf(p[0]); a.Counted != 4 || a.Code != before.Code || len(a.Gaps) != 0 {
				t.Errorf("after: %+v", a)
			}
			s.quietly()
		})
	}
}

// TestFirstSight (FAULTS R31): an invite with 40 uses that nobody knew brought nobody.
func TestFirstSight(t *testing.T) {
	t.Parallel()
	s, _ := newTroupe(t)
	code := s.AddInvite(s.Guild, fakediscord.Invite{Uses: 40})
	s.advance(2 * time.Minute)
	if got := s.booked(); len(got) != 0 {
		t.Errorf("booked: %v", got)
	}
	s.joined(code, 2)
	s.advance(2 * time.Minute)
	if got := s.booked(); got[joins.ByOther] != 2 || len(got) != 1 {
		t.Errorf("booked: %v", got)
	}
}

// TestFalls (FAULTS R32): uses fall, and rise above what they were.
func TestFalls(t *testing.T) {
	t.Parallel()
	s, p := newTroupe(t)
	code := s.accountOf(p[0]).Code
	for _, step := range []struct{ uses, counted int }{{10, 10}, {3, 10}, {9, 10}, {12, 12}, {12, 12}} {
		s.SetUses(code, step.uses)
		s.advance(time.Minute)
		if a := s.accountOf(p[0]); a.Counted != step.counted || s.booked()[p[0]] != step.counted {
			t.Errorf("%d uses: %d counted, %v booked, want %d", step.uses, a.Counted, s.booked(), step.counted)
		}
	}
}

// TestOlderPoll (FAULTS R34): a poll is booked after one that began later.
func TestOlderPoll(t *testing.T) {
	t.Parallel()
	s, p := newTroupe(t)
	start := s.Now()
	s.come(p[0], 2)
	s.advance(time.Minute)
	uses := 1
	a := s.accountOf(p[0])
	late := joins.Poll{Start: start, End: s.Now(), Invites: []joins.Invite{{Code: a.Code, Created: a.Created, Uses: &uses}}}
	s.update(joins.Keys(s.Guild, start), func(tx *storage.Tx) error {
		if out := joins.Book(tx, s.Guild, late, s.Now()); !out.Dropped {
			t.Errorf("booked: %+v", out)
		}
		return nil
	})
	s.advance(time.Minute)
	for _, partner := range p {
		if a := s.accountOf(partner); a.Code == "" || !a.Missing.IsZero() || len(a.Gaps) != 0 {
			t.Errorf("%+v", a)
		}
	}
	if got := s.booked(); got[p[0]] != 2 {
		t.Errorf("booked: %v", got)
	}
}

// TestRemovedAndAdded (FAULTS R36): what came while the bot was out of the guild is
// nobody's, and said to be unknown; what comes after its return counts.
func TestRemovedAndAdded(t *testing.T) {
	t.Parallel()
	s, p := newTroupe(t)
	s.come(p[0], 1)
	s.advance(time.Minute)
	s.RemoveBot(s.Guild)
	s.advance(26 * time.Hour)
	s.come(p[0], 7)
	s.InstallBot(s.Guild, tracker)
	s.advance(26 * time.Hour)
	s.settle()
	s.advance(time.Minute)
	a := s.accountOf(p[0])
	if a.Counted != 1 || len(a.Gaps) != 1 || a.Gaps[0].Why != joins.Away {
		t.Errorf("back: %+v", a)
	}
	s.come(p[0], 2)
	s.advance(time.Minute)
	if a := s.accountOf(p[0]); a.Counted != 3 || len(a.Gaps) != 1 {
		t.Errorf("after: %+v", a)
	}
	s.quietly()
}
