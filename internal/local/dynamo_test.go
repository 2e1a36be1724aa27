package local_test

import (
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/entente-bot/entente/internal/apply"
	"github.com/entente-bot/entente/internal/fakediscord"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/storage/dynamo"
	"github.com/entente-bot/entente/internal/storage/dynamo/dynamotest"
	"github.com/entente-bot/entente/internal/storage/dynamolocal"
)

// newDynamoStage is newStage on DynamoDB, which goes wrong as faults say.
func newDynamoStage(t *testing.T, server *dynamolocal.Server) (s *stage, faults *dynamotest.Faults, client *dynamodb.Client) {
	t.Helper()
	faults = new(dynamotest.Faults)
	client = server.Client(dynamotest.Through(faults))
	if err := dynamo.CreateTables(t.Context(), client, "records", "actions"); err != nil {
		t.Fatal(err)
	}
	s = newBareStage(t)
	s.tamper = func(s *stage) {
		s.DB = dynamo.New(client, "records", "actions", s.Now)
		s.Interactions.DB, s.Worker.Actions.DB, s.Worker.Invites.DB = s.DB, s.DB, s.DB
		s.Worker.Actions.Sole = false
	}
	s.restart()
	if err := s.SetUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.drain()
	return s, faults, client
}

// TestOnDynamo plays whole stories on DynamoDB.
func TestOnDynamo(t *testing.T) {
	t.Parallel()
	server := dynamolocal.Start(t)
	t.Run("faults", func(t *testing.T) { dynamoFaults(t, server) })
	t.Run("out of order", func(t *testing.T) { dynamoDown(t, server) })
	t.Run("expired items that are still there", func(t *testing.T) { dynamoExpired(t, server) })
}

// dynamoFaults: whatever goes wrong with the store at each step of the story,
// its effects are there once, and people are answered.
func dynamoFaults(t *testing.T, server *dynamolocal.Server) {
	writes := []string{"TransactWriteItems", "PutItem"}
	all := append([]string{"BatchGetItem", "GetItem", "Query"}, writes...)
	for _, tt := range []struct {
		name       string
		operations []string
		times      int
		fault      dynamotest.Fault
	}{
		{"throttled", all, 3, dynamotest.Throttled},
		{"never arrived", all, 2, dynamotest.Unreached},
		{"replies to writes lost", writes, 2, dynamotest.ReplyLost},
		{"keys unprocessed", []string{"BatchGetItem"}, 3, dynamotest.Unprocessed},
		{"one item a page", []string{"Query"}, 20, dynamotest.OneAPage},
		{"conflict, five times", []string{"TransactWriteItems"}, 5, dynamotest.Cancelled("TransactionConflict")},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s, faults, _ := newDynamoStage(t, server)
			strike := func() {
				for _, operation := range tt.operations {
					faults.Next(operation, tt.times, tt.fault)
				}
			}
			strike()
			s.untilHeard(func() (*fakediscord.Exchange, error) { return s.Apply(t.Context(), s.Rio, s.Form()) })
			strike() // the worker
			s.settle()
			strike()
			card := s.only(s.Review)
			s.untilHeard(func() (*fakediscord.Exchange, error) {
				return s.As(s.Max, s.Guild, s.Review).ForgePress(t.Context(), card.Ref, mustButton(t, card, "Approve"))
			})
			strike()
			s.settle()
			s.finished()
			if faults.Struck() == 0 {
				t.Error("no fault struck")
			}
		})
	}
}

// mustButton returns the custom ID of a button.
func mustButton(t *testing.T, m fakediscord.Message, label string) string {
	t.Helper()
	b, ok := m.Button(label)
	if !ok {
		t.Fatalf("no button %s on %s", label, m.Text())
	}
	return b.CustomID
}

// untilHeard does something until the answer is no apology: a person who is
// asked to try again does.
func (s *stage) untilHeard(do func() (*fakediscord.Exchange, error)) {
	s.Helper()
	for range 5 {
		ex, err := do()
		if err != nil {
			s.Fatal(err) // no answer, or none that can be read
		}
		if text := ex.Text(); !strings.Contains(text, "Something went wrong") && !strings.Contains(text, "Many people") {
			return
		}
	}
	s.Fatal("five apologies")
}

// dynamoDown: while DynamoDB does nothing at all, people are told so, and
// nothing is half done.
func dynamoDown(t *testing.T, server *dynamolocal.Server) {
	for _, tt := range []struct {
		name      string
		operation string
		fault     dynamotest.Fault
	}{
		{"reads", "BatchGetItem", dynamotest.Throttled},
		{"writes", "TransactWriteItems", dynamotest.Throttled},
		{"conflicts", "TransactWriteItems", dynamotest.Cancelled("TransactionConflict")},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s, faults, _ := newDynamoStage(t, server)
			s.apply(s.Rio, s.Form())
			card := s.only(s.Review)
			faults.Always(tt.operation, tt.fault)
			ex, err := s.As(s.Max, s.Guild, s.Review).Press(t.Context(), card.Ref, "Approve")
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(ex.Text(), "try again") {
				t.Errorf("the answer is %s", ex.Text())
			}
			faults.Always(tt.operation, nil)
			if got := s.counts(); got != (partnership.Counts{Pending: 1}) {
				t.Errorf("counts: %+v", got)
			}
			s.press(s.Max, s.Review, "Approve")
			s.finished()
		})
	}
}

// dynamoExpired: DynamoDB deletes what has expired days later. Until then it is
// there, and nobody sees it.
func dynamoExpired(t *testing.T, server *dynamolocal.Server) {
	s, _, client := newDynamoStage(t, server)
	form := s.Form()
	form["invite"] = "nosuchplace"
	sent := s.apply(s.Rio, form)
	edit := mustButton(t, sent.Current(), "Edit and resend")
	s.advance(8 * 24 * time.Hour)
	draft := apply.DraftKey(s.Guild, sent.Interaction)
	raw, err := client.GetItem(t.Context(), &dynamodb.GetItemInput{TableName: aws.String("records"), Key: map[string]types.AttributeValue{
		"pk": &types.AttributeValueMemberS{Value: draft.Part}, "sk": &types.AttributeValueMemberS{Value: draft.Sort},
	}})
	if err != nil || len(raw.Item) == 0 {
		t.Fatalf("the expired form is not there any more: %v, %v", raw, err)
	}
	ex, err := s.As(s.Rio, s.Guild, s.Lobby).ForgePress(t.Context(), sent.Message, edit)
	if err != nil {
		t.Fatal(err)
	}
	s.says(ex.Text(), "too old to be edited")
}
