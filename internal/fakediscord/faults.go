package fakediscord

import (
	"fmt"
	"net"
	"net/http"
	"strconv"
	"time"
)

// A Fault makes requests fail. What matches is used up in the order the faults
// were added; other requests are not touched.
//
// Go's HTTP client repeats a GET, PUT or DELETE by itself when a reused connection
// is reset before a byte of the answer arrives, and so may use up several Times.
type Fault struct {
	Method string // "" for any
	Route  string // as in routes.go, or a concrete path; "" for any
	Skip   int    // let so many matching requests pass first
	Times  int    // fail so many; 0 means one, -1 every one

	// How to fail. Without a Status, Reset, Truncate or Drip the request is
	// only delayed and then succeeds.
	Delay      time.Duration // wait first, on the real clock
	Status     int           // answer with this status …
	Code       int           // … this code of Discord's …
	Message    string        // … and this text; empty for a fitting one
	RetryAfter float64       // seconds; of a 429
	Scope      string        // X-RateLimit-Scope of a 429: user, shared
	Global     bool          // a global 429: no bucket headers
	HTML       bool          // an HTML page, as Cloudflare's
	Reset      bool          // close the connection without an answer
	Truncate   int           // send only so many bytes of the real answer
	Drip       time.Duration // send the real answer byte by byte, this far apart

	// After lets the request take effect first. Truncate and Drip imply it.
	After bool

	left int // failures left, -1 for ever
}

// Fail adds a fault.
func (s *Server) Fail(f Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f.left = max(f.Times, 1)
	if f.Times < 0 {
		f.left = -1
	}
	if f.Truncate > 0 || f.Drip > 0 || !f.Reset && f.Status == 0 {
		f.After = true
	}
	s.faults = append(s.faults, &f)
}

// ClearFaults takes back every fault that is not used up.
func (s *Server) ClearFaults() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = nil
}

// nextFault returns a copy of the fault that awaits c and uses it up. The caller holds the lock.
func (s *Server) nextFault(c *call, to route) *Fault {
	for _, f := range s.faults {
		switch {
		case f.left == 0,
			f.Method != "" && f.Method != to.method,
			f.Route != "" && f.Route != to.path && f.Route != c.path:
			continue
		case f.Skip > 0:
			f.Skip--
			continue
		}
		if f.left > 0 {
			f.left--
		}
		use := *f
		return &use
	}
	return nil
}

// misbehave answers r as the fault says; real is what would have been said, if
// the request took effect. It returns the status that went out, 0 for none.
func (s *Server) misbehave(w http.ResponseWriter, r *http.Request, f *Fault, real answer) int {
	if f.Delay > 0 && !pause(r, f.Delay) {
		return 0
	}
	switch {
	case f.Reset:
		reset(w)
		return 0
	case f.Status != 0:
		f.answer().write(w)
		return f.Status
	case f.Truncate > 0:
		w.Header().Set("Content-Length", strconv.Itoa(len(real.body)))
		real.body = real.body[:min(f.Truncate, len(real.body))]
		real.write(w)
		_ = http.NewResponseController(w).Flush()
		reset(w)
	case f.Drip > 0:
		drip(w, r, real, f.Drip)
	default:
		real.write(w)
	}
	return real.status
}

// pause waits for d, and reports false if the client gave up before.
func pause(r *http.Request, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-r.Context().Done():
		return false
	}
}

// reset closes the connection under w so that the client sees a reset.
func reset(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler) // ends the connection too
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = conn.Close()
}

func drip(w http.ResponseWriter, r *http.Request, real answer, every time.Duration) {
	body := real.body
	real.body = nil
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	real.write(w)
	for i := range body {
		if !pause(r, every) {
			return
		}
		_, _ = w.Write(body[i : i+1])
		_ = http.NewResponseController(w).Flush()
	}
}

// answer is what a fault with a Status says.
func (f *Fault) answer() answer {
	a := answer{status: f.Status, header: http.Header{}}
	if f.Status == http.StatusTooManyRequests {
		a.header.Set("Retry-After", strconv.FormatFloat(f.RetryAfter, 'f', -1, 64))
	}
	if f.HTML {
		a.header.Set("Content-Type", "text/html; charset=UTF-8")
		a.header.Set("Server", "cloudflare")
		a.body = fmt.Appendf(nil, "<!doctype html><title>Access denied | discord.com used Cloudflare to restrict access</title><h1>Error %d</h1>", 1015)
		return a
	}
	if f.Status == http.StatusTooManyRequests {
		return f.limited(a)
	}
	problem := coded[f.Code]
	problem.Status, problem.Code = f.Status, f.Code
	if f.Message != "" {
		problem.Message = f.Message
	}
	if problem.Message == "" {
		problem.Message = fmt.Sprintf("%d: %s", f.Status, http.StatusText(f.Status))
	}
	return encode(a.header, nil, &problem)
}

func (f *Fault) limited(a answer) answer {
	scope := f.Scope
	if scope == "" {
		scope = "user"
	}
	if f.Global {
		scope = "global"
		a.header.Set("X-RateLimit-Global", "true")
	} else {
		a.header.Set("X-RateLimit-Bucket", "fault")
		a.header.Set("X-RateLimit-Limit", "5")
		a.header.Set("X-RateLimit-Remaining", "0")
		a.header.Set("X-RateLimit-Reset-After", strconv.FormatFloat(f.RetryAfter, 'f', 3, 64))
	}
	a.header.Set("X-RateLimit-Scope", scope)
	limited := encode(a.header, object{
		"message": "You are being rate limited.", "retry_after": f.RetryAfter, "global": f.Global,
	}, nil)
	limited.status = f.Status
	return limited
}
