package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
)

// newStack makes the whole deployment of one stage, with the bundles in dist,
// which are of a version.
//
// Nothing in it has a name of its own: CloudFormation gives names that begin with
// the stack's, so that several stages fit into one account and whatever has to be
// replaced can be.
func newStack(app constructs.Construct, cfg config, dist, version string) awscdk.Stack {
	stack := awscdk.NewStack(app, jsii.String("entente-"+cfg.stage), &awscdk.StackProps{
		Description: jsii.String("Entente, a Discord bot for partnerships: stage " + cfg.stage),
		Tags:        &map[string]*string{"application": jsii.String("entente"), "stage": &cfg.stage, "version": &version},
	})
	p := &parts{stack: stack, cfg: cfg, dist: dist, version: version}
	p.tables = newTables(p)
	p.queues = newQueues(p)
	p.token = newToken(p)
	p.functions = newFunctions(p)
	p.mapping = newMapping(p)
	p.entry = newEntry(p)
	p.schedules = newSchedules(p)
	p.signals = newSignals(p)
	p.alarms = newAlarms(p)
	newBudget(p)
	newDashboard(p)
	p.outputs()
	return stack
}

// parts are what the stack consists of, as far as it was made: each part sees
// those that were made before it.
type parts struct {
	stack   awscdk.Stack
	cfg     config
	dist    string
	version string

	tables    tables
	queues    queues
	token     token
	functions map[string]function
	mapping   *string // of the queue to the worker
	entry     entry
	schedules []schedule
	signals   signals
	alarms    alarms
}

// An output tells operators, and scripts/doctor, something.
type output struct {
	name, means string
	value       *string
}

// outputs tell what is where.
func (p *parts) outputs() {
	list := []output{
		{"InteractionsUrl", "Interactions Endpoint URL, for General Information in Discord's developer portal", p.entry.url},
		{"ApplicationId", "Discord application that this stage is for", &p.cfg.applicationID},
		{"PublicKey", "Public key of that application", &p.cfg.publicKey},
		{"TokenSecret", "Secret that the bot token belongs into", p.token.arn},
		{"RecordsTable", "Table of what must last", p.tables.records.TableName()},
		{"ActionsTable", "Table of work to do", p.tables.actions.TableName()},
		{"ActionQueueUrl", "Queue of pointers to actions", p.queues.actions.QueueUrl()},
		{"DeadLetterQueueUrl", "Queue of pointers to actions that failed", p.queues.dead.QueueUrl()},
		{"AlarmTopic", "Topic that alarms are sent to", p.alarms.topic.TopicArn()},
		{"Mapping", "Event source mapping that feeds the worker from the queue", p.mapping},
		{"Version", "Version of the functions", &p.version},
	}
	for _, f := range functions() {
		list = append(list, output{f.id + "Function", f.means, p.functions[f.bundle].FunctionName()})
	}
	for _, s := range p.schedules {
		list = append(list, output{s.of.id + "Schedule", s.of.means + ", once a minute", s.name})
	}
	if p.entry.target != nil {
		list = append(list, output{"DomainTarget", "Where the DNS record of " + p.cfg.domain + " has to lead, as a CNAME or an alias", p.entry.target})
	}
	for _, o := range list {
		awscdk.NewCfnOutput(p.stack, &o.name, &awscdk.CfnOutputProps{Description: &o.means, Value: o.value})
	}
}

// seconds and minutes are durations in the CDK's words.
func seconds(n float64) awscdk.Duration { return awscdk.Duration_Seconds(&n) }
func minutes(n float64) awscdk.Duration { return awscdk.Duration_Minutes(&n) }
