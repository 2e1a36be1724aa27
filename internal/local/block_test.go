package local_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/block"
	"github.com/entente-bot/entente/internal/fakediscord"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/storage"
)

// TestBlockCommand blocks a server for two days: it is turned away without a
// word of why, until its time is over.
func TestBlockCommand(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	if err := s.Register(t.Context()); err != nil {
		t.Fatal(err)
	}
	ex := s.command(s.Ada, "partnerships block", fakediscord.Opt("server", s.Lighthouse),
		fakediscord.Opt("user", s.Nora), fakediscord.Opt("reason", "raids @everyone"), fakediscord.Opt("days", 2))
	s.says(ex.Text(), "Server `"+s.Lighthouse+"` is blocked until")
	s.says(ex.Text(), "User <@"+s.Nora+">")

	list := s.command(s.Ada, "partnerships blocklist").Text()
	s.says(list, "raids")
	s.silent(list, "@everyone")

	form := s.apply(s.Rio, s.Form())
	s.says(form.Current().Text(), "Your application for **Lighthouse** was not accepted.")
	for _, leak := range []string{"block", "raids", "refused", "Edit"} {
		s.silent(form.Current().Text(), leak)
	}
	if b := form.Current().Buttons(); len(b) > 0 || len(s.Messages(s.Review)) > 0 {
		t.Errorf("buttons %v; %d messages to the managers", b, len(s.Messages(s.Review)))
	}
	s.says(s.command(s.Rio, "partner info").Text(), "denied")
	if c := s.counted(); c.Blocks != 2 || c.Pending != 0 {
		t.Errorf("%+v", c)
	}

	s.advance(49 * time.Hour)
	if c := s.counted(); c.Blocks != 0 {
		t.Errorf("not lifted: %+v", c)
	}
	s.says(s.command(s.Ada, "partnerships blocklist").Text(), "Nobody is blocked")
	s.says(s.apply(s.Rio, s.Form()).Current().Text(), "with the managers")
}

func TestBlockRefusals(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	for _, tt := range []struct {
		options []fakediscord.Option
		says    string
	}{
		{nil, "Choose a server, a user, or both"},
		{[]fakediscord.Option{fakediscord.Opt("server", "Lighthouse")}, "not a server's ID"},
		{[]fakediscord.Option{fakediscord.Opt("server", "7#settings")}, "not a server's ID"},
		{[]fakediscord.Option{fakediscord.Opt("server", "../7"), fakediscord.Opt("user", s.Nora)}, "not a server's ID"},
		{[]fakediscord.Option{fakediscord.Opt("server", s.Guild)}, "this very server"},
		{[]fakediscord.Option{fakediscord.Opt("user", s.Nora), fakediscord.Opt("days", 4000)}, "whole number from 1 to 3,650"},
	} {
		s.says(s.command(s.Ada, "partnerships block", tt.options...).Text(), tt.says)
	}
	s.says(s.command(s.Ada, "partnerships unblock", fakediscord.Opt("entry", "server#"+s.Lighthouse)).Text(), "not on the blocklist")
	s.says(s.command(s.Ada, "partnerships unblock", fakediscord.Opt("entry", "#")).Text(), "not on the blocklist")
	s.says(s.command(s.Nora, "partnerships block", fakediscord.Opt("user", s.Rio)).Text(), "Only partnership managers")
	s.says(s.command(s.Nora, "partnerships blocklist").Text(), "Only staff")
	if c := s.counted(); c.Blocks != 0 {
		t.Errorf("%+v", c)
	}
}

