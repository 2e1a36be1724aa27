package main

import (
	"fmt"
	"path/filepath"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsdynamodb"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambdaeventsources"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/jsii-runtime-go"

	"github.com/entente-bot/entente/internal/env"
)

// workerTimeout is how long a batch of actions may take, in seconds: an action
// has 45 s, and 5 s more to say what came of it.
const workerTimeout = 60

// memory is what every function has, in MiB. Processor time comes with it.
const memory = 256

// heap is how much of it Go's collector is told to make do with: the rest is for
// the program itself, and for what is needed while it collects.
const heap = memory * 4 / 5

// A spec says what a function is, and what it may do.
type spec struct {
	id      string // in the template
	bundle  string // folder in dist
	means   string
	timeout float64 // in seconds
	minute  bool    // a schedule invokes it once a minute
	rights
}

// rights are what a function may do beside writing its log, and what it is told for it.
type rights struct {
	records, actions []string // to the tables
	sends            bool     // to the queue
	token            bool     // reads the secret
	public           bool     // needs the public key, and nothing to reach Discord with
	limits           bool     // holds guilds to the hard limits
}

// functions lists all of them.
func functions() []spec {
	keep := []string{"GetItem", "BatchGetItem", "Query", "PutItem", "DeleteItem"}
	return []spec{
		{"Interactions", "interactions", "Answers Discord", 10, false,
			rights{records: keep, actions: keep, sends: true, public: true, limits: true}},
		{"Worker", "worker", "Does in Discord what was decided", workerTimeout, false,
			rights{records: keep, actions: keep, sends: true, token: true, limits: true}},
		{"Scheduler", "scheduler", "Finds what is due", 60, true,
			rights{actions: keep, sends: true}},
		{"Poller", "poller", "Counts joins", 60, true,
			rights{records: keep, actions: keep, token: true}},
	}
}

// A function is one that was made.
type function struct {
	awslambda.Function
	log awslogs.LogGroup
}

// newFunctions makes all functions, by the names of their bundles.
func newFunctions(p *parts) map[string]function {
	made := map[string]function{}
	for _, f := range functions() {
		made[f.bundle] = p.function(f)
	}
	return made
}

// newMapping lets the queue feed the worker, and returns the mapping's ID.
func newMapping(p *parts) *string {
	source := awslambdaeventsources.NewSqsEventSource(p.queues.actions, &awslambdaeventsources.SqsEventSourceProps{
		BatchSize:               jsii.Number(10),
		ReportBatchItemFailures: jsii.Bool(true),
		MaxConcurrency:          jsii.Number(2), // the least; more get no more out of Discord, see docs/scale.md
	})
	p.functions["worker"].AddEventSource(source)
	return source.EventSourceMappingId()
}

func (p *parts) function(f spec) function {
	log := awslogs.NewLogGroup(p.stack, jsii.String(f.id+"Log"), &awslogs.LogGroupProps{
		Retention: awslogs.RetentionDays_ONE_MONTH, RemovalPolicy: awscdk.RemovalPolicy_DESTROY,
	})
	props := &awslambda.FunctionProps{
		Description:  jsii.String(f.means + " (Entente, stage " + p.cfg.stage + ")"),
		Runtime:      awslambda.Runtime_PROVIDED_AL2023(),
		Architecture: awslambda.Architecture_ARM_64(),
		Handler:      jsii.String("bootstrap"),
		Code:         awslambda.Code_FromAsset(jsii.String(filepath.Join(p.dist, f.bundle)), nil),
		MemorySize:   jsii.Number(memory),
		Timeout:      seconds(f.timeout),
		Environment:  p.environment(f),
		Role:         p.role(f, log),
		LogGroup:     log,
		// The functions write JSON, and leave out by themselves what is below their
		// level: Lambda is to leave out nothing more.
		LoggingFormat:         awslambda.LoggingFormat_JSON,
		ApplicationLogLevelV2: awslambda.ApplicationLogLevel_DEBUG,
		// Lambda's own lines are three for each invocation, unless something is wrong.
		SystemLogLevelV2: awslambda.SystemLogLevel_WARN,
		// What goes on does so by the scheduler: a chain of messages that gets long
		// enough for Lambda to see is a bug, and is to end in the dead letters.
		RecursiveLoop: awslambda.RecursiveLoop_TERMINATE,
	}
	if f.minute { // it comes again in a minute anyway
		props.RetryAttempts, props.MaxEventAge = jsii.Number(0), seconds(60)
	}
	if f.public && p.cfg.concurrency != "0" {
		props.ReservedConcurrentExecutions = number(p.cfg.concurrency)
	}
	return function{awslambda.NewFunction(p.stack, &f.id, props), log}
}

// environment is what a function is told: see package env.
func (p *parts) environment(f spec) *map[string]*string {
	vars := map[string]*string{
		"AWS_DEFAULTS_MODE": jsii.String("in-region"),
		"GOMEMLIMIT":        jsii.String(fmt.Sprintf("%dMiB", heap)),
		env.ApplicationID:   &p.cfg.applicationID,
		env.RecordsTable:    p.tables.records.TableName(),
		env.ActionsTable:    p.tables.actions.TableName(),
		env.LogLevel:        &p.cfg.logLevel,
	}
	if f.sends {
		vars[env.QueueURL] = p.queues.actions.QueueUrl()
	}
	if f.token {
		vars[env.TokenSecret] = p.token.arn
	}
	if f.public {
		vars[env.PublicKey] = &p.cfg.publicKey
	}
	if f.limits {
		vars[env.MaxPartners], vars[env.MaxPending], vars[env.MaxBlocked] = &p.cfg.maxPartners, &p.cfg.maxPending, &p.cfg.maxBlocked
	}
	if f.bundle == "poller" {
		vars[env.PollBudget] = &p.cfg.pollBudget
	}
	return &vars
}

// role makes a function's own role, with nothing in it that f does not name.
func (p *parts) role(f spec, log awslogs.LogGroup) awsiam.Role {
	role := awsiam.NewRole(p.stack, jsii.String(f.id+"Role"), &awsiam.RoleProps{
		AssumedBy: awsiam.NewServicePrincipal(jsii.String("lambda.amazonaws.com"), nil),
	})
	allow := func(service string, actions []string, resource *string) {
		if len(actions) == 0 {
			return
		}
		var names []*string
		for _, a := range actions {
			names = append(names, jsii.String(service+":"+a))
		}
		role.AddToPolicy(awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{Actions: &names, Resources: &[]*string{resource}}))
	}
	allow("logs", []string{"CreateLogStream", "PutLogEvents"}, log.LogGroupArn())
	for _, t := range []struct {
		table   awsdynamodb.ITable
		actions []string
	}{{p.tables.records, f.records}, {p.tables.actions, f.actions}} {
		allow("dynamodb", t.actions, t.table.TableArn())
	}
	if f.sends {
		allow("sqs", []string{"SendMessage"}, p.queues.actions.QueueArn())
	}
	if f.token {
		allow("secretsmanager", []string{"GetSecretValue"}, p.token.arn)
	}
	return role
}
