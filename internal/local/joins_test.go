package local_test

import (
	"strings"
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/fakediscord"
	"github.com/entente-bot/entente/internal/joins"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/storage"
)

// TestJoins follows the tracked invite from the approval to the end.
func TestJoins(t *testing.T) {
	t.Parallel()
	for _, markers := range []bool{false, true} {
		t.Run(map[bool]string{true: "markers", false: "bare"}[markers], func(t *testing.T) {
			t.Parallel()
			s := newStage(t)
			s.tracks(markers)
			s.allied()
			a := s.tracked(markers)
			if n := len(s.joined(a.Code, 3)); n != 3 {
				t.Fatal(n)
			}
			s.brings(joins.Sync(s.Guild, s.Lighthouse))
			s.tracked(markers)
			s.ended(s.Max)
			if p := s.untracked(); p.Counted != 3 || len(p.Gaps) != 0 {
				t.Errorf("past %+v", p)
			}
			if d, _ := recordOf[joins.Day](s, joins.DayKey(s.Guild, s.Now())); d.Books[s.Lighthouse].Counted != 3 {
				t.Errorf("booked %+v", d.Books)
			}
			s.says(s.command(s.Max, "partnerships info", fakediscord.Opt("partner", s.Lighthouse)).Text(), "stopped counting its joins")
			s.quietly()
		})
	}
}

// TestJoinsOff makes nothing where joins are not tracked.
func TestJoinsOff(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.allied()
	s.ended(s.Max)
	if len(s.trackedInvites()) != 0 || len(s.items("joins")) != 0 || s.watched() {
		t.Errorf("made %+v, kept %+v", s.trackedInvites(), s.items("joins"))
	}
}

// TestJoinsSwitched has the partners there are follow the setting: an invite is made
// once, goes on when joins are not tracked any more, and what it brought meanwhile is
// credited to nobody.
func TestJoinsSwitched(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.allied()
	s.tracks(false)
	a := s.tracked(false)
	s.joined(a.Code, 2)
	s.looks()
	if n := s.account().Counted; n != 2 {
		t.Errorf("%d joins, want 2", n)
	}
	s.chooses(func(c *settings.Settings) { c.Track = false })
	if s.watched() {
		t.Error("the invites are read still")
	}
	if list := s.trackedInvites(); len(list) != 1 || list[0].Code != a.Code {
		t.Errorf("invites %+v", list)
	}
	s.joined(a.Code, 5)
	s.advance(time.Minute)
	s.chooses(func(c *settings.Settings) { c.Track = true })
	s.looks()
	s.joined(a.Code, 1)
	s.looks()
	b := s.tracked(false)
	if b.Code != a.Code || b.Counted != 3 || len(b.Gaps) != 1 || b.Gaps[0].Why != joins.Untracked {
		t.Errorf("account %+v, was %+v", b, a)
	}
	s.quietly()
}

// TestJoinsMarkersLater leaves an invite that there is as it is: Discord cannot
// change it. One that is made anew gives a role.
func TestJoinsMarkersLater(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.tracks(false)
	s.allied()
	a := s.tracked(false)
	s.tracks(true)
	if b := s.tracked(false); b.Code != a.Code {
		t.Error("the invite was made anew")
	}
	s.loses(a.Code)
	if b := s.tracked(true); b.Code == a.Code {
		t.Error("the invite was not made anew")
	}
	s.chooses(func(c *settings.Settings) { c.Markers = false })
	s.tracked(true)
	s.quietly()
}

// TestJoinsDeleted has an invite deleted by hand: another one is made, and what the
// first brought stays counted.
func TestJoinsDeleted(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.tracks(true)
	s.allied()
	a := s.tracked(true)
	s.joined(a.Code, 2)
	s.DeleteInvite(a.Code)
	s.advance(2 * time.Hour) // the poller notices
	s.settle()
	b := s.tracked(true)
	if b.Counted != 2 || len(b.Gaps) != 0 { // the audit log told the last count
		t.Errorf("account %+v", b)
	}
	if b.Code == a.Code || b.Role != a.Role || !b.Since.Equal(a.Since) {
		t.Errorf("account %+v, was %+v", b, a)
	}
	s.says(s.command(s.Max, "partnerships info", fakediscord.Opt("partner", s.Lighthouse)).Text(), "the tracked invite of a partner was deleted; a new one is made")
	s.quietly()
}

