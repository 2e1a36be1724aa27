package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awsbudgets"
	"github.com/aws/jsii-runtime-go"
)

// newBudget has AWS tell, at the alarms' topic, when the account's bill of a month
// is more than the budget, or will be as it looks. It is about the whole account:
// AWS tells costs by tags only where somebody has switched that on, and a budget
// that sees nothing never rings.
func newBudget(p *parts) {
	if p.cfg.budget == "0" {
		return
	}
	var tells []any
	for _, kind := range []string{"ACTUAL", "FORECASTED"} {
		tells = append(tells, &awsbudgets.CfnBudget_NotificationWithSubscribersProperty{
			Notification: &awsbudgets.CfnBudget_NotificationProperty{
				NotificationType: &kind, ComparisonOperator: jsii.String("GREATER_THAN"), Threshold: jsii.Number(100), ThresholdType: jsii.String("PERCENTAGE"),
			},
			Subscribers: []any{&awsbudgets.CfnBudget_SubscriberProperty{
				SubscriptionType: jsii.String("SNS"), Address: p.alarms.topic.TopicArn(),
			}},
		})
	}
	made := awsbudgets.NewCfnBudget(p.stack, jsii.String("Budget"), &awsbudgets.CfnBudgetProps{
		Budget: &awsbudgets.CfnBudget_BudgetDataProperty{
			BudgetType: jsii.String("COST"), TimeUnit: jsii.String("MONTHLY"),
			BudgetLimit: &awsbudgets.CfnBudget_SpendProperty{Amount: number(p.cfg.budget), Unit: jsii.String("USD")},
		},
		NotificationsWithSubscribers: tells,
	})
	made.Node().AddDependency(p.alarms.topic) // with its policy
}
