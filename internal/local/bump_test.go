package local_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/bump"
	"github.com/entente-bot/entente/internal/fakediscord"
	"github.com/entente-bot/entente/internal/post"
	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/showcase"
)

const week = 7 * 24 * time.Hour

// newPartner is a stage on which Rio speaks for the partner Lighthouse.
func newPartner(t *testing.T) *stage {
	t.Helper()
	s := newStage(t)
	s.apply(s.Rio, s.Form())
	s.press(s.Max, s.Review, "Approve")
	return s
}

// bumped returns how the bumps of Lighthouse stand.
func (s *stage) bumped() bump.Bump {
	s.Helper()
	b, _ := recordOf[bump.Bump](s, bump.Key(s.Guild, s.Lighthouse))
	return b
}

// ads returns the listings that stand in the showcase, without the reminders.
func (s *stage) ads() (list []fakediscord.Message) {
	s.Helper()
	for _, m := range s.Messages(s.Showcase) {
		if _, ok := m.Button("Join"); ok {
			list = append(list, m)
		}
	}
	return list
}

// mentions returns the reminders that stand in the showcase.
func (s *stage) mentions() (list []fakediscord.Message) {
	s.Helper()
	for _, m := range s.Messages(s.Showcase) {
		if _, ok := m.Button("Stop reminding me"); ok {
			list = append(list, m)
		}
	}
	return list
}

// asks lets Rio ask to be reminded.
func (s *stage) asks(button string) {
	s.Helper()
	s.on(s.Rio, s.command(s.Rio, "partner bump").Message, button)
}

// TestBumps posts the listing anew: not too early, and by whom it concerns.
func TestBumps(t *testing.T) {
	t.Parallel()
	s := newPartner(t)
	first := s.only(s.Showcase)
	early := s.command(s.Rio, "partner bump")
	s.says(early.Text(), "too early to bump **Lighthouse**.\nNext bump: <t:")
	if !early.Ephemeral {
		t.Error("everybody reads it")
	}
	s.silent(s.command(s.Rio, "partner info", fakediscord.Opt("partner", s.Lighthouse)).Text(), "can be bumped now")
	s.advance(week)
	if b := s.bumped(); b.Ready.IsZero() || b.Count != 0 {
		t.Errorf("after a week: %+v", b)
	}
	info := s.command(s.Rio, "partner info", fakediscord.Opt("partner", s.Lighthouse))
	s.says(info.Text(), "can be bumped now")

	s.says(s.command(s.Nora, "partner bump", fakediscord.Opt("partner", s.Lighthouse)).Text(), "Only the contact of **Lighthouse**")
	s.says(s.command(s.Nora, "partner bump").Text(), "You are not the contact of a partner")
	s.says(s.command(s.Max, "partner bump").Text(), "You are not the contact of a partner")
	for _, wrong := range []string{s.Guild, "Beacon", "0", strings.Repeat("1", 30)} {
		s.says(s.command(s.Rio, "partner bump", fakediscord.Opt("partner", wrong)).Text(), "no such partner")
	}
	if s.only(s.Showcase).Ref != first.Ref {
		t.Error("it was bumped by somebody who may not")
	}

	s.says(s.command(s.Rio, "partner bump").Text(), "**Lighthouse** was bumped")
	second := s.only(s.Showcase)
	if second.Ref == first.Ref {
		t.Error("the old listing stands")
	}
	s.says(s.on(s.Rio, info.Message, "Bump").Text(), "too early")
	s.advance(week - time.Minute)
	s.says(s.command(s.Max, "partner bump", fakediscord.Opt("partner", s.Lighthouse)).Text(), "too early")
	s.advance(time.Minute)
	s.says(s.command(s.Max, "partner bump", fakediscord.Opt("partner", s.Lighthouse)).Text(), "was bumped")
	if s.only(s.Showcase).Ref == second.Ref {
		t.Error("a manager's bump changed nothing")
	}
	if b := s.bumped(); b.Count != 2 || b.By != s.Max {
		t.Errorf("%+v", b)
	}
	s.says(s.command(s.Max, "partnerships info", fakediscord.Opt("partner", s.Lighthouse)).Text(), "bumped a partner")
	s.rests()
}

// rests fails the test if anything is left to do, or was given up.
func (s *stage) rests() {
	s.Helper()
	if left, dead := s.left(), s.dead(); left != (action.Census{}) || len(dead) > 0 {
		s.Errorf("left to do: %+v, given up: %v", left, dead)
	}
}

