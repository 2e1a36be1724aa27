package poll

import (
	"container/heap"
	"math"
	"time"
)

// A Plan says whose turn it is. It is for one goroutine. It goes by no clock, but
// by when polls began.
type Plan struct {
	budget float64 // polls a second
	guilds []guild
	at     map[string]int32 // where a guild stands among guilds
	order  []int32          // of those that wait: a heap, by when they are due

	roots  []float64 // √C of guilds
	now    time.Time // when the latest poll began
	level  float64   // see level
	equal  float64
	sum    float64 // of rates
	solved float64 // what sum was when they were solved
	pushed int     // turns given since then
	rounds int     // how often everybody was looked at to solve them, ever
}

// A guild is a Watch in a plan.
type guild struct {
	watch   Watch
	rate    float64 // polls a second
	planned bool    // when it is due, this plan says
	waits   bool    // it is in order
}

// NewPlan returns the plan for watches, of different guilds, with a budget in
// polls a second, which must be more than 0. Whoever has a turn keeps it.
func NewPlan(watches []Watch, budget float64) *Plan {
	p := &Plan{
		budget: budget, guilds: make([]guild, 0, len(watches)), at: make(map[string]int32, len(watches)),
		order: make([]int32, 0, len(watches)), roots: make([]float64, 0, len(watches)),
	}
	for _, w := range watches {
		i := p.place(w)
		p.guilds[i].waits = true
		p.order = append(p.order, i)
	}
	p.solve()
	return p
}

// place returns where w stands.
func (p *Plan) place(w Watch) int32 {
	i, known := p.at[w.Guild]
	if !known {
		i = int32(len(p.guilds))
		p.at[w.Guild] = i
		p.guilds, p.roots = append(p.guilds, guild{}), append(p.roots, 0)
	}
	g := &p.guilds[i]
	g.watch, g.planned = w, w.Due.IsZero()
	p.now = later(w.Polled, p.now)
	return i
}

// Peek returns who is due first, with when that is, and false if nobody waits.
func (p *Plan) Peek() (Watch, bool) {
	if len(p.order) == 0 {
		return Watch{}, false
	}
	return p.guilds[p.order[0]].watch, true
}

// Pop returns who is due first. They have no turn until Push. Somebody must wait.
func (p *Plan) Pop() Watch {
	i := heap.Pop((*queue)(p)).(int32)
	p.guilds[i].waits = false
	return p.guilds[i].watch
}

// Push gives a guild its next turn, and returns its Watch with when that is. After
// [Watch.Saw], the plan says; after [Watch.Failed] and [Watch.Excite], they did.
func (p *Plan) Push(w Watch) Watch {
	i := p.place(w)
	p.weigh(i)
	p.turn(i)
	if p.guilds[i].waits {
		heap.Init((*queue)(p))
	} else {
		p.guilds[i].waits = true
		heap.Push((*queue)(p), i)
	}
	if p.pushed++; p.stale() {
		p.solve()
	}
	return p.guilds[i].watch
}

// weigh says how often a guild is polled, by what is known of it now, and as if
// that changed nothing for the others.
func (p *Plan) weigh(i int32) {
	g := &p.guilds[i]
	p.roots[i] = math.Sqrt(g.watch.worth(p.now))
	p.sum -= g.rate
	p.rate(i)
	p.sum += g.rate
}

// rate says how often a guild is polled, as was solved.
func (p *Plan) rate(i int32) {
	p.guilds[i].rate = p.equal
	if p.equal == 0 {
		p.guilds[i].rate = clamp(p.level * p.roots[i])
	}
}

// turn says when a guild is due, if that is the plan's to say.
func (p *Plan) turn(i int32) {
	if g := &p.guilds[i]; g.planned {
		g.watch.Due = g.watch.Polled.Add(time.Duration(float64(time.Second) / g.rate))
	}
}

// The rates are solved anew if they sum up to something else than when they were
// solved, by more than drift of the budget: but after atOnce turns at the earliest,
// and one of so many guilds as seldom says. So all solving costs no more than a few
// looks at a guild each turn.
const (
	drift  = 0.02
	atOnce = 16
	seldom = 16
)

// stale reports whether the rates are to be solved anew.
func (p *Plan) stale() bool {
	return p.pushed >= max(atOnce, len(p.guilds)/seldom) && math.Abs(p.sum-p.solved) > drift*p.budget
}

// solve says for everybody anew how often they are polled, and when they are due.
func (p *Plan) solve() {
	for i := range p.guilds {
		p.roots[i] = math.Sqrt(p.guilds[i].watch.worth(p.now))
	}
	var rounds int
	p.level, p.equal, rounds = level(p.roots, p.budget)
	p.rounds += rounds + 1
	p.sum, p.pushed = 0, 0
	for i := range p.guilds {
		p.rate(int32(i))
		p.turn(int32(i))
		p.sum += p.guilds[i].rate
	}
	p.solved = p.sum
	heap.Init((*queue)(p))
}

// A queue is the order of a plan, as [heap.Interface].
type queue Plan

// Len implements [heap.Interface].
func (q *queue) Len() int { return len(q.order) }

// Less implements [heap.Interface].
func (q *queue) Less(i, j int) bool {
	a, b := &q.guilds[q.order[i]].watch, &q.guilds[q.order[j]].watch
	if a.Due.Equal(b.Due) {
		return a.Guild < b.Guild
	}
	return a.Due.Before(b.Due)
}

// Swap implements [heap.Interface].
func (q *queue) Swap(i, j int) { q.order[i], q.order[j] = q.order[j], q.order[i] }

// Push implements [heap.Interface].
func (q *queue) Push(x any) { q.order = append(q.order, x.(int32)) }

// Pop implements [heap.Interface].
func (q *queue) Pop() any {
	last := len(q.order) - 1
	x := q.order[last]
	q.order = q.order[:last]
	return x
}
