package local_test

import (
	"slices"
	"time"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/fakediscord"
	"github.com/entente-bot/entente/internal/joins"
	"github.com/entente-bot/entente/internal/poll"
	"github.com/entente-bot/entente/internal/scene"
	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/storage"
)

// The methods of this file track joins, and look at what came of it.

// tracker is what the bot may do where joins are tracked.
const tracker = scene.BotPermissions

// tracks has the joins of the guild tracked, with marker roles if told so.
func (s *stage) tracks(markers bool) {
	s.Helper()
	s.InstallBot(s.Guild, tracker)
	s.chooses(func(c *settings.Settings) { c.Track, c.Markers = true, markers })
}

// trackedInvites are the bot's invites to the guild.
func (s *stage) trackedInvites() []fakediscord.InviteState {
	s.Helper()
	return slices.DeleteFunc(s.Invites(s.Guild), func(i fakediscord.InviteState) bool { return i.Inviter != s.ApplicationID() })
}

// markerRoles are the guild's roles with the name of Lighthouse.
func (s *stage) markerRoles() (list []fakediscord.RoleState) {
	s.Helper()
	for _, r := range s.Roles(s.Guild) {
		if r.Name == "Lighthouse" {
			list = append(list, r)
		}
	}
	return list
}

// account is that of Lighthouse.
func (s *stage) account() joins.Account {
	s.Helper()
	l, _ := recordOf[joins.Ledger](s, joins.LedgerKey(s.Guild))
	a, _ := l.Account(s.Lighthouse)
	return a
}

// tracked fails the test unless Lighthouse has exactly one tracked invite, with
// exactly one marker role if there should be, and is watched.
func (s *stage) tracked(markers bool) joins.Account {
	s.Helper()
	list, roles, a := s.trackedInvites(), s.markerRoles(), s.account()
	if len(list) != 1 || list[0].Code != a.Code || list[0].Channel != a.Channel || list[0].MaxAge != 0 || list[0].MaxUses != 0 {
		s.Fatalf("invites %+v, account %+v", list, a)
	}
	var want []string
	if markers {
		if len(roles) != 1 || roles[0].ID != a.Role || roles[0].Permissions != 0 {
			s.Fatalf("roles %+v, account %+v", roles, a)
		}
		want = []string{a.Role}
	} else if len(roles) != 0 || a.Role != "" {
		s.Errorf("roles %+v, account %+v", roles, a)
	}
	if !slices.Equal(list[0].Roles, want) {
		s.Errorf("the invite gives %v, want %v", list[0].Roles, want)
	}
	if !s.watched() {
		s.Error("nobody reads the invites")
	}
	return a
}

// watched reports whether the guild's invites are read.
func (s *stage) watched() bool {
	s.Helper()
	_, watched := recordOf[poll.Watch](s, poll.Key(s.Guild))
	return watched
}

// untracked fails the test unless nothing is left of the invite of Lighthouse but
// what it brought.
func (s *stage) untracked() joins.Past {
	s.Helper()
	if list, roles := s.trackedInvites(), s.markerRoles(); len(list) != 0 || len(roles) != 0 || s.watched() {
		s.Errorf("left: invites %+v, roles %+v, watched %v", list, roles, s.watched())
	}
	if left := append(s.items("joins-making#"), s.items("joins-post#")...); len(left) != 0 || s.account().Partner != "" {
		s.Errorf("left: %+v, %+v", left, s.account())
	}
	past := kept[joins.Past](s, "joins-past#")
	if len(past) != 1 {
		s.Fatalf("%d accounts are over, want 1", len(past))
	}
	return past[0]
}

// joined has n strangers join by an invite.
func (s *stage) joined(code string, n int) (users []string) {
	s.Helper()
	for range n {
		users = append(users, s.AddUser("Somebody"))
		if err := s.UseInvite(code, users[len(users)-1]); err != nil {
			s.Fatal(err)
		}
	}
	return users
}

// looks has the invites read now, as the poller does.
func (s *stage) looks() {
	s.Helper()
	s.advance(time.Second)
	p := joins.Poll{Start: s.Now()}
	var err error
	if p.Invites, err = s.Worker.Discord.GuildInvites(s.Context(), s.Guild); err != nil {
		s.Fatal(err)
	}
	p.End = s.Now()
	s.update(joins.Keys(s.Guild, p.Start), func(tx *storage.Tx) error {
		joins.Book(tx, s.Guild, p, p.End)
		return nil
	})
}

// loses has the tracked invite of Lighthouse deleted by hand, and the poller notice.
func (s *stage) loses(code string) {
	s.Helper()
	s.DeleteInvite(code)
	s.advance(time.Second)
	p := joins.Poll{Start: s.Now(), End: s.Now(), Last: map[string]int{code: s.account().Uses}}
	s.update(joins.Keys(s.Guild, p.Start), func(tx *storage.Tx) error {
		joins.Book(tx, s.Guild, p, p.End)
		return nil
	})
	s.drain()
}

// brings has an action done.
func (s *stage) brings(r action.Ref) {
	s.Helper()
	s.update(action.Keys(r), func(tx *storage.Tx) error {
		action.Cause(tx, r, s.Now())
		return nil
	})
	s.drain()
}
