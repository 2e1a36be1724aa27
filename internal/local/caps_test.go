package local_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/entente-bot/entente/internal/apply"
	"github.com/entente-bot/entente/internal/fakediscord"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/storage"
)

// seed writes what made there are, and counts them.
func (s *stage) seed(n int, count func(*partnership.Counts), made func(i int) map[storage.Key]storage.Record) {
	s.Helper()
	for from := 0; from < n; from += 20 {
		records := map[storage.Key]storage.Record{}
		keys := []storage.Key{partnership.CountsKey(s.Guild)}
		for i := from; i < min(from+20, n); i++ {
			for k, v := range made(i) {
				records[k] = v
				keys = append(keys, k)
			}
		}
		err := storage.Update(s.Context(), s.DB, keys, func(tx *storage.Tx) error {
			c := partnership.CountsOf(tx, s.Guild)
			for i := from; i < min(from+20, n); i++ {
				count(&c)
			}
			tx.Set(keys[0], c)
			for k, v := range records {
				tx.Set(k, v)
			}
			return nil
		})
		if err != nil {
			s.Fatal(err)
		}
	}
}

// seedPending makes n applications wait, and returns their cases.
func (s *stage) seedPending(n int) []apply.Case {
	s.Helper()
	cases := make([]apply.Case, n)
	s.seed(n, func(c *partnership.Counts) { c.Pending++ }, func(i int) map[storage.Key]storage.Record {
		name := fmt.Sprint("Server ", i)
		id, code := s.AddPartner(name, 500)
		c := apply.Case{ID: fmt.Sprint(100000 + i), Partner: id, Applicant: fmt.Sprint(300000 + i)}
		cases[i] = c
		server := partnership.Server{ID: c.Partner, Name: name}
		ad := partnership.Ad{Invite: code, Category: "Community", Description: "Calm."}
		return map[storage.Key]storage.Record{
			apply.Key(s.Guild, c.ID): apply.Application{
				ID: c.ID, Status: apply.Pending, Applicant: c.Applicant, Server: server, Ad: ad, Sent: s.Now(),
			},
			apply.PendingKey(s.Guild, c.ID): apply.Waiting{ID: c.ID, Partner: c.Partner, Applicant: c.Applicant, Sent: s.Now()},
		}
	})
	return cases
}

// at64 lets 64 do something at once, and counts what they read.
func (s *stage) at64(do func(i int) (*fakediscord.Exchange, error), outcomes ...string) map[string]int {
	var wg sync.WaitGroup
	exchanges := make([]*fakediscord.Exchange, 64)
	for i := range exchanges {
		wg.Go(func() {
			ex, err := do(i)
			if err != nil {
				s.Error(err)
				return
			}
			exchanges[i] = ex
		})
	}
	wg.Wait()
	s.drain()
	counted := map[string]int{}
	for _, ex := range exchanges {
		if ex == nil {
			continue
		}
		read := ex.Current().Text()
		for _, o := range outcomes {
			if strings.Contains(read, o) {
				read = o
			}
		}
		counted[read]++
	}
	return counted
}

// FAULTS R11: 64 applications at 245 of 250.
func TestPendingCap(t *testing.T) {
	s := newStage(t)
	s.seedPending(245)
	people, forms := make([]string, 64), make([]map[string]any, 64)
	for i := range people {
		people[i] = s.AddUser(fmt.Sprint("rep ", i))
		s.AddMember(s.Guild, people[i])
		_, code := s.AddPartner(fmt.Sprint("Server ", i), 500)
		forms[i] = s.Form()
		forms[i]["invite"] = code
	}
	got := s.at64(func(i int) (*fakediscord.Exchange, error) { return s.Apply(t.Context(), people[i], forms[i]) },
		"with the managers", "Too many applications are pending")
	if got["with the managers"] != 5 || got["Too many applications are pending"] != 59 {
		t.Errorf("%v", got)
	}
	if c := s.counted(); c.Pending != 250 {
		t.Errorf("%+v", c)
	}
}

// FAULTS R11: 64 approvals at 95 of 100.
func TestActiveCap(t *testing.T) {
	s := newStage(t)
	cases := s.seedPending(64)
	s.seed(95, func(c *partnership.Counts) { c.Active++ }, func(i int) map[storage.Key]storage.Record {
		id := fmt.Sprint(900000 + i)
		return map[storage.Key]storage.Record{
			partnership.Key(s.Guild, id): partnership.Partnership{Partner: id, Application: id, Since: s.Now()},
		}
	})
	card := fakediscord.Ref{Channel: s.Review, ID: "1"} // the cards were not posted
	got := s.at64(func(i int) (*fakediscord.Exchange, error) {
		c := cases[i]
		return s.As(s.Max, s.Guild, s.Review).ForgePress(t.Context(), card, fmt.Sprintf("apply/approve:%s:%s:%s", c.ID, c.Partner, c.Applicant))
	}, "the most Entente allows")
	if got["the most Entente allows"] != 59 {
		t.Errorf("%v", got)
	}
	if c := s.counted(); c.Active != 100 || c.Pending != 59 {
		t.Errorf("%+v", c)
	}
	if n := len(s.Messages(s.Showcase)); n != 5 {
		t.Errorf("%d listings", n)
	}
}
