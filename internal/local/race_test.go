package local_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/apply"
	"github.com/entente-bot/entente/internal/fakediscord"
	"github.com/entente-bot/entente/internal/partnership"
)

// cards returns the review cards that stand, by the ID of their application.
func (s *stage) cards() map[string]fakediscord.Message {
	cards := make(map[string]fakediscord.Message)
	for _, m := range s.Messages(s.Review) {
		if b, ok := m.Button("Approve"); ok {
			cards[strings.Split(b.CustomID, ":")[1]] = m
		}
	}
	return cards
}

// approve presses Approve on the card of a.
func (s *stage) approve(user string, a apply.Application, card fakediscord.Ref) (*fakediscord.Exchange, error) {
	c := apply.CaseOf(a)
	return s.As(user, s.Guild, s.Review).ForgePress(s.Context(), card, "apply/approve:"+c.ID+":"+c.Partner+":"+c.Applicant)
}

// deny sends the reason that Deny asks for.
func (s *stage) deny(user string, a apply.Application, card fakediscord.Ref) (*fakediscord.Exchange, error) {
	p, c := s.As(user, s.Guild, s.Review), apply.CaseOf(a)
	asked, err := p.ForgePress(s.Context(), card, "apply/deny:"+c.ID+":"+c.Partner+":"+c.Applicant)
	if err != nil || asked.Modal == nil {
		return asked, err // somebody was faster
	}
	return p.Submit(s.Context(), asked, map[string]any{"reason": "no"})
}

// TestTwoManagersAtOnce has Max and Ada decide on each of many applications in the
// same moment. One of them does, the other one is told who; what was approved
// is listed once, what was denied is not.
func TestTwoManagersAtOnce(t *testing.T) {
	t.Parallel()
	rounds := outOf(24, 64)
	s := newStage(t)
	list := s.queue(rounds)
	s.drain()
	cards := s.cards()
	if len(cards) != rounds {
		t.Fatalf("%d cards stand, want %d", len(cards), rounds)
	}
	for i, a := range list {
		s.duel(i%2 == 0, a, cards[a.ID].Ref)
	}
	s.settle()
	approved := 0
	for _, a := range kept[apply.Application](s, "apply#") {
		if a.Status == apply.Pending {
			t.Errorf("application %s is not decided", a.ID)
		}
		if a.Status == apply.Approved {
			approved++
		}
	}
	if n := len(s.Messages(s.Showcase)); n != approved || approved < rounds/2 {
		t.Errorf("%d approved, %d listed", approved, n)
	}
	if n := len(s.Messages(s.Review)); n != rounds {
		t.Errorf("%d cards stand, want %d", n, rounds)
	}
	s.balanced()
}

// duel has Max approve a while Ada approves it too, or denies it.
func (s *stage) duel(both bool, a apply.Application, card fakediscord.Ref) {
	s.Helper()
	second := s.deny
	if both {
		second = s.approve
	}
	var replies [2]*fakediscord.Exchange
	var errs [2]error
	var wg sync.WaitGroup
	wg.Go(func() { replies[0], errs[0] = s.approve(s.Max, a, card) })
	wg.Go(func() { replies[1], errs[1] = second(s.Ada, a, card) })
	wg.Wait()
	if errs[0] != nil || errs[1] != nil {
		s.Fatal(errs)
	}
	winner := ""
	for _, now := range kept[apply.Application](s, "apply#"+a.ID) {
		winner = now.By
	}
	users := []string{s.Max, s.Ada}
	for i, reply := range replies {
		const update = 7
		if won := users[i] == winner; won != (reply.Type == update) {
			s.Errorf("%s won, but the reply to %s is of type %d: %s", winner, users[i], reply.Type, reply.Text())
		} else if !won {
			s.says(reply.Text(), "This was already handled: <@"+winner+">")
		}
	}
}