// TestUnblock takes an entry off the list by what is suggested.
func TestUnblock(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.apply(s.Rio, s.Form())
	s.press(s.Max, s.Review, "Approve")
	ada := s.As(s.Ada, s.Guild, s.Lobby)
	choices, err := ada.Autocomplete(t.Context(), "partnerships block", "server", "light")
	if err != nil || len(choices) != 1 || choices[0].Value != s.Lighthouse {
		t.Fatalf("servers to block: %v, %v", choices, err)
	}
	ex := s.command(s.Ada, "partnerships block", fakediscord.Opt("user", s.Nora))
	s.says(ex.Text(), "for good")
	choices, err = ada.Autocomplete(t.Context(), "partnerships unblock", "entry", s.Nora[:6])
	if err != nil || len(choices) != 1 || choices[0].Value != "user#"+s.Nora {
		t.Fatalf("entries to take off: %v, %v", choices, err)
	}
	s.says(s.command(s.Ada, "partnerships unblock", fakediscord.Opt("entry", choices[0].Value)).Text(), "no longer blocked")
	s.command(s.Ada, "partnerships block", fakediscord.Opt("user", s.Nora))
	s.says(s.command(s.Ada, "partnerships unblock", fakediscord.Opt("entry", s.Nora)).Text(), "no longer blocked")
	if c := s.counted(); c.Blocks != 0 || c.Active != 1 {
		t.Errorf("%+v", c)
	}
}

// TestBlockButton denies and blocklists at once; a form that was opened before
// comes too late (FAULTS S23).
func TestBlockButton(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	form := s.apply(s.Rio, s.Form())
	late := s.press(s.Ada, s.Review, "Block")
	lateDenial := s.press(s.Ada, s.Review, "Deny")
	modal := s.press(s.Max, s.Review, "Block")
	s.says(s.submit(s.Max, modal, map[string]any{"days": "soon"}).Text(), "whole number")
	s.submit(s.Max, modal, map[string]any{"who": []string{"both"}, "reason": "scam", "days": "30"})

	card := s.only(s.Review).Text()
	s.says(card, "Denied** by <@"+s.Max+">")
	s.says(card, "scam")
	s.says(form.Current().Text(), "was not accepted")
	s.silent(form.Current().Text(), "scam")
	if c := s.counted(); c.Pending != 0 || c.Blocks != 2 {
		t.Errorf("%+v", c)
	}
	for _, ex := range []*fakediscord.Exchange{
		s.submit(s.Ada, late, map[string]any{"reason": "me too"}),
		s.submit(s.Ada, lateDenial, map[string]any{"reason": "me too"}),
	} {
		s.says(ex.Text(), "already handled: <@"+s.Max+"> denied it")
	}
	s.says(s.command(s.Ada, "partnerships blocklist").Text(), "Server **Lighthouse**")
}

// TestBlockWhileItWaits denies what a server sent before it was blocked.
func TestBlockWhileItWaits(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	form := s.apply(s.Rio, s.Form())
	s.command(s.Ada, "partnerships block", fakediscord.Opt("server", s.Lighthouse), fakediscord.Opt("reason", "scam"))
	s.says(s.only(s.Review).Text(), "Denied** by <@"+s.Ada+">")
	s.says(form.Current().Text(), "was not accepted")
	s.silent(form.Current().Text(), "scam")
	if c := s.counted(); c.Pending != 0 || c.Blocks != 1 {
		t.Errorf("%+v", c)
	}
}

