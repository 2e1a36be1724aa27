package invite_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/invite"
	"github.com/entente-bot/entente/internal/storage"
)

// A bot was banned for a day after 250 look-ups in 10 minutes. These are not the
// constants of the package: a test of those holds whatever they are.
const (
	mostLookUps = 200
	anyTime     = 10 * time.Minute
)

// try looks an invite up that nobody knows, and returns when to come again; zero if
// Discord was asked.
func (b *bench) try(who invite.Asker) time.Time {
	b.Helper()
	_, err := b.desk.Look(b.Context(), "code-"+who.ID, who)
	w := new(invite.Waiting)
	if err != nil && !errors.As(err, &w) {
		b.Error(err)
	}
	return w.Until
}

// asker is the n-th of a guild's people to come.
func asker(guild, user, n int) invite.Asker {
	return invite.Asker{Guild: fmt.Sprint("g", guild), User: fmt.Sprint("u", guild, "-", user), ID: fmt.Sprint(1_000_000 + n)}
}

// wantMost fails the test if Discord was asked too often in any ten minutes.
func (b *bench) wantMost() {
	b.Helper()
	slices.SortFunc(b.asked, time.Time.Compare)
	for i := range b.asked {
		if j := i + mostLookUps; j < len(b.asked) && b.asked[j].Sub(b.asked[i]) <= anyTime {
			b.Fatalf("%d look-ups within %v", mostLookUps+1, b.asked[j].Sub(b.asked[i]))
		}
	}
}

// TestTwoHundredInTenMinutes has 240 guilds look at once, then again and again until
// the ten minutes are over, to the second.
func TestTwoHundredInTenMinutes(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	all := func() {
		for some := range slices.Chunk(numbers(240), 8) {
			var wg sync.WaitGroup
			for _, n := range some {
				wg.Go(func() { b.try(asker(n, 0, n)) })
			}
			wg.Wait()
		}
	}
	all()
	b.wantAsked(mostLookUps)
	b.later(anyTime)
	all()
	b.wantAsked(mostLookUps) // the first were ten minutes ago, not longer
	b.later(time.Second)
	all()
	b.wantAsked(240)
	b.wantMost()
}

func numbers(n int) (list []int) {
	for i := range n {
		list = append(list, i)
	}
	return list
}

// TestTwoHundredHold lets many look at once, for most of an hour, in bursts and in
// quiet times. The budget holds, and is used where there is need for it.
func TestTwoHundredHold(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	random := rand.New(rand.NewPCG(1, 2))
	start, n := b.now, 0
	for b.now.Sub(start) < 50*time.Minute {
		var wg sync.WaitGroup
		for range random.IntN(8) {
			n++
			who := asker(random.IntN(40), random.IntN(3), n-random.IntN(3)) // some look for the same one
			wg.Go(func() {
				if again := b.try(who); !again.IsZero() && !again.After(b.clock()) {
					t.Error("to come again in the past")
				}
			})
		}
		wg.Wait()
		b.later(time.Duration(random.IntN(12_000)) * time.Millisecond)
		if random.IntN(100) == 0 {
			b.later(4 * time.Minute)
		}
	}
	b.wantMost()
	if len(b.asked) < 3*mostLookUps {
		t.Errorf("only %d look-ups in 50 minutes", len(b.asked))
	}
}

// TestShareForEach: whoever takes all that they can get leaves something for others.
func TestShareForEach(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ guilds, users, least, most int }{
		{1, 1, 20, 23},   // one person
		{1, 6, 45, 56},   // a few of one guild
		{1, 200, 67, 67}, // one guild
		{2, 50, 98, 102},
		{10, 50, 160, 175},
		{50, 5, 170, 197},
	} {
		b := newBench(t)
		for n := range 1000 {
			b.try(asker(n%tt.guilds, n/tt.guilds%tt.users, n))
		}
		if got := len(b.asked); got < tt.least || got > tt.most {
			t.Errorf("%d guilds with %d people each had %d look-ups, want %d to %d", tt.guilds, tt.users, got, tt.least, tt.most)
		}
		if again := b.try(asker(0, 9999, 2000)); tt.guilds == 1 && tt.users < 20 && !again.IsZero() {
			t.Errorf("%d guilds with %d people each: somebody else in one of them waits until %v", tt.guilds, tt.users, again)
		}
		if again := b.try(asker(9999, 0, 2001)); !again.IsZero() {
			t.Errorf("%d guilds with %d people each: another guild waits until %v", tt.guilds, tt.users, again)
		}
	}
}

