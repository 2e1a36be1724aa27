package main

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/entente-bot/entente/internal/env"
)

// one returns the only resource whose logical ID begins so.
func (t template) one(test *testing.T, kind, begins string) (string, map[string]any) {
	test.Helper()
	var found []string
	for _, id := range t.of(kind) {
		if strings.HasPrefix(id, begins) {
			found = append(found, id)
		}
	}
	if len(found) != 1 {
		test.Fatalf("%d resources of type %s begin with %s: %v", len(found), kind, begins, found)
	}
	return found[0], t.Resources[found[0]].Properties
}

// A demand is what must stand in one place of a resource, as JSON.
type demand struct {
	kind, begins, path string // path: words with dots between them
	want               string
}

// demands are what operators and the functions rely on.
func demands() []demand {
	const table, queue, function, mapping, schedule = "AWS::DynamoDB::Table", "AWS::SQS::Queue", "AWS::Lambda::Function", "AWS::Lambda::EventSourceMapping", "AWS::Scheduler::Schedule"
	list := []demand{
		{table, "Records", "PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled", "true"},
		{table, "Records", "DeletionProtectionEnabled", "true"},
		{queue, "ActionQueue", "RedrivePolicy.maxReceiveCount", "5"},
		{queue, "DeadLetters", "MessageRetentionPeriod", "1209600"},
		{mapping, "Worker", "FunctionResponseTypes", `["ReportBatchItemFailures"]`},
		{mapping, "Worker", "BatchSize", "10"},
		{mapping, "Worker", "ScalingConfig.MaximumConcurrency", "2"},
		{"AWS::SecretsManager::Secret", "Token", "SecretString", "null"}, // empty
		{"AWS::SecretsManager::Secret", "Token", "GenerateSecretString", "null"},
		{"AWS::SNS::Subscription", "Alarms", "Endpoint", `"alarms@example.org"`},
		{"AWS::Budgets::Budget", "Budget", "Budget.BudgetLimit", `{"Amount":50,"Unit":"USD"}`},
	}
	for _, name := range []string{"Records", "Actions"} {
		list = append(list,
			demand{table, name, "BillingMode", `"PAY_PER_REQUEST"`},
			demand{table, name, "TimeToLiveSpecification.AttributeName", `"expires"`},
			demand{table, name, "KeySchema", `[{"AttributeName":"pk","KeyType":"HASH"},{"AttributeName":"sk","KeyType":"RANGE"}]`})
	}
	for _, name := range []string{"Interactions", "Worker", "Scheduler", "Poller"} {
		list = append(list,
			demand{function, name, "MemorySize", "256"},
			demand{function, name, "Handler", `"bootstrap"`},
			demand{function, name, "LoggingConfig.LogFormat", `"JSON"`},
			demand{function, name, "LoggingConfig.SystemLogLevel", `"WARN"`},
			demand{function, name, "RecursiveLoop", `"Terminate"`},
			demand{function, name, "Environment.Variables.GOMEMLIMIT", `"204MiB"`},
			demand{function, name, "Environment.Variables.AWS_DEFAULTS_MODE", `"in-region"`},
			demand{function, name, "ReservedConcurrentExecutions", "null"}) // a new account may have none to reserve
	}
	for _, name := range []string{"Scheduler", "Poller"} {
		list = append(list,
			demand{schedule, name, "ScheduleExpression", `"rate(1 minute)"`},
			demand{schedule, name, "Target.RetryPolicy", `{"MaximumEventAgeInSeconds":60,"MaximumRetryAttempts":1}`})
	}
	return list
}

func TestContracts(t *testing.T) {
	_, made := synthesize(t, stages()["url"])
	for _, d := range demands() {
		id, properties := made.one(t, d.kind, d.begins)
		if got := at(properties, strings.Split(d.path, ".")...); got != d.want {
			t.Errorf("%s: %s is %s, want %s", id, d.path, got, d.want)
		}
	}
	if id, _ := made.one(t, "AWS::DynamoDB::Table", "Records"); made.Resources[id].DeletionPolicy != "Retain" {
		t.Error("records go when the stack goes")
	}
	_, worker := made.one(t, "AWS::Lambda::Function", "Worker")
	_, queue := made.one(t, "AWS::SQS::Queue", "ActionQueue")
	if worker["Timeout"].(float64)*6 > queue["VisibilityTimeout"].(float64) {
		t.Errorf("messages come again after %v s, and the worker may take %v", queue["VisibilityTimeout"], worker["Timeout"])
	}
}

