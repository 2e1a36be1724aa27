package dynamo_test

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/entente-bot/entente/internal/storage"
	"github.com/entente-bot/entente/internal/storage/bolt"
	"github.com/entente-bot/entente/internal/storage/dynamo"
	"github.com/entente-bot/entente/internal/storage/dynamolocal"
	"github.com/entente-bot/entente/internal/storage/storagetest"
)

// TestDynamo holds all that needs the server, which takes seconds to start.
func TestDynamo(t *testing.T) {
	server := dynamolocal.Start(t)
	t.Run("Conformance", func(t *testing.T) {
		storagetest.Run(t, func(t *testing.T, now func() time.Time) storage.DB {
			return open(t, server.Client(), now)
		})
	})
	t.Run("AgreesWithBoltAndModel", func(t *testing.T) {
		t.Parallel()
		clock := storagetest.NewClock()
		local, err := bolt.Open(filepath.Join(t.TempDir(), "test.db"), clock.Now, bolt.Unsynced)
		if err != nil {
			t.Fatal(err)
		}
		defer local.Close()
		storagetest.Agree(t, clock, map[string]storage.DB{
			"bolt":   local,
			"dynamo": open(t, server.Client(), clock.Now),
		})
	})
	for _, tt := range faultTests() {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			tt.run(newFaulty(t, server))
		})
	}
}

// open makes the tables that client sees.
func open(t *testing.T, client *dynamodb.Client, now func() time.Time) *dynamo.DB {
	t.Helper()
	if err := dynamo.CreateTables(t.Context(), client, "records", "actions"); err != nil {
		t.Fatal(err)
	}
	return dynamo.New(client, "records", "actions", now)
}
