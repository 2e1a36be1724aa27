package assembly_test

import (
	"context"
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/assembly"
	"github.com/entente-bot/entente/internal/bundle"
	"github.com/entente-bot/entente/internal/env"
	"github.com/entente-bot/entente/internal/fakediscord"
	"github.com/entente-bot/entente/internal/halves"
	"github.com/entente-bot/entente/internal/interactions"
	"github.com/entente-bot/entente/internal/lambdahost"
	"github.com/entente-bot/entente/internal/scene"
	"github.com/entente-bot/entente/internal/storage"
	"github.com/entente-bot/entente/internal/storage/dynamo"
	"github.com/entente-bot/entente/internal/storage/dynamolocal"
)

// minimal is a template that holds the least a deployment needs.
const minimal = "testdata/minimal.json"

// root is the folder of the module.
func root(t *testing.T) string {
	t.Helper()
	dir, err := bundle.Root(".")
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// synthesized reads a template that infra synthesizes: its golden file, of the
// stack with that entry.
func synthesized(t *testing.T, entry string) assembly.Template {
	t.Helper()
	return read(t, filepath.Join(root(t), "infra", "testdata", entry+".json"))
}

// read reads a template.
func read(t *testing.T, file string) assembly.Template {
	t.Helper()
	found, err := assembly.Read(file)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// built are the functions, built for this machine once for all tests.
var built = sync.OnceValues(func() (map[string]string, error) {
	dir, err := bundle.Root(".")
	if err != nil {
		return nil, err
	}
	names, err := bundle.Functions(dir)
	if err != nil {
		return nil, err
	}
	paths := map[string]string{}
	for _, name := range names {
		b, err := bundle.Build(context.Background(), dir, "./functions/"+name, filepath.Join(os.TempDir(), "functions", name), bundle.Target{OS: runtime.GOOS, Arch: runtime.GOARCH})
		if err != nil {
			return nil, err
		}
		paths[name] = b.Path
	}
	return paths, nil
})

// TestMain gives the tests a folder for what outlasts one of them.
func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "entente-assembly-")
	if err == nil {
		err = os.Setenv("TMPDIR", dir)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	halves.Tell(os.Stderr, halves.OnDynamoDB(), halves.AgainstDocument())
	code := m.Run()
	_ = os.RemoveAll(dir) // one that stays does no harm
	os.Exit(code)
}

// bootstraps are the programs of the functions, by name.
func bootstraps(t *testing.T) map[string]string {
	t.Helper()
	seen(t)
	paths, err := built()
	if err != nil {
		t.Fatal(err)
	}
	return paths
}

// seen opens what the bundles are made of: Go's test cache sees what a test opens,
// and not what the compiler does that the test calls.
func seen(t *testing.T) {
	t.Helper()
	for _, part := range []string{"go.mod", "go.sum", "functions", "internal"} {
		err := filepath.WalkDir(filepath.Join(root(t), part), func(path string, d fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			if d.IsDir() && d.Name() == "testdata" {
				return fs.SkipDir
			}
			if d.IsDir() || strings.HasSuffix(path, "_test.go") {
				return nil
			}
			_, err = os.ReadFile(path)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// A stage is a deployment with the simulated Discord.
type stage struct {
	*testing.T
	*scene.Scene
	*assembly.Assembly
	db     storage.DB
	dealer *dealer
}

// patience is the longest that the poller may take: it goes on for as long as it may.
const patience = 8 * time.Second

// deploy starts everything from the template.
func deploy(t *testing.T, template assembly.Template) *stage {
	t.Helper()
	s := &stage{T: t}
	s.open(template)
	t.Cleanup(s.settle)
	return s
}

// open starts everything. Whoever opens a stage closes it.
func (s *stage) open(template assembly.Template) {
	s.Helper()
	var err error
	if s.Scene, err = scene.New(fakediscord.Options{OpenAPI: os.Getenv("DISCORD_OPENAPI"), ReplyWithin: time.Minute}); err != nil {
		s.Fatal(err)
	}
	s.dealer = deal(s.T, s.Scene.URL())
	cfg := assembly.Config{
		Template: template, Bootstraps: bootstraps(s.T), DynamoDB: dynamolocal.Start(s.T).URL, Secret: s.Token() + "\n",
		Context:   map[string]string{env.PublicKey: s.PublicKey(), env.ApplicationID: s.ApplicationID()},
		Elsewhere: map[string]string{env.DiscordURL: s.dealer.url},
		Patience:  patience,
	}
	if s.Assembly, err = assembly.Start(s.Context(), cfg); err != nil {
		s.Fatal(err)
	}
	s.SetInteractionsURL(s.Assembly.URL + interactions.Path)
	own := s.Env["interactions"]
	s.db = dynamo.New(s.Tables, own[env.RecordsTable], own[env.ActionsTable], time.Now)
	s.Take()
}

// close stops everything.
func (s *stage) close() {
	s.Assembly.Close()
	_ = s.Scene.Close() // nothing is asked of it any more
}

// Take forgets what was counted until now.
func (s *stage) Take() {
	s.Counts.Take()
	s.ResetRequests()
}

// settle ends the test: no function may have asked for more than its role allows,
// nothing may have been sent that Discord would refuse, and no log may hold the token.
func (s *stage) settle() {
	if v := s.Violations(); len(v) > 0 {
		s.Errorf("Discord would have refused:\n%s", strings.Join(v, "\n"))
	}
	if r := s.Refused(); len(r) > 0 {
		s.Errorf("AWS would have refused:\n%s", strings.Join(r, "\n"))
	}
	for name, f := range s.Functions {
		if strings.Contains(f.Logs(), s.Token()) {
			s.Errorf("the log of %s holds the bot token", name)
		}
		if s.Failed() {
			s.Logf("log of %s:\n%s", name, f.Logs())
		}
	}
	s.close()
}

// must fails the test of an error.
func (s *stage) must(err error) {
	s.Helper()
	if err != nil {
		s.Fatal(err)
	}
}

// pump delivers what is in the queue until nothing is.
func (s *stage) pump() {
	s.Helper()
	_, err := s.Mapping.Pump(s.Context())
	s.must(err)
}

// minute fires the schedules of some functions, and delivers what they sent.
func (s *stage) minute(functions ...string) {
	s.Helper()
	for _, name := range functions {
		schedule, ok := s.Schedules[name]
		if !ok {
			s.Fatalf("nothing invokes %s", name)
		}
		s.must(schedule.Fire(s.Context(), time.Now()))
	}
	s.pump()
}

// A dealer stands between the functions and Discord, and may strike a function
// after Discord did what it asked for, and before it knows.
type dealer struct {
	url string

	mu     sync.Mutex
	strike func(*http.Request) bool // reports whether it struck
	struck bool                     // a function that was at work
}

// deal starts a dealer before the Discord at an address.
func deal(t *testing.T, address string) *dealer {
	t.Helper()
	target, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	d := &dealer{}
	proxy := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.Out.URL.Scheme, r.Out.URL.Host = target.Scheme, target.Host
		},
		ModifyResponse: func(r *http.Response) error {
			d.mu.Lock()
			defer d.mu.Unlock()
			if d.strike != nil && d.strike(r.Request) {
				d.strike = nil
			}
			return nil
		},
	}
	server := httptest.NewServer(proxy)
	t.Cleanup(server.Close)
	d.url = server.URL + target.Path
	return d
}

// killAt kills the function when Discord has done the next request of the method
// whose path ends so.
func (d *dealer) killAt(f *lambdahost.Function, method, end string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.struck = false
	d.strike = func(r *http.Request) bool {
		if r.Method != method || !strings.HasSuffix(r.URL.Path, end) {
			return false
		}
		d.struck = f.Kill()
		return true
	}
}

// killed reports whether killAt killed a function at its work.
func (d *dealer) killed() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.struck
}