// TestEnvironment wants every function to have the variables of DESIGN's contract
// that it reads, and the one that faces the internet nothing of the token.
func TestEnvironment(t *testing.T) {
	_, made := synthesize(t, stages()["url"])
	every := []string{"AWS_DEFAULTS_MODE", "GOMEMLIMIT", env.ApplicationID, env.RecordsTable, env.ActionsTable, env.LogLevel}
	for name, more := range map[string][]string{
		"Interactions": {env.PublicKey, env.QueueURL, env.MaxPartners, env.MaxPending, env.MaxBlocked},
		"Worker":       {env.TokenSecret, env.QueueURL, env.MaxPartners, env.MaxPending, env.MaxBlocked},
		"Scheduler":    {env.QueueURL},
		"Poller":       {env.TokenSecret, env.PollBudget},
	} {
		_, f := made.one(t, "AWS::Lambda::Function", name)
		vars := f["Environment"].(map[string]any)["Variables"].(map[string]any)
		want := slices.Sorted(slices.Values(append(slices.Clone(every), more...)))
		if got := slices.Sorted(maps.Keys(vars)); !slices.Equal(got, want) {
			t.Errorf("%s is told %q, want %q", name, got, want)
		}
	}
}

// TestRights writes down what each function may do: a line more is a right more.
func TestRights(t *testing.T) {
	_, made := synthesize(t, stages()["url"])
	const keep = "dynamodb:BatchGetItem dynamodb:DeleteItem dynamodb:GetItem dynamodb:PutItem dynamodb:Query on Actions,Records"
	for name, want := range map[string][]string{
		"Interactions": {keep, "logs:CreateLogStream logs:PutLogEvents on InteractionsLog", "sqs:SendMessage on ActionQueue"},
		"Worker": {keep, "logs:CreateLogStream logs:PutLogEvents on WorkerLog", "secretsmanager:GetSecretValue on Token",
			"sqs:ChangeMessageVisibility sqs:DeleteMessage sqs:GetQueueAttributes sqs:GetQueueUrl sqs:ReceiveMessage sqs:SendMessage on ActionQueue"},
		"Scheduler":       {"dynamodb:BatchGetItem dynamodb:DeleteItem dynamodb:GetItem dynamodb:PutItem dynamodb:Query on Actions", "logs:CreateLogStream logs:PutLogEvents on SchedulerLog", "sqs:SendMessage on ActionQueue"},
		"Poller":          {keep, "logs:CreateLogStream logs:PutLogEvents on PollerLog", "secretsmanager:GetSecretValue on Token"},
		"SchedulerMinute": {"lambda:InvokeFunction on Scheduler"},
		"PollerMinute":    {"lambda:InvokeFunction on Poller"},
	} {
		_, policy := made.one(t, "AWS::IAM::Policy", name+"RoleDefaultPolicy")
		var got []string
		for _, s := range statements(policy) {
			actions := strings.NewReplacer(`["`, "", `"]`, "", `","`, " ", `"`, "").Replace(at(s, "Action"))
			got = append(got, actions+" on "+resources(s))
		}
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("%s may\n%s\nwant\n%s", name, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
}

// resources names what a statement is about, without what the CDK adds to names.
func resources(s map[string]any) string {
	var names []string
	for _, found := range regexp.MustCompile(`"(?:Ref|Fn::GetAtt)":\[?"(\w+)"`).FindAllStringSubmatch(at(s, "Resource"), -1) {
		names = append(names, regexp.MustCompile(`[0-9A-F]{8}$`).ReplaceAllString(found[1], ""))
	}
	return strings.Join(names, ",")
}

// TestEntries wants each entry to lead to the function, and to be told.
func TestEntries(t *testing.T) {
	_, url := synthesize(t, stages()["url"])
	if got := at(url.Outputs["InteractionsUrl"].Value); !strings.Contains(got, "FunctionUrl") || !strings.HasSuffix(got, `"interactions"]]}`) {
		t.Errorf("the URL to register is %s", got)
	}
	_, api := synthesize(t, stages()["api"])
	if got := at(api.Outputs["InteractionsUrl"].Value); got != `"https://bot.example.org/interactions"` {
		t.Errorf("the URL to register is %s", got)
	}
	if at(api.Outputs["DomainTarget"].Value) == "null" {
		t.Error("nothing says where the domain has to lead")
	}
	for kind, want := range map[string]demand{
		"AWS::ApiGatewayV2::Api":         {path: "DisableExecuteApiEndpoint", want: "true"},
		"AWS::ApiGatewayV2::Route":       {path: "RouteKey", want: `"POST /interactions"`},
		"AWS::ApiGatewayV2::Integration": {path: "PayloadFormatVersion", want: `"2.0"`},
		"AWS::ApiGatewayV2::Stage":       {path: "DefaultRouteSettings", want: `{"ThrottlingBurstLimit":1000,"ThrottlingRateLimit":500}`},
		"AWS::Lambda::Function":          {begins: "Interactions", path: "ReservedConcurrentExecutions", want: "50"},
	} {
		id, properties := api.one(t, kind, want.begins)
		if got := at(properties, want.path); got != want.want {
			t.Errorf("%s: %s is %s, want %s", id, want.path, got, want.want)
		}
	}
	plain := map[string]any{"stage": "test", "entry": "api", "applicationId": "100000000000000001", "publicKey": aKey}
	if _, made := synthesize(t, plain); !strings.Contains(at(made.Outputs["InteractionsUrl"].Value), `/interactions"]]`) {
		t.Errorf("without a domain, the URL to register is %s", at(made.Outputs["InteractionsUrl"].Value))
	}
}

// TestRestoredTable wants what was restored from a point in time to take the place
// of records, and everything to know it.
func TestRestoredTable(t *testing.T) {
	_, made := synthesize(t, map[string]any{"recordsTable": "records-of-yesterday"})
	if tables := made.of("AWS::DynamoDB::Table"); len(tables) != 1 {
		t.Errorf("the stack has the tables %v, want only that of actions", tables)
	}
	for _, id := range made.of("AWS::Lambda::Function") {
		if got := at(made.Resources[id].Properties, "Environment", "Variables", env.RecordsTable); got != `"records-of-yesterday"` {
			t.Errorf("%s keeps records in %s", id, got)
		}
	}
	if got := at(made.Outputs["RecordsTable"].Value); got != `"records-of-yesterday"` {
		t.Errorf("operators are told that records are in %s", got)
	}
	_, policy := made.one(t, "AWS::IAM::Policy", "InteractionsRole")
	if !strings.Contains(at(policy), ":table/records-of-yesterday") {
		t.Error("interactions has no right to it")
	}
}

// TestRunbook wants a heading in the runbook for every alarm, and no others.
func TestRunbook(t *testing.T) {
	_, made := synthesize(t, stages()["url"])
	var rings []string
	for _, id := range made.of("AWS::CloudWatch::Alarm") {
		name, _, _ := strings.Cut(id, "Alarm")
		rings = append(rings, name)
	}
	data, err := os.ReadFile(filepath.Join("..", "docs", "runbook.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(data), "\n## Alarms\n")
	section, _, _ = strings.Cut(section, "\n## ")
	var known []string
	for _, heading := range regexp.MustCompile(`(?m)^### (.*)$`).FindAllStringSubmatch(section, -1) {
		known = append(known, heading[1])
	}
	slices.Sort(known)
	if !slices.Equal(rings, known) {
		t.Errorf("docs/runbook.md knows the alarms %q, and there are %q", known, rings)
	}
}

// TestKeysAreTold wants docs/deploy.md to know every key that can be told, and its
// default.
func TestKeysAreTold(t *testing.T) {
	data, err := os.ReadFile(filepath.Join("..", "docs", "deploy.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, list, _ := strings.Cut(string(data), "<!-- keys:")
	list, _, _ = strings.Cut(list, "<!-- /keys -->")
	for _, k := range keys() {
		row := regexp.MustCompile("(?m)^\\|.*`" + k.name + "`.*$").FindString(list)
		if row == "" || k.fallback != "" && !strings.Contains(row, "`"+k.fallback+"`") || k.needed && !strings.Contains(row, "needed") {
			t.Errorf("docs/deploy.md says of %s, with the default %q: %q", k.name, k.fallback, row)
		}
	}
}

// TestTags wants everything of a stage to be found by its tags: CloudFormation
// hands those of a stack down to what is in it.
func TestTags(t *testing.T) {
	app, stack := newApp(t, nil)
	tags := app.Synth(nil).GetStackByName(stack.StackName()).Tags()
	if got := fmt.Sprint(*(*tags)["application"], " ", *(*tags)["stage"], " ", *(*tags)["version"]); got != "entente example v1.2.3" {
		t.Errorf("the tags say %q", got)
	}
}

// TestBudget wants a budget that is wanted to be told where alarms are, and none
// that is not.
func TestBudget(t *testing.T) {
	_, made := synthesize(t, stages()["url"])
	_, budget := made.one(t, "AWS::Budgets::Budget", "Budget")
	topic, _ := made.one(t, "AWS::SNS::Topic", "Alarms")
	for _, kind := range []string{"ACTUAL", "FORECASTED"} {
		if got := at(budget["NotificationsWithSubscribers"]); !strings.Contains(got, kind) || !strings.Contains(got, fmt.Sprintf(`"Ref":%q`, topic)) {
			t.Errorf("what is %s is told to %s", kind, got)
		}
	}
	_, policy := made.one(t, "AWS::SNS::TopicPolicy", "Alarms")
	if !strings.Contains(at(policy), `"budgets.amazonaws.com"`) {
		t.Error("the topic lets no budget in")
	}
	if _, made = synthesize(t, map[string]any{"budget": "0"}); len(made.of("AWS::Budgets::Budget")) != 0 {
		t.Error("there is a budget that nobody wants")
	}
}
