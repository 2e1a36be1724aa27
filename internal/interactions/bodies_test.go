package interactions_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/entente-bot/entente/internal/interactions"
)

// A shape is a way in which a request can be wrong.
type shape struct {
	name   string
	change func(r *interactions.Request)
	size   int64 // as it is declared
	status int
}

// shapes are requests that are wrong whatever their body holds.
func shapes(e *endpoint) []shape {
	header := func(name, value string) func(*interactions.Request) {
		return func(r *interactions.Request) { r.Header.Set(name, value) }
	}
	stamp := func(of time.Duration) func(*interactions.Request) {
		return header("X-Signature-Timestamp", strconv.FormatInt(e.now.Add(of).Unix(), 10))
	}
	return []shape{
		{"another path", func(r *interactions.Request) { r.Path = "/" }, -1, 404},
		{"another method", func(r *interactions.Request) { r.Method = http.MethodGet }, -1, 405},
		{"no headers", func(r *interactions.Request) { r.Header = http.Header{} }, -1, 401},
		{"no signature", func(r *interactions.Request) { r.Header.Del("X-Signature-Ed25519") }, 10, 401},
		{"short signature", header("X-Signature-Ed25519", "00"), 10, 401},
		{"two timestamps", func(r *interactions.Request) { r.Header.Add("X-Signature-Timestamp", "1") }, 10, 401},
		{"timestamp of letters", header("X-Signature-Timestamp", "canary-now"), 10, 401},
		{"old", stamp(-time.Hour), -1, 401},
		{"ahead", stamp(time.Hour), -1, 401},
		{"too large", func(*interactions.Request) {}, interactions.MaxBody + 1, 413},
	}
}

// TestHeadersBeforeBody checks that nothing is read of a body whose headers are
// not in order.
func TestHeadersBeforeBody(t *testing.T) {
	t.Parallel()
	for _, tt := range shapes(newEndpoint(t)) {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			e := newEndpoint(t)
			r := e.signed(ping, e.now)
			tt.change(&r)
			body := new(endless)
			req := httptest.NewRequest(r.Method, r.Path, body)
			req.Header, req.ContentLength = r.Header, tt.size
			w := httptest.NewRecorder()
			e.ServeHTTP(w, req)
			if w.Code != tt.status || body.read > 0 {
				t.Errorf("status %d after %d bytes, want %d after none", w.Code, body.read, tt.status)
			}
			e.refusedOnce(tt.status)
		})
	}
}

// refusedOnce fails the test unless one line counts a refusal with the status,
// and holds nothing of what was sent.
func (e *endpoint) refusedOnce(status int) {
	e.Helper()
	lines := e.logs.take()
	var line struct {
		Msg    string
		Status int
		Err    string
	}
	if len(lines) == 1 {
		_ = json.Unmarshal([]byte(lines[0]), &line)
	}
	if line.Msg != "request refused" || line.Status != status || line.Err == "" || strings.Contains(lines[0], "canary") {
		e.Errorf("logged %q, want one line of a refusal with status %d", lines, status)
	}
}

// TestRefusedLeavesALine sends every kind of noise to a function: each is one
// line, so that a flood of it is seen.
func TestRefusedLeavesALine(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		method, path, body string
		encoded            bool
		status             int
	}{
		"no signature":     {"POST", "/interactions", "{}", false, 401},
		"another path":     {"POST", "/canary", "{}", false, 404},
		"another method":   {"GET", "/interactions", "", false, 405},
		"too large":        {"POST", "/interactions", padded(2 << 20), false, 413},
		"too large, coded": {"POST", "/interactions", strings.Repeat("YWFh", 1<<19), true, 413},
		"badly encoded":    {"POST", "/interactions", "canary!", true, 400},
		"not Discord's":    {"POST", "/interactions", `{"canary":1}`, false, 401},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := newEndpoint(t)
			ev := events.LambdaFunctionURLRequest{RawPath: tt.path, Body: tt.body, IsBase64Encoded: tt.encoded, Headers: map[string]string{}}
			ev.RequestContext.HTTP.Method = tt.method
			if name != "no signature" {
				for k, v := range e.signed(ping, e.now).Header {
					ev.Headers[k] = v[0]
				}
			}
			if out, err := e.ServeLambda(t.Context(), ev); err != nil || out.StatusCode != tt.status {
				t.Errorf("status %d, %v; want %d", out.StatusCode, err, tt.status)
			}
			e.refusedOnce(tt.status)
			e.untouched()
		})
	}
}

// A held body tells that it is being read, and ends when it is let go.
type held struct {
	reading chan<- bool
	let     <-chan bool
}

func (h held) Read([]byte) (int, error) {
	h.reading <- true
	<-h.let
	return 0, io.EOF
}

// TestBodiesUnderWay checks that a flood of large bodies is read up to a bound,
// keeps out no small one, and is over when it is over.
func TestBodiesUnderWay(t *testing.T) {
	t.Parallel()
	const flood, most = 400, 16
	e := newEndpoint(t)
	r := e.signed(ping, e.now)
	reading, let, statuses := make(chan bool, flood), make(chan bool), make(chan int, flood)
	send := func(body io.Reader, size int64) int {
		req := httptest.NewRequest(r.Method, r.Path, body)
		req.Header, req.ContentLength = r.Header, size
		w := httptest.NewRecorder()
		e.ServeHTTP(w, req)
		return w.Code
	}
	for i := range flood {
		size := int64(interactions.MaxBody)
		if i%2 == 0 {
			size = -1 // it may be as large
		}
		go func() { statuses <- send(held{reading, let}, size) }()
	}
	read := 0
	for range flood {
		select {
		case <-reading:
			read++
		case status := <-statuses:
			if status != 503 {
				t.Errorf("beyond the bound: status %d, want 503", status)
			}
		}
	}
	if read != most {
		t.Errorf("%d large bodies under way, want %d", read, most)
	}
	if status := send(strings.NewReader(ping), int64(len(ping))); status != 200 {
		t.Errorf("a small body meanwhile: status %d, want 200", status)
	}
	close(let)
	for range read {
		if status := <-statuses; status != 401 {
			t.Errorf("an empty body that was read: status %d, want 401", status)
		}
	}
	if status := send(strings.NewReader(ping), -1); status != 200 {
		t.Errorf("after the flood: status %d, want 200", status)
	}
}
