package assembly

import (
	"cmp"
	"slices"
	"sync"
)

// A Count is how often one function asked for one thing.
type Count struct {
	Function  string `json:"function"` // "mapping" for the event source mapping itself
	Service   string `json:"service"`  // "dynamodb", "sqs", "secretsmanager", "lambda"
	Operation string `json:"operation"`

	// Resource is the logical ID of the table or the queue; "" where a request
	// is about none. A request about two tables counts at both.
	Resource string `json:"resource,omitempty"`
	Requests int    `json:"requests"`

	// Units are the read or write request units of DynamoDB, as DynamoDB Local
	// reckons them: what AWS bills, instead of requests.
	Units float64 `json:"units,omitempty"`
}

// Counts counts. Its methods may be called at once.
type Counts struct {
	mu   sync.Mutex
	list map[Count]Count // by what is counted, the numbers left 0
}

// newCounts returns counts of nothing.
func newCounts() *Counts { return &Counts{list: map[Count]Count{}} }

// add adds a request, or several.
func (c *Counts) add(n Count) {
	key := n
	key.Requests, key.Units = 0, 0
	c.mu.Lock()
	defer c.mu.Unlock()
	n.Requests += c.list[key].Requests
	n.Units += c.list[key].Units
	c.list[key] = n
}

// Take returns what was counted since the last Take, sorted, and begins anew.
func (c *Counts) Take() []Count {
	c.mu.Lock()
	defer c.mu.Unlock()
	var all []Count
	for _, n := range c.list {
		all = append(all, n)
	}
	clear(c.list)
	slices.SortFunc(all, func(a, b Count) int {
		return cmp.Or(cmp.Compare(a.Function, b.Function), cmp.Compare(a.Service, b.Service),
			cmp.Compare(a.Operation, b.Operation), cmp.Compare(a.Resource, b.Resource))
	})
	return all
}
