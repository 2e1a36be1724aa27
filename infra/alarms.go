package main

import (
	"fmt"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatch"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatchactions"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsdynamodb"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssnssubscriptions"
	"github.com/aws/aws-cdk-go/awscdk/v2/interfaces/interfacesawscloudwatch"
	"github.com/aws/jsii-runtime-go"
)

// alarms are all that ring, and where they ring.
type alarms struct {
	topic awssns.Topic
	all   []interfacesawscloudwatch.IAlarmRef // for the dashboard
}

// An alarm is one thing that an operator has to know. Its id is the heading in
// docs/runbook.md that says what to do, without spaces.
type alarm struct {
	id, means string
	metric    awscloudwatch.IMetric
	limit     float64 // it rings at more than that, or with below, at less
	below     bool
	periods   float64 // how many of them in a row
}

// alarmTable lists every alarm. Limits that are not in the design are set where a
// few such events are normal, and more are not.
func alarmTable(p *parts) []alarm {
	interactions := p.functions["interactions"]
	errors := total(5, interactions.MetricErrors(sum(5)), p.entry.broken, p.signals.failed)
	slow := interactions.MetricDuration(&awscloudwatch.MetricOptions{Statistic: jsii.String("p99"), Period: minutes(5)})
	age := p.queues.actions.MetricApproximateAgeOfOldestMessage(highest(1))
	return []alarm{
		{"DeadLetters", "An action failed as a bug does, and waits for somebody to look at it.",
			p.queues.dead.MetricApproximateNumberOfMessagesVisible(highest(1)), 0, false, 1},
		{"OldestAction", "An action waits for more than five minutes.", age, 300, false, 2},
		{"InteractionsErrors", "Members read an apology, or that the application did not respond.", errors, 0, false, 1},
		{"InteractionsBusy", "Members are told to try again: others wrote the same until the time was up.", p.signals.busy, 5, false, 1},
		{"InteractionsSlow", "One answer in a hundred takes more than 2 s; Discord waits for 3.", slow, 2000, false, 2},
		{"Throttles", "Lambda or DynamoDB turns us away.", total(5, p.throttles()...), 0, false, 1},
		{"RefusedRequests", "Many requests come that are not Discord's.", p.signals.refused, 50, false, 2},
		{"SchedulerHeartbeat", "No run of the scheduler succeeded for five minutes.", p.runs("scheduler"), 1, true, 5},
		{"PollerHeartbeat", "No run of the poller succeeded for five minutes.", p.runs("poller"), 1, true, 5},
		{"BlockedActions", "More than a fifth of all actions are blocked, and more than ten.", p.blocked(), 20, false, 1},
		{"RestBudget", "Discord limits the bot as a whole: all functions together ask for too much.", p.signals.limited, 5, false, 2},
		{"PollsLate", "Polls are more than two minutes late: the poll budget is used up.",
			p.signals.late.With(highest(5)), 120, false, 3},
		{"DiscordRefuses", "Discord refuses the bot, and nothing is sent: a wrong token, or a ban.", p.signals.shut, 0, false, 1},
		{"Quarantined", "Discord takes the bot for a sender of spam: no direct message is sent.", p.signals.quarantined, 0, false, 1},
		{"GuildsLost", "The bot is out of many servers at once. Nothing of them is deleted until somebody looked.", p.signals.lost, 0, false, 1},
		{"UnforeseenCodes", "Discord answers with a code that this version does not know.", p.signals.unforeseen, 0, false, 1},
	}
}

