// Package dynamotest stands between a DynamoDB client and its server, in tests:
// a [Recorder] counts what goes by, [Faults] does to it what DynamoDB Local
// never does by itself.
package dynamotest

import (
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
)

// Through makes a client send its requests through rt.
func Through(rt http.RoundTripper) func(*dynamodb.Options) {
	return func(o *dynamodb.Options) { o.HTTPClient = &http.Client{Transport: rt} }
}

// Operation returns the operation that a request to DynamoDB asks for, such as
// "PutItem"; "" for a request to anything else.
func Operation(r *http.Request) string {
	_, name, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	return name
}

// A Recorder is a transport that remembers its requests. Every attempt counts,
// retries too. It may be used from any number of goroutines.
type Recorder struct {
	Base http.RoundTripper // nil means http.DefaultTransport

	mu    sync.Mutex
	clock int // counts beginnings and ends
	trips []*trip
}

// A trip is a request and its reply; end is 0 until that is there.
type trip struct {
	operation  string
	begin, end int
}

// RoundTrip passes r on.
func (c *Recorder) RoundTrip(r *http.Request) (*http.Response, error) {
	c.mu.Lock()
	c.clock++
	t := &trip{operation: Operation(r), begin: c.clock}
	c.trips = append(c.trips, t)
	c.mu.Unlock()

	resp, err := base(c.Base).RoundTrip(r)

	c.mu.Lock()
	defer c.mu.Unlock()
	c.clock++
	t.end = c.clock
	return resp, err
}

// Reset forgets what was recorded.
func (c *Recorder) Reset() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.trips = nil
}

// Calls returns the operations asked for, in the order of their beginning.
func (c *Recorder) Calls() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	calls := make([]string, len(c.trips))
	for i, t := range c.trips {
		calls[i] = t.operation
	}
	return calls
}

// Sequential returns how many round trips had to wait for each other: the
// longest chain of requests of which each began after the one before had its
// reply. Requests side by side count once; those without a reply yet do not count.
func (c *Recorder) Sequential() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	trips := slices.DeleteFunc(slices.Clone(c.trips), func(t *trip) bool { return t.end == 0 })
	slices.SortFunc(trips, func(a, b *trip) int { return a.end - b.end })
	n, free := 0, 0
	for _, t := range trips {
		if t.begin > free {
			n, free = n+1, t.end
		}
	}
	return n
}

func base(rt http.RoundTripper) http.RoundTripper {
	if rt == nil {
		return http.DefaultTransport
	}
	return rt
}
