package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssecretsmanager"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssqs"
	"github.com/aws/jsii-runtime-go"
)

// queues carry pointers to actions. What they point at is in the tables, so a
// pointer may be lost, come twice, or wait.
type queues struct {
	actions awssqs.Queue
	dead    awssqs.Queue // pointers that failed again and again
}

func newQueues(p *parts) queues {
	dead := awssqs.NewQueue(p.stack, jsii.String("DeadLetters"), &awssqs.QueueProps{
		Encryption:      awssqs.QueueEncryption_SQS_MANAGED,
		EnforceSSL:      jsii.Bool(true),
		RetentionPeriod: awscdk.Duration_Days(jsii.Number(14)), // the longest: somebody has to look at them
	})
	return queues{dead: dead, actions: awssqs.NewQueue(p.stack, jsii.String("ActionQueue"), &awssqs.QueueProps{
		Encryption: awssqs.QueueEncryption_SQS_MANAGED,
		EnforceSSL: jsii.Bool(true),
		// AWS asks for six times the function's time-out, or more: it may retry a
		// batch that was throttled for so long.
		VisibilityTimeout: seconds(6 * workerTimeout),
		DeadLetterQueue:   &awssqs.DeadLetterQueue{Queue: dead, MaxReceiveCount: jsii.Number(5)},
	})}
}

// A token is the secret that the bot token is put into by hand.
type token struct{ arn *string }

// newToken makes the secret empty. The higher construct would have AWS make up a
// value.
func newToken(p *parts) token {
	secret := awssecretsmanager.NewCfnSecret(p.stack, jsii.String("Token"), &awssecretsmanager.CfnSecretProps{
		Description: jsii.String("Bot token of Entente, stage " + p.cfg.stage + ": put in by hand, see docs/deploy.md"),
	})
	return token{secret.Ref()}
}
