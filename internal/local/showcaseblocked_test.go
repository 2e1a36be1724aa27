package local_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/fakediscord"
	"github.com/entente-bot/entente/internal/scene"
	"github.com/entente-bot/entente/internal/settings"
)

// status returns what managers read of what is blocked.
func (s *stage) status() string {
	s.Helper()
	return s.command(s.Max, "partnerships status").Text()
}

// retry has everything tried again that is blocked.
func (s *stage) retry() {
	s.Helper()
	s.advance(time.Minute)
	s.forged(s.Max, s.command(s.Max, "partnerships status").Message, "status/retry")
	s.settle()
}

// TestShowcaseBlocked has what only people can mend keep a listing from standing.
// Managers read why in one sentence; once it is mended, exactly one listing stands.
func TestShowcaseBlocked(t *testing.T) {
	t.Parallel()
	lacks := func(p fakediscord.Permission) (func(*stage), func(*stage)) {
		return func(s *stage) { s.InstallBot(s.Guild, scene.BotPermissions&^p) }, func(s *stage) { s.InstallBot(s.Guild, scene.BotPermissions) }
	}
	channelsTaken, channelsGiven := lacks(fakediscord.ManageChannels)
	refused := func(f fakediscord.Fault) func(*stage) {
		return func(s *stage) {
			f.Route = strings.NewReplacer("{forum}", s.Forum).Replace(f.Route)
			s.Scene.Fail(f)
		}
	}
	mended := func(s *stage) { s.ClearFaults() }
	tests := []struct {
		name       string
		mode       settings.Mode
		hurt, mend func(*stage)
		says       string
	}{
		{"no permission to make channels", settings.Channels, channelsTaken, channelsGiven, "*Manage Channels*"},
		{"500 channels", settings.Channels, refused(fakediscord.Fault{Method: "POST", Route: "/guilds/{guild}/channels", Status: 400, Code: 30013, Times: -1}), mended, "500 channels"},
		{"the category is gone", settings.Channels, func(s *stage) { s.DeleteChannel(s.Category) }, func(s *stage) {
			s.Category = s.AddChannel(s.Guild, fakediscord.Channel{Name: "Partners", Type: fakediscord.Category})
			s.turns(settings.Channels)
		}, "the category chosen for the listings is gone"},
		{"the forum is gone", settings.Forum, func(s *stage) { s.DeleteChannel(s.Forum) }, func(s *stage) {
			s.Forum = s.AddChannel(s.Guild, fakediscord.Channel{Name: "f", Type: fakediscord.Forum})
			s.turns(settings.Forum)
		}, "the forum chosen for the listings is gone"},
		{"the bot may not see the forum", settings.Forum, func(s *stage) {
			s.SetOverwrite(s.Forum, fakediscord.Overwrite{ID: s.ApplicationID(), Type: 1, Deny: fakediscord.ViewChannel})
		}, func(s *stage) {
			s.SetOverwrite(s.Forum, fakediscord.Overwrite{ID: s.ApplicationID(), Type: 1, Allow: fakediscord.ViewChannel | fakediscord.SendMessages})
		}, "*View Channel*"},
		{"the bot may not post", settings.Forum, func(s *stage) {
			s.SetOverwrite(s.Forum, fakediscord.Overwrite{ID: s.ApplicationID(), Type: 1, Deny: fakediscord.SendMessages})
		}, func(s *stage) {
			s.SetOverwrite(s.Forum, fakediscord.Overwrite{ID: s.ApplicationID(), Type: 1, Allow: fakediscord.SendMessages})
		}, "may not keep posts in"},
		{"1,000 threads", settings.Forum, refused(fakediscord.Fault{Method: "POST", Route: "/channels/{forum}/threads", Status: 400, Code: 160006, Times: -1}), mended, "as many open threads as Discord allows"},
		{"AutoMod", settings.Forum, refused(fakediscord.Fault{Method: "POST", Route: "/channels/{forum}/threads", Status: 400, Code: 200000, Times: -1}), mended, "AutoMod"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t)
			s.places(tt.mode)
			tt.hurt(s)
			s.begins()
			s.settle()
			if n := len(s.listings(s.Lighthouse)); n != 0 {
				t.Fatalf("%d listings stand", n)
			}
			s.says(s.status(), tt.says)
			tt.mend(s)
			s.retry()
			s.listing(tt.mode)
			if left := s.left(); left != (action.Census{}) {
				t.Errorf("left to do: %+v; %s", left, s.status())
			}
		})
	}
}

// TestShowcaseEndBlocked: the channel or post may not be deleted. The listing in
// it goes all the same, and the rest once it may be.
func TestShowcaseEndBlocked(t *testing.T) {
	t.Parallel()
	for _, m := range []settings.Mode{settings.Channels, settings.Forum} {
		for _, moves := range []bool{false, true} {
			t.Run(fmt.Sprint(m, moves), func(t *testing.T) {
				t.Parallel()
				s := newStage(t)
				s.places(m)
				s.begins()
				s.settle()
				s.listing(m)
				s.InstallBot(s.Guild, scene.BotPermissions&^(fakediscord.ManageChannels|fakediscord.ManageThreads))
				if moves {
					s.turns(settings.Single)
				} else {
					s.ends()
				}
				s.settle()
				if moves {
					s.listing(settings.Single)
				} else if n := len(s.listings(s.Lighthouse)); n != 0 {
					t.Errorf("%d listings stand after the end", n)
				}
				s.says(s.status(), map[settings.Mode]string{
					settings.Channels: "may not change or delete the channel", settings.Forum: "may not change the post",
				}[m])
				s.InstallBot(s.Guild, scene.BotPermissions)
				s.retry()
				if channels, posts := s.homes(); channels+posts > 0 {
					t.Errorf("%d channels and %d posts are left", channels, posts)
				}
				if moves {
					s.listing(settings.Single)
				} else {
					s.over()
				}
			})
		}
	}
}

// TestPostClosedByOthers: moderators locked the post of a listing that changes, and
// only who manages threads may open it. Nothing is said of channels or tickets.
func TestPostClosedByOthers(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.places(settings.Forum)
	s.begins()
	s.settle()
	post := s.Threads(s.Forum)[0].ID
	s.InstallBot(s.Guild, scene.BotPermissions&^fakediscord.ManageThreads)
	s.Archive(post, true)
	s.edits("Now with tea")
	s.settle()
	text := s.status()
	s.says(text, "may not change the post <#"+post+">. In the forum, give it")
	s.says(text, "*Manage Threads*")
	s.silent(text, "*Manage Channels*")
	s.silent(text, "tickets")
	s.InstallBot(s.Guild, scene.BotPermissions)
	s.retry()
	s.listing(settings.Forum)
	s.noneBlocked()
}
