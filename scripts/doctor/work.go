package main

import (
	"context"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"github.com/entente-bot/entente/internal/env"
)

// errGone means that AWS knows nothing of that name.
var errGone = errors.New("there is no such thing")

// revert is what to do about whatever somebody changed by hand.
const revert = "if nobody meant that, npx cdk deploy -c stage=<stage> --revert-drift"

// checkAccess wants to be somebody whom AWS knows, in the account of the stack.
// The region is always the stack's, whatever the environment says.
func checkAccess(ctx context.Context, p patient) []finding {
	out, err := sts.NewFromConfig(p.aws).GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	switch {
	case err != nil:
		return []finding{fault("log in to AWS (aws sso login, or aws configure), or choose a profile with AWS_PROFILE", "AWS does not know you: %v", err)}
	case aws.ToString(out.Account) != p.account():
		return []finding{fault("choose a profile of that account with AWS_PROFILE", "you are in account %s, and the stack is in %s", aws.ToString(out.Account), p.account())}
	case p.shell != p.region():
		return []finding{ok("account %s, region %s; your shell is in %q, so set AWS_REGION=%s for other commands", p.account(), p.region(), p.shell, p.region())}
	}
	return []finding{ok("account %s, region %s, version %s", p.account(), p.region(), p.Version)}
}

// A lambda is what AWS says of a function.
type lambda struct {
	Configuration struct {
		State, StateReason                       string
		LastUpdateStatus, LastUpdateStatusReason string
		Environment                              struct{ Variables map[string]string }
	}
	Concurrency struct{ ReservedConcurrentExecutions *int }
}

// checkFunctions wants every function to be one that AWS would run.
func checkFunctions(ctx context.Context, p patient) (list []finding) {
	for _, name := range []string{p.Interactions, p.Worker, p.Scheduler, p.Poller} {
		var f lambda
		switch err := p.get(ctx, "lambda", "/2015-03-31/functions/"+name, &f); {
		case errors.Is(err, errGone):
			list = append(list, fault(revert, "%s was deleted", name))
		case err != nil:
			list = append(list, fault(unreachable, "%s: %v", name, err))
		default:
			list = append(list, f.faults(name, p.Application)...)
		}
	}
	if len(list) == 0 {
		return []finding{ok("all four would run")}
	}
	return list
}

// faults lists what keeps a function from running, or has it work for another
// application.
func (f lambda) faults(name, application string) (list []finding) {
	c, n := f.Configuration, f.Concurrency.ReservedConcurrentExecutions
	if n != nil && *n == 0 {
		list = append(list, fault("aws lambda delete-function-concurrency --function-name "+name+", unless you are restoring a table (docs/runbook.md)",
			"%s is stopped: its reserved concurrency is 0", name))
	}
	if c.State != "Active" {
		list = append(list, fault("look at it in the Lambda console, or deploy again", "%s is %s: %s", name, c.State, c.StateReason))
	}
	switch c.LastUpdateStatus {
	case "Successful":
	case "InProgress":
		list = append(list, fault("wait a minute", "%s is being updated", name))
	default:
		list = append(list, fault("deploy again", "the last update of %s is %s: %s", name, c.LastUpdateStatus, c.LastUpdateStatusReason))
	}
	if id := c.Environment.Variables[env.ApplicationID]; id != application {
		list = append(list, fault(revert, "%s is for application %q, and the stack for %s", name, id, application))
	}
	return list
}

// checkSchedules wants what is due every minute to be begun every minute.
func checkSchedules(ctx context.Context, p patient) (list []finding) {
	for _, minute := range []struct{ name, function string }{{p.SchedulerMinute, p.Scheduler}, {p.PollerMinute, p.Poller}} {
		var s struct {
			State, ScheduleExpression string
			Target                    struct{ Arn string }
		}
		switch err := p.get(ctx, "scheduler", "/schedules/"+minute.name, &s); {
		case errors.Is(err, errGone):
			list = append(list, fault(revert, "the schedule of %s was deleted", minute.function))
		case err != nil:
			list = append(list, fault(unreachable, "the schedule of %s: %v", minute.function, err))
		case s.State != "ENABLED":
			list = append(list, fault("enable it in the EventBridge console, or deploy with --revert-drift", "the schedule of %s is %s", minute.function, strings.ToLower(s.State)))
		case !strings.HasSuffix(s.Target.Arn, ":function:"+minute.function):
			list = append(list, fault(revert, "the schedule of %s invokes %s", minute.function, s.Target.Arn))
		case s.ScheduleExpression != "rate(1 minute)":
			list = append(list, fault(revert, "the schedule of %s is %s", minute.function, s.ScheduleExpression))
		}
	}
	if len(list) == 0 {
		return []finding{ok("the scheduler and the poller run every minute")}
	}
	return list
}

// checkMapping wants the queue to feed the worker, message by message.
func checkMapping(ctx context.Context, p patient) []finding {
	var m struct {
		State, EventSourceArn, FunctionArn string
		FunctionResponseTypes              []string
	}
	err := p.get(ctx, "lambda", "/2015-03-31/event-source-mappings/"+p.Mapping, &m)
	switch {
	case errors.Is(err, errGone):
		return []finding{fault(revert, "the worker gets nothing: its event source mapping was deleted")}
	case err != nil:
		return []finding{fault(unreachable, "the event source mapping: %v", err)}
	case m.State != "Enabled":
		return []finding{fault(fmt.Sprintf("aws lambda update-event-source-mapping --uuid %s --enabled, unless you are restoring a table (docs/runbook.md)", p.Mapping),
			"the worker gets nothing: its event source mapping is %s", strings.ToLower(m.State))}
	case !strings.HasSuffix(m.EventSourceArn, ":"+path.Base(p.Queue)) || !strings.HasSuffix(m.FunctionArn, ":function:"+p.Worker):
		return []finding{fault(revert, "the event source mapping leads from %s to %s", m.EventSourceArn, m.FunctionArn)}
	case !slices.Contains(m.FunctionResponseTypes, "ReportBatchItemFailures"):
		return []finding{fault(revert, "one message that fails has a whole batch done again: ReportBatchItemFailures is off")}
	}
	return []finding{ok("the queue feeds the worker")}
}
