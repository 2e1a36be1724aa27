package local_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/fakediscord"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/storage"
)

// partners makes n servers partners at once, each with an invite of its own.
func (s *stage) partners(n int) (ids []string) {
	s.Helper()
	for i := range n {
		name := fmt.Sprintf("Partner %d", i)
		id, code := s.AddPartner(name, 100+i)
		ids = append(ids, id)
		s.update(partnership.StartKeys(s.Guild, id), func(tx *storage.Tx) error {
			partnership.Start(tx, s.Guild, partnership.Partnership{
				Partner: id, Application: fmt.Sprint(i), Contact: s.Rio, Since: s.Now(), By: s.Max,
				Server: partnership.Server{ID: id, Name: name, Members: 100 + i, Seen: s.Now()},
				Ad:     partnership.Ad{Invite: code, Category: "Gaming", Description: "Games."},
			})
			return nil
		})
	}
	return ids
}

// TestOverflow: a category has room for fifty channels. However many listings
// find it full at once, one more is made, and it goes when nothing needs it.
func TestOverflow(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.places(settings.Channels)
	for i := range 45 {
		s.AddChannel(s.Guild, fakediscord.Channel{Name: fmt.Sprint("other-", i), Parent: s.Category})
	}
	ids := s.partners(12)
	s.settle()
	below := make(map[string]int)
	for _, id := range ids {
		list := s.listings(id)
		if len(list) != 1 {
			t.Fatalf("%d listings stand, want 1", len(list))
		}
		ch, _ := s.Channel(list[0].Channel)
		below[ch.Parent]++
	}
	var made []string
	for _, ch := range s.Channels(s.Guild) {
		if ch.Type == fakediscord.Category && ch.ID != s.Category {
			made = append(made, ch.ID)
			if ch.Name != "Partners 2" {
				t.Errorf("the category is called %q", ch.Name)
			}
		}
	}
	if len(made) != 1 || below[s.Category] != 5 || below[made[0]] != 7 {
		t.Fatalf("below: %v; categories made: %v", below, made)
	}
	s.places(settings.Single)
	s.settle()
	s.advance(time.Hour)
	s.settle()
	if _, there := s.Channel(made[0]); there {
		t.Error("the empty category stands")
	}
	s.count("listings", s.Showcase, 12)
}

// tags returns the names of a forum's tags, or of those of a post.
func (s *stage) tags(id string) []string {
	s.Helper()
	ch, _ := s.Channel(id)
	return ch.Tags
}

// TestTags: the tags of the forum follow the categories of the guild. What people
// made stays; what does not fit is under "Other".
func TestTags(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.places(settings.Forum)
	s.begins()
	s.settle()
	post := s.listing(settings.Forum).Channel
	if got, want := s.tags(s.Forum), settings.Default().Topics; !slices.Equal(got, want) {
		t.Errorf("the forum's tags are %v, want %v", got, want)
	}
	if got := s.tags(post); !slices.Equal(got, []string{"Community"}) {
		t.Errorf("the post's tags are %v", got)
	}

	many := []string{"Else"}
	for i := range 24 {
		many = append(many, fmt.Sprint("Topic ", i))
	}
	s.chooses(func(c *settings.Settings) { c.Topics = many })
	s.settle()
	got := s.tags(s.Forum)
	if len(got) != 20 || !slices.Contains(got, "Other") || slices.Contains(got, "Community") {
		t.Errorf("the forum's tags are %v", got)
	}
	if got := s.tags(post); !slices.Equal(got, []string{"Other"}) {
		t.Errorf("the post's tags are %v", got)
	}
	s.listing(settings.Forum)
}

