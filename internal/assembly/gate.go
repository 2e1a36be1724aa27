package assembly

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"path"
	"strings"
	"sync"

	"github.com/entente-bot/entente/internal/lambdahost"
)

// A gate is the one address at which a function finds AWS. It lets through what
// the function's role allows, counts it, and refuses the rest.
type gate struct {
	who    string // the function
	may    policy
	counts *Counts
	dynamo string // the address of DynamoDB Local
	sqs    http.Handler
	secret http.Handler

	mu        sync.Mutex
	shut      bool     // see Assembly.Revoke
	contended bool     // see Assembly.Contend
	refused   []string // what the role does not allow
}

// A demand is what a request needs to be allowed.
type demand struct{ action, kind, name string }

// resource is the ARN that policies name.
func (d demand) resource() string {
	if strings.HasPrefix(d.name, "arn:") {
		return d.name
	}
	return "arn:aws:" + d.kind[:strings.Index(d.kind, ":")] + ":" + lambdahost.Region + ":" + lambdahost.Account + d.kind[strings.Index(d.kind, ":"):] + d.name
}

// ServeHTTP takes a request in one of AWS's JSON protocols, which name the
// service and the operation in a header.
func (g *gate) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil { // the function hung up
		return
	}
	service, operation, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	var demands []demand
	switch service {
	case "DynamoDB_20120810":
		demands = tableDemands(operation, body)
	case "AmazonSQS":
		demands = queueDemands(operation, body)
	case "secretsmanager":
		demands = secretDemands(operation, body)
	}
	if len(demands) == 0 {
		g.refuse(w, fmt.Sprintf("%s asks for %s, which is not known here", g.who, r.Header.Get("X-Amz-Target")))
		return
	}
	for _, d := range demands {
		if err := g.may.demand(g.who, d.resource(), d.action); err != nil {
			g.refuse(w, err.Error())
			return
		}
	}
	if g.isShut() {
		answerDenied(w, g.who+" lost its rights")
		return
	}
	if writes := operation == "TransactWriteItems" || operation == "PutItem"; writes && g.isContended() {
		answerConflict(w)
		return
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	switch service {
	case "DynamoDB_20120810":
		g.forward(w, r, operation, body)
	case "AmazonSQS":
		g.counts.add(Count{Function: g.who, Service: "sqs", Operation: operation, Resource: demands[0].name, Requests: 1})
		g.sqs.ServeHTTP(w, r)
	default:
		g.counts.add(Count{Function: g.who, Service: service, Operation: operation, Requests: 1})
		g.secret.ServeHTTP(w, r)
	}
}

// refuse answers as AWS does when a role does not allow something.
func (g *gate) refuse(w http.ResponseWriter, why string) {
	g.mu.Lock()
	g.refused = append(g.refused, why)
	g.mu.Unlock()
	answerDenied(w, why)
}

// isShut reports whether the function has lost its rights.
func (g *gate) isShut() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.shut
}

// isContended reports whether others are always faster than the function.
func (g *gate) isContended() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.contended
}

// answerConflict is DynamoDB's answer to a write that met another.
func answerConflict(w http.ResponseWriter) {
	answerError(w, "TransactionConflictException", "another transaction is under way")
}

// answerDenied is the answer of AWS to what is not allowed.
func answerDenied(w http.ResponseWriter, why string) { answerError(w, "AccessDeniedException", why) }

func answerError(w http.ResponseWriter, kind, why string) {
	w.Header().Set("Content-Type", "application/x-amz-json-1.0")
	w.WriteHeader(http.StatusBadRequest)
	_ = json.NewEncoder(w).Encode(map[string]string{"__type": kind, "message": why}) // the function may be gone
}

// tableDemands is what a request to DynamoDB needs: a transaction, the right to
// each of its parts.
func tableDemands(operation string, body []byte) (list []demand) {
	type named struct{ TableName string }
	var in struct {
		named
		RequestItems  map[string]any
		TransactItems []map[string]named
	}
	if json.Unmarshal(body, &in) != nil {
		return nil
	}
	need := func(operation, table string) {
		list = append(list, demand{"dynamodb:" + operation, "dynamodb:table/", table})
	}
	if in.TableName != "" {
		need(operation, in.TableName)
	}
	for table := range in.RequestItems {
		need(operation, table)
	}
	parts := map[string]string{"Put": "PutItem", "Update": "UpdateItem", "Delete": "DeleteItem", "ConditionCheck": "ConditionCheckItem", "Get": "GetItem"}
	for _, item := range in.TransactItems {
		for kind, of := range item {
			need(parts[kind], of.TableName)
		}
	}
	return list
}

// queueDemands is what a request to SQS needs: a batch, what one message does.
func queueDemands(operation string, body []byte) []demand {
	var in struct{ QueueUrl string }
	if json.Unmarshal(body, &in) != nil || in.QueueUrl == "" {
		return nil
	}
	return []demand{{"sqs:" + strings.TrimSuffix(operation, "Batch"), "sqs:", path.Base(in.QueueUrl)}}
}

// secretDemands is what a request to Secrets Manager needs.
func secretDemands(operation string, body []byte) []demand {
	var in struct{ SecretId string }
	if json.Unmarshal(body, &in) != nil || in.SecretId == "" {
		return nil
	}
	return []demand{{"secretsmanager:" + operation, "secretsmanager:secret:", in.SecretId}}
}
