package interactions_test

import (
	"context"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/storage"
	"github.com/entente-bot/entente/internal/storage/bolt"
	"github.com/entente-bot/entente/internal/storage/dynamo/dynamotest"
)

// A watched store counts what is asked of it, and breaks if it is told to.
type watched struct {
	storage.DB
	asked  atomic.Int64 // calls of any kind
	wrote  atomic.Int64 // calls of Put that stored something
	breaks func(call string) error
}

// newStore opens an embedded store in a directory of the test.
func newStore(t testing.TB, now func() time.Time) *watched {
	t.Helper()
	db, err := bolt.Open(filepath.Join(t.TempDir(), "db"), now, bolt.Unsynced)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return &watched{DB: db}
}

func (w *watched) ask(call string) error {
	w.asked.Add(1)
	if w.breaks == nil {
		return nil
	}
	return w.breaks(call)
}

func (w *watched) Get(ctx context.Context, keys ...storage.Key) ([]storage.Item, error) {
	if err := w.ask("Get"); err != nil {
		return nil, err
	}
	return w.DB.Get(ctx, keys...)
}

func (w *watched) List(ctx context.Context, q storage.Query) (storage.Page, error) {
	if err := w.ask("List"); err != nil {
		return storage.Page{}, err
	}
	return w.DB.List(ctx, q)
}

func (w *watched) Put(ctx context.Context, items ...storage.Item) error {
	if err := w.ask("Put"); err != nil {
		return err
	}
	err := w.DB.Put(ctx, items...)
	if err == nil && len(items) > 0 {
		w.wrote.Add(1)
	}
	return err
}

// A queue remembers what was sent to it, and loses it if it has an err.
type queue struct {
	mu   sync.Mutex
	sent []action.Ref
	err  error
}

func (q *queue) Send(_ context.Context, refs ...action.Ref) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.err != nil {
		return q.err
	}
	q.sent = append(q.sent, refs...)
	return nil
}

// A hanging store answers nothing until the caller gives up.
type hanging struct{ storage.DB }

func (hanging) Get(ctx context.Context, _ ...storage.Key) ([]storage.Item, error) {
	<-ctx.Done()
	return nil, ctx.Err()
}

// A gate is a transport to DynamoDB that refuses one operation, as DynamoDB
// refuses what it cannot make sense of.
type gate struct {
	mu        sync.Mutex
	operation string
}

// refuse says which operation is refused from now on; "" for none.
func (g *gate) refuse(operation string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.operation = operation
}

func (g *gate) RoundTrip(r *http.Request) (*http.Response, error) {
	g.mu.Lock()
	refused := g.operation != "" && g.operation == dynamotest.Operation(r)
	g.mu.Unlock()
	if !refused {
		return http.DefaultTransport.RoundTrip(r)
	}
	return &http.Response{
		StatusCode: http.StatusBadRequest, Request: r, Header: http.Header{"Content-Type": {"application/x-amz-json-1.0"}},
		Body: io.NopCloser(strings.NewReader(`{"__type":"com.amazonaws.dynamodb.v20120810#ValidationException","message":"One or more parameter values were invalid"}`)),
	}, nil
}
