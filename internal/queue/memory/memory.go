// Package memory is the queue of action pointers where one process does
// everything. It is lost in a crash, by design: an action is kept in the
// database with its time, and the sweep finds it there.
package memory

import (
	"context"
	"slices"
	"sync"

	"github.com/entente-bot/entente/internal/action"
)

// A Queue holds pointers, each at most once. Those of one guild are handed out in the
// order they were first sent; guilds take turns, and none holds every worker. Its
// methods may be called at once.
type Queue struct {
	mu     sync.Mutex
	lines  []*line            // of the guilds with pointers that wait or are in hand, whose turn it is first
	share  int                // how many pointers of one guild may be in hand
	listed map[action.Ref]int // what waits, each with its hops
	busy   int                // pointers in hand
	taken  int                // pointers so far
	more   chan struct{}      // closed, and made anew, whenever there may be more to take
	less   chan struct{}      // closed, and made anew, whenever nothing is left to do
}

// A line is what waits of one guild.
type line struct {
	guild   string
	waiting []action.Ref
	busy    int // its pointers in hand
}

// New returns an empty queue.
func New() *Queue {
	return &Queue{listed: map[action.Ref]int{}, more: make(chan struct{}), less: make(chan struct{})}
}

// Send adds refs, without those that wait already: one visit to an action does
// what both were sent for. A ref in hand is added, for its visitor may have
// looked too early. Of several it has the most [action.Hops]. Send never blocks and
// never fails.
func (q *Queue) Send(ctx context.Context, refs ...action.Ref) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, r := range refs {
		hops, waits := q.listed[r]
		if !waits {
			l := q.line(r.Guild)
			l.waiting = append(l.waiting, r)
		}
		q.listed[r] = max(hops, action.Hops(ctx))
	}
	announce(&q.more)
	return nil
}

// Run hands pointers to handle, in as many goroutines as workers says, until ctx
// ends; it returns when what is in hand is finished. So the context that handle
// gets does not end with ctx. What still waits then stays in the queue.
func (q *Queue) Run(ctx context.Context, workers int, handle func(context.Context, action.Ref)) {
	q.mu.Lock()
	q.share = max(1, workers-workers/4)
	q.mu.Unlock()
	var serving sync.WaitGroup
	for range workers {
		serving.Go(func() {
			for {
				r, hops, ok := q.take(ctx)
				if !ok {
					return
				}
				q.work(action.WithHops(context.WithoutCancel(ctx), hops), r, handle)
			}
		})
	}
	serving.Wait()
}

// Idle waits until nothing waits and nothing is in hand, and returns how many
// pointers were taken in hand so far: if it is the same later, nothing was done
// in between. It fails only with ctx.
func (q *Queue) Idle(ctx context.Context) (taken int, err error) {
	for {
		q.mu.Lock()
		idle, taken, less := q.idle(), q.taken, q.less
		q.mu.Unlock()
		if idle {
			return taken, nil
		}
		select {
		case <-less:
		case <-ctx.Done():
			return taken, ctx.Err()
		}
	}
}

// take waits for a pointer and takes it in hand. ok is false when ctx has ended.
func (q *Queue) take(ctx context.Context) (r action.Ref, hops int, ok bool) {
	for ctx.Err() == nil {
		r, hops, ok, more := q.first()
		if ok {
			return r, hops, true
		}
		select {
		case <-more:
		case <-ctx.Done():
		}
	}
	return action.Ref{}, 0, false
}

// line returns the line of a guild. q.mu is held.
func (q *Queue) line(guild string) *line {
	for _, l := range q.lines {
		if l.guild == guild {
			return l
		}
	}
	l := &line{guild: guild}
	q.lines = append(q.lines, l)
	return l
}

// next returns the line whose turn it is: of those with the fewest pointers in hand
// the first; nil if there is none. q.mu is held.
func (q *Queue) next() (next *line) {
	for _, l := range q.lines {
		if len(l.waiting) > 0 && l.busy < q.share && (next == nil || l.busy < next.busy) {
			next = l
		}
	}
	return next
}

// first takes the first waiting pointer in hand, or tells what to wait for.
func (q *Queue) first() (r action.Ref, hops int, ok bool, more <-chan struct{}) {
	q.mu.Lock()
	defer q.mu.Unlock()
	l := q.next()
	if l == nil {
		return action.Ref{}, 0, false, q.more
	}
	q.lines = append(slices.DeleteFunc(q.lines, func(x *line) bool { return x == l }), l)
	r, l.waiting = l.waiting[0], l.waiting[1:]
	hops = q.listed[r]
	delete(q.listed, r)
	l.busy++
	q.busy++
	q.taken++
	return r, hops, true, nil
}

// work calls handle with a pointer in hand, and counts it as finished after.
func (q *Queue) work(ctx context.Context, r action.Ref, handle func(context.Context, action.Ref)) {
	defer func() {
		q.mu.Lock()
		defer q.mu.Unlock()
		if q.busy--; q.idle() {
			announce(&q.less)
		}
		l := q.line(r.Guild)
		if l.busy--; l.busy == 0 && len(l.waiting) == 0 {
			q.lines = slices.DeleteFunc(q.lines, func(x *line) bool { return x == l })
		} else if len(l.waiting) > 0 && l.busy == q.share-1 {
			announce(&q.more)
		}
	}()
	handle(ctx, r)
}

// idle reports whether nothing waits and nothing is in hand. q.mu is held.
func (q *Queue) idle() bool { return len(q.listed) == 0 && q.busy == 0 }

// announce wakes whoever waits for a change of one kind. The queue's mu is held.
func announce(change *chan struct{}) {
	close(*change)
	*change = make(chan struct{})
}
