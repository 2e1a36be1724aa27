package apply_test

import (
	"strconv"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/entente-bot/entente/internal/apply"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/storage"
)

// A registry is a ledger with a few applicants and partners, who do everything
// in any order, many times.
type registry struct {
	*ledger
	next   int
	drafts []apply.Draft
	cases  []apply.Case
}

// TestCountsAreThoseOfTheItems does some ten thousand things. The counts are
// always those of the items, and never beyond the limits.
func TestCountsAreThoseOfTheItems(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := &registry{ledger: newLedger(t)}
		r.limits = partnership.Limits{Active: 3, Pending: 4}
		r.set(func(s *settings.Settings) { s.Cooldown = 1 })
		for range 120 {
			r.something(t)
			r.check(t)
		}
	})
}

// something does one thing. Whether it is refused is not the question here.
func (r *registry) something(t *rapid.T) {
	pick := func(n int) int { return rapid.IntRange(0, n-1).Draw(t, "which") }
	switch what := rapid.SampledFrom([]string{"send", "look", "look", "approve", "deny", "wait", "limit"}).Draw(t, "what"); {
	case what == "send":
		r.next++
		d := apply.Draft{ID: strconv.Itoa(r.next), Applicant: strconv.Itoa(900 + pick(8)), Form: form()}
		if r.send(d) == nil {
			r.drafts = append(r.drafts, d)
		}
	case what == "look" && len(r.drafts) > 0:
		d, partner := r.drafts[pick(len(r.drafts))], strconv.Itoa(500+pick(8))
		r.ledger.check(d, server(partner))
		r.cases = append(r.cases, apply.Case{ID: d.ID, Partner: partner, Applicant: d.Applicant})
	case what == "approve" && len(r.cases) > 0:
		_ = r.approve(r.cases[pick(len(r.cases))])
	case what == "deny" && len(r.cases) > 0:
		_ = r.deny(r.cases[pick(len(r.cases))])
	case what == "wait":
		r.now = r.now.Add(time.Duration(pick(120)) * time.Minute)
	case what == "limit":
		r.set(func(s *settings.Settings) { s.Active = pick(5) })
	}
}

// check fails the test unless the books balance.
func (r *registry) check(t *rapid.T) {
	var items partnership.Counts
	waiting := make(map[string]bool) // partners
	for k := range r.items {
		switch it := r.items[k]; it.Kind {
		case "partnership":
			items.Active++
		case "application":
			a, err := storage.Decode[apply.Application](it)
			if err != nil {
				t.Fatal(err)
			}
			if a.Status != apply.Pending {
				continue
			}
			items.Pending++
			if waiting[a.Server.ID] {
				t.Fatalf("two applications of %s wait", a.Server.ID)
			}
			waiting[a.Server.ID] = true
		}
	}
	if counts := of[partnership.Counts](r.ledger, partnership.CountsKey(guild)); counts != items {
		t.Fatalf("counts are %+v, but the items are %+v", counts, items)
	}
	if items.Active > r.limits.Active || items.Pending > r.limits.Pending {
		t.Fatalf("%+v is beyond the limits", items)
	}
}
