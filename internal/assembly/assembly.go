package assembly

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/entente-bot/entente/internal/lambdahost"
)

// A Config says what a deployment is given beside its template.
type Config struct {
	Template Template

	// Bootstraps are the paths of the functions' binaries, for this machine, by
	// the functions' names. A function of the template is the one whose name its
	// logical ID contains, in any letter case.
	Bootstraps map[string]string

	DynamoDB string // address of a DynamoDB Local without tables of ours
	Secret   string // value of the secret: an operator puts it there

	// Context are variables whose values the template was given when it was
	// synthesized. They replace those of functions that have them; none is added.
	Context map[string]string

	// Elsewhere are variables that every function gets in addition: where on this
	// machine something is that the deployment finds on the Internet.
	Elsewhere map[string]string

	// Patience is the longest time-out of the poller, which goes on for as long as it
	// may, where the template's is longer; 0 means the template's.
	Patience time.Duration
}

// An Assembly is a deployment that runs on this machine. Each function has one
// process, however many the template allows.
type Assembly struct {
	Functions map[string]*lambdahost.Function // by the names of Config.Bootstraps
	Env       map[string]map[string]string    // what the template gives the functions
	Schedules map[string]lambdahost.Schedule  // by the function they invoke
	Mapping   lambdahost.Mapping              // the only event source mapping
	URL       string                          // of the function that has one, without a slash at its end
	SQS       *lambdahost.SQS
	Dead      string // the queue that takes what Mapping's function could not do
	Tables    *dynamodb.Client
	Counts    *Counts

	cfg    Config
	names  map[string]string // functions, by logical ID
	gates  []*gate
	access *access
	close  []func()
}

// Start starts everything. Whoever starts an assembly closes it.
func Start(ctx context.Context, cfg Config) (*Assembly, error) {
	a := &Assembly{
		Functions: map[string]*lambdahost.Function{}, Env: map[string]map[string]string{},
		Schedules: map[string]lambdahost.Schedule{}, Tables: client(cfg.DynamoDB), Counts: newCounts(),
		cfg: cfg, names: map[string]string{},
	}
	var err error
	if a.access, err = cfg.Template.readAccess(); err != nil {
		return nil, fmt.Errorf("assembly: %w", err)
	}
	for _, step := range []func(context.Context) error{a.makeTables, a.makeQueues, a.startFunctions, a.connect, a.open} {
		if err := step(ctx); err != nil {
			a.Close()
			return nil, fmt.Errorf("assembly: %w", err)
		}
	}
	return a, nil
}

// Close stops everything, and deletes the tables.
func (a *Assembly) Close() {
	for _, stop := range slices.Backward(a.close) { // the functions before what they talk to
		stop()
	}
	a.close = nil
}

// Refused returns what functions asked for and their roles do not allow.
func (a *Assembly) Refused() (list []string) {
	for _, g := range a.gates {
		g.mu.Lock()
		list = append(list, g.refused...)
		g.mu.Unlock()
	}
	return list
}

// Revoke takes all rights from a function's role, as a mistake in a policy does,
// or gives them back.
func (a *Assembly) Revoke(function string, revoked bool) {
	for _, g := range a.gates {
		if g.who == function {
			g.mu.Lock()
			g.shut = revoked
			g.mu.Unlock()
		}
	}
}

// Contend has every write of a function meet one of somebody who was faster, or no
// more.
func (a *Assembly) Contend(function string, contended bool) {
	for _, g := range a.gates {
		if g.who == function {
			g.mu.Lock()
			g.contended = contended
			g.mu.Unlock()
		}
	}
}

func (a *Assembly) makeTables(ctx context.Context) error {
	a.close = append(a.close, func() { a.cfg.Template.deleteTables(context.WithoutCancel(ctx), a.Tables) })
	return a.cfg.Template.createTables(ctx, a.Tables)
}

func (a *Assembly) makeQueues(context.Context) error {
	queues, err := a.cfg.Template.queues()
	if err != nil {
		return err
	}
	a.SQS, err = lambdahost.NewSQS(time.Now, queues...)
	return err
}

func (a *Assembly) startFunctions(ctx context.Context) error {
	for _, id := range a.cfg.Template.of(typeFunction) {
		if err := a.start(ctx, id); err != nil {
			return err
		}
	}
	for name := range a.cfg.Bootstraps {
		if a.Functions[name] == nil {
			return fmt.Errorf("the template has no function for %s", name)
		}
	}
	return nil
}

// start starts one function behind a gate of its own.
func (a *Assembly) start(ctx context.Context, id string) error {
	name, err := a.name(id)
	if err != nil {
		return err
	}
	var f function
	if err := a.cfg.Template.decode(id, &f); err != nil {
		return err
	}
	may, err := a.cfg.Template.roleOf(f.Role)
	if err != nil {
		return fmt.Errorf("function %s: %w", id, err)
	}
	g := &gate{who: name, may: may, counts: a.Counts, dynamo: a.cfg.DynamoDB, sqs: a.SQS, secret: secrets(a.cfg.Secret)}
	a.gates, a.names[id] = append(a.gates, g), name
	a.Env[name] = map[string]string{}
	for variable, value := range f.Environment.Variables {
		a.Env[name][variable] = string(value)
		if own, ok := a.cfg.Context[variable]; ok {
			a.Env[name][variable] = own
		}
	}
	vars := maps.Clone(a.Env[name])
	maps.Copy(vars, a.cfg.Elsewhere)
	vars["AWS_ENDPOINT_URL"] = a.listen(g)
	limit := time.Duration(f.Timeout) * time.Second
	if a.cfg.Patience > 0 && name == "poller" {
		limit = min(limit, a.cfg.Patience)
	}
	a.Functions[name], err = lambdahost.Start(ctx, lambdahost.Config{
		Name: id, Bootstrap: a.cfg.Bootstraps[name], Env: vars, Timeout: limit, Memory: f.MemorySize,
	})
	if err != nil {
		return fmt.Errorf("%w%s", err, strings.Join(a.Refused(), "\n"))
	}
	a.close = append(a.close, a.Functions[name].Stop)
	return nil
}

// name returns which function it is that has the logical ID.
func (a *Assembly) name(id string) (string, error) {
	for name := range a.cfg.Bootstraps {
		if strings.Contains(strings.ToLower(id), name) {
			return name, nil
		}
	}
	return "", fmt.Errorf("there is no bootstrap for the function %s", id)
}

// listen serves a handler on loopback and returns its address.
func (a *Assembly) listen(h http.Handler) string {
	server := httptest.NewServer(h)
	a.close = append(a.close, server.Close)
	return server.URL
}

// A counted function counts how often it is invoked.
type counted struct {
	*lambdahost.Function
	name   string
	counts *Counts
}

// Invoke implements [lambdahost.Invoker].
func (c counted) Invoke(ctx context.Context, payload []byte) ([]byte, error) {
	c.counts.add(Count{Function: c.name, Service: "lambda", Operation: "Invoke", Requests: 1})
	return c.Function.Invoke(ctx, payload)
}

// invoker returns the function with the name or the ARN that a resource gives.
func (a *Assembly) invoker(arn string) (counted, error) {
	name, ok := a.names[last(arn)]
	if !ok {
		return counted{}, fmt.Errorf("there is no function %s", arn)
	}
	return counted{a.Functions[name], name, a.Counts}, nil
}
