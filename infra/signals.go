package main

import (
	"slices"

	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatch"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/jsii-runtime-go"
)

// signals are metrics made of what the functions log.
type signals struct {
	refused     awscloudwatch.Metric // requests that are not Discord's, whatever their shape
	failed      awscloudwatch.Metric // interactions after which members read an apology
	busy        awscloudwatch.Metric // interactions for which others were faster until the time was up
	actions     awscloudwatch.Metric // attempts at actions
	blocked     awscloudwatch.Metric // attempts after which an action is blocked
	limited     awscloudwatch.Metric // requests that Discord refused because of the bot's limit as a whole
	shut        awscloudwatch.Metric // times that the client stopped sending, lest the bot is banned
	quarantined awscloudwatch.Metric // times that Discord took the bot for a sender of spam
	unforeseen  awscloudwatch.Metric // answers of Discord's with a code that nobody wrote down
	lost        awscloudwatch.Metric // guilds that the bot lost with too many others to believe it
	late        awscloudwatch.Metric // seconds that the next poll was overdue when a run of the poller ended
}

// newSignals makes a filter for each line that is looked for. The lines are
// tested where they are written, and all together in internal/assembly.
func newSignals(p *parts) signals {
	limited := awslogs.FilterPattern_All(is("msg", "rate limited by Discord"),
		awslogs.FilterPattern_BooleanValue(jsii.String("$.global"), jsii.Bool(true)))
	outcome := func(msg, of string) awslogs.IFilterPattern {
		return awslogs.FilterPattern_All(is("msg", msg), is("outcome", of))
	}
	counts := func(field string) awslogs.IFilterPattern {
		return awslogs.FilterPattern_NumberValue(jsii.String("$."+field), jsii.String(">"), jsii.Number(0))
	}
	both := []string{"worker", "poller"}
	return signals{
		refused:     p.refused(),
		failed:      p.signal("FailedInteractions", outcome("interaction", "failed"), "1", "interactions"),
		busy:        p.signal("BusyInteractions", outcome("interaction", "busy"), "1", "interactions"),
		actions:     p.signal("Actions", is("msg", "action"), "1", "worker"),
		blocked:     p.signal("BlockedActions", outcome("action", "blocked"), "1", "worker"),
		limited:     p.signal("RateLimited", limited, "1", both...),
		shut:        p.signal("CircuitOpened", is("circuit", "open"), "1", both...),
		quarantined: p.signal("Quarantined", counts("quarantined"), "1", both...),
		unforeseen:  p.signal("UnforeseenCodes", counts("unforeseen"), "1", both...),
		lost:        p.signal("GuildsLost", counts("lost"), "1", "worker"),
		late:        p.signal("PollsLate", is("msg", "polled"), "$.late", "poller"),
	}
}

// is holds of lines in which a field is a value, or begins as it does up to a star.
func is(field, value string) awslogs.JsonPattern {
	return awslogs.FilterPattern_StringValue(jsii.String("$."+field), jsii.String("="), &value)
}

// refused counts requests that are turned away. An HTTP API turns some away by
// itself, and writes down the others, too.
func (p *parts) refused() awscloudwatch.Metric {
	const name = "RefusedRequests"
	if p.entry.log == nil {
		return p.signal(name, is("msg", "request refused"), "1", "interactions")
	}
	p.filter("Api", p.entry.log, name, is("status", "4*"), "1")
	return p.metric(name)
}

// signal counts the lines that fit the pattern in the logs of some functions, or
// collects what stands in a field of them.
func (p *parts) signal(name string, pattern awslogs.IFilterPattern, value string, from ...string) awscloudwatch.Metric {
	for _, f := range functions() {
		if slices.Contains(from, f.bundle) {
			p.filter(f.id, p.functions[f.bundle].log, name, pattern, value)
		}
	}
	return p.metric(name)
}

// filter makes a metric of the lines of one log.
func (p *parts) filter(of string, log awslogs.LogGroup, name string, pattern awslogs.IFilterPattern, value string) {
	awslogs.NewMetricFilter(p.stack, jsii.String(of+name), &awslogs.MetricFilterProps{
		LogGroup: log, FilterPattern: pattern, MetricNamespace: p.space(), MetricName: &name, MetricValue: &value,
	})
}

// metric is a metric of this stage's logs.
func (p *parts) metric(name string) awscloudwatch.Metric {
	return awscloudwatch.NewMetric(&awscloudwatch.MetricProps{
		Namespace: p.space(), MetricName: &name, Statistic: jsii.String("Sum"), Period: minutes(5),
	})
}

// space is where this stage's metrics are.
func (p *parts) space() *string { return jsii.String("Entente/" + p.cfg.stage) }

// sum, and highest, read a metric over some minutes.
func sum(of float64) *awscloudwatch.MetricOptions {
	return &awscloudwatch.MetricOptions{Statistic: jsii.String("Sum"), Period: minutes(of)}
}

func highest(of float64) *awscloudwatch.MetricOptions {
	return &awscloudwatch.MetricOptions{Statistic: jsii.String("Maximum"), Period: minutes(of)}
}
