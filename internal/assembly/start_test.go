package assembly_test

import (
	"strings"
	"testing"

	"github.com/entente-bot/entente/internal/assembly"
	"github.com/entente-bot/entente/internal/env"
	"github.com/entente-bot/entente/internal/storage/dynamolocal"
)

// TestStartNamesWhatIsMissing breaks a template in one place, as a mistake in
// infra would: nothing here may make up for it.
func TestStartNamesWhatIsMissing(t *testing.T) {
	dynamo, paths := dynamolocal.Start(t).URL, bootstraps(t)
	remove := func(id string) func(assembly.Template) {
		return func(t assembly.Template) { delete(t.Resources, id) }
	}
	set := func(id, property string, value any) func(assembly.Template) {
		return func(t assembly.Template) { t.Resources[id].Properties[property] = value }
	}
	unset := func(id, variable string) func(assembly.Template) {
		return func(t assembly.Template) {
			vars := t.Resources[id].Properties["Environment"].(map[string]any)["Variables"].(map[string]any)
			delete(vars, variable)
		}
	}
	deny := func(policy, action string) func(assembly.Template) {
		return func(t assembly.Template) { forbid(t, policy, action, "*") }
	}
	tests := []struct {
		name  string
		wrong func(assembly.Template)
		says  string
	}{
		{"a function", remove("PollerFunction"), "the template has no function for poller"},
		{"a role", remove("WorkerRole"), "there is no resource WorkerRole"},
		{"a queue", remove("DeadLetters"), "there is no resource DeadLetters"},
		{"the mapping", remove("Mapping"), "0 event source mappings"},
		{"the URL", remove("Url"), "0 function URLs"},
		{"who may call the URL", remove("UrlPermission"), "nobody may call InteractionsFunction: there is no permission for lambda:InvokeFunctionUrl by *"},
		{"who may invoke it by the URL", remove("UrlInvoke"), "there is no permission for lambda:InvokeFunction by *"},
		{"an open URL", set("Url", "AuthType", "AWS_IAM"), "wants AWS_IAM, which Discord does not have"},
		{"the right to the secret", remove("WorkerRolePolicy"), "worker may not secretsmanager:GetSecretValue"},
		{"the rights of the mapping", deny("WorkerRolePolicy", "sqs:ReceiveMessage"), "worker may not sqs:ReceiveMessage"},
		{"the rights of a schedule", set("MinuteRole", "Policies", []any{}), "may not lambda:InvokeFunction"},
		{"a schedule that is on", set("PollerMinute", "State", "DISABLED"), "PollerMinute: it is disabled"},
		{"a table's name", unset("SchedulerFunction", env.ActionsTable), env.ActionsTable + " is not set"},
		{"the public key", unset("InteractionsFunction", env.PublicKey), env.PublicKey + " is not set"},
		{"a known function of CloudFormation's", set("Url", "AuthType", map[string]any{"Fn::Split": []any{"|", "a"}}), "Fn::Split is not known here"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			template := read(t, minimal)
			tt.wrong(template)
			a, err := assembly.Start(t.Context(), assembly.Config{
				Template: template, Bootstraps: paths, DynamoDB: dynamo, Secret: "none",
				Context: map[string]string{env.PublicKey: own()[env.PublicKey]},
			})
			if err == nil {
				a.Close()
				t.Fatal("it starts")
			}
			if !strings.Contains(err.Error(), tt.says) {
				t.Errorf("it says %q, want %q", err, tt.says)
			}
		})
	}
}

// forbid adds to a policy that an action is denied on a resource.
func forbid(t assembly.Template, policy, action string, resource any) {
	document := t.Resources[policy].Properties["PolicyDocument"].(map[string]any)
	document["Statement"] = append(document["Statement"].([]any), map[string]any{"Effect": "Deny", "Action": action, "Resource": resource})
}

// TestRoleIsEnforced takes one right from the role of the function that faces the
// internet: what it does then is refused, and known.
func TestRoleIsEnforced(t *testing.T) {
	template := read(t, minimal)
	forbid(template, "InteractionsRolePolicy", "dynamodb:*Item", map[string]any{"Fn::GetAtt": []any{"RecordsTable", "Arn"}})
	s := &stage{T: t}
	s.open(template)
	_, _ = s.As(s.Nora, s.Guild, s.Lobby).Command(t.Context(), "partner list") // what Nora is told is another test's
	s.close()
	want := "interactions may not dynamodb:BatchGetItem on arn:aws:dynamodb:"
	if got := strings.Join(s.Refused(), "\n"); !strings.Contains(got, want) {
		t.Errorf("refused: %q, want %q", got, want)
	}
}
