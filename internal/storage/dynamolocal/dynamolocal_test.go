package dynamolocal_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/entente-bot/entente/internal/storage/dynamo"
	"github.com/entente-bot/entente/internal/storage/dynamolocal"
)

func TestAccessKeysAreApart(t *testing.T) {
	server := dynamolocal.Start(t)
	for range 2 {
		client := server.Client()
		before, err := client.ListTables(t.Context(), &dynamodb.ListTablesInput{})
		if err != nil {
			t.Fatal(err)
		}
		if len(before.TableNames) != 0 {
			t.Errorf("a new access key finds tables %v", before.TableNames)
		}
		for range 2 { // a second time is no mistake
			if err := dynamo.CreateTables(t.Context(), client, "records", "actions"); err != nil {
				t.Fatal(err)
			}
		}
	}
}
