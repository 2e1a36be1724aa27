package local_test

import (
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/fakediscord"
	"github.com/entente-bot/entente/internal/joins"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/storage"
)

// joinCalls are the calls of a tracked invite's life.
var joinCalls = []struct{ method, route string }{
	{"POST", "/guilds/{guild}/roles"},
	{"POST", "/channels/{channel}/invites"},
	{"GET", "/guilds/{guild}/invites"},
	{"DELETE", "/invites/{code}"},
	{"DELETE", "/guilds/{guild}/roles/{role}"},
	{"GET", "/guilds/{guild}/audit-logs"},
}

// TestJoinsFaults has each fault strike every call of a tracked invite's life, the
// looks for what a failed attempt may have made among them. When they are over there
// was one invite and one role, and there are none.
func TestJoinsFaults(t *testing.T) {
	t.Parallel()
	for _, f := range passing {
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t)
			s.tracks(true)
			for _, c := range joinCalls {
				strike := f.fault
				strike.Method, strike.Route = c.method, c.route
				s.Scene.Fail(strike)
			}
			s.allied()
			s.settle()
			a := s.tracked(true)
			s.joined(a.Code, 2)
			s.ended(s.Max)
			s.settle()
			if p := s.untracked(); p.Counted > 2 || p.Counted < 2 && len(p.Gaps) == 0 {
				t.Errorf("past %+v", p)
			}
			if s.struck() < 4 {
				t.Errorf("%d faults struck", s.struck())
			}
			s.quietly()
		})
	}
}

// TestJoinsBlocked has Discord refuse each step for a reason that managers can mend
// (FAULTS R3): they read it in the status, and it is done when it is mended. What can
// be done all the same is done.
func TestJoinsBlocked(t *testing.T) {
	t.Parallel()
	refuse := func(method, route string, status, code int) func(*stage) {
		return func(s *stage) {
			s.Scene.Fail(fakediscord.Fault{Method: method, Route: route, Status: status, Code: code, Times: -1})
		}
	}
	lacks := func(p fakediscord.Permission) func(*stage) {
		return func(s *stage) { s.InstallBot(s.Guild, tracker&^p) }
	}
	closed := func(s *stage) {
		s.SetRole(s.Guild, s.Guild, fakediscord.ViewChannel|fakediscord.SendMessages, 0)
		lacks(fakediscord.CreateInvite)(s)
	}
	invites := refuse("POST", "/channels/{channel}/invites", 403, 50013)
	for name, tt := range map[string]struct {
		spoil func(*stage)
		says  string
		bare  bool // the invite is made all the same, without a role
	}{
		"no Create Invite":        {closed, "no text channel in which Entente has *View Channel* and *Create Invite*", false},
		"no Manage Roles":         {lacks(fakediscord.ManageRoles), "Entente may not give roles here", true},
		"role refused":            {refuse("POST", "/guilds/{guild}/roles", 403, 50013), "Entente may not give roles here", true},
		"250 roles":               {refuse("POST", "/guilds/{guild}/roles", 400, 30005), "this server has 250 roles", true},
		"1,000 invites":           {refuse("POST", "/channels/{channel}/invites", 400, 30016), "1,000 invites", false},
		"invite refused":          {invites, "Entente lacks *View Channel* or *Create Invite* in", false},
		"channel gone":            {refuse("POST", "/channels/{channel}/invites", 404, 10003), "the channel that invites of partners lead to was deleted", false},
		"role gone while invited": {refuse("POST", "/channels/{channel}/invites", 404, 10011), "Tracked invite of a partner", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t)
			s.tracks(true)
			tt.spoil(s)
			s.allied()
			s.settle()
			s.says(s.status(), tt.says)
			s.only(s.Showcase) // the rest was done
			if tt.bare {
				a := s.tracked(false)
				s.ClearFaults()
				s.InstallBot(s.Guild, tracker)
				s.retry()
				s.says(s.status(), tt.says) // the invite cannot be given a role
				s.loses(a.Code)
			} else if n := len(s.trackedInvites()); n != 0 {
				t.Fatalf("%d invites", n)
			}
			s.ClearFaults()
			s.InstallBot(s.Guild, tracker)
			s.retry()
			s.tracked(true)
			s.quietly()
		})
	}
}

// TestJoinsEntrance leads invites where managers chose, and says what is wrong there.
func TestJoinsEntrance(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	door := s.AddChannel(s.Guild, fakediscord.Channel{Name: "welcome"})
	s.tracks(false)
	s.chooses(func(c *settings.Settings) { c.Entrance = door })
	s.SetOverwrite(door, fakediscord.Overwrite{ID: s.botRole(), Deny: fakediscord.CreateInvite})
	s.allied()
	s.says(s.status(), "Entente lacks *View Channel* or *Create Invite* in <#"+door+">")
	s.DeleteChannel(door)
	s.retry()
	s.says(s.status(), "the channel that invites of partners lead to was deleted")
	door = s.AddChannel(s.Guild, fakediscord.Channel{Name: "hall"})
	s.chooses(func(c *settings.Settings) { c.Entrance = door })
	s.settle()
	if a := s.tracked(false); a.Channel != door {
		t.Errorf("it leads to %s, want %s", a.Channel, door)
	}
	s.quietly()
}

