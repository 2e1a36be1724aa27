package poller

import (
	"context"
	"sync"
	"time"
)

// A pace lets requests go one after another, in the order in which they come. The
// zero pace lets them go at once.
type pace struct {
	every time.Duration

	mu   sync.Mutex
	next time.Time // when the next one may go, by the machine's clock
}

// reserve returns how long the next request is to wait.
func (p *pace) reserve() time.Duration {
	now := time.Now()
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.next.Before(now) {
		p.next = now
	}
	wait := p.next.Sub(now)
	p.next = p.next.Add(p.every)
	return wait
}

// wait returns when one more request may be sent.
func (p *pace) wait(ctx context.Context) error {
	t := time.NewTimer(p.reserve())
	defer t.Stop()
	select {
	case <-t.C:
		return ctx.Err()
	case <-ctx.Done():
		return ctx.Err()
	}
}
