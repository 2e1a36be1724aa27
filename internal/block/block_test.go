package block_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/block"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/refuse"
	"github.com/entente-bot/entente/internal/storage"
)

const guild = "1"

// An ID can be a server's or a user's.
func server() block.Target { return block.Target{What: block.Server, ID: "7"} }
func user() block.Target   { return block.Target{What: block.User, ID: "7"} }

func now() time.Time { return time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC) }

// tx is what a guild without anything reads about targets.
func tx(targets ...block.Target) *storage.Tx {
	var items []storage.Item
	for _, t := range targets {
		for _, k := range block.Keys(guild, t) {
			items = append(items, storage.Item{Key: k})
		}
	}
	return storage.Of(items...)
}

// add puts a target on the list for so many days, 0 for ever.
func add(t *testing.T, x *storage.Tx, about block.Target, days int) {
	t.Helper()
	e := block.Entry{Target: about, Reason: "spam", By: "5", At: now(), Until: block.After(days, now())}
	if err := block.Add(x, guild, e, partnership.DefaultLimits()); err != nil {
		t.Fatal(err)
	}
}

func count(x *storage.Tx) int { return partnership.CountsOf(x, guild).Blocks }

// waits is when an action is due, if it waits.
func waits(x *storage.Tx, r action.Ref) (time.Time, bool) {
	a, ok := storage.Read[action.Action](x, r.Key())
	return a.Due, ok
}

// Who is blocked once more touches the counts, too: what is queued or approved at the
// same moment read them, and is decided again.
func TestBlockedAgainTouchesCounts(t *testing.T) {
	x := tx(server())
	add(t, x, server(), 0)
	first, err := x.Changes()
	if err != nil {
		t.Fatal(err)
	}
	items := make(map[storage.Key]storage.Item)
	for _, it := range first {
		items[it.Key] = it
	}
	var read []storage.Item
	for _, k := range block.Keys(guild, server()) {
		it := items[k]
		it.Key = k
		read = append(read, it)
	}
	again := storage.Of(read...)
	add(t, again, server(), 3)
	changed, err := again.Changes()
	if err != nil {
		t.Fatal(err)
	}
	if !slices.ContainsFunc(changed, func(it storage.Item) bool { return it.Key == partnership.CountsKey(guild) }) {
		t.Error("the counts are not written: an approval at the same moment would pass")
	}
	if count(again) != 1 {
		t.Errorf("%d entries", count(again))
	}
}

func TestAddAndRemove(t *testing.T) {
	x := tx(server(), user())
	add(t, x, server(), 0)
	add(t, x, user(), 2)
	if count(x) != 2 {
		t.Errorf("%d entries", count(x))
	}
	if _, ok := waits(x, block.Lift(guild, server())); ok {
		t.Error("what is blocked for good will be lifted")
	}
	if at, ok := waits(x, block.Lift(guild, user())); !ok || !at.Equal(now().Add(48*time.Hour)) {
		t.Errorf("lifted at %v, %v", at, ok)
	}
	if _, ok := waits(x, block.Enforce(guild, server())); !ok {
		t.Error("what waits is not denied")
	}

	add(t, x, user(), 5) // again, for longer
	if at, _ := waits(x, block.Lift(guild, user())); !at.Equal(now().Add(5 * 24 * time.Hour)) {
		t.Errorf("lifted at %v", at)
	}
	add(t, x, user(), 0)
	if _, ok := waits(x, block.Lift(guild, user())); ok || count(x) != 2 {
		t.Errorf("lifted all the same; %d entries", count(x))
	}

	if _, err := block.Remove(x, guild, user()); err != nil || count(x) != 1 {
		t.Errorf("%v; %d entries", err, count(x))
	}
	if _, err := block.Remove(x, guild, user()); reason(err) != "block.not-listed" || count(x) != 1 {
		t.Errorf("%v; %d entries", err, count(x))
	}
	if _, ok := block.Listed(x, guild, server(), now()); !ok {
		t.Error("a server() left with the user() of the same ID")
	}
}

