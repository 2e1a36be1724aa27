package local_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/apply"
	"github.com/entente-bot/entente/internal/block"
	"github.com/entente-bot/entente/internal/fakediscord"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/storage"
)

// The methods of this file look at what a stage has come to.

// kept returns the records of the stage's guild whose Sort begins with prefix.
func kept[T storage.Record](s *stage, prefix string) []T {
	s.Helper()
	var list []T
	q := storage.Query{Table: storage.Records, Part: "guild#" + s.Guild, Prefix: prefix, Limit: storage.MaxLimit}
	page, err := s.DB.List(context.Background(), q)
	if err != nil {
		s.Fatal(err)
	}
	for _, it := range page.Items {
		v, err := storage.Decode[T](it)
		if err != nil {
			s.Fatal(err)
		}
		list = append(list, v)
	}
	return list
}

// recordOf returns a record of the store.
func recordOf[T storage.Record](s *stage, k storage.Key) (T, bool) {
	s.Helper()
	tx, err := storage.Begin(s.Context(), s.DB, k)
	if err != nil {
		s.Fatal(err)
	}
	v, ok := storage.Read[T](tx, k)
	if _, err := tx.Changes(); err != nil {
		s.Fatal(err)
	}
	return v, ok
}

// counts returns the counts of the stage's guild.
func (s *stage) counts() partnership.Counts {
	s.Helper()
	if list := kept[partnership.Counts](s, "counts"); len(list) == 1 {
		return list[0]
	}
	return partnership.Counts{}
}

// balanced fails the test unless the counts are those of the items.
func (s *stage) balanced() {
	s.Helper()
	var items partnership.Counts
	items.Active, items.Blocks = len(kept[partnership.Partnership](s, partnership.Prefix)), len(s.items(block.Prefix))
	for _, a := range kept[apply.Application](s, "apply#") {
		if a.Status == apply.Pending {
			items.Pending++
		}
	}
	if got := s.counts(); got != items {
		s.Errorf("counts are %+v, but the items are %+v", got, items)
	}
}

// left returns how many actions wait.
func (s *stage) left() action.Census {
	s.Helper()
	c, err := s.Worker.Actions.Count(context.Background())
	if err != nil {
		s.Fatal(err)
	}
	return c
}

// dead returns the actions that were given up.
func (s *stage) dead() (ids []string) {
	s.Helper()
	for shard := range action.Shards {
		page, err := s.DB.List(context.Background(), storage.Query{Table: storage.Actions, Part: fmt.Sprintf("dead#%02d", shard)})
		if err != nil {
			s.Fatal(err)
		}
		for _, it := range page.Items {
			ids = append(ids, it.Key.Sort)
		}
	}
	return ids
}

// settle lets time pass, a little at a time, until no action waits for another
// try. It returns how much passed.
func (s *stage) settle() (passed time.Duration) {
	s.Helper()
	s.drain()
	for step := 10 * time.Second; s.left().Pending > 0; step = min(2*step, 5*time.Minute) {
		if passed > 12*time.Hour {
			s.Fatalf("still %+v after %v", s.left(), passed)
		}
		s.advance(step)
		passed += step
	}
	return passed
}

// panel returns what Ada reads in the setup panel.
func (s *stage) panel() *fakediscord.Exchange {
	s.Helper()
	ex, err := s.As(s.Ada, s.Guild, s.Lobby).Command(s.Context(), "partnerships setup")
	if err != nil {
		s.Fatal(err)
	}
	return ex
}

// errDead is what a system sees of the world once it has died.
var errDead = errors.New("the process is dead")
