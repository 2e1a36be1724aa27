package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatch"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsdynamodb"
	"github.com/aws/jsii-runtime-go"
)

// newDashboard shows on one page whether all is well, and if not, where to look:
// alarms first, then what people wait for, then the work, then what it costs.
func newDashboard(p *parts) {
	interactions, worker := p.functions["interactions"], p.functions["worker"]
	duration := func(statistic string) awscloudwatch.IMetric {
		return interactions.MetricDuration(&awscloudwatch.MetricOptions{Statistic: &statistic, Period: minutes(5), Label: &statistic})
	}
	awscloudwatch.NewDashboard(p.stack, jsii.String("Dashboard"), &awscloudwatch.DashboardProps{
		Widgets: &[]*[]awscloudwatch.IWidget{
			{awscloudwatch.NewAlarmStatusWidget(&awscloudwatch.AlarmStatusWidgetProps{
				Title: jsii.String("Alarms: docs/runbook.md says what to do"), Width: jsii.Number(24), Height: jsii.Number(3), Alarms: &p.alarms.all,
			})},
			row(
				graph("Calls from Discord", interactions.MetricInvocations(sum(5)), interactions.MetricErrors(sum(5)), p.entry.broken, p.signals.failed, p.signals.busy, p.signals.refused),
				graph("How long an answer takes, in ms", duration("p50"), duration("p99")),
				graph("Pointers in the queue", p.queues.actions.MetricApproximateNumberOfMessagesVisible(highest(5)),
					p.queues.dead.MetricApproximateNumberOfMessagesVisible(highest(5))),
			),
			row(
				graph("Actions", p.signals.actions, p.signals.blocked, worker.MetricErrors(sum(5))),
				graph("The oldest pointer, in s", p.queues.actions.MetricApproximateAgeOfOldestMessage(highest(5))),
				graph("Limits of Discord", p.signals.limited, p.signals.shut, p.signals.quarantined, p.signals.unforeseen),
			),
			row(
				graph("Runs a minute", p.runs("scheduler"), p.runs("poller")),
				graph("How late polls are, in s", p.signals.late.With(highest(5))),
				graph("Turned away by AWS", p.throttles()...),
			),
			row(
				graph("Read units", p.units("ConsumedReadCapacityUnits")...),
				graph("Write units", p.units("ConsumedWriteCapacityUnits")...),
				graph("Runs at once", p.abreast()...),
			),
		},
	})
}

// row puts three graphs side by side.
func row(widgets ...awscloudwatch.IWidget) *[]awscloudwatch.IWidget { return &widgets }

func graph(title string, metrics ...awscloudwatch.IMetric) awscloudwatch.IWidget {
	return awscloudwatch.NewGraphWidget(&awscloudwatch.GraphWidgetProps{
		Title: &title, Left: &metrics, Width: jsii.Number(8), Height: jsii.Number(6),
		LeftYAxis: &awscloudwatch.YAxisProps{Min: jsii.Number(0)},
	})
}

// units is what both tables take, as it is billed.
func (p *parts) units(name string) (all []awscloudwatch.IMetric) {
	for _, t := range []awsdynamodb.ITable{p.tables.records, p.tables.actions} {
		all = append(all, t.Metric(&name, sum(5)))
	}
	return all
}

// abreast is how many of each function run at once.
func (p *parts) abreast() (all []awscloudwatch.IMetric) {
	for _, f := range functions() {
		all = append(all, p.functions[f.bundle].Metric(jsii.String("ConcurrentExecutions"), highest(5)))
	}
	return all
}
