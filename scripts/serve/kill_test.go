package main_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/fakediscord"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/storage"
	"github.com/entente-bot/entente/internal/storage/bolt"
)

// An applicant is one of many who apply, and the server they apply for.
type applicant struct {
	user, server, code string
	heard, approved    bool // what was confirmed to them, and to the manager
}

// TestKilledAgainAndAgain has 200 people apply and 80 of them approved, while the
// program is killed at moments it does not choose and started again. Whatever
// was confirmed to anybody holds, and is there once.
func TestKilledAgainAndAgain(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	h.start()
	if err := h.SetUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	crowd := h.crowd(200)
	h.underFire(crowd, 4, func(a *applicant) bool {
		form := h.Form()
		form["invite"] = a.code
		ex, err := h.Apply(context.Background(), a.user, form)
		a.heard = err == nil && strings.Contains(ex.Text(), "checking the invite")
		return a.heard || err == nil
	})
	h.settle()
	for range 5 { // one guild has its share of the look-ups: the last forms wait for their turn
		h.passes(10 * time.Minute)
	}
	cards := h.cards(crowd)

	h.underFire(crowd[:80], 3, func(a *applicant) bool {
		card, ok := cards[a.user]
		if !ok {
			return true // it was not confirmed, and is not there
		}
		ex, err := h.As(h.Max, h.Guild, h.Review).ForgePress(context.Background(), card.ref, card.button)
		a.approved = err == nil && (ex.Type == 7 || strings.Contains(ex.Text(), "already handled: <@"+h.Max+">"))
		return a.approved
	})
	h.settle()
	if err := h.end(); err != nil {
		t.Errorf("asked to end, the program said %v", err)
	}
	h.cards(crowd)
	h.listed(crowd[:80])
	h.balanced()
	if v := h.Violations(); len(v) > 0 {
		t.Errorf("Discord would have refused:\n%s", strings.Join(v, "\n"))
	}
}

// crowd adds people to the guild, each with a server of their own.
func (h *host) crowd(n int) []*applicant {
	var crowd []*applicant
	for i := range n {
		name := fmt.Sprintf("Server %03d", i)
		a := &applicant{user: h.AddUser("of " + name), server: name}
		h.AddMember(h.Guild, a.user)
		_, a.code = h.AddPartner(name, 300)
		crowd = append(crowd, a)
	}
	return crowd
}

// underFire has everybody do something, 16 at once, until it is done, and kills
// the program in the midst of it.
func (h *host) underFire(crowd []*applicant, kills int, do func(*applicant) bool) {
	h.Helper()
	var tried atomic.Int64
	deaths := make(chan bool, len(crowd)*10)
	step := int64(len(crowd) / (kills + 1))
	next := make(chan *applicant)
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() {
			for a := range next {
				for range 8 { // who gets no answer tries again
					if n := tried.Add(1); n%step == 0 && n/step <= int64(kills) {
						deaths <- true
					}
					if do(a) {
						break
					}
					h.alive()
				}
			}
		})
	}
	ended := make(chan bool)
	go func() {
		defer close(ended)
		for range deaths {
			for range rand.IntN(1000) { // not always at the same moment of what is under way
				h.Requests()
			}
			h.kill()
			h.start()
		}
	}()
	for _, a := range crowd {
		next <- a
	}
	close(next)
	wg.Wait()
	close(deaths)
	<-ended
	h.Logf("%d kills; %d people needed %d tries", kills, len(crowd), tried.Load())
}

// alive waits until the program is not being started.
func (h *host) alive() {
	h.mu.Lock()
	defer h.mu.Unlock()
}

// A card is a review card that can be approved.
type card struct {
	ref    fakediscord.Ref
	button string
}

// cards returns the review cards by applicant. It fails the test unless whoever
// was confirmed to have applied has one, and nobody has two.
func (h *host) cards(crowd []*applicant) map[string]card {
	h.Helper()
	cards := make(map[string]card)
	count := make(map[string]int)
	for _, m := range h.Messages(h.Review) {
		_, rest, _ := strings.Cut(m.Text(), "Applicant: <@")
		user, _, _ := strings.Cut(rest, ">")
		count[user]++
		if b, ok := m.Button("Approve"); ok {
			cards[user] = card{m.Ref, b.CustomID}
		}
	}
	for _, a := range crowd {
		if n := count[a.user]; n > 1 || a.heard && n == 0 {
			h.Errorf("%s has %d cards; confirmed: %v", a.server, n, a.heard)
		}
	}
	return cards
}

// listed fails the test unless every approved server is listed once.
func (h *host) listed(crowd []*applicant) {
	h.Helper()
	count, approved := make(map[string]int), 0
	for _, m := range h.Messages(h.Showcase) {
		name, _, _ := strings.Cut(strings.TrimPrefix(m.Text(), "## "), "\n")
		count[name]++
	}
	for _, a := range crowd {
		if n := count[a.server]; n > 1 || a.approved && n == 0 {
			h.Errorf("%s is listed %d times; approved: %v", a.server, n, a.approved)
		}
		if a.approved {
			approved++
		}
	}
	if approved < len(crowd)*3/4 {
		h.Errorf("only %d approvals were confirmed", approved)
	}
}

// balanced fails the test unless the counts of the guild are those of what is
// seen in Discord. The program must have ended.
func (h *host) balanced() {
	h.Helper()
	db, err := bolt.Open(h.data, h.now)
	if err != nil {
		h.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	tx, err := storage.Begin(h.Context(), db, partnership.CountsKey(h.Guild))
	if err != nil {
		h.Fatal(err)
	}
	active := len(h.Messages(h.Showcase))
	want := partnership.Counts{Active: active, Pending: len(h.Messages(h.Review)) - active}
	if got := partnership.CountsOf(tx, h.Guild); got != want {
		h.Errorf("counts are %+v, but seen are %+v", got, want)
	}
}
