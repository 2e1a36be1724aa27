package worker_test

import (
	"context"
	"sync/atomic"
	"testing"
	"time"
)

// TestShareOfAGuild: a guild whose actions take long has its share of the process, and
// the rest of them comes a minute later. Nothing fails, and nothing is lost.
func TestShareOfAGuild(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	var inHand atomic.Int64
	full, sole := make(chan struct{}), b.Discord
	b.Discord = touchy{b.Discord, "", false, func(context.Context) error {
		if inHand.Add(1) == 5 { // as many as a guild may have at once
			b.later(50 * time.Second)
			close(full)
		}
		<-full
		return nil
	}}
	b.serve(t.Context(), batch(pointers(b.partners(10)...)...))
	b.Discord = sole
	if n := len(b.listed()); n < 5 || n > 7 {
		t.Fatalf("%d of 10 are listed in one go, want a share of about 5", n)
	}
	b.later(time.Minute)
	b.sent.take()
	b.sweep(0)
	b.wantListed(10)
}

// TestNoTimeLeft: what could not end within the time that a batch has is not begun.
func TestNoTimeLeft(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	b.serve(ctx, batch(pointers(b.partners(2)...)...))
	b.wantListed(0)
	b.sweep(0)
	b.wantListed(2)
}
