package poller

import (
	"context"
	"time"

	"github.com/entente-bot/entente/internal/poll"
)

// abreast is how many guilds are polled at once, at most: enough that a few which
// take ten seconds each do not hold up the others.
const abreast = 32

// A run is what one run knows. Only the goroutine of until uses it, except for
// what its methods say otherwise.
type run struct {
	*Poller
	token            string
	plan             *poll.Plan
	pace             pace
	slot             time.Time             // when the budget has a request for the next poll; zero while none is needed
	before           map[string]poll.Watch // by guild, as they were read
	learned          map[string]poll.Watch // by guild, as they are now, if that is new
	desks            map[string]*desk      // by guild
	polled, answered int                   // so far
	stopped          bool                  // no more polls begin
	saveAll          bool                  // also what a later run would do without
	long             chan struct{}         // has one of whoever reads a long list of members; any goroutine may use it
}

func (p *Poller) newRun(watches []poll.Watch, token string) *run {
	r := &run{
		Poller: p, token: token, plan: poll.NewPlan(watches, float64(p.Budget)),
		before: make(map[string]poll.Watch, len(watches)), learned: map[string]poll.Watch{}, desks: map[string]*desk{},
		long: make(chan struct{}, longAtOnce),
	}
	for _, w := range watches {
		r.before[w.Guild] = w
	}
	return r
}

// until polls every guild whose turn comes by due, begins with none after last, and
// waits for what it began.
func (r *run) until(ctx context.Context, due, last time.Time) {
	ctx, cancel := before(ctx, cut)
	defer cancel()
	visits, busy, broken := make(chan visit), 0, ctx.Done()
	for {
		turn, stop, ok := r.turn(due, last, busy)
		if !ok && busy == 0 {
			return
		}
		select {
		case v := <-visits:
			busy--
			r.learn(v)
		case <-turn:
			next := r.plan.Pop()
			r.slot = time.Time{}
			busy++
			go func(d *desk) { visits <- r.visit(ctx, next, d) }(r.desk(next.Guild))
		case <-broken:
			r.stopped, broken = true, nil
		}
		stop()
	}
}

// before ends so long before ctx does.
func before(ctx context.Context, by time.Duration) (context.Context, context.CancelFunc) {
	end, _ := ctx.Deadline() // a run always has one
	return context.WithDeadline(ctx, end.Add(-by))
}

// turn returns a channel that is ready when the next guild's turn comes and the
// budget has a request for it, and false if none comes in time, or no more can be
// polled at once than are.
func (r *run) turn(due, last time.Time, busy int) (turn <-chan time.Time, stop func(), ok bool) {
	next, ok := r.plan.Peek()
	now := r.Now()
	if !ok || r.stopped || busy == abreast || next.Due.After(due) {
		return nil, func() {}, false
	}
	at := next.Due
	if !at.After(now) && r.slot.IsZero() {
		r.slot = now.Add(r.pace.reserve())
	}
	if r.slot.After(at) {
		at = r.slot
	}
	if at.After(last) || now.After(last) {
		return nil, func() {}, false
	}
	t := time.NewTimer(at.Sub(now))
	return t.C, func() { t.Stop() }, true
}

// desk returns what is remembered of a guild.
func (r *run) desk(guild string) *desk {
	if r.desks[guild] == nil {
		r.desks[guild] = new(desk)
	}
	return r.desks[guild]
}

// learn takes note of what came of a visit.
func (r *run) learn(v visit) {
	if r.polled++; v.answered {
		r.answered++
	}
	r.stopped = r.stopped || v.refused
	r.learned[v.watch.Guild] = r.plan.Push(v.watch)
}

// late is by how much the next turn is overdue: polls fall behind where the budget,
// or Discord, gives less than they need.
func (r *run) late() time.Duration {
	next, ok := r.plan.Peek()
	if !ok || next.Due.IsZero() { // nobody waits, or somebody who was never polled
		return 0
	}
	return max(0, r.Now().Sub(next.Due))
}

// end saves what was learned and is worth it. An alarm is made of the line that it logs.
func (r *run) end(ctx context.Context) (int, error) {
	var lessons []lesson
	for guild, w := range r.learned {
		if r.saveAll || w.Worth(r.before[guild]) {
			lessons = append(lessons, lesson{r.before[guild], w})
		}
	}
	err := r.save(ctx, r.token, lessons)
	r.Log.InfoContext(ctx, "polled", "polls", r.polled, "answered", r.answered, "guilds", len(lessons), "watched", len(r.before), "late", int(r.late().Seconds()), "saved", err == nil)
	return r.polled, err
}
