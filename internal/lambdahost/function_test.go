package lambdahost_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/bundle"
	"github.com/entente-bot/entente/internal/lambdahost"
)

// build compiles the function in testdata and returns its path.
func build(t *testing.T) string {
	t.Helper()
	b, err := bundle.Build(t.Context(), ".", "./testdata/function", t.TempDir(), bundle.Target{OS: runtime.GOOS, Arch: runtime.GOARCH})
	if err != nil {
		t.Fatal(err)
	}
	return b.Path
}

// start starts the function in testdata, and stops it with the test. What the
// function tells is sent to told, and the function waits until it is received.
func start(t *testing.T, cfg lambdahost.Config) (fn *lambdahost.Function, told chan string) {
	t.Helper()
	told = make(chan string)
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		what, err := io.ReadAll(r.Body)
		if err != nil {
			return
		}
		select {
		case told <- string(what):
		case <-r.Context().Done():
		}
	}))
	t.Cleanup(server.Close)
	cfg.Name, cfg.Bootstrap = "tested", build(t)
	if cfg.Env == nil {
		cfg.Env = map[string]string{}
	}
	cfg.Env["TELL"] = server.URL
	fn, err := lambdahost.Start(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(fn.Stop)
	return fn, told
}

// failure returns the FunctionError in err.
func failure(t *testing.T, err error) *lambdahost.FunctionError {
	t.Helper()
	failed := new(lambdahost.FunctionError)
	if !errors.As(err, &failed) {
		t.Fatalf("error = %v, want one of the function", err)
	}
	return failed
}

// description is what the function says it was given.
type description struct {
	Event   map[string]string `json:"event"`
	ID      string            `json:"id"`
	ARN     string            `json:"arn"`
	Left    float64           `json:"left"`
	Name    string            `json:"name"`
	Region  string            `json:"region"`
	Home    string            `json:"home"`
	Own     string            `json:"own"`
	Process int               `json:"process"`
}

// describe invokes the function and returns what it says.
func describe(t *testing.T, fn lambdahost.Invoker) description {
	t.Helper()
	response, err := fn.Invoke(t.Context(), []byte(`{"do":"describe"}`))
	if err != nil {
		t.Fatal(err)
	}
	var d description
	if err := json.Unmarshal(response, &d); err != nil {
		t.Fatalf("%v in %s", err, response)
	}
	return d
}

func TestFunctionGetsWhatLambdaGives(t *testing.T) {
	t.Parallel()
	fn, _ := start(t, lambdahost.Config{Timeout: time.Minute, Env: map[string]string{"OWN": "mine"}})
	d := describe(t, fn)
	if d.Event["do"] != "describe" || d.ID == "" || d.ARN != "arn:aws:lambda:eu-central-1:000000000000:function:tested" {
		t.Errorf("the invocation was %+v", d)
	}
	if d.Left < 50 || d.Left > 60 {
		t.Errorf("%v s were left, want almost 60", d.Left)
	}
	if d.Name != "tested" || d.Region != "eu-central-1" || d.Own != "mine" || d.Home != "" {
		t.Errorf("the environment was %+v; only Lambda's and the function's own belong there", d)
	}
	if !strings.Contains(fn.Logs(), "described\n") {
		t.Errorf("logs = %q, want what the function printed", fn.Logs())
	}
	if again := describe(t, fn); again.Process != d.Process || again.ID == d.ID {
		t.Errorf("second invocation: %+v after %+v, want the same process and another ID", again, d)
	}
}

func TestFailures(t *testing.T) {
	t.Parallel()
	fn, _ := start(t, lambdahost.Config{})
	tests := []struct {
		do, kind, message string
		replaced          bool // whether the next invocation finds another process
	}{
		{"fail", "errorString", "it went wrong", false},
		{"large", "Function.ResponseSizeTooLarge", "maximum allowed", true}, // aws-lambda-go gives up on a response not taken
		{"panic", "string", "it went very wrong", true},
		{"exit", "Runtime.ExitError", "exit status 3", true},
	}
	for _, tt := range tests {
		t.Run(tt.do, func(t *testing.T) {
			before := describe(t, fn)
			_, err := fn.Invoke(t.Context(), []byte(`{"do":"`+tt.do+`"}`))
			if f := failure(t, err); f.Type != tt.kind || !strings.Contains(f.Message, tt.message) {
				t.Errorf("error = %v, want %s: …%s…", f, tt.kind, tt.message)
			}
			if after := describe(t, fn); (after.Process != before.Process) != tt.replaced {
				t.Errorf("process %d before and %d after, want it replaced: %v", before.Process, after.Process, tt.replaced)
			}
		})
	}
}

