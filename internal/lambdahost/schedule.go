package lambdahost

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// A Schedule invokes a function as a schedule of EventBridge Scheduler does.
type Schedule struct {
	Name     string
	Function Invoker

	// Input is the payload, in which Scheduler fills in the context attributes
	// <aws.scheduler.scheduled-time>, .schedule-arn, .execution-id and
	// .attempt-number. Empty means the event Scheduler sends by default.
	Input string
}

// Fire invokes the function for the time at, once, and returns its error. AWS
// would try again; a test fires again.
func (s Schedule) Fire(ctx context.Context, at time.Time) error {
	arn := "arn:aws:scheduler:" + Region + ":" + Account + ":schedule/default/" + s.Name
	when, id := at.UTC().Format(time.RFC3339), newID()
	fallback, err := json.Marshal(map[string]any{
		"version": "0", "id": id, "detail-type": "Scheduled Event", "source": "aws.scheduler", "account": Account,
		"time": when, "region": Region, "resources": []string{arn}, "detail": "{}",
	})
	if err != nil {
		return fmt.Errorf("schedule %s: %w", s.Name, err)
	}
	fill := strings.NewReplacer(
		"<aws.scheduler.scheduled-time>", when,
		"<aws.scheduler.schedule-arn>", arn,
		"<aws.scheduler.execution-id>", id,
		"<aws.scheduler.attempt-number>", "1",
	)
	if _, err := s.Function.Invoke(ctx, []byte(fill.Replace(cmp.Or(s.Input, string(fallback))))); err != nil {
		return fmt.Errorf("schedule %s: %w", s.Name, err)
	}
	return nil
}
