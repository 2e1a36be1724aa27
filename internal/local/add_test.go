package local_test

import (
	"fmt"
	"sync"
	"testing"

	"github.com/entente-bot/entente/internal/block"
	"github.com/entente-bot/entente/internal/fakediscord"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/storage"
)

// handmade is the form of a partner that is added by hand.
func handmade() map[string]any {
	return map[string]any{"category": []string{"Gaming"}, "description": "Added by hand"}
}

func (s *stage) adds(invite, contact string) *fakediscord.Exchange {
	s.Helper()
	return s.command(s.Max, "partnerships add", fakediscord.Opt("invite", invite), fakediscord.Option{Name: "contact", Value: contact, Type: 6})
}

func TestAdd(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.chooses(func(c *settings.Settings) { c.Minimum, c.Closed = 1_000_000, true })

	opened := s.adds("discord.gg/"+s.Invite, s.Rio)
	if opened.Modal == nil {
		t.Fatalf("no form: %s", opened.Text())
	}
	ex := s.submit(s.Max, opened, handmade())
	s.says(ex.Text(), "checking the invite")
	s.says(ex.Current().Text(), "**Lighthouse** is now a partner")
	s.says(s.only(s.Showcase).Text(), "Added by hand")
	if n := len(s.Messages(s.Review)); n != 0 {
		t.Errorf("%d review cards of a partner added by hand", n)
	}
	p, ok := recordOf[partnership.Partnership](s, partnership.Key(s.Guild, s.Lighthouse))
	if !ok || p.Contact != s.Rio || p.By != s.Max {
		t.Errorf("partnership %v: %+v", ok, p)
	}

	again := s.submit(s.Max, s.adds(s.Invite, s.Rio), handmade())
	s.says(again.Current().Text(), "was not added")
	s.says(again.Current().Text(), "already a partner")
}

// TestAddIsForManagers wants the right checked when the form comes, too.
func TestAddIsForManagers(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.says(s.command(s.Nora, "partnerships add", fakediscord.Opt("invite", s.Invite), fakediscord.Option{Name: "contact", Value: s.Rio, Type: 6}).Text(), "Only partnership managers")
	opened := s.adds(s.Invite, s.Rio)
	ex, err := s.As(s.Nora, s.Guild, s.Lobby).ForgeSubmit(t.Context(), nil, opened.Modal.CustomID, opened.Modal.Fields)
	if err != nil {
		t.Fatal(err)
	}
	s.says(ex.Text(), "Only partnership managers")
}

func TestAddRefuses(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.says(s.adds("https://evil.example/x", s.Rio).Text(), "not a Discord invite")
	s.says(s.adds("discord.gg/../../users/@me", s.Rio).Text(), "not a Discord invite")
	s.chooses(func(c *settings.Settings) { c.Showcase = "" })
	s.says(s.adds(s.Invite, s.Rio).Text(), "No place for partners' ads is chosen")
}

// TestAddEdit mends an invite that is none without writing the ad anew.
func TestAddEdit(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	refused := s.submit(s.Max, s.adds("nosuchcode", s.Rio), handmade())
	s.says(refused.Current().Text(), "Discord does not know this invite")
	opened := s.on(s.Max, refused.Message, "Edit and resend")
	f, _ := opened.Modal.Field("description")
	if f.Value != "Added by hand" {
		t.Errorf("the form forgot the description: %q", f.Value)
	}
	ex := s.submit(s.Max, opened, map[string]any{"invite": s.Invite})
	s.says(ex.Current().Text(), "**Lighthouse** is now a partner")
	if p, _ := recordOf[partnership.Partnership](s, partnership.Key(s.Guild, s.Lighthouse)); p.Contact != s.Rio {
		t.Errorf("contact is %s, want %s", p.Contact, s.Rio)
	}
}

func TestAddWarnsOfBlocklist(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	target := block.Target{What: block.Server, ID: s.Lighthouse}
	keys := block.Keys(s.Guild, target)
	err := storage.Update(t.Context(), s.DB, keys, func(tx *storage.Tx) error {
		return block.Add(tx, s.Guild, block.Entry{Target: target, By: s.Ada, At: s.Now()}, partnership.DefaultLimits())
	})
	if err != nil {
		t.Fatal(err)
	}
	ex := s.submit(s.Max, s.adds(s.Invite, s.Rio), handmade())
	s.says(ex.Current().Text(), "is now a partner")
	s.says(ex.Current().Text(), "on your blocklist")
}

// TestAddRace adds 64 partners at once where there is room for five.
func TestAddRace(t *testing.T) {
	s := newStage(t)
	s.chooses(func(c *settings.Settings) { c.Active = 5 })
	type sent struct {
		opened *fakediscord.Exchange
		by     string
	}
	var list []sent
	for i := range 64 {
		_, invite := s.AddPartner(fmt.Sprintf("Partner %d", i), 500)
		by := s.AddUser(fmt.Sprintf("Manager %d", i))
		s.AddMember(s.Guild, by, s.Reviewers)
		opened, err := s.As(by, s.Guild, s.Lobby).Command(t.Context(), "partnerships add",
			fakediscord.Opt("invite", invite), fakediscord.Option{Name: "contact", Value: s.Rio, Type: 6})
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, sent{opened, by})
	}
	var wg sync.WaitGroup
	for _, one := range list {
		wg.Go(func() {
			if _, err := s.As(one.by, s.Guild, s.Lobby).Submit(t.Context(), one.opened, handmade()); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	s.drain()
	c, _ := recordOf[partnership.Counts](s, partnership.CountsKey(s.Guild))
	page, err := s.DB.List(t.Context(), storage.Query{
		Table: storage.Records, Part: "guild#" + s.Guild, Prefix: partnership.Prefix, Limit: storage.MaxLimit,
	})
	if err != nil {
		t.Fatal(err)
	}
	if c.Active != 5 || len(page.Items) != 5 || len(s.Messages(s.Showcase)) != 5 {
		t.Errorf("counted %d, kept %d, listed %d; want 5 each", c.Active, len(page.Items), len(s.Messages(s.Showcase)))
	}
}
