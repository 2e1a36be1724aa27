package local_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/apply"
	"github.com/entente-bot/entente/internal/fakediscord"
	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/setup"
	"github.com/entente-bot/entente/internal/storage"
)

// formOf is Rio's form for another server.
func (s *stage) formOf(name string) map[string]any {
	_, code := s.AddPartner(name, 300)
	form := s.Form()
	form["invite"] = code
	return form
}

// TestStopHoldsForAll stops direct messages about one application, and asks for
// one about another: about a third nobody is written to.
func TestStopHoldsForAll(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.chooses(func(c *settings.Settings) { c.Cooldown = 0 })
	var forms []*fakediscord.Exchange
	for i := range 3 {
		forms = append(forms, s.apply(s.Rio, s.formOf(fmt.Sprint("Server ", i))))
	}
	s.on(s.Rio, forms[0].Message, "Send me a DM")
	s.on(s.Rio, forms[1].Message, "Send me a DM")
	cards := s.Messages(s.Review)
	s.on(s.Max, cards[0].Ref, "Approve")
	dm := s.DMs(s.Rio)[0]
	stop, _ := dm.Button("Stop these DMs")
	if _, err := s.As(s.Rio, "", "").ForgePress(t.Context(), dm.Ref, stop.CustomID); err != nil {
		t.Fatal(err)
	}
	s.advance(time.Second)
	s.on(s.Rio, forms[2].Message, "Send me a DM")
	s.on(s.Max, cards[1].Ref, "Approve")
	if n := len(s.DMs(s.Rio)); n != 1 {
		t.Errorf("%d direct messages, want 1: the others were stopped", n)
	}
	s.on(s.Max, cards[2].Ref, "Approve")
	dms := s.DMs(s.Rio)
	if len(dms) != 2 {
		t.Fatalf("%d direct messages, want 2: one was asked for again", len(dms))
	}
	s.says(dms[1].Text(), "Server 2")
}

// TestOwnAffairs has an applicant press to and fro: the log channel holds none of
// it, the trail what changed.
func TestOwnAffairs(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	log := s.withLog()
	form := s.apply(s.Rio, s.Form())
	before, noted := len(s.logged(log)), len(s.items("audit#"))
	on := form.Current()
	b, _ := on.Button("Send me a DM")
	s.on(s.Rio, form.Message, "Send me a DM")
	for range 3 {
		s.forged(s.Rio, form.Message, b.CustomID) // once more: nothing new
	}
	now := form.Current()
	b, _ = now.Button("No DM")
	for range 3 {
		s.forged(s.Rio, form.Message, b.CustomID)
	}
	if n := len(s.logged(log)); n != before {
		t.Errorf("%d lines in the log channel, want %d", n, before)
	}
	if n := len(s.items("audit#")) - noted; n != 2 {
		t.Errorf("%d entries in the trail, want 2", n)
	}
}

// TestManagerAddsMany adds more partners in a row than an applicant may try.
func TestManagerAddsMany(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	for i := range 7 {
		form := s.formOf(fmt.Sprint("Server ", i))
		ex := s.adds(form["invite"].(string), s.Rio)
		delete(form, "invite")
		s.says(s.submit(s.Ada, ex, form).Current().Text(), fmt.Sprintf("**Server %d** is now a partner", i))
	}
}

// TestWithdrawSaysMore has more applications wait than one message can show, sent
// with an earlier version, which did not count those of one member.
func TestWithdrawSaysMore(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.chooses(func(c *settings.Settings) { c.Cooldown = 0 })
	for i := range 12 {
		s.apply(s.Rio, s.formOf(fmt.Sprint("Server ", i)))
		s.update([]storage.Key{apply.UserKey(s.Guild, s.Rio)}, func(tx *storage.Tx) error {
			standing, _ := storage.Read[apply.Standing](tx, apply.UserKey(s.Guild, s.Rio))
			standing.Waiting = nil
			tx.Set(apply.UserKey(s.Guild, s.Rio), standing)
			return nil
		})
		s.advance(3 * time.Minute)
	}
	list := s.command(s.Rio, "partner withdraw")
	s.says(list.Text(), "and 2 more")
	for range 2 {
		first, _ := list.Current().Button("Withdraw")
		s.forged(s.Rio, list.Message, first.CustomID)
		list = s.command(s.Rio, "partner withdraw")
	}
	s.silent(list.Text(), "more")
}

