package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// TestInvariants walks through every resource of every stage: what must hold of a
// kind of resource holds of all of them, also of those added later.
func TestInvariants(t *testing.T) {
	for name, context := range stages() {
		t.Run(name, func(t *testing.T) {
			_, made := synthesize(t, context)
			if len(made.Resources) < 40 {
				t.Fatalf("only %d resources", len(made.Resources))
			}
			for id := range made.Resources {
				for _, complaint := range complaints(made, id) {
					t.Errorf("%s, of type %s: %s", id, made.Resources[id].Type, complaint)
				}
			}
		})
	}
}

// complaints lists what is wrong with a resource.
func complaints(made template, id string) (list []string) {
	r := made.Resources[id]
	want := func(ok bool, complaint string) {
		if !ok {
			list = append(list, complaint)
		}
	}
	for _, name := range []string{"TableName", "QueueName", "FunctionName", "RoleName", "LogGroupName", "AlarmName", "DashboardName", "TopicName", "PolicyName"} {
		fixed, _ := r.Properties[name].(string)
		// An inline policy must have a name; it is one within its role.
		want(fixed == "" || r.Type == "AWS::IAM::Policy", "it has the fixed name "+fixed)
	}
	switch r.Type {
	case "AWS::DynamoDB::Table":
		want(at(r.Properties, "SSESpecification", "SSEEnabled") == "true", "it is not encrypted")
		want(at(r.Properties, "TimeToLiveSpecification", "Enabled") == "true", "its items do not expire")
		want(at(r.Properties, "OnDemandThroughput", "MaxWriteRequestUnits") != "null", "nothing guards the bill")
	case "AWS::SQS::Queue":
		want(at(r.Properties, "SqsManagedSseEnabled") == "true", "it is not encrypted")
		want(isDeadLetterQueue(made, id) || at(r.Properties, "RedrivePolicy", "maxReceiveCount") != "null", "it has no dead-letter queue")
		want(onlyTLS(made, "AWS::SQS::QueuePolicy", "Queues", id), "it takes what comes without TLS")
	case "AWS::SNS::Topic":
		want(onlyTLS(made, "AWS::SNS::TopicPolicy", "Topics", id), "it takes what comes without TLS")
		want(alarmsMayPublish(made, id), "its policy keeps alarms from ringing")
	case "AWS::Logs::LogGroup":
		want(at(r.Properties, "RetentionInDays") != "null", "it is kept for ever")
	case "AWS::Lambda::Function":
		want(at(r.Properties, "LoggingConfig", "LogGroup", "Ref") != "null", "it has no log group of its own")
		want(at(r.Properties, "RecursiveLoop") == `"Terminate"`, "it may invoke itself without end")
		want(at(r.Properties, "Environment", "Variables", "GOMEMLIMIT") != "null", "its heap may grow until it is killed")
		want(at(r.Properties, "Runtime") == `"provided.al2023"` && at(r.Properties, "Architectures") == `["arm64"]`, "it is no function of ours")
	case "AWS::IAM::Role":
		want(at(r.Properties, "ManagedPolicyArns") == "null", "it has a policy of AWS's, with more rights than it needs")
	case "AWS::CloudWatch::Alarm":
		for _, when := range []string{"AlarmActions", "OKActions"} {
			want(at(r.Properties, when) != "null", "nobody hears it: no "+when)
		}
	}
	for _, s := range statements(r.Properties) {
		if s["Effect"] == "Allow" {
			want(!strings.Contains(at(s, "Resource"), "*"), "it allows something on a star: "+at(s, "Resource"))
			want(!strings.Contains(at(s, "Action"), "*"), "it allows a star: "+at(s, "Action"))
		}
	}
	return list
}

// statements returns every policy statement below a part of a template.
func statements(part any) (list []map[string]any) {
	switch part := part.(type) {
	case map[string]any:
		if part["Effect"] != nil {
			return []map[string]any{part}
		}
		for _, below := range part {
			list = append(list, statements(below)...)
		}
	case []any:
		for _, below := range part {
			list = append(list, statements(below)...)
		}
	}
	return list
}

// isDeadLetterQueue reports whether another queue leaves its failures there.
func isDeadLetterQueue(made template, id string) bool {
	return slices.ContainsFunc(made.of("AWS::SQS::Queue"), func(other string) bool {
		return strings.Contains(at(made.Resources[other].Properties, "RedrivePolicy"), fmt.Sprintf("%q", id))
	})
}