// TestJoinsTold tells the contact of the invite as they want to be told, once, and
// again of another one; nobody who did not ask gets a direct message.
func TestJoinsTold(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.tracks(false)
	sent := s.apply(s.Rio, s.Form())
	s.on(s.Rio, sent.Message, "Send me a DM")
	s.approveLast()
	told := func(part string) (n int) {
		for _, m := range s.DMs(s.Rio) {
			if strings.Contains(m.Text(), part) {
				n++
			}
		}
		return n
	}
	a := s.tracked(false)
	if n := told("discord.gg/" + a.Code); n != 1 {
		t.Errorf("Rio was told %d times", n)
	}
	s.advance(time.Hour) // Discord forgot the nonce
	s.brings(joins.Sync(s.Guild, s.Lighthouse))
	s.loses(a.Code)
	b := s.tracked(false)
	if first, again := told("discord.gg/"+a.Code), told("was deleted. Please use this one from now on: https://discord.gg/"+b.Code); first != 1 || again != 1 {
		t.Errorf("Rio was told %d times of the first, %d times of the second", first, again)
	}
	dms := s.DMs(s.Rio)
	last := dms[len(dms)-1]
	stop, _ := last.Button("Stop these DMs")
	ex, err := s.As(s.Rio, "", "").ForgePress(s.Context(), last.Ref, stop.CustomID)
	if err != nil {
		t.Fatal(err)
	}
	s.says(ex.Text(), b.Code)
	s.loses(b.Code)
	if n := told(s.tracked(false).Code); n != 0 {
		t.Error("Rio was told, and wants no direct messages any more")
	}
	s.quietly()
}

// TestJoinsToldInTicket tells a contact in their ticket, who asked for no direct
// message; it is closed again after.
func TestJoinsToldInTicket(t *testing.T) {
	t.Parallel()
	s, tickets := newTicketStage(t)
	s.tracks(false)
	s.ticketed(tickets, false)
	s.settle()
	th, a := s.thread(tickets), s.tracked(false)
	if n := s.words(th.ID, "discord.gg/"+a.Code); n != 1 || len(s.DMs(s.Rio)) != 0 || !th.Archived {
		t.Errorf("told %d times in the ticket, closed: %v; %d direct messages", n, th.Archived, len(s.DMs(s.Rio)))
	}
}

// TestJoinsAgain gives a partner that comes back another account.
func TestJoinsAgain(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.tracks(true)
	s.allied()
	a := s.tracked(true)
	s.joined(a.Code, 2)
	s.ended(s.Rio)
	if p := s.untracked(); p.Counted != 2 {
		t.Errorf("past %+v", p)
	}
	s.advance(25 * time.Hour)
	s.apply(s.Rio, s.Form())
	s.approveLast()
	if b := s.tracked(true); b.Code == a.Code || b.Role == a.Role || b.Counted != 0 {
		t.Errorf("account %+v, was %+v", b, a)
	}
	s.quietly()
}

// TestJoinsBackAtOnce: a partner is back before its old account was closed, and the
// old role cannot be deleted at first. Nothing is made that no account is there for.
func TestJoinsBackAtOnce(t *testing.T) {
	t.Parallel()
	for name, by := range map[string]fakediscord.Fault{
		"Discord is in trouble":    {Status: 500},
		"the role is out of reach": {Status: 403, Code: 50013},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t)
			s.tracks(true)
			s.allied()
			a := s.tracked(true)
			key := partnership.Key(s.Guild, s.Lighthouse)
			s.update([]storage.Key{key}, func(tx *storage.Tx) error {
				p, _ := storage.Read[partnership.Partnership](tx, key)
				p.Application = "1573644722264604672"
				tx.Set(key, p)
				return nil
			})
			by.Method, by.Route = "DELETE", "/guilds/"+s.Guild+"/roles/"+a.Role
			s.Scene.Fail(by)
			s.ResetRequests()
			s.brings(joins.Sync(s.Guild, s.Lighthouse))
			s.advance(time.Minute)
			s.retry()
			s.settle()
			made := 0
			for _, r := range s.Requests() {
				if r.Method == "POST" && (strings.HasSuffix(r.Path, "/invites") || strings.HasSuffix(r.Path, "/roles")) {
					made++
				}
			}
			if b := s.tracked(true); b.Code == a.Code || made != 2 {
				t.Errorf("%d things were made for account %+v, was %+v", made, b, a)
			}
		})
	}
}

