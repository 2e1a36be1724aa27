package assembly

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/entente-bot/entente/internal/lambdahost"
)

// A table is what the template says of a table.
type table struct {
	AttributeDefinitions    []types.AttributeDefinition
	KeySchema               []types.KeySchemaElement
	TimeToLiveSpecification *types.TimeToLiveSpecification
}

// createTables makes the template's tables, each named by its logical ID.
func (t Template) createTables(ctx context.Context, client *dynamodb.Client) error {
	for _, id := range t.of(typeTable, typeGlobalTable) {
		var def table
		if err := t.decode(id, &def); err != nil {
			return err
		}
		_, err := client.CreateTable(ctx, &dynamodb.CreateTableInput{
			TableName: &id, BillingMode: types.BillingModePayPerRequest,
			AttributeDefinitions: def.AttributeDefinitions, KeySchema: def.KeySchema,
		})
		if err != nil {
			return fmt.Errorf("create table %s: %w", id, err)
		}
		ready := dynamodb.NewTableExistsWaiter(client, func(o *dynamodb.TableExistsWaiterOptions) {
			o.MinDelay, o.MaxDelay = 100*time.Millisecond, time.Second
		})
		if err := ready.Wait(ctx, &dynamodb.DescribeTableInput{TableName: &id}, time.Minute); err != nil {
			return fmt.Errorf("create table %s: %w", id, err)
		}
		if def.TimeToLiveSpecification == nil {
			continue
		}
		if _, err := client.UpdateTimeToLive(ctx, &dynamodb.UpdateTimeToLiveInput{
			TableName: &id, TimeToLiveSpecification: def.TimeToLiveSpecification,
		}); err != nil {
			return fmt.Errorf("set the expiry of table %s: %w", id, err)
		}
	}
	return nil
}

// deleteTables deletes the template's tables, where they were made.
func (t Template) deleteTables(ctx context.Context, client *dynamodb.Client) {
	for _, id := range t.of(typeTable, typeGlobalTable) {
		_, _ = client.DeleteTable(ctx, &dynamodb.DeleteTableInput{TableName: &id}) // it may not have come to be
	}
}

// queues returns the template's queues, each named by its logical ID.
func (t Template) queues() (list []lambdahost.QueueConfig, err error) {
	for _, id := range t.of(typeQueue) {
		var q struct {
			VisibilityTimeout int
			RedrivePolicy     struct {
				DeadLetterTargetArn string
				MaxReceiveCount     int
			}
		}
		if err := t.decode(id, &q); err != nil {
			return nil, err
		}
		list = append(list, lambdahost.QueueConfig{
			Name: id, Visibility: time.Duration(q.VisibilityTimeout) * time.Second,
			DeadLetters: last(q.RedrivePolicy.DeadLetterTargetArn), MaxReceives: q.RedrivePolicy.MaxReceiveCount,
		})
	}
	return list, nil
}

// A function is what the template says of a function.
type function struct {
	Timeout     int
	MemorySize  int
	Role        string
	Environment struct{ Variables map[string]text }
}

// A text is a value that a template may write as text or as a number.
type text string

// UnmarshalJSON implements [json.Unmarshaler].
func (t *text) UnmarshalJSON(data []byte) error {
	if s, err := strconv.Unquote(string(data)); err == nil {
		*t = text(s)
		return nil
	}
	var value any
	err := json.Unmarshal(data, &value)
	*t = text(fmt.Sprint(value))
	return err
}

// last returns the resource's name in an ARN, or name itself.
func last(arn string) string { return arn[strings.LastIndex(arn, ":")+1:] }

// secrets answers for Secrets Manager: every secret has the value.
func secrets(value string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var in struct{ SecretId string }
		_ = json.NewDecoder(r.Body).Decode(&in) // the gate has read it
		w.Header().Set("Content-Type", "application/x-amz-json-1.1")
		_ = json.NewEncoder(w).Encode(map[string]string{"ARN": in.SecretId, "Name": last(in.SecretId), "SecretString": value, "VersionId": "00000000-0000-0000-0000-000000000000"})
	})
}

// client speaks with DynamoDB Local as the functions do: it tells accounts apart
// by the access key.
func client(address string) *dynamodb.Client {
	keys := aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
		return aws.Credentials{AccessKeyID: "AKIDLAMBDAHOST", SecretAccessKey: "fake", SessionToken: "fake"}, nil
	})
	return dynamodb.NewFromConfig(aws.Config{Region: lambdahost.Region, BaseEndpoint: &address, Credentials: keys})
}
