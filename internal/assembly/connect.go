package assembly

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/entente-bot/entente/internal/lambdahost"
)

// connect makes the event source mapping and the schedules.
func (a *Assembly) connect(context.Context) error {
	t := a.cfg.Template
	mappings := t.of(typeMapping)
	if len(mappings) != 1 {
		return fmt.Errorf("the template has %d event source mappings, and one is known here", len(mappings))
	}
	if err := a.mapQueue(mappings[0]); err != nil {
		return err
	}
	for _, id := range t.of(typeSchedule) {
		if err := a.schedule(id); err != nil {
			return fmt.Errorf("schedule %s: %w", id, err)
		}
	}
	return nil
}

// mapQueue connects the queue with its function.
func (a *Assembly) mapQueue(id string) error {
	var m struct {
		EventSourceArn        string
		FunctionName          string
		BatchSize             int
		FunctionResponseTypes []string
	}
	if err := a.cfg.Template.decode(id, &m); err != nil {
		return err
	}
	f, err := a.invoker(m.FunctionName)
	if err != nil {
		return err
	}
	// Lambda reads the queue by the function's role.
	i := slices.IndexFunc(a.gates, func(g *gate) bool { return g.who == f.name })
	err = a.gates[i].may.demand(f.name, m.EventSourceArn, "sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes")
	if err != nil {
		return err
	}
	partial := slices.Contains(m.FunctionResponseTypes, "ReportBatchItemFailures")
	a.Mapping = lambdahost.Mapping{
		SQS: a.SQS, Queue: last(m.EventSourceArn), Batch: cmp.Or(m.BatchSize, 10), Function: fed{f, partial},
	}
	queues, err := a.cfg.Template.queues()
	for _, q := range queues {
		if q.Name == a.Mapping.Queue {
			a.Dead = q.DeadLetters
		}
	}
	return err
}

// A fed function is one that gets its events from a queue.
type fed struct {
	counted
	partial bool // what it says of single messages is heard
}

// Invoke implements [lambdahost.Invoker]. It counts the two requests to the queue
// that Lambda makes for a batch, and the account pays.
func (f fed) Invoke(ctx context.Context, payload []byte) ([]byte, error) {
	for _, operation := range []string{"ReceiveMessage", "DeleteMessage"} {
		f.counts.add(Count{Function: "mapping", Service: "sqs", Operation: operation, Requests: 1})
	}
	response, err := f.counted.Invoke(ctx, payload)
	if !f.partial {
		response = nil
	}
	return response, err
}

// schedule makes one schedule, unless its role may not invoke its function.
func (a *Assembly) schedule(id string) error {
	var s struct {
		State  string
		Target struct{ Arn, RoleArn, Input string }
	}
	if err := a.cfg.Template.decode(id, &s); err != nil {
		return err
	}
	f, err := a.invoker(s.Target.Arn)
	if err != nil {
		return err
	}
	may, err := a.cfg.Template.roleOf(s.Target.RoleArn)
	if err != nil {
		return err
	}
	if err := may.demand("it", s.Target.Arn, "lambda:InvokeFunction"); err != nil {
		return err
	}
	if s.State == "DISABLED" {
		return errors.New("it is disabled")
	}
	a.Schedules[f.name] = lambdahost.Schedule{Name: id, Function: f, Input: s.Target.Input}
	return nil
}