// TestGreedComesOneByOne: eight guilds after each other, each with three people, take
// all that they can. There is something left for the next guilds.
func TestGreedComesOneByOne(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	n := 0
	for guild := range 8 {
		for user := range 3 {
			for range 60 {
				b.try(asker(guild, user, n))
				n++
			}
		}
	}
	for guild := 8; guild < 12; guild++ {
		if again := b.try(asker(guild, 0, n+guild)); !again.IsZero() {
			t.Errorf("guild %d waits until %v", guild, again)
		}
	}
}

// TestFirstComeFirstServed: those who wait come when they are told to, and are served
// in the order in which they came; nobody else is let in before them.
func TestFirstComeFirstServed(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for n := range 67 {
		b.try(asker(1, n, n))
		b.later(time.Second)
	}
	turns := map[int]time.Time{}
	for n := 67; n < 92; n++ {
		turns[n] = b.try(asker(1, n, n))
		if turns[n].IsZero() || n > 67 && turns[n].Before(turns[n-1]) {
			t.Fatalf("the turn of %d is at %v, of the one before at %v", n, turns[n], turns[n-1])
		}
	}
	var served []int
	for len(served) < len(turns) && b.now.Before(turns[91].Add(time.Minute)) {
		if again := b.try(asker(1, 900, 900)); again.IsZero() {
			t.Fatalf("who came last was let in before %d others", len(turns)-len(served))
		}
		for n := 91; n >= 67; n-- { // the last of them asks first
			if slices.Contains(served, n) || b.now.Before(turns[n]) {
				continue
			}
			if again := b.try(asker(1, n, n)); again.IsZero() {
				served = append(served, n)
			} else {
				turns[n] = again
			}
		}
		b.later(time.Second)
	}
	if len(served) != 25 || !slices.IsSorted(served) {
		t.Errorf("served in the order %v", served)
	}
}

// TestLineIsShort has thousands wait in many guilds: what is kept does not grow.
func TestLineIsShort(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for n := range 3000 {
		b.try(asker(n%60, n%600, n))
	}
	items, err := b.desk.DB.Get(t.Context(), storage.Key{Table: storage.Actions, Part: "invite", Sort: "budget"})
	if err != nil || len(items[0].Value) > 24<<10 {
		t.Errorf("%d bytes are kept, %v", len(items[0].Value), err)
	}
	b.later(3 * anyTime)
	b.try(asker(1, 1, 5000))
	if items, err = b.desk.DB.Get(t.Context(), items[0].Key); err != nil || len(items[0].Value) > 200 {
		t.Errorf("half an hour later %d bytes are kept, %v", len(items[0].Value), err)
	}
}

// TestRechecksLeaveHalf: however many listings are looked at again, people who apply
// find half of the budget untouched, and what was unseen longest is looked at first.
func TestRechecksLeaveHalf(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	n := 0
	recheck := func(unseen time.Duration) (known int) {
		for range mostLookUps {
			n++
			_, ok, err := b.desk.Recheck(t.Context(), fmt.Sprint("old-", n), fmt.Sprint("g", n), unseen)
			if err != nil {
				t.Fatal(err)
			}
			if ok {
				known++
			}
		}
		return known
	}
	const day = 24 * time.Hour
	if a, c, d := recheck(day), recheck(2*day), recheck(9*day); a != 80 || c != 10 || d != 10 {
		t.Errorf("of those seen yesterday %d were looked at, then %d of two days, then %d of nine", a, c, d)
	}
	for i := range mostLookUps / 2 {
		if again := b.try(asker(10_000+i, 0, i)); !again.IsZero() {
			t.Fatalf("application %d waits until %v", i, again)
		}
	}
	if _, ok, err := b.desk.Recheck(t.Context(), "old-1", "g1", 0); !ok || err != nil {
		t.Errorf("what is remembered costs nothing, but: %v, %v", ok, err)
	}
}