// TestBumpOfOneAmongSeveral asks a contact of several partners which one is meant.
func TestBumpOfOneAmongSeveral(t *testing.T) {
	t.Parallel()
	s := newPartner(t)
	_, code := s.AddPartner("Beacon", 300)
	added := s.command(s.Ada, "partnerships add", fakediscord.Opt("invite", code), fakediscord.Option{Name: "contact", Value: s.Rio, Type: 6})
	s.submit(s.Ada, added, map[string]any{"category": []string{"Community"}, "description": "A light."})
	s.advance(week)
	s.says(s.command(s.Rio, "partner bump").Text(), "You are the contact of several partners")
	for user, want := range map[string]int{s.Rio: 2, s.Max: 2, s.Nora: 0} {
		in, err := s.As(user, s.Guild, s.Lobby).BuildAutocomplete("partner bump", "partner", "")
		if err != nil {
			t.Fatal(err)
		}
		ex, err := s.Deliver(t.Context(), in)
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Count(ex.Text(), "Lighthouse") + strings.Count(ex.Text(), "Beacon"); got != want {
			t.Errorf("%d partners are suggested, want %d:\n%s", got, want, ex.Text())
		}
	}
}

// FAULTS R18: 64 presses at once, by the contact and managers, on two surfaces and
// with the partner named or not, are one bump.
func TestBumpRace(t *testing.T) {
	t.Parallel()
	s := newPartner(t)
	s.advance(week)
	first := s.only(s.Showcase)
	info := s.command(s.Rio, "partner info", fakediscord.Opt("partner", s.Lighthouse))
	button, ok := info.Current().Button("Bump")
	if !ok {
		t.Fatal("there is no button")
	}
	rio, max := s.As(s.Rio, s.Guild, s.Lobby), s.As(s.Max, s.Guild, s.Lobby)
	ways := []func() (*fakediscord.Exchange, error){
		func() (*fakediscord.Exchange, error) { return rio.Command(t.Context(), "partner bump") },
		func() (*fakediscord.Exchange, error) {
			return rio.ForgePress(t.Context(), info.Message, button.CustomID)
		},
		func() (*fakediscord.Exchange, error) {
			return max.Command(t.Context(), "partner bump", fakediscord.Opt("partner", s.Lighthouse))
		},
	}
	var wg sync.WaitGroup
	replies := make([]string, 64)
	for i := range replies {
		wg.Go(func() {
			for {
				ex, err := ways[i%len(ways)]()
				if err != nil {
					replies[i] = err.Error()
					return
				}
				if replies[i] = ex.Text(); !strings.Contains(replies[i], "Many people") {
					return
				}
			}
		})
	}
	wg.Wait()
	s.drain()
	won := 0
	for _, r := range replies {
		if strings.Contains(r, "was bumped") {
			won++
		} else {
			s.says(r, "too early")
		}
	}
	if b := s.bumped(); won != 1 || b.Count != 1 || b.Loose {
		t.Errorf("%d presses counted, kept is %+v", won, b)
	}
	if s.only(s.Showcase).Ref == first.Ref {
		t.Error("the listing was not posted anew")
	}
	s.rests()
}

// FAULTS R18, R19: a clock that goes back gives no bump more, and no reminder
// twice; and it does not turn away who was told that it is time.
func TestBumpClockGoesBack(t *testing.T) {
	t.Parallel()
	for _, back := range []time.Duration{2 * time.Second, time.Hour} {
		t.Run(fmt.Sprint(back), func(t *testing.T) {
			t.Parallel()
			s := newPartner(t)
			s.asks("Remind me here")
			s.advance(week)
			reminder := s.mentions()
			if len(reminder) != 1 {
				t.Fatalf("%d reminders", len(reminder))
			}
			s.advance(-back)
			s.restart()
			s.drain()
			if again := s.mentions(); len(again) != 1 || again[0].Ref != reminder[0].Ref {
				t.Error("reminded twice")
			}
			s.says(s.command(s.Rio, "partner bump").Text(), "was bumped")
			s.says(s.command(s.Rio, "partner bump").Text(), "too early")
			s.advance(-back)
			s.says(s.command(s.Rio, "partner bump").Text(), "too early")
			s.advance(week - time.Minute + back) // a week less the minute since it was due
			s.says(s.command(s.Rio, "partner bump").Text(), "too early")
			s.advance(back + 2*time.Minute)
			s.says(s.command(s.Rio, "partner bump").Text(), "was bumped")
			if b := s.bumped(); b.Count != 2 || len(s.ads()) != 1 {
				t.Errorf("%d listings, %+v", len(s.ads()), b)
			}
			s.rests()
		})
	}
}

// TestBumpSettings has the time of the next bump follow the settings.
func TestBumpSettings(t *testing.T) {
	t.Parallel()
	s := newPartner(t)
	days := func(n int) { s.chooses(func(c *settings.Settings) { c.Bump = n }) }
	s.asks("Remind me here")
	s.advance(4 * 24 * time.Hour)
	days(3)
	if n := len(s.mentions()); n != 1 {
		t.Errorf("%d reminders after the time was made shorter", n)
	}
	s.says(s.command(s.Rio, "partner info", fakediscord.Opt("partner", s.Lighthouse)).Text(), "can be bumped now")
	days(30)
	if n, b := len(s.mentions()), s.bumped(); n != 0 || !b.Ready.IsZero() {
		t.Errorf("%d reminders after it was made longer: %+v", n, b)
	}
	s.says(s.command(s.Rio, "partner bump").Text(), "too early")
	days(0)
	s.says(s.command(s.Rio, "partner bump").Text(), "Bumps are switched off on this server")
	s.says(s.command(s.Rio, "partner info", fakediscord.Opt("partner", s.Lighthouse)).Text(), "Bumps are switched off")
	s.advance(60 * 24 * time.Hour)
	if n, b := len(s.mentions()), s.bumped(); n != 0 || !b.Ready.IsZero() {
		t.Errorf("%d reminders of bumps that there are not: %+v", n, b)
	}
	days(7)
	if n := len(s.mentions()); n != 1 {
		t.Errorf("%d reminders after they were allowed again", n)
	}
	s.rests()
}

