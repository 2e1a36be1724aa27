package assembly

import (
	"encoding/json"
	"maps"
	"reflect"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

func TestPolicyAllows(t *testing.T) {
	t.Parallel()
	const table = "arn:aws:dynamodb:eu-central-1:000000000000:table/Records"
	tests := []struct {
		name, policy string
		want         bool
	}{
		{"nothing is said", `[]`, false},
		{"exactly that", `[{"Effect":"Allow","Action":"dynamodb:GetItem","Resource":"` + table + `"}]`, true},
		{"one of several", `[{"Effect":"Allow","Action":["a:B","dynamodb:GetItem"],"Resource":["x","` + table + `"]}]`, true},
		{"another action", `[{"Effect":"Allow","Action":"dynamodb:PutItem","Resource":"` + table + `"}]`, false},
		{"another table", `[{"Effect":"Allow","Action":"dynamodb:GetItem","Resource":"` + table + `Old"}]`, false},
		{"only its indexes", `[{"Effect":"Allow","Action":"dynamodb:GetItem","Resource":"` + table + `/index/*"}]`, false},
		{"by a star", `[{"Effect":"Allow","Action":"dynamodb:Get*","Resource":"arn:aws:dynamodb:*"}]`, true},
		{"in another letter case", `[{"Effect":"Allow","Action":"DynamoDB:getitem","Resource":"*"}]`, true},
		{"denied as well", `[{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":"dynamodb:*","Resource":"*"}]`, false},
	}
	for _, tt := range tests {
		var p policy
		if err := json.Unmarshal([]byte(tt.policy), &p); err != nil {
			t.Fatal(err)
		}
		if got := p.allows("dynamodb:GetItem", table); got != tt.want {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
}

func TestResolve(t *testing.T) {
	t.Parallel()
	var template Template
	const text = `{"Parameters":{"P":{"Default":"value"}},"Resources":{
		"T":{"Type":"AWS::DynamoDB::Table"},"Q":{"Type":"AWS::SQS::Queue"},"S":{"Type":"AWS::SecretsManager::Secret"}}}`
	if err := json.Unmarshal([]byte(text), &template); err != nil {
		t.Fatal(err)
	}
	tests := []struct{ part, want string }{ // "" wants an error
		{`"plain"`, `"plain"`},
		{`{"Ref":"P"}`, `"value"`},
		{`{"Ref":"T"}`, `"T"`},
		{`{"Ref":"Q"}`, `"https://sqs.eu-central-1.amazonaws.com/000000000000/Q"`},
		{`{"Ref":"S"}`, `"arn:aws:secretsmanager:eu-central-1:000000000000:secret:S"`},
		{`{"Fn::GetAtt":["T","Arn"]}`, `"arn:aws:dynamodb:eu-central-1:000000000000:table/T"`},
		{`{"Fn::GetAtt":"Q.Arn"}`, `"arn:aws:sqs:eu-central-1:000000000000:Q"`},
		{`{"Fn::Join":["",[{"Fn::GetAtt":["T","Arn"]},"/index/*"]]}`, `"arn:aws:dynamodb:eu-central-1:000000000000:table/T/index/*"`},
		{`{"Fn::Sub":"${AWS::Region} ${T} ${Q.QueueName}"}`, `"eu-central-1 T Q"`},
		{`{"A":[{"Ref":"T"},1,true]}`, `{"A":["T",1,true]}`},
		{`{"Ref":"Nothing"}`, ""},
		{`{"A":{"Fn::GetAtt":["Nothing","Arn"]}}`, ""},
		{`{"Fn::ImportValue":"x"}`, ""},
	}
	for _, tt := range tests {
		var part any
		if err := json.Unmarshal([]byte(tt.part), &part); err != nil {
			t.Fatal(err)
		}
		resolved, err := template.resolve(part)
		if tt.want == "" {
			if err == nil {
				t.Errorf("%s is %v, want an error", tt.part, resolved)
			}
			continue
		}
		got, marshal := json.Marshal(resolved)
		if err != nil || marshal != nil || string(got) != tt.want {
			t.Errorf("%s is %s, %v, want %s", tt.part, got, err, tt.want)
		}
	}
}

func TestBill(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, request, answer string
		want                  map[string]float64
	}{
		{"a read that found nothing", `{"TableName":"A"}`, `{}`, map[string]float64{"A": 0.5}},
		{"a consistent one", `{"TableName":"A","ConsistentRead":true}`, `{}`, map[string]float64{"A": 1}},
		{"a large item", `{"TableName":"A","ConsistentRead":true}`, `{"ConsumedCapacity":{"TableName":"A","CapacityUnits":3}}`, map[string]float64{"A": 3}},
		{"a batch", `{"RequestItems":{"A":{"Keys":[{},{}],"ConsistentRead":true},"B":{"Keys":[{}]}}}`,
			`{"ConsumedCapacity":[{"TableName":"A","CapacityUnits":1}]}`, map[string]float64{"A": 2, "B": 0.5}},
		{"a refused transaction", `{"TransactItems":[{"Put":{"TableName":"A"}},{"Delete":{"TableName":"A"}},{"Put":{"TableName":"B"}}]}`,
			`{"__type":"TransactionCanceledException"}`, map[string]float64{"A": 4, "B": 2}},
		{"a write", `{"TableName":"A","Item":{}}`, `{"ConsumedCapacity":{"TableName":"A","CapacityUnits":1}}`, map[string]float64{"A": 1}},
	}
	for _, tt := range tests {
		if got := bill([]byte(tt.request), []byte(tt.answer)); !maps.Equal(got, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
}

func TestBefore(t *testing.T) {
	t.Parallel()
	text := func(s string) types.AttributeValue { return &types.AttributeValueMemberS{Value: s} }
	for from, to := range map[string]string{
		"2026-11-21T12:00:00.5Z": "2026-11-21T11:00:00.5Z",
		"0001-01-01T00:00:00Z":   "0001-01-01T00:00:00Z", // never
		"2026":                   "2026",
		"Lighthouse":             "Lighthouse",
	} {
		nested := &types.AttributeValueMemberM{Value: map[string]types.AttributeValue{"a": &types.AttributeValueMemberL{Value: []types.AttributeValue{text(from)}}}}
		want := &types.AttributeValueMemberM{Value: map[string]types.AttributeValue{"a": &types.AttributeValueMemberL{Value: []types.AttributeValue{text(to)}}}}
		if got := before(nested, time.Hour); !reflect.DeepEqual(got, want) {
			t.Errorf("%s is not moved to %s", from, to)
		}
	}
	for from, to := range map[string]string{
		"001763726400000#a#1": "001763722800000#a#1",
		"settings":            "settings",
		"123456789012345678":  "123456789012345678", // an ID
	} {
		if got := dueBefore(from, time.Hour); got != to {
			t.Errorf("the key %s becomes %s, want %s", from, got, to)
		}
	}
}
