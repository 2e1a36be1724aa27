package main

import (
	"context"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	cwtypes "github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

const unreachable = "check that you may describe and read it; if it was deleted, see docs/runbook.md"

// checkTables wants both tables to work and to forget what expires, and records
// to be protected.
func checkTables(ctx context.Context, p patient) (list []finding) {
	db := dynamodb.NewFromConfig(p.aws)
	for _, name := range []string{p.Records, p.Actions} {
		list = append(list, checkTable(ctx, db, name, name == p.Records))
	}
	return list
}

func checkTable(ctx context.Context, db *dynamodb.Client, name string, kept bool) finding {
	out, err := db.DescribeTable(ctx, &dynamodb.DescribeTableInput{TableName: &name})
	if err != nil {
		return fault(unreachable, "%s: %v", name, err)
	}
	if s := out.Table.TableStatus; s != types.TableStatusActive {
		return fault("wait, and look at the table in the console", "%s is %s", name, s)
	}
	ttl, err := db.DescribeTimeToLive(ctx, &dynamodb.DescribeTimeToLiveInput{TableName: &name})
	if err != nil {
		return fault(unreachable, "%s: %v", name, err)
	}
	if d := ttl.TimeToLiveDescription; d == nil || d.TimeToLiveStatus != types.TimeToLiveStatusEnabled {
		return fault("deploy with --revert-drift, or turn TTL on as the template has it", "%s does not forget what expires: TTL is off", name)
	}
	if !kept {
		return ok("%s works", name)
	}
	if !aws.ToBool(out.Table.DeletionProtectionEnabled) {
		return fault("turn deletion protection on", "%s can be deleted by mistake", name)
	}
	b, err := db.DescribeContinuousBackups(ctx, &dynamodb.DescribeContinuousBackupsInput{TableName: &name})
	if err != nil {
		return fault(unreachable, "%s: %v", name, err)
	}
	d := b.ContinuousBackupsDescription
	if d == nil || d.PointInTimeRecoveryDescription == nil || d.PointInTimeRecoveryDescription.PointInTimeRecoveryStatus != types.PointInTimeRecoveryStatusEnabled {
		return fault("turn point-in-time recovery on", "%s cannot be restored", name)
	}
	return ok("%s works, is protected and can be restored", name)
}

// checkQueues wants the queue to have a place for what fails, with nothing in it.
func checkQueues(ctx context.Context, p patient) []finding {
	client := sqs.NewFromConfig(p.aws)
	ask := func(url string) (map[string]string, error) {
		out, err := client.GetQueueAttributes(ctx, &sqs.GetQueueAttributesInput{
			QueueUrl: &url, AttributeNames: []sqstypes.QueueAttributeName{sqstypes.QueueAttributeNameAll},
		})
		if err != nil {
			return nil, err
		}
		return out.Attributes, nil
	}
	main, err := ask(p.Queue)
	if err != nil {
		return []finding{fault(unreachable, "the action queue: %v", err)}
	}
	dead, err := ask(p.DeadLetters)
	if err != nil {
		return []finding{fault(unreachable, "the dead-letter queue: %v", err)}
	}
	if main["RedrivePolicy"] == "" {
		return []finding{fault("deploy with --revert-drift", "the action queue has no dead-letter queue: what fails is lost")}
	}
	if n, _ := strconv.Atoi(dead["ApproximateNumberOfMessages"]); n > 0 {
		return []finding{fault("docs/runbook.md, Redrive", "%d dead letters wait", n)}
	}
	return []finding{ok("the action queue works, with %s waiting, and there are no dead letters", main["ApproximateNumberOfMessages"])}
}

// checkAlarms wants the stack's alarms to tell somebody, and none to ring.
func checkAlarms(ctx context.Context, p patient) (list []finding) {
	pages := cloudwatch.NewDescribeAlarmsPaginator(cloudwatch.NewFromConfig(p.aws), &cloudwatch.DescribeAlarmsInput{
		AlarmNamePrefix: aws.String(p.Stack + "-"), AlarmTypes: []cwtypes.AlarmType{cwtypes.AlarmTypeMetricAlarm},
	})
	n := 0
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return append(list, fault(unreachable, "the alarms: %v", err))
		}
		for _, a := range page.MetricAlarms {
			name := aws.ToString(a.AlarmName)
			// <stack>-<resource>-<random>: more dashes are in those of a stack whose
			// name goes on, such as prod-eu beside prod.
			if strings.Count(strings.TrimPrefix(name, p.Stack), "-") > 2 {
				continue
			}
			n++
			if !aws.ToBool(a.ActionsEnabled) || len(a.AlarmActions) == 0 {
				list = append(list, fault("enable its actions (aws cloudwatch enable-alarm-actions), or deploy with --revert-drift", "%s tells nobody", name))
			}
			if a.StateValue == cwtypes.StateValueAlarm {
				list = append(list, fault("look it up in docs/runbook.md", "%s rings", name))
			}
		}
	}
	switch {
	case n == 0:
		return []finding{fault("deploy with --revert-drift: the stack should have alarms", "there are none whose names begin with %s-", p.Stack)}
	case len(list) == 0:
		return []finding{ok("%d are armed, and none rings", n)}
	}
	return list
}

// checkTopic wants somebody to get the mail.
func checkTopic(ctx context.Context, p patient) []finding {
	pages := sns.NewListSubscriptionsByTopicPaginator(sns.NewFromConfig(p.aws), &sns.ListSubscriptionsByTopicInput{TopicArn: &p.Topic})
	confirmed, pending := 0, 0
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return []finding{fault(unreachable, "the alarm topic: %v", err)}
		}
		for _, s := range page.Subscriptions {
			switch aws.ToString(s.SubscriptionArn) { // an ARN, or what became of it
			case "PendingConfirmation":
				pending++
			case "", "Deleted": // it unsubscribed, and is listed for a while
			default:
				confirmed++
			}
		}
	}
	switch {
	case confirmed > 0 && pending > 0:
		return []finding{fault("have them press the link in AWS's mail; look into the spam folder", "%d get it, and %d did not confirm the subscription", confirmed, pending)}
	case confirmed > 0:
		return []finding{ok("%d get it", confirmed)}
	case pending > 0:
		return []finding{fault("press the link in AWS's mail; look into the spam folder", "nobody confirmed the subscription")}
	}
	return []finding{fault("subscribe an address to the topic, or deploy with one", "nobody is subscribed")}
}
