package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatch"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/jsii-runtime-go"
)

// signals are metrics made of what the functions log.
type signals struct {
	refused awscloudwatch.Metric // requests whose signature was not Discord's
	actions awscloudwatch.Metric // attempts at actions
	blocked awscloudwatch.Metric // attempts after which an action is blocked
	limited awscloudwatch.Metric // requests that Discord refused because of the bot's limit as a whole
	shut    awscloudwatch.Metric // times that the client stopped sending, lest the bot is banned
	late    awscloudwatch.Metric // seconds that the next poll was overdue when a run of the poller ended
}

// newSignals makes a filter for each line that is looked for. The lines are
// tested where they are written.
func newSignals(p *parts) signals {
	is := func(field, value string) awslogs.JsonPattern {
		return awslogs.FilterPattern_StringValue(jsii.String("$."+field), jsii.String("="), &value)
	}
	limited := awslogs.FilterPattern_All(is("msg", "rate limited by Discord"),
		awslogs.FilterPattern_BooleanValue(jsii.String("$.global"), jsii.Bool(true)))
	both := []string{"worker", "poller"}
	return signals{
		refused: p.signal("RefusedRequests", is("msg", "request refused"), "1", "interactions"),
		actions: p.signal("Actions", is("msg", "action"), "1", "worker"),
		blocked: p.signal("BlockedActions", awslogs.FilterPattern_All(is("msg", "action"), is("outcome", "blocked")), "1", "worker"),
		limited: p.signal("RateLimited", limited, "1", both...),
		shut:    p.signal("CircuitOpened", is("circuit", "open"), "1", both...),
		late:    p.signal("PollsLate", is("msg", "polled"), "$.late", "poller"),
	}
}

// signal counts the lines that fit the pattern in the logs of some functions, or
// collects what stands in a field of them.
func (p *parts) signal(name string, pattern awslogs.IFilterPattern, value string, from ...string) awscloudwatch.Metric {
	space := "Entente/" + p.cfg.stage
	for _, f := range functions() {
		for _, bundle := range from {
			if bundle != f.bundle {
				continue
			}
			awslogs.NewMetricFilter(p.stack, jsii.String(f.id+name), &awslogs.MetricFilterProps{
				LogGroup: p.functions[f.bundle].log, FilterPattern: pattern,
				MetricNamespace: &space, MetricName: &name, MetricValue: &value,
			})
		}
	}
	return awscloudwatch.NewMetric(&awscloudwatch.MetricProps{
		Namespace: &space, MetricName: &name, Statistic: jsii.String("Sum"), Period: minutes(5),
	})
}

// sum, and highest, read a metric over some minutes.
func sum(of float64) *awscloudwatch.MetricOptions {
	return &awscloudwatch.MetricOptions{Statistic: jsii.String("Sum"), Period: minutes(of)}
}

func highest(of float64) *awscloudwatch.MetricOptions {
	return &awscloudwatch.MetricOptions{Statistic: jsii.String("Maximum"), Period: minutes(of)}
}