// TestApprovalsAtTheLimit: 95 partners, room for 100, and 64 approvals at once.
func TestApprovalsAtTheLimit(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.history(95, 0)
	var wg sync.WaitGroup
	for i, a := range s.queue(64) {
		wg.Go(func() {
			user := []string{s.Max, s.Ada}[i%2]
			for { // who is told that many people do this now tries again
				reply, err := s.approve(user, a, fakediscord.Ref{Channel: s.Review, ID: stranger(5000 + i)})
				if err != nil {
					t.Error(err)
					return
				}
				if !strings.Contains(reply.Text(), "Many people") {
					return
				}
			}
		})
	}
	wg.Wait()
	if got := s.counts(); got != (partnership.Counts{Active: 100, Pending: 59}) {
		t.Errorf("counts: %+v, want 100 active and 59 pending", got)
	}
	s.balanced()
}

// TestApplicationsAtTheLimit: 245 applications wait, 250 may, and 64 are checked
// at once.
func TestApplicationsAtTheLimit(t *testing.T) {
	s := newStage(t)
	s.history(0, 245)
	var refs []action.Ref
	for i := range 64 {
		_, code := s.AddPartner(fmt.Sprint("Server ", i), 300)
		refs = append(refs, s.send(s.draft(i, code)))
	}
	var wg sync.WaitGroup
	for _, r := range refs {
		wg.Go(func() {
			if _, err := s.Worker.Do(s.Context(), r); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	s.settle()
	if got := s.counts(); got.Pending != 250 {
		t.Errorf("%d applications wait, want 250", got.Pending)
	}
	full := 0
	for _, d := range kept[apply.Draft](s, "draft#") {
		if d.Refused.Key == "apply.queue-full" {
			full++
		}
	}
	if full != 59 {
		t.Errorf("%d forms were refused for want of room, want 59", full)
	}
	s.balanced()
}

// TestManyAccountsForOneServer: one server, eight of its people, two channels, at
// once. As many applications pass as may wait for one server, and each card names
// all the others.
func TestManyAccountsForOneServer(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	hall := s.AddChannel(s.Guild, fakediscord.Channel{Name: "hall"})
	var wg sync.WaitGroup
	sent := make(chan *fakediscord.Exchange, 8)
	for i := range 8 {
		user := s.AddUser(fmt.Sprint("Rio's friend ", i))
		s.AddMember(s.Guild, user)
		wg.Go(func() {
			p := s.As(user, s.Guild, []string{s.Lobby, hall}[i%2])
			form, err := p.Command(t.Context(), "partner apply")
			if err == nil {
				form, err = p.Submit(t.Context(), form, s.Form())
			}
			if err != nil {
				t.Error(err)
				return
			}
			sent <- form
		})
	}
	wg.Wait()
	s.settle()
	close(sent)
	passed := 0
	for ex := range sent {
		if reply := ex.Current().Text(); strings.Contains(reply, "with the managers") {
			passed++
		} else {
			s.says(reply, "Several applications for Lighthouse are already waiting")
		}
	}
	if cards := s.Messages(s.Review); passed != apply.MaxRivals || s.counts().Pending != passed || len(cards) != passed {
		t.Errorf("%d passed, %d cards, counts %+v; want %d of all", passed, len(cards), s.counts(), apply.MaxRivals)
	}
	for _, card := range s.Messages(s.Review) {
		if n := strings.Count(card.Text(), "<@"); n < apply.MaxRivals {
			t.Errorf("the card names %d users, want its applicant and the others:\n%s", n, card.Text())
		}
	}
	s.balanced()
}

// TestOneAccountForManyServers: one person applies for four servers at once. The
// cooldown lets one through.
func TestOneAccountForManyServers(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	var wg sync.WaitGroup
	for i := range 4 {
		_, code := s.AddPartner(fmt.Sprint("Server ", i), 300)
		wg.Go(func() {
			form := s.Form()
			form["invite"] = code
			if _, err := s.Apply(t.Context(), s.Rio, form); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	s.settle()
	if s.counts().Pending != 1 || len(s.Messages(s.Review)) != 1 {
		t.Errorf("%d cards, counts %+v; want one", len(s.Messages(s.Review)), s.counts())
	}
}
