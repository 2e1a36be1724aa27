package invite_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/invite"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/storage/bolt"
)

// A bench is a desk with a clock that only the test moves, and a Discord of
// which the test knows when it was asked.
type bench struct {
	*testing.T
	desk *invite.Desk

	mu    sync.Mutex
	now   time.Time
	asked []time.Time
	says  func(code string) (partnership.Invite, error)
}

func newBench(t *testing.T) *bench {
	t.Helper()
	b := &bench{T: t, now: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC), says: toServer("7")}
	db, err := bolt.Open(filepath.Join(t.TempDir(), "db"), b.clock, bolt.Unsynced)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	b.desk = &invite.Desk{DB: db, Now: b.clock, Ask: b.ask}
	return b
}

// toServer says that every invite leads to a server, for ever.
func toServer(id string) func(string) (partnership.Invite, error) {
	return func(string) (partnership.Invite, error) {
		return partnership.Invite{Type: partnership.GuildInvite, Permanent: true, Server: partnership.Server{ID: id}}, nil
	}
}

func (b *bench) clock() time.Time {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.now
}

func (b *bench) later(by time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.now = b.now.Add(by)
}

func (b *bench) ask(_ context.Context, code string) (partnership.Invite, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.asked = append(b.asked, b.now)
	return b.says(code)
}

func (b *bench) look(code string) partnership.Invite {
	b.Helper()
	in, err := b.desk.Look(b.Context(), code)
	if err != nil {
		b.Fatal(err)
	}
	return in
}

// wantAsked fails the test unless Discord was asked n times so far.
func (b *bench) wantAsked(n int) {
	b.Helper()
	if len(b.asked) != n {
		b.Errorf("Discord was asked %d times, want %d", len(b.asked), n)
	}
}

func TestAnswersAreRemembered(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		says  partnership.Invite
		trust time.Duration
	}{
		{"permanent", partnership.Invite{Type: partnership.GuildInvite, Permanent: true, Server: partnership.Server{ID: "7"}}, 6 * time.Hour},
		{"expires one day", partnership.Invite{Type: partnership.GuildInvite, Server: partnership.Server{ID: "7"}}, 10 * time.Minute},
		{"none", partnership.Invite{Type: partnership.NoInvite}, 10 * time.Minute},
		{"group", partnership.Invite{Type: partnership.GroupDMInvite, Permanent: true}, 10 * time.Minute},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			b.says = func(string) (partnership.Invite, error) { return tt.says, nil }
			first := b.look("abc")
			b.later(tt.trust - time.Second)
			if again := b.look("abc"); again.Code != "abc" || again.Type != tt.says.Type || again.Server.ID != first.Server.ID {
				t.Errorf("remembered as %+v, but Discord said %+v", again, first)
			}
			b.wantAsked(1)
			b.look("def") // is another one
			b.wantAsked(2)
			b.later(time.Second)
			b.look("abc")
			b.wantAsked(3)
		})
	}
}

// TestCodeThatAnotherServerTook: codes are used again by strangers after they lapse.
func TestCodeThatAnotherServerTook(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	if in := b.look("abc"); in.Server.ID != "7" {
		t.Fatalf("%+v", in)
	}
	b.says = toServer("8")
	b.later(6 * time.Hour)
	if in := b.look("abc"); in.Server.ID != "8" {
		t.Errorf("still %+v, but the code leads to another server", in)
	}
}

func TestFailuresAreNotRemembered(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	down := errors.New("down")
	b.says = func(string) (partnership.Invite, error) { return partnership.Invite{}, down }
	if _, err := b.desk.Look(t.Context(), "abc"); !errors.Is(err, down) {
		t.Fatalf("Look = %v, want Discord's error", err)
	}
	b.says = toServer("7")
	b.look("abc")
	b.wantAsked(2)
}

// TestOverBudget: the 201st look-up has to wait until the first one is ten
// minutes old, and is told so. What is known is still answered.
func TestOverBudget(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for i := range invite.Budget {
		b.look(fmt.Sprint("code", i))
		b.later(time.Second)
	}
	_, err := b.desk.Look(t.Context(), "more")
	f := new(action.Failure)
	if !errors.As(err, &f) || f.Verdict != action.Again {
		t.Fatalf("the look-up beyond the budget: %v, want a failure to try again", err)
	}
	want := invite.Window - invite.Budget*time.Second
	if f.After < want || f.After > want+2*time.Second {
		t.Errorf("to be tried again in %v, want %v", f.After, want)
	}
	b.look("code0")
	b.wantAsked(invite.Budget)
	b.later(f.After)
	b.look("more")
}

// TestBudgetHolds lets several look at once, for most of an hour, in bursts and
// in quiet times. In no ten minutes is Discord asked more than 200 times, and the budget
// is used where there is need for it.
func TestBudgetHolds(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	random := rand.New(rand.NewPCG(1, 2))
	start, code := b.now, 0
	for b.now.Sub(start) < 50*time.Minute {
		var wg sync.WaitGroup
		for range random.IntN(8) {
			code++
			wanted := fmt.Sprint("code", code-random.IntN(3)) // some look for the same one
			wg.Go(func() {
				_, err := b.desk.Look(t.Context(), wanted)
				if f := new(action.Failure); err != nil && (!errors.As(err, &f) || f.After <= 0 || f.After > invite.Window+time.Second) {
					t.Errorf("Look = %v", err)
				}
			})
		}
		wg.Wait()
		b.later(time.Duration(random.IntN(12_000)) * time.Millisecond)
		if random.IntN(100) == 0 {
			b.later(4 * time.Minute)
		}
	}
	slices.SortFunc(b.asked, time.Time.Compare)
	for i := range b.asked {
		if j := i + invite.Budget; j < len(b.asked) && b.asked[j].Sub(b.asked[i]) <= invite.Window {
			t.Fatalf("%d look-ups within %v", invite.Budget+1, b.asked[j].Sub(b.asked[i]))
		}
	}
	if len(b.asked) < 3*invite.Budget {
		t.Errorf("only %d look-ups in 50 minutes", len(b.asked))
	}
}

// TestRecheckLeavesHalf: however many listings are looked at again, people who
// apply find half of the budget untouched.
func TestRecheckLeavesHalf(t *testing.T) {
	b := newBench(t)
	known := 0
	for i := range invite.Budget {
		_, ok, err := b.desk.Recheck(t.Context(), fmt.Sprintf("old-%d", i))
		if err != nil {
			t.Fatal(err)
		}
		if ok {
			known++
		}
	}
	if known != invite.Budget/2 {
		t.Errorf("%d rechecks were made, want %d", known, invite.Budget/2)
	}
	for i := range invite.Budget / 2 {
		if _, err := b.desk.Look(t.Context(), fmt.Sprintf("new-%d", i)); err != nil {
			t.Fatalf("application %d: %v", i, err)
		}
	}
	if _, ok, err := b.desk.Recheck(t.Context(), "old-0"); !ok || err != nil {
		t.Errorf("what is remembered costs nothing, but: %v, %v", ok, err)
	}
}
