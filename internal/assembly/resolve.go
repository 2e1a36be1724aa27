package assembly

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/entente-bot/entente/internal/lambdahost"
)

// queues is where the URL of every queue begins, as functions read it: the host
// is nobody's, for requests go to the address of AWS_ENDPOINT_URL_SQS.
const queues = "https://sqs." + lambdahost.Region + ".amazonaws.com"

// resolve returns a part of the template with every reference replaced by what
// it stands for on this machine. A reference it does not know is an error: a
// guess would hide what is missing.
func (t Template) resolve(part any) (any, error) {
	switch part := part.(type) {
	case map[string]any:
		if len(part) == 1 {
			for name, arg := range part {
				if name == "Ref" || strings.HasPrefix(name, "Fn::") {
					return t.call(name, arg)
				}
			}
		}
		out := map[string]any{}
		for name, value := range part {
			var err error
			if out[name], err = t.resolve(value); err != nil {
				return nil, fmt.Errorf("%s: %w", name, err)
			}
		}
		return out, nil
	case []any:
		out := make([]any, len(part))
		for i, value := range part {
			var err error
			if out[i], err = t.resolve(value); err != nil {
				return nil, err
			}
		}
		return out, nil
	}
	return part, nil
}

// call evaluates one intrinsic function.
func (t Template) call(name string, arg any) (any, error) {
	switch name {
	case "Ref":
		return t.ref(fmt.Sprint(arg))
	case "Fn::GetAtt":
		return t.attribute(arg)
	case "Fn::Join":
		return t.join(arg)
	case "Fn::Sub":
		return t.substitute(arg)
	}
	return nil, fmt.Errorf("%s is not known here", name)
}

// ref is what Ref gives.
func (t Template) ref(id string) (any, error) {
	if value, ok := pseudo()[id]; ok {
		return value, nil
	}
	if p, ok := t.Parameters[id]; ok {
		return p.Default, nil
	}
	switch r := t.Resources[id]; r.Type {
	case "":
		return nil, fmt.Errorf("there is no resource %s", id)
	case typeQueue:
		return queues + "/" + lambdahost.Account + "/" + id, nil
	case typeSecret:
		return t.arn(id)
	}
	return id, nil // a stand-in bears the logical ID as its name
}

// pseudo are the parameters that CloudFormation itself gives.
func pseudo() map[string]string {
	return map[string]string{
		"AWS::AccountId": lambdahost.Account, "AWS::Partition": "aws", "AWS::Region": lambdahost.Region,
		"AWS::StackName": "entente", "AWS::URLSuffix": "amazonaws.com",
		"AWS::StackId": "arn:aws:cloudformation:" + lambdahost.Region + ":" + lambdahost.Account + ":stack/entente/0",
	}
}

// attribute is what Fn::GetAtt gives: a list of two, or "id.name".
func (t Template) attribute(arg any) (any, error) {
	words := strings.SplitN(fmt.Sprint(arg), ".", 2)
	if list, ok := arg.([]any); ok && len(list) == 2 {
		words = []string{fmt.Sprint(list[0]), fmt.Sprint(list[1])}
	}
	if len(words) != 2 {
		return nil, fmt.Errorf("Fn::GetAtt of %v", arg)
	}
	id, name := words[0], words[1]
	switch {
	case t.Resources[id].Type == "":
		return nil, fmt.Errorf("there is no resource %s", id)
	case name == "Arn":
		return t.arn(id)
	case name == "QueueName":
		return id, nil
	case name == "QueueUrl":
		return t.ref(id)
	}
	return id + "." + name, nil // nobody here asks what it is
}

// arn names a resource as the stand-ins and the policies do.
func (t Template) arn(id string) (string, error) {
	kinds := map[string]string{
		typeTable: "dynamodb:%s:table/", typeGlobalTable: "dynamodb:%s:table/", typeQueue: "sqs:%s:",
		typeFunction: "lambda:%s:function:", typeSecret: "secretsmanager:%s:secret:", typeRole: "iam:%s:role/",
	}
	kind, ok := kinds[t.Resources[id].Type]
	if !ok {
		return "arn:aws:other:" + lambdahost.Region + ":" + lambdahost.Account + ":" + id, nil
	}
	return "arn:aws:" + fmt.Sprintf(kind, lambdahost.Region+":"+lambdahost.Account) + id, nil
}

// join is what Fn::Join gives.
func (t Template) join(arg any) (any, error) {
	args, ok := arg.([]any)
	if !ok || len(args) != 2 {
		return nil, fmt.Errorf("Fn::Join of %v", arg)
	}
	resolved, err := t.resolve(args[1])
	if err != nil {
		return nil, err
	}
	list, ok := resolved.([]any)
	if !ok {
		return nil, fmt.Errorf("Fn::Join of %v", arg)
	}
	var words []string
	for _, word := range list {
		words = append(words, fmt.Sprint(word))
	}
	return strings.Join(words, fmt.Sprint(args[0])), nil
}

// substitute is what Fn::Sub gives, in its short form.
func (t Template) substitute(arg any) (any, error) {
	text, ok := arg.(string)
	if !ok {
		return nil, fmt.Errorf("Fn::Sub of %v: only its short form is known here", arg)
	}
	var failed error
	out := regexp.MustCompile(`\$\{[^}]+\}`).ReplaceAllStringFunc(text, func(name string) string {
		name = strings.Trim(name, "${}")
		value, err := t.ref(name)
		if strings.Contains(name, ".") {
			value, err = t.attribute(name)
		}
		if err != nil && failed == nil {
			failed = err
		}
		return fmt.Sprint(value)
	})
	return out, failed
}

// oneOrMore reads a field that holds one string or a list of them.
func oneOrMore(field any) (list []string) {
	switch field := field.(type) {
	case string:
		return []string{field}
	case []any:
		for _, v := range field {
			list = append(list, fmt.Sprint(v))
		}
	}
	return list
}
