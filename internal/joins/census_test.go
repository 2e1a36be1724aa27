package joins_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/entente-bot/entente/internal/joins"
	"github.com/entente-bot/entente/internal/storage"
)

// A shelf is a store on the items of a desk. It fails when it is told to.
type shelf struct {
	*desk
	now   time.Time
	fails func() bool
	puts  int
	stays map[string]bool // that were ever identified
	race  func()          // happens once, before the next Put
}

func (s *shelf) Get(_ context.Context, keys ...storage.Key) (items []storage.Item, err error) {
	for _, k := range keys {
		it := s.items[k]
		if it.Value == nil || !storage.Live(it.Expires, s.now) {
			it = storage.Item{}
		}
		it.Key = k
		items = append(items, it)
	}
	return items, nil
}

var errCrash = errors.New("the process died")

func (s *shelf) Put(ctx context.Context, items ...storage.Item) error {
	if race := s.race; race != nil {
		s.race = nil
		race()
	}
	if s.fails != nil && s.fails() {
		return errCrash
	}
	for _, it := range items {
		now, _ := s.Get(ctx, it.Key)
		if it.Version != storage.Any && it.Version != now[0].Version {
			return storage.ErrConflict
		}
	}
	for _, it := range items {
		it.Version = storage.NewVersion()
		s.items[it.Key] = it
		s.puts++
		if m, err := storage.Decode[joins.Member](it); err == nil && it.Value != nil {
			s.stays[m.User+m.Joined.String()] = true
		}
	}
	return storage.CheckPut(items)
}

func (s *shelf) List(context.Context, storage.Query) (storage.Page, error) {
	return storage.Page{}, errors.New("nothing is listed here")
}

// look takes a look at the people that there are, and writes it.
func (s *shelf) look(l joins.Ledger, people map[string]joins.Person, users []string) error {
	var members []joins.Member
	var books []joins.Day
	for _, u := range users {
		if items, _ := s.Get(s.Context(), joins.MemberKey("1", u)); items[0].Value != nil {
			m, err := storage.Decode[joins.Member](items[0])
			if err != nil {
				return err
			}
			members = append(members, m)
		}
	}
	for day := joins.From(s.now); !day.After(s.now); day = day.Add(24 * time.Hour) {
		if d := joins.DayOf(s.tx([]storage.Key{joins.DayKey("1", day)}), "1", day); len(d.Books) > 0 {
			books = append(books, d)
		}
	}
	k := joins.NewLook(l, members, 10*time.Minute, s.now)
	for p := range maps.Values(people) {
		k.Note([]joins.Person{p})
	}
	k.Over(s.now.Add(time.Second), books)
	for _, some := range joins.Batches(k.Changes()) {
		if err := joins.Write(s.Context(), s, "1", some); err != nil {
			return err
		}
	}
	return nil
}

// TestLooksBalance plays with members at random (they join by invites, by others,
// leave, return, use a second invite, have their data deleted) and with looks that
// crash between two writes: the books balance, no stay is identified twice, and a
// look that is repeated changes nothing.
func TestLooksBalance(t *testing.T) {
	t.Parallel()
	partners := []string{"7", "8"}
	var users []string
	for i := range 12 {
		users = append(users, fmt.Sprint(150000000000000000+i))
	}
	l := joins.Ledger{}
	for _, p := range partners {
		l = l.With(joins.Account{Partner: p, Since: noon(), Role: "r" + p})
	}
	rapid.Check(t, func(r *rapid.T) {
		s := &shelf{desk: open(t), now: noon(), stays: map[string]bool{}}
		here, nobody := map[string]joins.Person{}, map[string]bool{}
		for range rapid.IntRange(1, 60).Draw(r, "steps") {
			s.now = s.now.Add(time.Duration(rapid.SampledFrom([]int{1, 60, 700, 20000, 4 * aDay, 31 * aDay}).Draw(r, "s")) * time.Second)
			u, p := rapid.SampledFrom(users).Draw(r, "user"), rapid.SampledFrom(partners).Draw(r, "partner")
			who, in := here[u]
			switch rapid.IntRange(0, 6).Draw(r, "what") {
			case 0, 1:
				if in { // an existing member: a role, but no use
					who.Roles = append(who.Roles, "r"+p)
					here[u] = who
					break
				}
				here[u] = joins.Person{User: u, Joined: s.now, Roles: []string{"r" + p}}
				key := joins.DayKey("1", s.now)
				tx := s.tx([]storage.Key{key})
				tx.Set(key, joins.DayOf(tx, "1", s.now).Add(map[string]int{p: 1}))
				s.keep(tx)
			case 2:
				delete(here, u)
			case 3:
				tx := s.tx(joins.ForgetKeys("1", u))
				joins.Forget(tx, "1", u)
				s.keep(tx)
				nobody[u] = true
			case 4:
				s.fails = func() bool { return rapid.Bool().Draw(r, "crash") }
				if err := s.look(l, here, users); err != nil && !errors.Is(err, errCrash) {
					r.Fatal(err)
				}
				s.fails = nil
			default:
				if err := s.look(l, here, users); err != nil {
					r.Fatal(err)
				}
				puts := s.puts
				if err := s.look(l, here, users); err != nil || s.puts != puts {
					r.Fatalf("a look that was repeated wrote %d items: %v", s.puts-puts, err)
				}
			}
			identified := 0
			for k, it := range s.items {
				d, err := storage.Decode[joins.Day](it)
				if k.Sort < "joins-day#" || err != nil {
					continue
				}
				for p, b := range d.Books {
					if b.Identified < 0 || b.Unidentified() < 0 || b.Early < 0 || b.Early > b.Identified || b.Returned > b.Identified {
						r.Fatalf("%s: %s has %+v", d.Date, p, b)
					}
					identified += b.Identified
				}
			}
			if identified != len(s.stays) {
				r.Fatalf("%d identified, of %d stays that were", identified, len(s.stays))
			}
			for u := range nobody {
				if it := s.items[joins.MemberKey("1", u)]; it.Value != nil {
					r.Fatalf("%s is known again", u)
				}
			}
		}
	})
}

// TestForgottenMeanwhile: who has their data deleted between the read and the write
// of a look is not written down.
func TestForgottenMeanwhile(t *testing.T) {
	t.Parallel()
	s := &shelf{desk: open(t), now: at(60), stays: map[string]bool{}}
	key := joins.DayKey("1", noon())
	tx := s.tx([]storage.Key{key})
	tx.Set(key, joins.DayOf(tx, "1", noon()).Add(map[string]int{"7": 1}))
	s.keep(tx)
	s.race = func() {
		tx := s.tx(joins.ForgetKeys("1", old))
		joins.Forget(tx, "1", old)
		s.keep(tx)
	}
	l := joins.Ledger{}.With(joins.Account{Partner: "7", Since: noon(), Role: "r7"})
	if err := s.look(l, map[string]joins.Person{old: comes(old, 10, "r7")}, []string{old}); err != nil {
		t.Fatal(err)
	}
	if it := s.items[joins.MemberKey("1", old)]; it.Value != nil {
		t.Errorf("they are known: %s", it.Value)
	}
	if b := joins.DayOf(s.tx([]storage.Key{key}), "1", noon()).Books["7"]; b.Identified != 0 || b.Counted != 1 {
		t.Errorf("the books: %+v", b)
	}
}