// reason is the key of a refusal.
func reason(err error) string {
	if no := new(refuse.Error); errors.As(err, &no) {
		return no.Key
	}
	return fmt.Sprint(err)
}

func TestListIsFull(t *testing.T) {
	x := tx(server(), user())
	l := partnership.Limits{Blocks: 1}
	if err := block.Add(x, guild, block.Entry{Target: server(), At: now()}, l); err != nil {
		t.Fatal(err)
	}
	if err := block.Add(x, guild, block.Entry{Target: user(), At: now()}, l); reason(err) != "block.full" || count(x) != 1 {
		t.Errorf("%v; %d entries", err, count(x))
	}
	if err := block.Add(x, guild, block.Entry{Target: server(), At: now(), Reason: "more"}, l); err != nil || count(x) != 1 {
		t.Errorf("an entry cannot be changed when the list is full: %v; %d entries", err, count(x))
	}
}

// FAULTS R16: an entry whose time is over is invisible at once, whether or not
// it was taken off.
func TestTimeIsOver(t *testing.T) {
	x := tx(server())
	add(t, x, server(), 1)
	end := now().Add(24 * time.Hour)
	for at, want := range map[time.Time]bool{now(): true, end.Add(-1): true, end: false, end.Add(time.Hour): false} {
		if _, ok := block.Listed(x, guild, server(), at); ok != want {
			t.Errorf("at %v: blocked %v", at, ok)
		}
	}
	if block.Expire(x, guild, server(), end.Add(-1)) || count(x) != 1 {
		t.Error("lifted too early")
	}
	if !block.Expire(x, guild, server(), end) || count(x) != 0 {
		t.Error("not lifted")
	}
	if block.Expire(x, guild, server(), end) || count(x) != 0 {
		t.Error("lifted twice")
	}
	add(t, x, server(), 0)
	if block.Expire(x, guild, server(), end) {
		t.Error("lifted what is blocked for good")
	}
}

func TestIn(t *testing.T) {
	x := tx(server(), user())
	add(t, x, server(), 1)
	later := block.Entry{Target: user(), At: now().Add(time.Hour)}
	if err := block.Add(x, guild, later, partnership.DefaultLimits()); err != nil {
		t.Fatal(err)
	}
	items, err := x.Changes()
	if err != nil {
		t.Fatal(err)
	}
	var page storage.Page
	for _, it := range items {
		if it.Kind == "block" {
			page.Items = append(page.Items, it)
		}
	}
	list, err := block.In(page, now())
	if err != nil || len(list) != 2 || list[0].Target != user() {
		t.Errorf("%+v, %v", list, err)
	}
	list, err = block.In(page, now().Add(25*time.Hour))
	if err != nil || len(list) != 1 {
		t.Errorf("%+v, %v", list, err)
	}
}

func TestParse(t *testing.T) {
	for s, want := range map[string]block.Target{"server#7": server(), "user#7": user()} {
		if got, ok := block.Parse(s); !ok || got != want || got.String() != s {
			t.Errorf("%q is %v, %v", s, got, ok)
		}
	}
	for _, s := range []string{"", "7", "server", "server#", "server#7#8", "role#7", "server#-7", "user#123456789012345678901", "server#７"} {
		if got, ok := block.Parse(s); ok {
			t.Errorf("%q is %v", s, got)
		}
	}
}

func TestDays(t *testing.T) {
	for typed, want := range map[string]int{"": 0, " ": 0, "1": 1, " 30 ": 30, "3650": 3650} {
		if n, err := block.Days(typed); err != nil || n != want {
			t.Errorf("%q is %d, %v", typed, n, err)
		}
	}
	for _, typed := range []string{"0", "-1", "3651", "ten", "1.5", "99999999999999999999"} {
		if n, err := block.Days(typed); reason(err) != "block.days-invalid" {
			t.Errorf("%q is %d, %v", typed, n, err)
		}
	}
}