// TestBumpEnds forgets the bumps of a partnership that is over.
func TestBumpEnds(t *testing.T) {
	t.Parallel()
	s := newPartner(t)
	s.asks("Remind me here")
	s.advance(week)
	if n := len(s.mentions()); n != 1 {
		t.Fatalf("%d reminders", n)
	}
	asked := s.command(s.Ada, "partnerships block", fakediscord.Opt("server", s.Lighthouse))
	s.on(s.Ada, asked.Message, "End the partnership and block")
	if n := len(s.Messages(s.Showcase)); n != 0 {
		t.Errorf("%d messages stand in the showcase", n)
	}
	if kept := s.items("bump"); len(kept) != 0 {
		t.Errorf("kept is %v", kept)
	}
	s.says(s.command(s.Rio, "partner bump").Text(), "You are not the contact")
	s.advance(2 * week)
	s.rests()
}

// TestBumpInEveryMode posts the listing anew where it stands, and reminds there.
func TestBumpInEveryMode(t *testing.T) {
	t.Parallel()
	for _, mode := range settings.Modes() {
		t.Run(string(mode), func(t *testing.T) {
			t.Parallel()
			s := newStage(t)
			s.mode(mode)
			s.apply(s.Rio, s.Form())
			s.press(s.Max, s.Review, "Approve")
			s.asks("Remind me here")
			stand := map[settings.Mode]int{settings.Single: 1, settings.Channels: 1, settings.Forum: 2}[mode] // a post keeps its first message
			listing, _ := recordOf[post.Post](s, showcase.Key(s.Guild, s.Lighthouse))
			before := s.last(listing.Channel).ID
			for range 2 {
				s.advance(week)
				s.says(s.last(listing.Channel).Text(), "<@"+s.Rio+">, you can bump **Lighthouse** again")
				s.says(s.on(s.Rio, s.last(listing.Channel).Ref, "Bump").Text(), "was bumped")
				last := s.last(listing.Channel)
				if _, ok := last.Button("Join"); !ok || last.ID == before {
					t.Errorf("the last message is not a new listing: %s", last.Text())
				}
				if n := len(s.Messages(listing.Channel)); n != stand {
					t.Errorf("%d messages where the listing stands, want %d", n, stand)
				}
				before = last.ID
			}
			s.rests()
		})
	}
}

// TestBumpCrash kills the process at each step between the press and the listing:
// afterwards there is one bump, and one listing of it.
func TestBumpCrash(t *testing.T) {
	t.Parallel()
	for _, named := range []bool{true, false} {
		t.Run(fmt.Sprint("named ", named), func(t *testing.T) {
			t.Parallel()
			deaths(t, 5, func(t *testing.T, m *mortal) { newPartner(t).bumpStory(m, named) })
		})
	}
}

func (s *stage) bumpStory(m *mortal, named bool) {
	s.Helper()
	s.asks("Remind me here")
	first := s.only(s.Showcase)
	if err := s.Advance(s.Context(), week); err != nil {
		s.Fatal(err)
	}
	m.possess(s, true)
	s.restart()
	_, _ = s.Drain(s.Context()) // the reminder
	var options []fakediscord.Option
	if named {
		options = append(options, fakediscord.Opt("partner", s.Lighthouse))
	}
	press := func() { _, _ = s.As(s.Rio, s.Guild, s.Lobby).Command(s.Context(), "partner bump", options...) }
	press()
	_, _ = s.Drain(s.Context())
	if died := m.dead(); died != "" {
		s.Logf("died %s", died)
		new(mortal).immortal().possess(s, true)
		s.restart()
		s.drain()
		if s.bumped().Count == 0 {
			if n := len(s.mentions()); n != 1 {
				s.Errorf("%d reminders, want 1", n)
			}
			press() // it was not confirmed
			s.drain()
		}
	}
	if b := s.bumped(); b.Count != 1 || b.Loose {
		s.Errorf("%+v", b)
	}
	if len(s.ads()) != 1 || s.only(s.Showcase).Ref == first.Ref {
		s.Error("there is not one new listing, and nothing else")
	}
	if l, _ := recordOf[post.Post](s, bump.HereKey(s.Guild, s.Lighthouse)); l.Message != "" || len(l.Old) > 0 {
		s.Errorf("the reminder is %+v", l)
	}
	s.rests()
}
