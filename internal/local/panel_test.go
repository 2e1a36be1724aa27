package local_test

import (
	"testing"

	"github.com/entente-bot/entente/internal/fakediscord"
	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/storage"
)

// chooses changes the settings as /partnerships setup does, and does what follows.
func (s *stage) chooses(change func(*settings.Settings)) {
	s.Helper()
	err := storage.Update(s.Context(), s.DB, settings.Keys(s.Guild), func(tx *storage.Tx) error {
		chosen := settings.Of(tx, s.Guild)
		change(&chosen)
		settings.Save(tx, s.Guild, chosen, s.Now())
		return nil
	})
	if err != nil {
		s.Fatal(err)
	}
	s.drain()
}

// from lets applications be taken in the given ways only.
func (s *stage) from(on settings.Sources) {
	s.Helper()
	s.chooses(func(c *settings.Settings) { c.Sources = on })
}

// postPanel lets Ada post a panel in a channel, and does what follows.
func (s *stage) postPanel(channel string) *fakediscord.Exchange {
	s.Helper()
	ex, err := s.As(s.Ada, s.Guild, s.Lobby).Command(s.Context(), "partnerships panel", fakediscord.Option{Name: "channel", Value: channel, Type: 7})
	if err != nil {
		s.Fatal(err)
	}
	s.drain()
	return ex
}

func TestPanel(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	entrance := s.AddChannel(s.Guild, fakediscord.Channel{Name: "entrance"})
	s.says(s.postPanel(entrance).Text(), "on its way to <#"+entrance+">")
	panel := s.only(entrance)
	s.says(panel.Text(), "pending applications after 3 days")
	s.says(panel.Text(), "expires after 30 days")

	form := s.press(s.Rio, entrance, "Apply")
	s.says(s.submit(s.Rio, form, s.Form()).Current().Text(), "with the managers")
	s.says(s.only(s.Review).Text(), "Lighthouse")

	t.Run("follows the settings", func(t *testing.T) {
		s.from(settings.Sources{Slash: true, Ticket: true})
		if b, ok := s.only(entrance).Button("Open a ticket"); !ok || b.Disabled {
			t.Errorf("no button for tickets: %+v", b)
		}
		if _, ok := s.only(entrance).Button("Apply"); ok {
			t.Error("Apply stands where panels are off")
		}
		s.from(settings.Sources{Panel: true})
		s.chooses(func(c *settings.Settings) { c.Closed, c.Minimum = true, 1 })
		s.says(s.only(entrance).Text(), "at least **1 member**\n")
		s.says(s.only(entrance).Text(), "Applications are closed")
		if b, ok := s.only(entrance).Button("Apply"); !ok || !b.Disabled {
			t.Errorf("Apply can be pressed: %+v", b)
		}
		if s.only(entrance).ID != panel.ID {
			t.Error("the panel was posted anew")
		}
	})
	t.Run("a second time offers to post it anew or to remove it", func(t *testing.T) {
		again := s.postPanel(entrance)
		s.says(again.Text(), "already has a panel")
		s.says(again.Text(), panel.ID)
		s.on(s.Ada, again.Message, "Post again")
		if s.only(entrance).ID == panel.ID {
			t.Error("it was not posted anew")
		}
		again = s.postPanel(entrance)
		s.on(s.Ada, again.Message, "Remove")
		if n := len(s.Messages(entrance)); n != 0 {
			t.Errorf("%d messages stand after Remove", n)
		}
		s.says(s.forged(s.Ada, again.Message, "panel/remove:"+entrance).Text(), "no panel any more")
		s.postPanel(entrance)
		s.only(entrance)
	})
	t.Run("deleted by hand it is put back when it is asked for", func(t *testing.T) {
		s.DeleteMessage(s.only(entrance).Ref)
		s.on(s.Ada, s.postPanel(entrance).Message, "Post again")
		s.only(entrance)
	})
}

func TestPanelIsForManagers(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	ex, err := s.As(s.Nora, s.Guild, s.Lobby).Command(t.Context(), "partnerships panel")
	if err != nil {
		t.Fatal(err)
	}
	s.says(ex.Text(), "Only partnership managers")
	s.postPanel(s.Lobby)
	for _, id := range []string{"panel/remove:" + s.Lobby, "panel/renew:" + s.Lobby} {
		s.says(s.forged(s.Nora, s.only(s.Lobby).Ref, id).Text(), "Only partnership managers")
	}
	s.only(s.Lobby)
}

// Whatever fails, one panel stands.
func TestPanelFaults(t *testing.T) {
	t.Parallel()
	const create, remove = "/channels/{channel}/messages", "/channels/{channel}/messages/{message}"
	for name, f := range map[string]fakediscord.Fault{
		"create fails":                    {Method: "POST", Route: create, Status: 500},
		"create, and the answer is lost":  {Method: "POST", Route: create, Reset: true, After: true},
		"create, and it is cut":           {Method: "POST", Route: create, Truncate: 20},
		"create is limited":               {Method: "POST", Route: create, Status: 429, RetryAfter: 0.01},
		"deleting the old fails":          {Method: "DELETE", Route: remove, Status: 503},
		"deleting, and the answer's lost": {Method: "DELETE", Route: remove, Reset: true, After: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t)
			s.postPanel(s.Lobby)
			old := s.only(s.Lobby).ID
			s.Scene.Fail(f)
			s.on(s.Ada, s.postPanel(s.Lobby).Message, "Post again")
			s.settle()
			if s.only(s.Lobby).ID == old {
				t.Error("it was not posted anew")
			}
		})
	}
}

func TestPanelChannelDeleted(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	gone := s.AddChannel(s.Guild, fakediscord.Channel{Name: "gone"})
	s.postPanel(gone)
	s.DeleteChannel(gone)
	s.from(settings.Sources{Panel: true})
	s.noneBlocked()
}
