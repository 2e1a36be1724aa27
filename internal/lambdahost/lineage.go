package lambdahost

import (
	"context"
	"fmt"
	"regexp"
	"strconv"
	"time"
)

// MaxChain is how many invocations in a row may follow from each other by way of
// a queue. Lambda ends a longer chain, of about that many: it does not invoke the
// function, and the messages go to the dead letters.
const MaxChain = 16

type chainKey struct{}

// withChain returns ctx for an invocation that is the nth in a row.
func withChain(ctx context.Context, n int) context.Context {
	return context.WithValue(ctx, chainKey{}, n)
}

// chainOf returns the how manieth in a row the invocation under ctx is: the first,
// if it did not come from a queue.
func chainOf(ctx context.Context) int {
	if n, ok := ctx.Value(chainKey{}).(int); ok {
		return n
	}
	return 1
}

// traceHeader is what an invocation is told of where it comes from. AWS's SDK
// hands it on with every request.
func traceHeader(at time.Time, chain int) string {
	return fmt.Sprintf("Root=1-%08x-%.24s;Parent=%.16s;Sampled=0;Lineage=1:lambdahost:%d", at.Unix(), hexID(), hexID(), chain)
}

// lineage returns how many invocations in a row a trace header tells of.
func lineage(header string) int {
	found := regexp.MustCompile(`;Lineage=1:lambdahost:([0-9]+)$`).FindStringSubmatch(header)
	if found == nil {
		return 0
	}
	n, _ := strconv.Atoi(found[1]) // digits, of ours
	return n
}

// chain returns the how manieth in a row an invocation with a batch is: after the
// longest of its messages, whichever Lambda goes by.
func chain(batch []Message) (n int) {
	for _, m := range batch {
		n = max(n, lineage(m.Trace))
	}
	return n + 1
}

// bury moves messages to the dead letters of their queue, if it has some.
func (s *SQS) bury(name string, batch []Message) {
	s.mu.Lock()
	defer s.mu.Unlock()
	q := s.queues[name]
	var kept []*Message
	for _, m := range q.messages {
		cut := false
		for _, b := range batch {
			cut = cut || b.ID == m.ID
		}
		switch dead := s.queues[q.DeadLetters]; {
		case !cut:
			kept = append(kept, m)
		case dead != nil:
			m.origin = q.Name
			dead.messages = append(dead.messages, m)
		}
	}
	q.messages = kept
}
