package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsscheduler"
	"github.com/aws/jsii-runtime-go"
)

// A schedule invokes a function.
type schedule struct {
	of   spec
	name *string
}

// newSchedules invokes scheduler and poller once a minute. A run that cannot be
// started within its minute is left out: the next does the same.
func newSchedules(p *parts) (made []schedule) {
	for _, f := range functions() {
		if !f.minute {
			continue
		}
		arn := p.functions[f.bundle].FunctionArn()
		role := awsiam.NewRole(p.stack, jsii.String(f.id+"MinuteRole"), &awsiam.RoleProps{
			AssumedBy: awsiam.NewServicePrincipal(jsii.String("scheduler.amazonaws.com"), &awsiam.ServicePrincipalOpts{
				// Nobody else's schedule may borrow the role.
				Conditions: &map[string]any{"StringEquals": map[string]any{"aws:SourceAccount": p.stack.Account()}},
			}),
		})
		role.AddToPolicy(awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{
			Actions: jsii.Strings("lambda:InvokeFunction"), Resources: &[]*string{arn},
		}))
		minute := awsscheduler.NewCfnSchedule(p.stack, jsii.String(f.id+"Minute"), &awsscheduler.CfnScheduleProps{
			Description:        jsii.String(f.means + ", once a minute"),
			ScheduleExpression: jsii.String("rate(1 minute)"),
			FlexibleTimeWindow: &awsscheduler.CfnSchedule_FlexibleTimeWindowProperty{Mode: jsii.String("OFF")},
			Target: &awsscheduler.CfnSchedule_TargetProperty{
				Arn: arn, RoleArn: role.RoleArn(),
				RetryPolicy: &awsscheduler.CfnSchedule_RetryPolicyProperty{
					MaximumEventAgeInSeconds: jsii.Number(60), MaximumRetryAttempts: jsii.Number(1),
				},
			},
		})
		minute.Node().AddDependency(role) // with its policy: a schedule that may not invoke is refused
		made = append(made, schedule{f, minute.Ref()})
	}
	return made
}
