package dynamo_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/entente-bot/entente/internal/storage"
	"github.com/entente-bot/entente/internal/storage/dynamo"
	"github.com/entente-bot/entente/internal/storage/dynamo/dynamotest"
	"github.com/entente-bot/entente/internal/storage/dynamolocal"
	"github.com/entente-bot/entente/internal/storage/storagetest"
)

// A faulty is a DB behind a transport that goes wrong as told, and one beside
// it that sees the same tables and works.
type faulty struct {
	*testing.T
	db     *dynamo.DB
	faults *dynamotest.Faults
	seen   *dynamotest.Recorder
	rival  *dynamo.DB
	client *dynamodb.Client // of the rival
}

func newFaulty(t *testing.T, server *dynamolocal.Server) *faulty {
	f := &faulty{T: t, faults: &dynamotest.Faults{}}
	f.seen = &dynamotest.Recorder{Base: f.faults}
	cfg, now := server.Config(), storagetest.NewClock().Now
	f.client = dynamodb.NewFromConfig(cfg)
	f.rival = open(t, f.client, now)
	f.db = dynamo.New(dynamodb.NewFromConfig(cfg, dynamotest.Through(f.seen)), "records", "actions", now)
	return f
}

func key(sort string) storage.Key { return storage.Key{Table: storage.Records, Part: "p", Sort: sort} }

func act(sort string) storage.Key { return storage.Key{Table: storage.Actions, Part: "p", Sort: sort} }

func item(k storage.Key, version int64, value string) storage.Item {
	return storage.Item{Key: k, Version: version, Kind: "thing", Schema: 1, Value: []byte(value)}
}

// put writes items, which must succeed.
func (f *faulty) put(items ...storage.Item) {
	f.Helper()
	if err := f.db.Put(f.Context(), items...); err != nil {
		f.Fatalf("Put: %v", err)
	}
}

// interfere writes items as somebody else.
func (f *faulty) interfere(items ...storage.Item) {
	f.Helper()
	if err := f.rival.Put(context.WithoutCancel(f.Context()), items...); err != nil {
		f.Errorf("Put of the rival: %v", err)
	}
}

func (f *faulty) version(k storage.Key) int64 {
	f.Helper()
	items, err := f.rival.Get(f.Context(), k)
	if err != nil {
		f.Fatal(err)
	}
	return items[0].Version
}

func (f *faulty) holds(k storage.Key, want string) {
	f.Helper()
	items, err := f.rival.Get(f.Context(), k)
	if err != nil || string(items[0].Value) != want {
		f.Errorf("%v holds %s, %v; want %s", k, items[0].Value, err, want)
	}
}

// calls checks what went over the wire since the last time.
func (f *faulty) calls(want ...string) {
	f.Helper()
	if got := f.seen.Calls(); !slices.Equal(got, want) {
		f.Errorf("sent %q, want %q", got, want)
	}
	f.seen.Reset()
}

type faultTest struct {
	name string
	run  func(f *faulty)
}

func faultTests() []faultTest {
	return slices.Concat(writeFaults(), readFaults(), []faultTest{
		{"one round trip each", func(f *faulty) {
			f.put(item(key("s"), 0, `{}`))
			f.calls("PutItem")
			f.put(item(key("t"), 0, `{}`), item(act("t"), 0, `{}`))
			f.calls("TransactWriteItems")
			f.put(storage.Item{Key: key("t"), Version: storage.Any})
			f.calls("TransactWriteItems")
			if _, err := f.db.Get(f.Context(), key("s")); err != nil {
				f.Error(err)
			}
			f.calls("GetItem")
			if _, err := f.db.Get(f.Context(), key("s"), act("t"), key("u")); err != nil {
				f.Error(err)
			}
			f.calls("BatchGetItem")
			for _, q := range []storage.Query{{}, {Prefix: "s"}, {From: "a", Before: "z"}, {Before: "z", Cursor: "a"}, {Limit: 1}} {
				q.Table, q.Part = storage.Records, "p"
				if _, err := f.db.List(f.Context(), q); err != nil {
					f.Error(err)
				}
				f.calls("Query")
			}
		}},
		{"values are native attributes", func(f *faulty) {
			it := item(key("s"), 0, `{"name":"A","uses":42,"on":true,"tags":["x"],"who":{"id":"1"},"none":null}`)
			it.Expires = time.Unix(4102444800+60, 0)
			f.put(it)
			out, err := f.client.GetItem(f.Context(), &dynamodb.GetItemInput{
				TableName: aws.String("records"),
				Key:       map[string]types.AttributeValue{"pk": text("p"), "sk": text("s")},
			})
			if err != nil {
				f.Fatal(err)
			}
			got := out.Item["value"].(*types.AttributeValueMemberM).Value
			want := map[string]types.AttributeValue{
				"name": text("A"), "uses": &types.AttributeValueMemberN{Value: "42"}, "on": &types.AttributeValueMemberBOOL{Value: true},
				"tags": &types.AttributeValueMemberL{Value: []types.AttributeValue{text("x")}},
				"who":  &types.AttributeValueMemberM{Value: map[string]types.AttributeValue{"id": text("1")}},
				"none": &types.AttributeValueMemberNULL{Value: true},
			}
			if a, b := show(got), show(want); a != b {
				f.Errorf("stored %s, want %s", a, b)
			}
			if e := show(out.Item["expires"]); e != show(&types.AttributeValueMemberN{Value: "4102444860"}) {
				f.Errorf("expires is stored as %s", e)
			}
		}},
		{"what others wrote is an error, not a panic", func(f *faulty) {
			for i, value := range []types.AttributeValue{text("x"), &types.AttributeValueMemberM{Value: map[string]types.AttributeValue{"b": &types.AttributeValueMemberB{Value: []byte("x")}}}} {
				sort := fmt.Sprint(i)
				_, err := f.client.PutItem(f.Context(), &dynamodb.PutItemInput{TableName: aws.String("records"), Item: map[string]types.AttributeValue{
					"pk": text("p"), "sk": text(sort), "kind": text("thing"), "value": value,
					"version": &types.AttributeValueMemberN{Value: "1"}, "schema": &types.AttributeValueMemberN{Value: "1"},
				}})
				if err != nil {
					f.Fatal(err)
				}
				if _, err := f.db.Get(f.Context(), key(sort)); err == nil || !strings.Contains(err.Error(), sort) {
					f.Errorf("Get = %v", err)
				}
			}
			if _, err := f.db.List(f.Context(), storage.Query{Table: storage.Records, Part: "p"}); err == nil {
				f.Error("List succeeded")
			}
		}},
		{"tables that are missing are an error", func(f *faulty) {
			nowhere := dynamo.New(f.client, "nowhere", "neither", time.Now)
			if err := nowhere.Put(f.Context(), item(key("s"), 0, `{}`)); err == nil || errors.Is(err, storage.ErrConflict) {
				f.Errorf("Put = %v", err)
			}
		}},
	})
}

func text(s string) types.AttributeValue { return &types.AttributeValueMemberS{Value: s} }

// show writes an attribute out; fmt sorts the fields of maps.
func show(v any) string {
	switch v := v.(type) {
	case map[string]types.AttributeValue:
		fields := make(map[string]string)
		for name, e := range v {
			fields[name] = show(e)
		}
		return fmt.Sprint(fields)
	case *types.AttributeValueMemberM:
		return show(v.Value)
	case *types.AttributeValueMemberL:
		list := make([]string, len(v.Value))
		for i, e := range v.Value {
			list[i] = show(e)
		}
		return fmt.Sprint(list)
	}
	return fmt.Sprintf("%T%v", v, v)
}
