package dynamotest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"sync"
)

// A Fault answers a request in place of the server at base, which it may ask.
type Fault func(base http.RoundTripper, r *http.Request) (*http.Response, error)

// Faults is a transport that goes wrong as told. Without faults left, or for
// other operations, it passes requests on. It may be used from any number of
// goroutines.
type Faults struct {
	Base http.RoundTripper // nil means http.DefaultTransport

	mu     sync.Mutex
	coming map[string][]Fault // by operation, the next first
	always map[string]Fault
	struck int
}

// Next makes the next n requests for an operation suffer f, after those of
// earlier calls of Next.
func (s *Faults) Next(operation string, n int, f Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.coming == nil {
		s.coming = make(map[string][]Fault)
	}
	s.coming[operation] = append(s.coming[operation], slices.Repeat([]Fault{f}, n)...)
}

// Always makes all requests for an operation suffer f, when those of Next are
// over. A nil f ends it.
func (s *Faults) Always(operation string, f Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.always == nil {
		s.always = make(map[string]Fault)
	}
	s.always[operation] = f
}

// Struck returns how many requests suffered a fault.
func (s *Faults) Struck() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.struck
}

// RoundTrip passes r on, or not.
func (s *Faults) RoundTrip(r *http.Request) (*http.Response, error) {
	if f := s.take(Operation(r)); f != nil {
		return f(base(s.Base), r)
	}
	return base(s.Base).RoundTrip(r)
}

func (s *Faults) take(operation string) Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	f := s.always[operation]
	if coming := s.coming[operation]; len(coming) > 0 {
		f, s.coming[operation] = coming[0], coming[1:]
	}
	if f != nil {
		s.struck++
	}
	return f
}

// Throttled is DynamoDB with too much to do: nothing is done.
func Throttled(_ http.RoundTripper, r *http.Request) (*http.Response, error) {
	return answer(r, http.StatusBadRequest, map[string]any{
		"__type":  "com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException",
		"message": "The level of configured provisioned throughput for the table was exceeded.",
	})
}

// Broken is DynamoDB with an internal error: nothing is done.
func Broken(_ http.RoundTripper, r *http.Request) (*http.Response, error) {
	return answer(r, http.StatusInternalServerError, map[string]any{
		"__type":  "com.amazonaws.dynamodb.v20120810#InternalServerError",
		"message": "The request processing has failed because of an unknown error.",
	})
}

// Contended is a PutItem of an item that a transaction is writing: nothing is done.
func Contended(_ http.RoundTripper, r *http.Request) (*http.Response, error) {
	return answer(r, http.StatusBadRequest, map[string]any{
		"__type":  "com.amazonaws.dynamodb.v20120810#TransactionConflictException",
		"message": "Transaction is ongoing for the item",
	})
}

// Cancelled is a transaction that is called off, with code as the reason of its
// last item, such as "TransactionConflict" or "ThrottlingError": nothing is done.
func Cancelled(code string) Fault { return Refused(code, "injected") }

// Refused is Cancelled with a message to the code.
func Refused(code, message string) Fault {
	return func(_ http.RoundTripper, r *http.Request) (*http.Response, error) {
		var in struct{ TransactItems []json.RawMessage }
		if err := body(r, &in); err != nil {
			return nil, err
		}
		reasons := slices.Repeat([]map[string]string{{"Code": "None"}}, len(in.TransactItems))
		reasons[len(reasons)-1] = map[string]string{"Code": code, "Message": message}
		return answer(r, http.StatusBadRequest, map[string]any{
			"__type":              "com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
			"Message":             fmt.Sprintf("Transaction cancelled, please refer cancellation reasons for specific reasons [%s]", code),
			"CancellationReasons": reasons,
		})
	}
}

// ErrReset is what a client sees of a connection that broke.
var ErrReset = errors.New("connection reset by peer (injected)")

// Unreached is a request that never arrived.
func Unreached(http.RoundTripper, *http.Request) (*http.Response, error) {
	return nil, ErrReset
}

// ReplyLost is a request that arrived and was obeyed; the reply is lost.
func ReplyLost(base http.RoundTripper, r *http.Request) (*http.Response, error) {
	resp, err := base.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	if err := resp.Body.Close(); err != nil {
		return nil, err
	}
	return nil, ErrReset
}

// Then is a fault during which do is called, after the server was asked if
// f asks it and before the client learns of it: for what others do meanwhile.
func Then(f Fault, do func()) Fault {
	return func(base http.RoundTripper, r *http.Request) (*http.Response, error) {
		resp, err := f(base, r)
		do()
		return resp, err
	}
}

// OnePerTable is a BatchGetItem that reads only the first key of each table and
// leaves the others unprocessed.
func OnePerTable(base http.RoundTripper, r *http.Request) (*http.Response, error) {
	in := make(map[string]json.RawMessage)
	if err := body(r, &in); err != nil {
		return nil, err
	}
	asked := make(map[string]map[string]any)
	if err := json.Unmarshal(in["RequestItems"], &asked); err != nil {
		return nil, err
	}
	left := make(map[string]map[string]any)
	for table, of := range asked {
		keys, _ := of["Keys"].([]any)
		if len(keys) < 2 {
			continue
		}
		rest := maps.Clone(of)
		rest["Keys"], of["Keys"] = keys[1:], keys[:1]
		left[table] = rest
	}
	return exchange(base, r, "RequestItems", asked, "UnprocessedKeys", left)
}

// Unprocessed is a BatchGetItem that reads nothing.
func Unprocessed(_ http.RoundTripper, r *http.Request) (*http.Response, error) {
	in := make(map[string]json.RawMessage)
	if err := body(r, &in); err != nil {
		return nil, err
	}
	return answer(r, http.StatusOK, map[string]any{"Responses": struct{}{}, "UnprocessedKeys": in["RequestItems"]})
}

// OneAPage is a Query that stops after one item, as DynamoDB does after a megabyte.
func OneAPage(base http.RoundTripper, r *http.Request) (*http.Response, error) {
	return exchange(base, r, "Limit", 1, "", nil)
}

// exchange asks base with another value in the request, and puts a value into
// the reply unless its name is empty.
func exchange(base http.RoundTripper, r *http.Request, ask string, with any, reply string, by any) (*http.Response, error) {
	in := make(map[string]any)
	if err := body(r, &in); err != nil {
		return nil, err
	}
	in[ask] = with
	changed, err := json.Marshal(in)
	if err != nil {
		return nil, err
	}
	r = r.Clone(r.Context())
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(changed)), int64(len(changed))
	resp, err := base.RoundTrip(r)
	if err != nil || reply == "" || resp.StatusCode != http.StatusOK {
		return resp, err
	}
	defer resp.Body.Close()
	out := make(map[string]any)
	if err := json.NewDecoder(resp.Body).Decode(&out); err != nil {
		return nil, err
	}
	out[reply] = by
	return answer(r, http.StatusOK, out)
}

// body decodes the body of r, and leaves r to be read again.
func body(r *http.Request, into any) error {
	b, err := io.ReadAll(r.Body)
	if err != nil {
		return err
	}
	r.Body = io.NopCloser(bytes.NewReader(b))
	return json.Unmarshal(b, into)
}

// answer makes a reply.
func answer(r *http.Request, status int, v any) (*http.Response, error) {
	b, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	return &http.Response{
		StatusCode: status,
		Status:     http.StatusText(status),
		Proto:      "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header:        http.Header{"Content-Type": {"application/x-amz-json-1.0"}},
		Body:          io.NopCloser(bytes.NewReader(b)),
		ContentLength: int64(len(b)),
		Request:       r,
	}, nil
}