// TestInfoSuggestsWhoApplied finds a server that only applied.
func TestInfoSuggestsWhoApplied(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.apply(s.Rio, s.Form())
	found, err := s.As(s.Max, s.Guild, s.Lobby).Autocomplete(t.Context(), "partnerships info", "partner", "light")
	if err != nil {
		t.Fatal(err)
	}
	if len(found) != 1 || found[0].Value != s.Lighthouse {
		t.Fatalf("suggested: %+v", found)
	}
	s.says(s.command(s.Max, "partnerships info", fakediscord.Opt("partner", s.Lighthouse)).Text(), "Lighthouse")
}

// TestRefusalsNameServersInOneLine refuses a server whose name is more than a name.
func TestRefusalsNameServersInOneLine(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.chooses(func(c *settings.Settings) { c.Cooldown, c.Minimum = 0, 5_000_000 })
	_, code := s.AddPartner("Odd\n# @everyone", 1)
	form := s.Form()
	form["invite"] = code
	text := s.apply(s.Rio, form).Current().Text()
	s.says(text, `Odd \# @ everyone has 1 member; this server asks for at least 5,000,000.`)
}

// TestRolesBeforeFirstLook chooses roles before anybody looked at the guild: what
// turns out to stand too high is taken back, and the panel says so.
func TestRolesBeforeFirstLook(t *testing.T) {
	t.Parallel()
	s := newBareStage(t)
	high := s.AddRole(s.Guild, fakediscord.Role{Name: "High", Position: 99})
	s.Scene.Fail(fakediscord.Fault{Method: "GET", Route: "/guilds/{guild}", Status: 503}) // the look takes a while
	d := s.open(s.Ada)
	s.says(d.choose("setup/managers", s.Reviewers, high).Text(), "Partnerships of this server")
	s.settle()
	if got := s.chosen().Managers; !slices.Equal(got, []string{s.Reviewers}) {
		t.Fatalf("managers: %v", got)
	}
	s.says(d.shows(), "<@&"+high+"> is as high as Entente's own role, or higher")
	s.says(d.shows(), "Your choice was undone")
	s.says(d.choose("setup/managers", s.Reviewers, high).Text(), "as high as Entente's own role")
	s.quiet(s.command(s.Ada, "partnerships setup").Current().Text(), "taken back")
}

// TestRolesWithoutBot chooses a role where the bot is no member: nobody knows how
// high it stands.
func TestRolesWithoutBot(t *testing.T) {
	t.Parallel()
	s := newBareStage(t)
	s.RemoveBot(s.Guild)
	d := s.open(s.Ada)
	s.drain()
	s.says(d.choose("setup/managers", s.Reviewers).Text(), "it cannot tell how high")
	if got := s.chosen().Managers; len(got) != 0 {
		t.Errorf("managers: %v", got)
	}
}

// TestPanelIsLookedAtAgain turns to another section while a look is nearly over:
// it is looked once more, so that this panel is not left saying that it is.
func TestPanelIsLookedAtAgain(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	d := s.open(s.Ada)
	s.drain()
	check := setup.Check(s.Guild)
	caused := func() (g int64) {
		s.update(action.Keys(check), func(tx *storage.Tx) error {
			a, _ := storage.Read[action.Action](tx, check.Key())
			g = a.Generation
			return nil
		})
		return g
	}
	s.Scene.Fail(fakediscord.Fault{Method: "GET", Route: "/guilds/{guild}", Status: 503})
	d.press("Check again")
	s.drain() // it failed, and waits
	before := caused()
	if !strings.Contains(d.choose("setup/section", "channels").Text(), "checking its permissions") {
		t.Fatal("the panel does not say that it is being looked")
	}
	if now := caused(); now <= before {
		t.Errorf("generation %d, and %d before", now, before)
	}
	s.settle()
	s.quiet(d.panel.Current().Text(), "checking its permissions")
}