// TestJoinsEndBlocked has Discord refuse each step of the end: the other steps are
// taken, and the refused one is when it is mended.
func TestJoinsEndBlocked(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		fault          fakediscord.Fault
		invites, roles int // that are left meanwhile
	}{
		"count":  {fakediscord.Fault{Method: "GET", Route: "/guilds/{guild}/invites", Status: 403, Code: 50013}, 1, 0},
		"invite": {fakediscord.Fault{Method: "DELETE", Route: "/invites/{code}", Status: 403, Code: 50013}, 1, 0},
		"role":   {fakediscord.Fault{Method: "DELETE", Route: "/guilds/{guild}/roles/{role}", Status: 403, Code: 50013}, 0, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t)
			s.tracks(true)
			s.allied()
			a := s.tracked(true)
			s.joined(a.Code, 2)
			tt.fault.Times = -1
			s.Scene.Fail(tt.fault)
			s.ended(s.Max)
			if left := s.left(); left != (action.Census{Blocked: 1}) {
				t.Errorf("left to do: %+v, want one blocked", left)
			}
			if i, r := len(s.trackedInvites()), len(s.markerRoles()); i != tt.invites || r != tt.roles {
				t.Errorf("%d invites and %d roles are left, want %d and %d", i, r, tt.invites, tt.roles)
			}
			s.says(s.status(), "Tracked invite of a partner")
			if tt.invites > 0 {
				s.says(s.status(), "*Manage Server*")
			}
			if tt.invites > 0 {
				s.joined(a.Code, 1) // it works still
			}
			s.ClearFaults()
			s.retry()
			if p := s.untracked(); p.Counted != 2+tt.invites {
				t.Errorf("past %+v", p)
			}
			s.quietly()
		})
	}
}

// TestJoinsEndUnknown deletes an invite whose last uses nobody tells: it is recorded
// from when on nobody knows.
func TestJoinsEndUnknown(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.tracks(true)
	s.InstallBot(s.Guild, tracker&^fakediscord.ViewAuditLog)
	s.allied()
	s.joined(s.tracked(true).Code, 4)
	s.advance(time.Minute)
	s.ended(s.Rio)
	if p := s.untracked(); p.Counted != 4 || len(p.Gaps) > 1 {
		t.Errorf("past %+v", p)
	}
}

// TestJoinsCrash kills the process at each step of a tracked invite's life; after a
// restart there is exactly one, and at the end none.
func TestJoinsCrash(t *testing.T) {
	t.Parallel()
	for name, story := range map[string]func(*stage){
		"make": func(s *stage) {
			_, _ = s.As(s.Max, s.Guild, s.Review).Press(s.Context(), s.only(s.Review).Ref, "Approve")
		},
		"end": func(s *stage) { s.parts(partnership.WhyManager) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			deaths(t, 12, func(t *testing.T, m *mortal) {
				s := newStage(t)
				s.tracks(true)
				s.apply(s.Rio, s.Form())
				if name == "end" {
					s.approveLast()
					s.joined(s.tracked(true).Code, 2)
				}
				m.possess(s, true)
				s.restart()
				story(s)
				_, _ = s.Drain(t.Context())
				if m.dead() != "" {
					new(mortal).immortal().possess(s, true)
					s.restart()
				}
				s.drain()
				if name == "make" {
					if s.counts().Active == 0 { // it died before it was decided
						s.approveLast()
					}
					s.settle()
					s.tracked(true)
				} else {
					if s.counts().Active == 1 {
						s.parts(partnership.WhyManager)
						s.drain()
					}
					s.settle()
					if p := s.untracked(); p.Counted != 2 && len(p.Gaps) == 0 {
						t.Errorf("died %s: past %+v", m.dead(), p)
					}
				}
				s.quietly()
			})
		})
	}
}

// parts ends the partnership with Lighthouse, without its form.
func (s *stage) parts(why string) {
	s.Helper()
	keys := partnership.EndKeys(s.Guild, s.Lighthouse, kept[partnership.Partnership](s, partnership.Prefix)[0].Application)
	_ = storage.Update(s.Context(), s.Worker.Actions.DB, keys, func(tx *storage.Tx) error {
		partnership.End(tx, s.Guild, s.Lighthouse, partnership.Ending{At: s.Now(), EndedBy: s.Max, Why: why})
		return nil
	})
}

// TestJoinsOfMany has joins tracked where there are many partners, while Discord does
// make what is asked for, but says that it does not: each has one invite and one role.
func TestJoinsOfMany(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	n, others := len(s.befriend(12)), len(s.Roles(s.Guild))
	for _, c := range joinCalls[:2] {
		s.Scene.Fail(fakediscord.Fault{Method: c.method, Route: c.route, Status: 500, After: true, Times: 4})
	}
	s.tracks(true)
	s.settle()
	l, _ := recordOf[joins.Ledger](s, joins.LedgerKey(s.Guild))
	roles, codes := map[string]bool{}, map[string]bool{}
	for _, a := range l.Accounts {
		roles[a.Role], codes[a.Code] = true, true
	}
	if list := s.trackedInvites(); n != 12 || len(list) != n || len(codes) != n || len(roles) != n || codes[""] || roles[""] {
		t.Errorf("%d partners, %d invites, %d codes, %d roles", n, len(list), len(codes), len(roles))
	}
	if made := len(s.Roles(s.Guild)) - others; made != n {
		t.Errorf("%d marker roles, want %d", made, n)
	}
	s.quietly()
}