// onlyTLS reports whether a policy refuses what comes to a resource without TLS.
func onlyTLS(made template, kind, field, id string) bool {
	return slices.ContainsFunc(made.of(kind), func(policy string) bool {
		p := made.Resources[policy].Properties
		return strings.Contains(at(p, field), fmt.Sprintf("%q", id)) && slices.ContainsFunc(statements(p), func(s map[string]any) bool {
			return s["Effect"] == "Deny" && at(s, "Condition", "Bool", "aws:SecureTransport") == `"false"`
		})
	})
}

// alarmsMayPublish reports whether a policy of a topic lets the account's alarms
// publish to it. A topic's own policy replaces the one that AWS gives it, which
// would: what only refuses leaves nobody.
func alarmsMayPublish(made template, id string) bool {
	return slices.ContainsFunc(made.of("AWS::SNS::TopicPolicy"), func(policy string) bool {
		p := made.Resources[policy].Properties
		return strings.Contains(at(p, "Topics"), fmt.Sprintf("%q", id)) && slices.ContainsFunc(statements(p), func(s map[string]any) bool {
			return s["Effect"] == "Allow" && s["Action"] == "sns:Publish" && at(s, "Resource", "Ref") == fmt.Sprintf("%q", id) &&
				at(s, "Principal", "Service") == `"cloudwatch.amazonaws.com"` &&
				at(s, "Condition", "StringEquals", "aws:SourceAccount", "Ref") == `"AWS::AccountId"`
		})
	})
}

// TestComplaints breaks each invariant once: a walk that finds nothing wrong with
// anything would be worth nothing.
func TestComplaints(t *testing.T) {
	tests := []struct{ kind, properties, says string }{
		{"AWS::DynamoDB::Table", `{"TableName":"entente"}`, "it has the fixed name entente"},
		{"AWS::DynamoDB::Table", `{}`, "it is not encrypted"},
		{"AWS::DynamoDB::Table", `{}`, "its items do not expire"},
		{"AWS::DynamoDB::Table", `{}`, "nothing guards the bill"},
		{"AWS::SQS::Queue", `{}`, "it has no dead-letter queue"},
		{"AWS::SQS::Queue", `{}`, "it takes what comes without TLS"},
		{"AWS::SNS::Topic", `{}`, "it takes what comes without TLS"},
		{"AWS::SNS::Topic", `{}`, "its policy keeps alarms from ringing"},
		{"AWS::Logs::LogGroup", `{}`, "it is kept for ever"},
		{"AWS::Lambda::Function", `{}`, "it has no log group of its own"},
		{"AWS::Lambda::Function", `{"RecursiveLoop":"Allow"}`, "it may invoke itself without end"},
		{"AWS::Lambda::Function", `{}`, "its heap may grow until it is killed"},
		{"AWS::Lambda::Function", `{"Runtime":"nodejs22.x"}`, "it is no function of ours"},
		{"AWS::IAM::Role", `{"ManagedPolicyArns":["arn:aws:iam::aws:policy/x"]}`, "it has a policy of AWS's"},
		{"AWS::IAM::Policy", `{"PolicyDocument":{"Statement":[{"Effect":"Allow","Action":"sqs:SendMessage","Resource":"*"}]}}`, "it allows something on a star"},
		{"AWS::IAM::Role", `{"Policies":[{"PolicyDocument":{"Statement":[{"Effect":"Allow","Action":"sqs:*","Resource":"x"}]}}]}`, "it allows a star"},
		{"AWS::CloudWatch::Alarm", `{"AlarmActions":["x"]}`, "nobody hears it: no OKActions"},
	}
	for _, tt := range tests {
		var properties map[string]any
		if err := json.Unmarshal([]byte(tt.properties), &properties); err != nil {
			t.Fatal(err)
		}
		made := template{Resources: map[string]resource{"X": {Type: tt.kind, Properties: properties}}}
		if got := strings.Join(complaints(made, "X"), "\n"); !strings.Contains(got, tt.says) {
			t.Errorf("%s %s: %q, want %q", tt.kind, tt.properties, got, tt.says)
		}
	}
}
