package memory_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/queue/memory"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// ref returns the nth of many distinct pointers.
func ref(n int) action.Ref {
	return action.Ref{Name: "showcase.sync", Guild: "1", Subject: fmt.Sprint(n)}
}

func send(t *testing.T, q *memory.Queue, refs ...action.Ref) {
	t.Helper()
	if err := q.Send(t.Context(), refs...); err != nil {
		t.Fatal(err)
	}
}

// serve runs q until the test, in a synctest bubble, calls stop; stop returns
// when Run has.
func serve(t *testing.T, q *memory.Queue, workers int, handle func(context.Context, action.Ref)) (stop func()) {
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		q.Run(ctx, workers, handle)
	}()
	return func() { cancel(); <-done }
}

func TestSentPointersAreHandedOutOnceInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := memory.New()
		send(t, q, ref(1), ref(2), ref(1))
		send(t, q, ref(2), ref(3))
		var got []action.Ref
		stop := serve(t, q, 1, func(_ context.Context, r action.Ref) { got = append(got, r) })
		if _, err := q.Idle(t.Context()); err != nil {
			t.Fatal(err)
		}
		stop()
		if want := []action.Ref{ref(1), ref(2), ref(3)}; !slices.Equal(got, want) {
			t.Errorf("handed out %v, want %v", got, want)
		}
	})
}

// TestGuildsTakeTurns: a thousand pointers of one guild keep no other waiting, and do
// not hold every worker.
func TestGuildsTakeTurns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := memory.New()
		for i := range 1000 {
			send(t, q, action.Ref{Name: "a.b", Guild: "busy", Subject: fmt.Sprint(i)})
		}
		began, inHand, most := time.Now(), atomic.Int64{}, atomic.Int64{}
		var waited sync.Map
		stop := serve(t, q, 8, func(_ context.Context, r action.Ref) {
			if r.Guild != "busy" {
				waited.Store(r.Guild, time.Since(began))
				return
			}
			if n := inHand.Add(1); n > most.Load() {
				most.Store(n)
			}
			<-time.After(40 * time.Second)
			inHand.Add(-1)
		})
		<-time.After(time.Minute)
		send(t, q, action.Ref{Name: "a.b", Guild: "2", Subject: "x"}, action.Ref{Name: "a.b", Guild: "3", Subject: "x"})
		synctest.Wait()
		for _, guild := range []string{"2", "3"} {
			if at, ok := waited.Load(guild); !ok || at.(time.Duration) > time.Minute {
				t.Errorf("guild %s waited beyond %v", guild, at)
			}
		}
		if _, err := q.Idle(t.Context()); err != nil {
			t.Fatal(err)
		}
		stop()
		if most.Load() != 6 {
			t.Errorf("one guild held %d of 8 workers, want 6", most.Load())
		}
	})
}

// TestHops: whoever does a pointer knows how many in a row led to it, however often
// it was sent meanwhile.
func TestHops(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := memory.New()
		for _, hops := range []int{2, 5, 0} {
			if err := q.Send(action.WithHops(t.Context(), hops), ref(1)); err != nil {
				t.Fatal(err)
			}
		}
		send(t, q, ref(2))
		var got []int
		stop := serve(t, q, 1, func(ctx context.Context, _ action.Ref) { got = append(got, action.Hops(ctx)) })
		if _, err := q.Idle(t.Context()); err != nil {
			t.Fatal(err)
		}
		stop()
		if want := []int{5, 0}; !slices.Equal(got, want) {
			t.Errorf("hops %v, want %v", got, want)
		}
	})
}

func TestPointerInHandCanBeSentAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q, handled := memory.New(), 0
		stop := serve(t, q, 1, func(context.Context, action.Ref) {
			if handled++; handled == 1 {
				send(t, q, ref(1))
			}
		})
		send(t, q, ref(1))
		if _, err := q.Idle(t.Context()); err != nil {
			t.Fatal(err)
		}
		stop()
		if handled != 2 {
			t.Errorf("handled %d times, want 2: what came while the first was in hand is lost", handled)
		}
	})
}

func TestIdleWaitsForWhatIsInHand(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q, start := memory.New(), time.Now()
		stop := serve(t, q, 2, func(context.Context, action.Ref) { <-time.After(time.Minute) })
		send(t, q, ref(1), ref(2), ref(3))
		if _, err := q.Idle(t.Context()); err != nil {
			t.Fatal(err)
		}
		// Three pointers of a minute each, two at a time.
		if took := time.Since(start); took != 2*time.Minute {
			t.Errorf("idle after %v, want 2m", took)
		}
		stop()
	})
}

func TestIdleEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := memory.New()
		send(t, q, ref(1)) // and nobody serves
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := q.Idle(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Idle = %v, want the context's error", err)
		}
	})
}

func TestRunFinishesWhatIsInHandAndKeepsTheRest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q, finished := memory.New(), 0
		started := make(chan struct{})
		stop := serve(t, q, 1, func(ctx context.Context, _ action.Ref) {
			close(started)
			select {
			case <-time.After(time.Minute):
				finished++
			case <-ctx.Done():
			}
		})
		send(t, q, ref(1), ref(2))
		<-started
		stop()
		if finished != 1 {
			t.Fatalf("finished %d pointers, want the one in hand", finished)
		}

		var got []action.Ref
		stop = serve(t, q, 1, func(_ context.Context, r action.Ref) { got = append(got, r) })
		if _, err := q.Idle(t.Context()); err != nil {
			t.Fatal(err)
		}
		stop()
		if want := []action.Ref{ref(2)}; !slices.Equal(got, want) {
			t.Errorf("the next Run handed out %v, want %v", got, want)
		}
	})
}

func TestManySendersLoseNothing(t *testing.T) {
	t.Parallel()
	const senders, each = 16, 100
	q := memory.New()
	var mu sync.Mutex
	seen := map[action.Ref]bool{}
	stop := serve(t, q, 8, func(_ context.Context, r action.Ref) {
		mu.Lock()
		defer mu.Unlock()
		seen[r] = true
	})
	var sending sync.WaitGroup
	for s := range senders {
		sending.Go(func() {
			for i := range each {
				_ = q.Send(context.Background(), ref(s*each+i)) // Send never fails
			}
		})
	}
	sending.Wait()
	if _, err := q.Idle(t.Context()); err != nil {
		t.Fatal(err)
	}
	stop()
	if len(seen) != senders*each {
		t.Errorf("handed out %d pointers, want %d", len(seen), senders*each)
	}
}