// TestBlockPartner ends a partnership, after a confirmation.
func TestBlockPartner(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.apply(s.Rio, s.Form())
	s.press(s.Max, s.Review, "Approve")
	s.only(s.Showcase)

	ask := s.command(s.Ada, "partnerships block", fakediscord.Opt("server", s.Lighthouse), fakediscord.Opt("user", s.Rio))
	s.says(ask.Text(), "**Lighthouse** has been a partner since")
	if c := s.counted(); c.Active != 1 || c.Blocks != 0 {
		t.Errorf("before the confirmation: %+v", c)
	}
	button, ok := ask.Current().Button("End the partnership and block")
	if !ok {
		t.Fatal("no button")
	}
	ada := s.As(s.Ada, s.Guild, s.Lobby)
	for _, id := range []string{ // not what was asked
		strings.Replace(button.CustomID, s.Lighthouse, s.Guild, 1),
		strings.Replace(button.CustomID, s.Rio, s.Nora, 1),
		strings.Replace(button.CustomID, s.Rio, "0", 1),
		"block/confirm:x:y:z",
	} {
		ex, err := ada.ForgePress(t.Context(), ask.Message, id)
		if err != nil {
			t.Fatal(err)
		}
		s.says(ex.Text(), "too old, or was answered")
	}
	max, err := s.As(s.Max, s.Guild, s.Lobby).ForgePress(t.Context(), ask.Message, button.CustomID)
	if err != nil {
		t.Fatal(err)
	}
	s.says(max.Text(), "too old, or was answered")

	done := s.on(s.Ada, ask.Message, "End the partnership and block")
	s.says(done.Text(), "Server **Lighthouse**")
	s.says(done.Text(), "partnership with **Lighthouse** has ended")
	if n := len(s.Messages(s.Showcase)); n != 0 {
		t.Errorf("%d listings stand", n)
	}
	if c := s.counted(); c.Active != 0 || c.Blocks != 2 {
		t.Errorf("%+v", c)
	}
	ended := s.items("ended#")
	if len(ended) != 1 {
		t.Fatalf("%d ended partnerships", len(ended))
	}
	e, err := storage.Decode[partnership.Ended](ended[0])
	if err != nil || e.EndedBy != s.Ada || e.Why != partnership.WhyBlocked || e.Contact != s.Rio {
		t.Errorf("%+v, %v", e, err)
	}
	again, err := ada.ForgePress(t.Context(), ask.Message, button.CustomID)
	if err != nil {
		t.Fatal(err)
	}
	s.says(again.Text(), "too old, or was answered")
	s.counted()
}

// TestBlockTooLate forgets the question after a quarter of an hour.
func TestBlockTooLate(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.apply(s.Rio, s.Form())
	s.press(s.Max, s.Review, "Approve")
	ask := s.command(s.Ada, "partnerships block", fakediscord.Opt("server", s.Lighthouse))
	s.advance(16 * time.Minute)
	s.says(s.on(s.Ada, ask.Message, "End the partnership and block").Text(), "too old")
	if c := s.counted(); c.Active != 1 || c.Blocks != 0 {
		t.Errorf("%+v", c)
	}
}

// seedBlocks puts n users on the blocklist.
func (s *stage) seedBlocks(n int) {
	s.Helper()
	s.seed(n, func(c *partnership.Counts) { c.Blocks++ }, func(i int) map[storage.Key]storage.Record {
		e := block.Entry{Target: block.Target{What: block.User, ID: fmt.Sprint(1000 + i)}, By: s.Ada, At: s.Now(), Reason: strings.Repeat("*x", 100)}
		return map[storage.Key]storage.Record{block.Key(s.Guild, e.Target): e}
	})
}

// FAULTS R11: 64 managers block at once, when five entries are left.
func TestBlockCap(t *testing.T) {
	s := newStage(t)
	s.seedBlocks(495)
	got := s.at64(func(i int) (*fakediscord.Exchange, error) {
		return s.As(s.Ada, s.Guild, s.Lobby).Command(t.Context(), "partnerships block", fakediscord.Opt("server", fmt.Sprint(5000+i)))
	}, "is blocked", "holds 500 entries")
	if got["is blocked"] != 5 || got["holds 500 entries"] != 59 {
		t.Errorf("%v", got)
	}
	if c := s.counted(); c.Blocks != 500 {
		t.Errorf("%+v", c)
	}

	// The longest list there can be, page by page.
	list := s.command(s.Ada, "partnerships blocklist")
	for range 3 {
		s.says(list.Text(), "500 of 500 entries")
		list = s.on(s.Ada, list.Message, "Next")
	}
}
