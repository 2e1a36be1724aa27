package lambdahost

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"
)

// MaxPayload is how large a payload or a response of a synchronous invocation may be, in bytes.
const MaxPayload = 6 << 20

// ErrStopped means that a function was invoked after [Function.Stop].
var ErrStopped = errors.New("lambdahost: the function was stopped")

// A Config says what function to run, in the terms of a deployment.
type Config struct {
	Name        string            // AWS_LAMBDA_FUNCTION_NAME
	Bootstrap   string            // path of the binary
	Env         map[string]string // the function's own variables; nothing of the test's environment is passed on
	Timeout     time.Duration     // of one invocation; 0 means Lambda's default of 3 s
	Concurrency int               // how many processes there are; 0 means 1
	Memory      int               // what the function is told it has, in MB; 0 means 128
}

// A Function is a Lambda function that runs on this machine. Its methods may be
// called at once.
type Function struct {
	cfg  Config
	env  []string
	logs *logs
	free chan *sandbox // those not at work

	mu        sync.Mutex
	stopped   bool
	sandboxes []*sandbox
	calls     sync.WaitGroup
}

// A sandbox runs one process after the other, never two at once.
type sandbox struct {
	process *process // nil before the first; guarded by Function.mu
	busy    bool     // guarded by Function.mu
}

// Start starts all processes of a function and waits until each has asked for
// its first event. The error of a process that ends before that holds what it
// logged. Whoever starts a function stops it.
func Start(ctx context.Context, cfg Config) (*Function, error) {
	cfg.Timeout = cmp.Or(cfg.Timeout, 3*time.Second)
	cfg.Concurrency = cmp.Or(cfg.Concurrency, 1)
	cfg.Memory = cmp.Or(cfg.Memory, 128)
	env, err := environment(cfg)
	if err != nil {
		return nil, fmt.Errorf("start function %s: %w", cfg.Name, err)
	}
	logs, err := openLogs()
	if err != nil {
		return nil, fmt.Errorf("start function %s: %w", cfg.Name, err)
	}
	f := &Function{cfg: cfg, env: env, logs: logs, free: make(chan *sandbox, cfg.Concurrency)}
	for range cfg.Concurrency {
		s := &sandbox{}
		f.sandboxes = append(f.sandboxes, s)
		if _, err := f.running(ctx, s); err != nil {
			f.Stop()
			return nil, fmt.Errorf("start function %s: %w\n%s", cfg.Name, err, f.Logs())
		}
		f.free <- s
	}
	return f, nil
}

// Invoke implements [Invoker]. It waits until a process is free. A process that
// ended is replaced first. When ctx ends, Invoke returns, and the function runs
// on, as it does on Lambda when a caller hangs up.
func (f *Function) Invoke(ctx context.Context, payload []byte) ([]byte, error) {
	if len(payload) > MaxPayload || !json.Valid(payload) {
		return nil, fmt.Errorf("invoke %s: a payload of %d bytes that is too large, or no JSON", f.cfg.Name, len(payload))
	}
	select {
	case s := <-f.free:
		answer := make(chan outcome, 1)
		if !f.begin(s, bytes.Clone(payload), chainOf(ctx), answer) {
			return nil, ErrStopped
		}
		select {
		case o := <-answer:
			return o.response, o.err
		case <-ctx.Done():
		}
	case <-ctx.Done():
	}
	return nil, fmt.Errorf("invoke %s: %w", f.cfg.Name, ctx.Err())
}

// begin runs one invocation in s, in the background, and gives s back after. It
// reports false if f is stopped.
func (f *Function) begin(s *sandbox, payload []byte, chain int, answer chan<- outcome) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.stopped {
		f.free <- s
		return false
	}
	s.busy = true
	f.calls.Go(func() {
		answer <- f.serve(s, payload, chain)
		f.mu.Lock()
		s.busy = false
		f.mu.Unlock()
		f.free <- s
	})
	return true
}

// serve runs one invocation in s, in a new process if there is none. A process
// may still end, late, of what it did before; the event was not given to it
// then, and goes to the next.
func (f *Function) serve(s *sandbox, payload []byte, chain int) outcome {
	for {
		p, err := f.running(context.Background(), s)
		if err != nil {
			return outcome{err: err}
		}
		if o, taken := p.invoke(payload, chain, f.cfg.Timeout); taken {
			return o
		}
	}
}

// running returns the process of s, and starts one if none runs.
func (f *Function) running(ctx context.Context, s *sandbox) (*process, error) {
	f.mu.Lock()
	p, stopped := s.process, f.stopped
	f.mu.Unlock()
	if p != nil && !p.ended() {
		return p, nil
	}
	if stopped {
		return nil, ErrStopped
	}
	p, err := launch(f.cfg, f.env, f.logs.file)
	if err != nil {
		return nil, err
	}
	f.mu.Lock()
	s.process, stopped = p, f.stopped
	f.mu.Unlock()
	if stopped { // Stop has not seen p
		p.kill()
		return nil, ErrStopped
	}
	return p, p.initialized(ctx)
}

// Kill ends one process as SIGKILL does, one that is at work if there is one,
// and reports whether it was. It returns when the process is gone. The next
// invocation finds a new one.
func (f *Function) Kill() (working bool) {
	p, working := f.victim()
	if p != nil {
		p.kill()
	}
	return working
}

// victim chooses the process that [Function.Kill] ends; nil if none runs.
func (f *Function) victim() (p *process, working bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, s := range f.sandboxes {
		if s.process == nil || s.process.ended() {
			continue
		}
		if p = s.process; s.busy {
			return p, true
		}
	}
	return p, false
}

// Stop ends all processes, also those at work, and waits until they are gone.
func (f *Function) Stop() {
	f.mu.Lock()
	f.stopped = true
	var running []*process
	for _, s := range f.sandboxes {
		if s.process != nil {
			running = append(running, s.process)
		}
	}
	f.mu.Unlock()
	for _, p := range running {
		p.kill()
	}
	f.calls.Wait()
	f.logs.close()
}

// Logs returns all that the function's processes have written so far, to
// standard output and standard error; also after [Function.Stop].
func (f *Function) Logs() string { return f.logs.String() }