// TestJoinsUnwantedRole: a marker role was made, which is not wanted any more, and
// cannot be deleted. Joins are counted all the same.
func TestJoinsUnwantedRole(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.tracks(true)
	s.Scene.Fail(fakediscord.Fault{Method: "POST", Route: "/guilds/" + s.Guild + "/roles", Reset: true, After: true, Times: 10})
	s.allied()
	if n := len(s.trackedInvites()); n != 0 {
		t.Fatalf("%d invites, and whether the role was made is not known", n)
	}
	roles := s.markerRoles()
	s.ClearFaults()
	s.Scene.Fail(fakediscord.Fault{Method: "DELETE", Route: "/guilds/" + s.Guild + "/roles/" + roles[0].ID, Status: 403, Code: 50013, Times: -1})
	s.tracks(false)
	s.settle()
	if n := len(s.trackedInvites()); n != 1 {
		t.Errorf("%d invites, want 1", n)
	}
	s.ClearFaults()
	s.retry()
	s.settle()
	s.tracked(false)
	s.quietly()
}

// TestJoinsRoleDeleted goes on counting when the marker role is deleted by hand, and
// says what is lost and how to mend it.
func TestJoinsRoleDeleted(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.tracks(true)
	s.allied()
	a := s.tracked(true)
	s.DeleteRole(s.Guild, a.Role)
	s.brings(joins.Sync(s.Guild, s.Lighthouse)) // as the census does
	if b := s.tracked(false); b.Code != a.Code {
		t.Error("the invite was made anew")
	}
	s.says(s.status(), "the marker role of Lighthouse was deleted")
	s.loses(a.Code)
	s.settle()
	s.tracked(true)
	s.quietly()
}

// TestJoinsAway has the bot leave and come back: nothing is credited that happened
// meanwhile, and no invite is made twice.
func TestJoinsAway(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.tracks(false)
	s.allied()
	a := s.tracked(false)
	s.looks()
	s.RemoveBot(s.Guild)
	s.advance(26 * time.Hour)
	if s.watched() {
		t.Error("the invites are read still")
	}
	s.InstallBot(s.Guild, tracker)
	s.joined(a.Code, 3)
	s.advance(26 * time.Hour)
	s.settle()
	s.looks()
	l, _ := recordOf[joins.Ledger](s, joins.LedgerKey(s.Guild))
	if b := s.tracked(false); b.Code != a.Code || l.Rebase.Why != joins.Away || b.Counted != 0 || len(b.Gaps) != 1 {
		t.Errorf("account %+v, was %+v; %+v", b, a, l.Rebase)
	}
}

// TestJoinsPurged deletes all that is kept of a guild that the bot stays out of.
func TestJoinsPurged(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.tracks(true)
	s.allied()
	s.RemoveBot(s.Guild)
	for range 34 {
		s.advance(24 * time.Hour)
	}
	if left := s.items("joins"); len(left) != 0 || s.watched() || s.left() != (action.Census{}) {
		t.Errorf("left: %+v, watched %v, %+v", left, s.watched(), s.left())
	}
}

// TestJoinsWithoutManageServer: with View Audit Log alone Discord lists the invites and
// tells nothing of them. That is a permission that is missing, and is told as such.
func TestJoinsWithoutManageServer(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.tracks(false)
	s.allied()
	s.InstallBot(s.Guild, tracker&^fakediscord.ManageServer)
	s.advance(27 * time.Hour)
	s.says(s.command(s.Max, "partnerships status").Text(), "Manage Server")
	ex := s.command(s.Rio, "partner stats")
	s.drain()
	s.says(ex.Current().Text(), "Manage Server")
	code := s.account().Code
	s.InstallBot(s.Guild, tracker)
	s.joined(code, 2)
	s.advance(2 * time.Hour)
	if a := s.account(); a.Code != code || a.Counted != 2 || len(a.Gaps) > 0 {
		t.Errorf("allowed again, the account is %+v, want 2 joins by %s and no gap", a, code)
	}
}