// newAlarms makes all alarms. They ring, and say when it is over, at the topic.
func newAlarms(p *parts) alarms {
	a := alarms{topic: awssns.NewTopic(p.stack, jsii.String("Alarms"), &awssns.TopicProps{EnforceSSL: jsii.Bool(true)})}
	// The policy that refuses what comes without TLS takes the place of the one that
	// AWS gives a topic, and with it of the right of the account's alarms to ring.
	for _, who := range []struct{ sid, service string }{{"AlarmsMayRing", "cloudwatch"}, {"BudgetMayRing", "budgets"}} {
		a.topic.AddToResourcePolicy(awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{
			Sid:        &who.sid,
			Principals: &[]awsiam.IPrincipal{awsiam.NewServicePrincipal(jsii.String(who.service+".amazonaws.com"), nil)},
			Actions:    jsii.Strings("sns:Publish"), Resources: &[]*string{a.topic.TopicArn()},
			Conditions: &map[string]any{"StringEquals": map[string]any{"aws:SourceAccount": p.stack.Account()}},
		}))
	}
	if p.cfg.alarmEmail != "" {
		a.topic.AddSubscription(awssnssubscriptions.NewEmailSubscription(&p.cfg.alarmEmail, nil))
	}
	told := awscloudwatchactions.NewSnsAction(a.topic)
	for _, of := range alarmTable(p) {
		props := &awscloudwatch.AlarmProps{
			AlarmDescription:   jsii.String(of.means + " See docs/runbook.md."),
			Metric:             of.metric,
			Threshold:          &of.limit,
			ComparisonOperator: awscloudwatch.ComparisonOperator_GREATER_THAN_THRESHOLD,
			EvaluationPeriods:  &of.periods,
			TreatMissingData:   awscloudwatch.TreatMissingData_NOT_BREACHING, // nothing happened
		}
		if of.below { // silence is what a heartbeat is there to notice
			props.ComparisonOperator = awscloudwatch.ComparisonOperator_LESS_THAN_THRESHOLD
			props.TreatMissingData = awscloudwatch.TreatMissingData_BREACHING
		}
		made := awscloudwatch.NewAlarm(p.stack, jsii.String(of.id+"Alarm"), props)
		made.AddAlarmAction(told)
		made.AddOkAction(told)
		a.all = append(a.all, made)
	}
	return a
}

// runs counts how many runs of a function succeeded in a minute.
func (p *parts) runs(bundle string) awscloudwatch.IMetric {
	f, all, failed := p.functions[bundle], bundle+"All", bundle+"Failed" // a graph may show two functions' runs
	return awscloudwatch.NewMathExpression(&awscloudwatch.MathExpressionProps{
		Expression: jsii.String("FILL(" + all + ", 0) - FILL(" + failed + ", 0)"), Label: jsii.String("runs of the " + bundle), Period: minutes(1),
		UsingMetrics: &map[string]awscloudwatch.IMetric{all: f.MetricInvocations(sum(1)), failed: f.MetricErrors(sum(1))},
	})
}

// blocked is the share of blocked actions in a quarter of an hour, in percent;
// 0 if they are ten or fewer: one guild that took a permission away.
func (p *parts) blocked() awscloudwatch.IMetric {
	return awscloudwatch.NewMathExpression(&awscloudwatch.MathExpressionProps{
		Expression: jsii.String("IF(blocked > 10, 100 * blocked / tried, 0)"), Label: jsii.String("blocked actions in percent"), Period: minutes(15),
		UsingMetrics: &map[string]awscloudwatch.IMetric{"blocked": p.signals.blocked.With(sum(15)), "tried": p.signals.actions.With(sum(15))},
	})
}

// throttles is what Lambda and DynamoDB turn away.
func (p *parts) throttles() (all []awscloudwatch.IMetric) {
	for _, f := range functions() {
		all = append(all, p.functions[f.bundle].MetricThrottles(sum(5)))
	}
	for _, t := range []awsdynamodb.ITable{p.tables.records, p.tables.actions} {
		for _, name := range []string{"ReadThrottleEvents", "WriteThrottleEvents"} {
			all = append(all, t.Metric(&name, sum(5)))
		}
	}
	return all
}

// total adds metrics up. Those that say nothing at a time do not count then.
func total(of float64, metrics ...awscloudwatch.IMetric) awscloudwatch.IMetric {
	using := map[string]awscloudwatch.IMetric{}
	var names []string
	for i, m := range metrics {
		names = append(names, fmt.Sprintf("m%d", i))
		using[names[i]] = m
	}
	return awscloudwatch.NewMathExpression(&awscloudwatch.MathExpressionProps{
		Expression: jsii.String("SUM([" + strings.Join(names, ", ") + "])"), Label: jsii.String("all"), Period: minutes(of), UsingMetrics: &using,
	})
}
