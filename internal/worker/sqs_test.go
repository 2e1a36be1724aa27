package worker_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/entente-bot/entente/internal/action"
)

// batch makes a batch of messages with the given bodies, numbered from 0.
func batch(bodies ...string) (e events.SQSEvent) {
	for i, body := range bodies {
		e.Records = append(e.Records, events.SQSMessage{MessageId: fmt.Sprint(i), Body: body})
	}
	return e
}

// pointers writes refs as bodies.
func pointers(refs ...action.Ref) (bodies []string) {
	for _, r := range refs {
		bodies = append(bodies, action.Encode(r, 0))
	}
	return bodies
}

// serve gives the worker a batch, and fails the test unless exactly the named
// messages are reported as failed.
func (b *bench) serve(ctx context.Context, e events.SQSEvent, failed ...string) {
	b.Helper()
	out, err := b.ServeSQS(ctx, e)
	if err != nil {
		b.Fatal(err)
	}
	var got []string
	for _, f := range out.BatchItemFailures {
		got = append(got, f.ItemIdentifier)
	}
	if !slices.Equal(got, failed) {
		b.Errorf("failed: %v, want %v", got, failed)
	}
}

func TestQueueMessages(t *testing.T) {
	t.Parallel()
	bad := []string{
		"", "x", "null", "[]", "{}", `"apply.card#1#2"`, `{"schema":2,"action":"apply.card#1#2"}`,
		`{"schema":1,"action":"apply.card"}`, `{"schema":1,"action":7}`, `{"schema":"1","action":"apply.card#1#2"}`,
	}
	for _, tt := range []struct {
		name   string
		batch  func(good []string) []string
		failed []string
	}{
		{"once", func(good []string) []string { return good }, nil},
		{"in another order", func(good []string) []string { slices.Reverse(good); return good }, nil},
		{"each five times at once", func(good []string) []string { return slices.Repeat(good, 5) }, nil},
		{"beside malformed ones", func(good []string) []string { return append(slices.Clone(bad), good...) },
			[]string{"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"}},
		{"beside one of what is not there", func(good []string) []string {
			return append(good, pointers(action.Ref{Name: "apply.card", Guild: "1", Subject: "2"})...)
		}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			bodies := tt.batch(pointers(b.partners(3)...))
			b.serve(t.Context(), batch(bodies...), tt.failed...)
			b.wantListed(3)
			b.serve(t.Context(), batch(bodies...), tt.failed...) // again, long after
			b.wantListed(3)
			b.sweep(0)
			b.wantListed(3)
		})
	}
}

// TestLostPointersAreFound drops every pointer. The scheduler finds what they
// point at, after the time that a pointer may take.
func TestLostPointersAreFound(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.partners(3)
	b.sent.take()
	b.sweep(action.Grace)
	b.wantListed(0)
	b.later(action.Grace)
	b.sweep(action.Grace)
	b.wantListed(3)
}

func TestUnknownActionIsGivenUp(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	r := action.Ref{Name: "apply.sing", Guild: b.Guild, Subject: "1"}
	b.cause(r)
	b.serve(t.Context(), batch(pointers(r)...), "0")
	b.later(time.Hour)
	b.sent.take()
	b.sweep(0) // it does not find it
	b.serve(t.Context(), batch(pointers(r)...), "0")
}

// TestBadOnesDoNotHoldUpTheOthers: ten messages, of which one is poison and one
// makes the program panic. The other eight are done once.
func TestBadOnesDoNotHoldUpTheOthers(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.Discord = touchy{b.Discord, "Server 08", false, func(context.Context) error { panic("ouch") }}
	bodies := append([]string{"poison"}, pointers(b.partners(9)...)...)
	b.serve(t.Context(), batch(bodies...), "0", "9")
	b.wantListed(8)
	if !strings.Contains(b.logs.String(), "panic: ouch") {
		t.Errorf("the panic is not in the log:\n%s", b.logs)
	}

	// SQS sends the two again, until they are dead letters.
	b.serve(t.Context(), batch(bodies[0], bodies[9]), "0", "1")
	b.wantListed(8)

	// The program is mended, and an operator sends the dead letters again.
	b.Discord = b.Discord.(touchy).Discord
	b.serve(t.Context(), batch(bodies[9]))
	b.wantListed(9)
}

// TestGivenUpAndSentAgainLater: the program panicked after it had posted. When it
// is mended, a day later, what it posted is found.
func TestGivenUpAndSentAgainLater(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	whole := b.Discord
	b.Discord = touchy{whole, "", true, func(context.Context) error { panic("ouch") }}
	bodies := pointers(b.partners(1)...)
	b.serve(t.Context(), batch(bodies...), "0")
	b.wantListed(1)
	b.Discord = whole
	b.later(24 * time.Hour)
	b.serve(t.Context(), batch(bodies...))
	b.wantListed(1)
}

// TestTimeUp: the function's time is up while one of ten is being posted, or
// when it was, which nobody knows. The others are done; that one is looked for
// and brought in line later.
func TestTimeUp(t *testing.T) {
	t.Parallel()
	for _, after := range []bool{false, true} {
		t.Run(fmt.Sprintf("posted=%v", after), func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			whole := b.Discord
			ctx, timeUp := context.WithCancel(t.Context())
			defer timeUp()
			var posted atomic.Int64
			wait := func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }
			count := func(context.Context) error {
				if most := map[bool]int64{false: 9, true: 10}[after]; posted.Add(1) == most {
					timeUp()
				}
				return nil
			}
			b.Discord = touchy{touchy{whole, "", true, count}, "Server 09", after, wait}
			b.serve(ctx, batch(pointers(b.partners(10)...)...))
			if n := len(b.listed()); n < 9 {
				t.Errorf("%d are listed when the time is up, want all but one", n)
			}
			b.Discord = whole
			b.later(time.Minute)
			b.sweep(0)
			b.wantListed(10)
		})
	}
}

// TestStoreDown: what cannot be taken comes again.
func TestStoreDown(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	refs := b.partners(2)
	whole := b.Actions.DB
	b.Actions.DB = downDB{whole}
	b.serve(t.Context(), batch(pointers(refs...)...), "0", "1")
	b.Actions.DB = whole
	b.serve(t.Context(), batch(pointers(refs...)...))
	b.wantListed(2)
}
