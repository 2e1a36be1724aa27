package lambdahost

import (
	"cmp"
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"time"
)

// initTime is how long a process may take until it asks for its first event.
const initTime = 10 * time.Second

// An outcome is what came of an invocation.
type outcome struct {
	response []byte
	err      error
}

// An invocation is an event on its way through a process.
type invocation struct {
	id       string
	trace    string // header
	payload  []byte
	deadline time.Time
	answer   chan outcome // room for one
}

// A process is one run of a bootstrap binary with the Runtime API it talks to.
type process struct {
	cmd    *exec.Cmd
	arn    string
	events chan *invocation // taken by the Runtime API when the process asks for the next
	ready  chan struct{}    // closed when the process first asks
	exited chan struct{}    // closed when the process is gone and its Runtime API closed

	mu      sync.Mutex
	current *invocation // the last one taken
	failed  error       // what the process said of its own start
}

// clock is the variable by which scripts/clock has everything run by another clock:
// what time it is, a function has from the machine, whatever its environment.
func clock() string { return "CLOCK_AHEAD=" + cmp.Or(os.Getenv("CLOCK_AHEAD"), "0s") }

// launch starts a process. It does not wait until it is ready.
func launch(cfg Config, env []string, log *os.File) (*process, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("open the Runtime API: %w", err)
	}
	p := &process{
		cmd: exec.Command(cfg.Bootstrap), arn: cfg.arn(), events: make(chan *invocation),
		ready: make(chan struct{}), exited: make(chan struct{}),
	}
	server := &http.Server{Handler: p.runtimeAPI()}
	p.cmd.Dir = filepath.Dir(cfg.Bootstrap)
	p.cmd.Env = append([]string{"AWS_LAMBDA_RUNTIME_API=" + listener.Addr().String(), clock()}, env...)
	p.cmd.Stdout, p.cmd.Stderr = log, log
	if err := p.cmd.Start(); err != nil {
		_ = listener.Close() // nothing was served on it
		return nil, fmt.Errorf("start a process: %w", err)
	}
	served := make(chan struct{})
	go func() {
		defer close(served)
		_ = server.Serve(listener) // until it is closed below
	}()
	go func() {
		defer close(p.exited)
		_ = p.cmd.Wait() // how it ended stays in p.cmd
		_ = server.Close()
		<-served
	}()
	return p, nil
}

// initialized waits until the process has asked for its first event. It fails,
// with the process gone, if the process ends or takes too long.
func (p *process) initialized(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, initTime)
	defer cancel()
	select {
	case <-p.ready:
		return nil
	case <-p.exited:
		p.mu.Lock()
		defer p.mu.Unlock()
		if p.failed != nil {
			return p.failed
		}
		return p.exit()
	case <-ctx.Done():
		p.kill()
		return &FunctionError{Type: "Sandbox.Timedout", Message: fmt.Sprintf("init: %v", ctx.Err())}
	}
}

// invoke gives the process an event and waits for what comes of it. When the
// time is over, it kills the process. chain is the how manieth in a row it is. taken is false if the process ended
// before it took the event.
func (p *process) invoke(payload []byte, chain int, limit time.Duration) (o outcome, taken bool) {
	in := &invocation{
		id: newID(), trace: traceHeader(time.Now(), chain), payload: payload, deadline: time.Now().Add(limit), answer: make(chan outcome, 1),
	}
	over := time.NewTimer(limit)
	defer over.Stop()
	select {
	case p.events <- in:
	case <-p.exited:
		return outcome{}, false
	case <-over.C:
		p.kill()
		return timedOut(in, limit), true
	}
	select {
	case o := <-in.answer:
		return o, true
	case <-p.exited:
	case <-over.C:
		p.kill()
		return timedOut(in, limit), true
	}
	select { // it may have answered, and then ended
	case o := <-in.answer:
		return o, true
	default:
		return outcome{err: p.exit()}, true
	}
}

// kill ends the process and waits until it is gone.
func (p *process) kill() {
	_ = p.cmd.Process.Kill() // fails only if it is gone already
	<-p.exited
}

// ended reports whether the process is gone.
func (p *process) ended() bool {
	select {
	case <-p.exited:
		return true
	default:
		return false
	}
}

// exit is the error for whoever waited for a process that is gone.
func (p *process) exit() error {
	return &FunctionError{Type: "Runtime.ExitError", Message: "Runtime exited: " + p.cmd.ProcessState.String()}
}

// timedOut is the outcome of an invocation whose time was over.
func timedOut(in *invocation, limit time.Duration) outcome {
	return outcome{err: &FunctionError{
		Type: "Sandbox.Timedout", Message: fmt.Sprintf("%s Task timed out after %.2f seconds", in.id, limit.Seconds()),
	}}
}