// TestHealed: what people do to the home of a listing is put right with the daily look.
func TestHealed(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		mode settings.Mode
		hurt func(s *stage, home string)
		well func(s *stage, home fakediscord.ChannelState) bool
	}{
		{"moved out of its category", settings.Channels, func(s *stage, home string) { s.EditChannel(home, func(c *fakediscord.Channel) { c.Parent = "" }) },
			func(s *stage, home fakediscord.ChannelState) bool { return home.Parent == s.Category }},
		{"opened for all to write", settings.Channels, func(s *stage, home string) {
			s.SetOverwrite(home, fakediscord.Overwrite{ID: s.Guild, Allow: fakediscord.SendMessages})
		}, func(s *stage, home fakediscord.ChannelState) bool {
			return slices.ContainsFunc(home.Overwrites, func(o fakediscord.Overwrite) bool {
				return o.ID == s.Guild && o.Deny.Has(fakediscord.SendMessages)
			})
		}},
		{"tags deleted", settings.Forum, func(s *stage, home string) {
			s.EditChannel(s.Forum, func(c *fakediscord.Channel) { c.Tags = []string{} })
		},
			func(s *stage, home fakediscord.ChannelState) bool {
				return slices.Equal(home.Tags, []string{"Community"})
			}},
		{"archived and locked, and edited since", settings.Forum, func(s *stage, home string) {
			s.Archive(home, true)
			s.edits("Now with tea")
		}, func(s *stage, home fakediscord.ChannelState) bool { return !home.Archived }},
		{"archived and locked, and bumped since", settings.Forum, func(s *stage, home string) {
			s.Archive(home, true)
			s.bumps()
		}, func(s *stage, home fakediscord.ChannelState) bool {
			return !home.Archived && len(s.Messages(home.ID)) == 2
		}},
		{"renamed", settings.Forum, func(s *stage, home string) { s.EditChannel(home, func(c *fakediscord.Channel) { c.Name = "✨" }) },
			func(s *stage, home fakediscord.ChannelState) bool { return home.Name == "✨" }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t)
			s.places(tt.mode)
			s.begins()
			s.settle()
			home := s.listing(tt.mode).Channel
			tt.hurt(s, home)
			s.advance(25 * time.Hour)
			s.settle()
			ch, there := s.Channel(s.listing(tt.mode).Channel)
			if !there || !tt.well(s, ch) {
				t.Errorf("it is not well: %+v", ch)
			}
		})
	}
}

// TestArchived: at the end the channel or post stays, closed, and sends nobody on.
func TestArchived(t *testing.T) {
	t.Parallel()
	for _, m := range []settings.Mode{settings.Channels, settings.Forum} {
		t.Run(string(m), func(t *testing.T) {
			t.Parallel()
			s := newStage(t)
			s.places(m)
			s.chooses(func(c *settings.Settings) { c.Archive = true })
			s.begins()
			s.settle()
			at := s.listing(m)
			s.ends()
			s.settle()
			old, there := s.Message(at.Ref)
			if !there {
				t.Fatal("the listing is gone")
			}
			s.says(old.Text(), "This partnership is over")
			s.silent(old.Text(), "discord.gg")
			ch, _ := s.Channel(at.Channel)
			if m == settings.Forum && !(ch.Archived && ch.Locked) {
				t.Errorf("the post is open: %+v", ch)
			}
			if n := len(s.items("home#")) + len(s.items("listing#")); n > 0 {
				t.Errorf("%d records are left", n)
			}
			s.begins() // and once more
			s.settle()
			if again := s.listing(m); again.Channel == at.Channel {
				t.Error("the new listing stands in the archived place")
			}
		})
	}
}

// TestArchivedAndBack: the partner is back within minutes, and its new channel, or
// post, cannot be made, or it is not known whether it was. What was kept of the
// old listing is not taken for it.
func TestArchivedAndBack(t *testing.T) {
	t.Parallel()
	for _, m := range []settings.Mode{settings.Channels, settings.Forum} {
		route := map[settings.Mode]string{settings.Channels: "/guilds/{guild}/channels", settings.Forum: "/channels/{channel}/threads"}[m]
		for name, f := range map[string]fakediscord.Fault{
			"refused": {Method: "POST", Route: route, Status: 403, Code: 50013, Times: -1},
			"unknown": {Method: "POST", Route: route, Reset: true, Times: 1},
		} {
			t.Run(string(m)+" "+name, func(t *testing.T) {
				t.Parallel()
				s := newStage(t)
				s.places(m)
				s.chooses(func(c *settings.Settings) { c.Archive = true })
				s.begins()
				s.settle()
				at := s.listing(m)
				s.ends()
				s.settle()
				s.Scene.Fail(f)
				s.begins()
				s.drain()
				s.ClearFaults()
				s.retry()
				if again := s.listing(m); again.Channel == at.Channel {
					t.Error("the new listing stands in the archived place")
				}
				old, _ := s.Message(at.Ref)
				s.says(old.Text(), "This partnership is over")
			})
		}
	}
}

// TestPlainPost: Discord takes no components at the beginning of a post. The
// listing is an embed there, as others then are at once, and stays editable.
func TestPlainPost(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.places(settings.Forum)
	posting := "/channels/" + s.Forum + "/threads"
	s.Scene.Fail(fakediscord.Fault{Method: "POST", Route: posting, Status: 400, Code: 50035})
	s.begins()
	s.settle()
	m := s.listing(settings.Forum)
	if len(m.Embeds) != 1 {
		t.Fatalf("embeds: %v", m.Embeds)
	}
	s.says(m.Text(), "A calm place")
	before := s.posts(posting)
	s.partners(1)
	s.settle()
	if n := s.posts(posting) - before; n != 1 {
		t.Errorf("%d requests for the next post, want 1", n)
	}
	s.edits("Now with tea")
	s.drain()
	s.says(s.listing(settings.Forum).Text(), "Now with tea")
}
