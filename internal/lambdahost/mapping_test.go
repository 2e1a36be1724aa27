package lambdahost_test

import (
	"context"
	"errors"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/lambdahost"
)

// collect keeps what the function tells until the test ends. One goroutine both
// receives and answers: what was told before since is called is in its answer.
func collect(t *testing.T, told <-chan string) (since func() []string) {
	t.Helper()
	asked := make(chan chan []string)
	go func() {
		var list []string
		for {
			select {
			case what := <-told:
				list = append(list, what)
			case answer := <-asked:
				answer <- list
				list = nil
			case <-t.Context().Done():
				return
			}
		}
	}()
	return func() []string {
		answer := make(chan []string)
		asked <- answer
		got := <-answer
		slices.Sort(got)
		return got
	}
}

// pump pumps m and checks how many messages it delivered.
func pump(t *testing.T, m lambdahost.Mapping, want int) {
	t.Helper()
	if n, err := m.Pump(t.Context()); n != want || err != nil {
		t.Errorf("delivered %d, %v, want %d", n, err, want)
	}
}

func TestOnlyFailedMessagesComeAgainAndDieAtLast(t *testing.T) {
	t.Parallel()
	fn, told := start(t, lambdahost.Config{Timeout: time.Minute})
	seen, s := collect(t, told), queues(t, newClock().now)
	m := lambdahost.Mapping{SQS: s, Queue: "work", Function: fn}

	put(t, s, "work", "a", "bad", "c")
	pump(t, m, 3)
	if got := seen(); !slices.Equal(got, []string{"a/1", "bad/1", "c/1"}) {
		t.Errorf("at first the function saw %q", got)
	}
	pump(t, m, 0) // what failed is invisible
	s.Expire()
	pump(t, m, 1)
	if got := seen(); !slices.Equal(got, []string{"bad/2"}) {
		t.Errorf("then it saw %q, want only what failed", got)
	}
	s.Expire()
	pump(t, m, 0)
	if work, dead := bodies(t, s, "work"), bodies(t, s, "dead"); len(work) > 0 || !slices.Equal(dead, []string{"bad"}) {
		t.Errorf("in the queue %q, dead %q; want the failed message dead", work, dead)
	}
	if _, err := s.Redrive("dead"); err != nil {
		t.Fatal(err)
	}
	pump(t, m, 1)
	if got := seen(); !slices.Equal(got, []string{"bad/1"}) {
		t.Errorf("after the redrive it saw %q", got)
	}
}

// TestLongChainIsCut: a function that sends to its own queue is not invoked for ever.
func TestLongChainIsCut(t *testing.T) {
	t.Parallel()
	s := queues(t, newClock().now)
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	fn, told := start(t, lambdahost.Config{Timeout: time.Minute, Env: map[string]string{"QUEUE": lambdahost.QueueURL(server.URL, "work")}})
	seen, m := collect(t, told), lambdahost.Mapping{SQS: s, Queue: "work", Function: fn}

	put(t, s, "work", "again")
	pump(t, m, lambdahost.MaxChain+1)
	if got := seen(); len(got) != lambdahost.MaxChain {
		t.Errorf("the function saw it %d times, want %d", len(got), lambdahost.MaxChain)
	}
	if work, dead := bodies(t, s, "work"), bodies(t, s, "dead"); len(work) > 0 || !slices.Equal(dead, []string{"again"}) {
		t.Errorf("in the queue %q, dead %q; want it dead", work, dead)
	}
	put(t, s, "work", "a") // of another cause
	pump(t, m, 1)
}

func TestBatchOfACrashComesAgainWhole(t *testing.T) {
	t.Parallel()
	fn, told := start(t, lambdahost.Config{Timeout: time.Minute})
	seen, s := collect(t, told), queues(t, newClock().now)
	m := lambdahost.Mapping{SQS: s, Queue: "work", Function: fn}
	put(t, s, "work", "a", "exit", "c")
	pump(t, m, 3)
	if got := seen(); !slices.Equal(got, []string{"a/1", "exit/1"}) {
		t.Errorf("until the crash the function saw %q", got)
	}
	if left := bodies(t, s, "work"); len(left) != 3 {
		t.Errorf("left %q, want all three", left)
	}
	m.Batch = 1 // so that each meets its own fate
	s.Expire()
	pump(t, m, 3)
	if left := bodies(t, s, "work"); !slices.Equal(left, []string{"exit"}) {
		t.Errorf("left %q, want what crashes", left)
	}
}

// answers is a function that returns the same whatever it gets, and counts.
type answers struct {
	mu       sync.Mutex
	response string
	err      error
	calls    int
	arrived  chan struct{} // if not nil, told of each call, which then waits for leave
	leave    chan struct{}
}

func (a *answers) Invoke(context.Context, []byte) ([]byte, error) {
	a.mu.Lock()
	a.calls++
	a.mu.Unlock()
	if a.arrived != nil {
		a.arrived <- struct{}{}
		<-a.leave
	}
	return []byte(a.response), a.err
}

func TestWhatAResponseMeansForTheBatch(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, response string
		err            error
		left           int
	}{
		{"nothing", ``, nil, 0},
		{"null", `null`, nil, 0},
		{"no failures", `{"batchItemFailures":[]}`, nil, 0},
		{"null failures", `{"batchItemFailures":null}`, nil, 0},
		{"error", ``, errors.New("no"), 2},
		{"no JSON", `{`, nil, 2},
		{"empty ID", `{"batchItemFailures":[{"itemIdentifier":""}]}`, nil, 2},
		{"wrong key", `{"batchItemFailures":[{"id":"1"}]}`, nil, 2},
		{"unknown ID", `{"batchItemFailures":[{"itemIdentifier":"1"}]}`, nil, 2},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := queues(t, time.Now)
			put(t, s, "work", "a", "b")
			m := lambdahost.Mapping{SQS: s, Queue: "work", Function: &answers{response: tt.response, err: tt.err}}
			pump(t, m, 2)
			if left := bodies(t, s, "work"); len(left) != tt.left {
				t.Errorf("left %q, want %d", left, tt.left)
			}
		})
	}
}

func TestBatchesHoldTenAndRunAtOnce(t *testing.T) {
	t.Parallel()
	s := queues(t, time.Now)
	for range 25 {
		put(t, s, "work", "x")
	}
	fn := &answers{arrived: make(chan struct{}), leave: make(chan struct{})}
	go func() {
		<-fn.arrived
		<-fn.arrived // the second while the first is at work
		fn.leave <- struct{}{}
		fn.leave <- struct{}{}
		<-fn.arrived
		fn.leave <- struct{}{}
	}()
	pump(t, lambdahost.Mapping{SQS: s, Queue: "work", Function: fn, Concurrency: 2}, 25)
	if fn.calls != 3 {
		t.Errorf("%d invocations for 25 messages, want 3", fn.calls)
	}
}

func TestPumpEndsWithItsContextAndForNoQueue(t *testing.T) {
	t.Parallel()
	s := queues(t, time.Now)
	put(t, s, "work", "a")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	m := lambdahost.Mapping{SQS: s, Queue: "work", Function: &answers{}}
	if _, err := m.Pump(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("error = %v, want the context's", err)
	}
	m.Queue = "nowhere"
	if _, err := m.Pump(t.Context()); err == nil {
		t.Error("pumped a queue that does not exist")
	}
}