func TestFunctionIsKilledWhenItsTimeIsOver(t *testing.T) {
	t.Parallel()
	fn, told := start(t, lambdahost.Config{Timeout: 2 * time.Second})
	before := describe(t, fn)
	go func() { <-told }()
	_, err := fn.Invoke(t.Context(), []byte(`{"do":"wait"}`))
	if f := failure(t, err); f.Type != "Sandbox.Timedout" || !strings.HasSuffix(f.Message, "Task timed out after 2.00 seconds") {
		t.Errorf("error = %v, want a time-out", f)
	}
	if after := describe(t, fn); after.Process == before.Process {
		t.Error("the process lived on")
	}
}

func TestKillEndsTheProcessAtWork(t *testing.T) {
	t.Parallel()
	fn, told := start(t, lambdahost.Config{Timeout: time.Minute, Concurrency: 2})
	failed := make(chan error)
	go func() {
		_, err := fn.Invoke(context.WithoutCancel(t.Context()), []byte(`{"do":"wait"}`))
		failed <- err
	}()
	<-told
	if !fn.Kill() {
		t.Error("Kill found no process at work")
	}
	if f := failure(t, <-failed); f.Type != "Runtime.ExitError" || f.Message != "Runtime exited: signal: killed" {
		t.Errorf("error = %v, want an exit by SIGKILL", f)
	}
	if fn.Kill() {
		t.Error("Kill found a process at work when none was")
	}
	for range 4 { // both sandboxes
		describe(t, fn)
	}
}

func TestConcurrencyIsHowManyRunAtOnce(t *testing.T) {
	t.Parallel()
	fn, told := start(t, lambdahost.Config{Timeout: time.Minute, Concurrency: 2})
	failed := make(chan error)
	for range 2 {
		go func() {
			_, err := fn.Invoke(context.WithoutCancel(t.Context()), []byte(`{"do":"wait"}`))
			failed <- err
		}()
	}
	<-told
	<-told // so both are at work
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if _, err := fn.Invoke(ctx, []byte(`{}`)); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("the third invocation: %v, want it to wait for a free process", err)
	}
	fn.Kill()
	describe(t, fn)
	fn.Stop()
	for range 2 {
		failure(t, <-failed)
	}
}

func TestStartFailsWithWhatTheProcessSaid(t *testing.T) {
	t.Parallel()
	bootstrap := build(t)
	tests := []struct {
		name, want string
		cfg        lambdahost.Config
	}{
		{"exit", "DISCORD_PUBLIC_KEY must be 64 hex digits", lambdahost.Config{Bootstrap: bootstrap, Env: map[string]string{"REFUSE_TO_START": "1"}}},
		{"reserved", "AWS_REGION is reserved by Lambda", lambdahost.Config{Bootstrap: bootstrap, Env: map[string]string{"AWS_REGION": "x"}}},
		{"too much", "Lambda allows 4096", lambdahost.Config{Bootstrap: bootstrap, Env: map[string]string{"A": strings.Repeat("x", 5000)}}},
		{"no binary", "no such file", lambdahost.Config{Bootstrap: filepath.Join(t.TempDir(), "bootstrap")}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			fn, err := lambdahost.Start(t.Context(), tt.cfg)
			if err == nil {
				fn.Stop()
			}
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error = %v, want …%s…", err, tt.want)
			}
		})
	}
}

func TestStopLeavesNothingRunning(t *testing.T) {
	t.Parallel()
	fn, told := start(t, lambdahost.Config{Timeout: time.Minute})
	d, failed := describe(t, fn), make(chan error)
	go func() {
		_, err := fn.Invoke(context.WithoutCancel(t.Context()), []byte(`{"do":"wait"}`))
		failed <- err
	}()
	<-told
	fn.Stop()
	if f := failure(t, <-failed); f.Type != "Runtime.ExitError" {
		t.Errorf("the invocation under way: %v, want an exit", f)
	}
	process, err := os.FindProcess(d.Process)
	if err == nil && process.Signal(syscall.Signal(0)) == nil {
		t.Error("the process still runs")
	}
	if _, err := fn.Invoke(t.Context(), []byte(`{}`)); !errors.Is(err, lambdahost.ErrStopped) {
		t.Errorf("error = %v, want ErrStopped", err)
	}
}

func TestPayloadIsJSONOfLimitedSize(t *testing.T) {
	t.Parallel()
	fn, _ := start(t, lambdahost.Config{})
	for _, payload := range []string{"", "{", `"` + strings.Repeat("x", lambdahost.MaxPayload) + `"`} {
		if _, err := fn.Invoke(t.Context(), []byte(payload)); err == nil {
			t.Errorf("a payload of %d bytes was taken", len(payload))
		}
	}
}
