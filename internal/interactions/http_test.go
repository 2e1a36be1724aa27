package interactions_test

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/interactions"
)

// serve puts e behind a real server that waits so long for a request.
func (e *endpoint) serve(patience time.Duration) *httptest.Server {
	e.Helper()
	srv := httptest.NewUnstartedServer(e.Server)
	srv.Config.ReadTimeout = patience
	srv.Start()
	e.Cleanup(srv.Close)
	return srv
}

// over sends r over the wire.
func (e *endpoint) over(srv *httptest.Server, r interactions.Request, body io.Reader) *http.Response {
	e.Helper()
	req, err := http.NewRequestWithContext(e.Context(), r.Method, srv.URL+r.Path, body)
	if err != nil {
		e.Fatal(err)
	}
	req.Header = r.Header
	resp, err := srv.Client().Do(req)
	if err != nil {
		e.Fatal(err)
	}
	e.Cleanup(func() { _ = resp.Body.Close() })
	return resp
}

func TestPing(t *testing.T) {
	t.Parallel()
	e := newEndpoint(t)
	resp := e.over(e.serve(time.Minute), e.signed(ping, e.now), strings.NewReader(ping))
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	if resp.StatusCode != 200 || string(body) != `{"type":1}` || resp.Header.Get("Content-Type") != "application/json" {
		t.Errorf("%d %s %q", resp.StatusCode, resp.Header, body)
	}
	e.untouched()
}

func TestMethodAndPath(t *testing.T) {
	t.Parallel()
	tests := []struct {
		method, path string
		status       int
	}{
		{"POST", "/interactions", 200},
		{"POST", "/interactions/", 200},
		{"GET", "/interactions", 405},
		{"PUT", "/interactions", 405},
		{"OPTIONS", "/interactions", 405},
		{"POST", "/", 404},
		{"POST", "/interactions//", 404},
		{"POST", "//interactions", 404},
		{"POST", "/interactions/../interactions", 404},
		{"POST", "/Interactions", 404},
		{"POST", "/prod/interactions", 404},
		{"GET", "/healthz", 404},
	}
	e := newEndpoint(t)
	srv := e.serve(time.Minute)
	for _, tt := range tests {
		r := e.signed(ping, e.now)
		r.Method, r.Path = tt.method, tt.path
		resp := e.over(srv, r, strings.NewReader(ping))
		body, _ := io.ReadAll(resp.Body)
		if resp.StatusCode != tt.status || tt.status != 200 && len(body) > 0 {
			t.Errorf("%s %s: status %d, %q; want %d", tt.method, tt.path, resp.StatusCode, body, tt.status)
		}
	}
}

// padded is a PING of exactly n bytes.
func padded(n int) string {
	head := ping[:len(ping)-1] + `,"pad":"`
	return head + strings.Repeat("x", n-len(head)-2) + `"}`
}

func TestBodySize(t *testing.T) {
	t.Parallel()
	e := newEndpoint(t)
	srv := e.serve(time.Minute)
	for _, tt := range []struct{ size, status int }{
		{interactions.MaxBody, 200},
		{interactions.MaxBody + 1, 413},
		{59 << 20 / 10, 413},
	} {
		body := padded(tt.size)
		r := e.signed(body, e.now)
		e.wants(tt.status, r)
		for _, of := range []io.Reader{strings.NewReader(body), io.MultiReader(strings.NewReader(body))} { // of known and unknown length
			req := httptest.NewRequest("POST", "/interactions", of)
			req.Header = r.Header
			w := httptest.NewRecorder()
			e.ServeHTTP(w, req)
			if w.Code != tt.status {
				t.Errorf("%d bytes as %T: status %d, want %d", tt.size, of, w.Code, tt.status)
			}
		}
		// Over the wire a client may be cut off before it has sent all.
		req, err := http.NewRequestWithContext(t.Context(), "POST", srv.URL+"/interactions", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		req.Header = r.Header
		if resp, err := srv.Client().Do(req); err == nil {
			_ = resp.Body.Close()
			if resp.StatusCode != tt.status {
				t.Errorf("%d bytes over the wire: status %d, want %d", tt.size, resp.StatusCode, tt.status)
			}
		} else if tt.status == 200 {
			t.Error(err)
		}
	}
}

// An endless body counts what was read of it.
type endless struct{ read int }

func (b *endless) Read(p []byte) (int, error) {
	clear(p)
	b.read += len(p)
	return len(p), nil
}

// TestEndlessBody checks that no more is kept of a body than may be.
func TestEndlessBody(t *testing.T) {
	t.Parallel()
	e := newEndpoint(t)
	body := new(endless)
	req := httptest.NewRequest("POST", "/interactions", body)
	req.Header = e.signed(ping, e.now).Header
	w := httptest.NewRecorder()
	e.ServeHTTP(w, req)
	if w.Code != 413 {
		t.Errorf("status %d, want 413", w.Code)
	}
	if body.read > 3*interactions.MaxBody {
		t.Errorf("%d bytes were read, want about %d", body.read, interactions.MaxBody)
	}
}

// TestDeepBody sends JSON that is nested 200,000 levels deep.
func TestDeepBody(t *testing.T) {
	t.Parallel()
	const deep = 200_000
	list := strings.Repeat("[", deep) + strings.Repeat("]", deep)
	for name, body := range map[string]string{
		"lists":           list,
		"objects":         strings.Repeat(`{"":`, deep) + "1" + strings.Repeat("}", deep),
		"never closed":    strings.Repeat("[", deep),
		"in the value":    strings.Replace(command, `"data":{`, `"data":{"components":[{"custom_id":"x","value":`+list+`}],`, 1),
		"in what is left": strings.Replace(command, `"data":{`, `"data":{"unknown":`+list+`,`, 1),
		"in components":   strings.Replace(command, `"data":{`, `"data":{"components":`+strings.Repeat(`[{"components":`, deep/4)+"[]"+strings.Repeat(`}]`, deep/4)+`,`, 1),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := newEndpoint(t)
			e.wants(400, e.signed(body, e.now))
			e.untouched()
		})
	}
}

func TestMalformedBody(t *testing.T) {
	t.Parallel()
	canary := "canary-written"
	for name, body := range map[string]string{
		"empty":            "",
		"no JSON":          canary,
		"cut":              command[:len(command)-1],
		"twice":            command + command,
		"a list":           "[" + command + "]",
		"null":             "null",
		"a string":         `"` + canary + `"`,
		"type a word":      strings.Replace(command, `"type":2`, `"type":"`+canary+`"`, 1),
		"type a fraction":  strings.Replace(command, `"type":2`, `"type":2.5`, 1),
		"type too large":   strings.Replace(command, `"type":2`, `"type":923192319231923192319231`, 1),
		"ID missing":       strings.Replace(command, `"id":"300000000000000002"`, `"i":"x"`, 1),
		"ID a word":        strings.Replace(command, `300000000000000002`, canary, 1),
		"ID a path":        strings.Replace(command, `300000000000000002`, "../1", 1),
		"ID too long":      strings.Replace(command, `300000000000000002`, strings.Repeat("3", 21), 1),
		"option a word":    strings.Replace(command, `[{"type":1,"name":"setup"}]`, `"`+canary+`"`, 1),
		"another app":      strings.Replace(command, application, "100000000000000009", 1),
		"no app":           strings.Replace(command, `"application_id"`, `"application"`, 1),
		"permissions bare": strings.Replace(command, `"permissions":"32"`, `"permissions":32`, 1),
		"invalid UTF-8":    strings.Replace(command, `"setup"`, "\"\xff\"", 1)[:80],
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := newEndpoint(t)
			e.wants(400, e.signed(body, e.now))
			e.untouched()
			lines := e.logs.take()
			if len(lines) != 1 || strings.Contains(lines[0], canary) || strings.Contains(lines[0], "923192319231") ||
				strings.Contains(lines[0], `"err":null`) {
				t.Errorf("logged %q, want one line that says why, without what was written", lines)
			}
		})
	}
}

// TestLyingLength writes requests by hand whose body is not as long as they say.
func TestLyingLength(t *testing.T) {
	t.Parallel()
	e := newEndpoint(t)
	srv := e.serve(3 * time.Second)
	r := e.signed(ping, e.now)
	for _, tt := range []struct {
		name, length string
		hangUp       bool
		status       int
	}{
		{"true", fmt.Sprint(len(ping)), false, 200},
		{"too long, then silence", fmt.Sprint(len(ping) + 1), false, 400},
		{"too long, then the end", "1048576", true, 400},
		{"too short", fmt.Sprint(len(ping) - 1), false, 401},
		{"negative", "-1", false, 400},
		{"no number", "many", false, 400},
		{"two", "5\r\nContent-Length: 6", false, 400},
		{"beyond 64 bits", "99999999999999999999", false, 400},
		{"more than may be", "1048577", true, 413}, // it is not waited for
	} {
		t.Run(tt.name, func(t *testing.T) {
			conn, err := net.Dial("tcp", srv.Listener.Addr().String())
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			fmt.Fprintf(conn, "POST /interactions HTTP/1.1\r\nHost: localhost\r\nContent-Length: %s\r\n"+
				"X-Signature-Ed25519: %s\r\nX-Signature-Timestamp: %s\r\n\r\n%s",
				tt.length, r.Header.Get("X-Signature-Ed25519"), r.Header.Get("X-Signature-Timestamp"), ping)
			if tt.hangUp {
				_ = conn.(*net.TCPConn).CloseWrite()
			}
			resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
			if err != nil {
				t.Fatal(err)
			}
			defer resp.Body.Close()
			if resp.StatusCode != tt.status {
				t.Errorf("status %d, want %d", resp.StatusCode, tt.status)
			}
		})
	}
	e.untouched()
}

// TestSlowBody checks that a body that never ends comes to an end, and holds up
// nobody meanwhile.
func TestSlowBody(t *testing.T) {
	t.Parallel()
	e := newEndpoint(t)
	srv := e.serve(3 * time.Second)
	body, slow := io.Pipe()
	answered := make(chan int, 1)
	r := e.signed(ping, e.now)
	go func() {
		req, err := http.NewRequestWithContext(t.Context(), r.Method, srv.URL+r.Path, body)
		if err != nil {
			answered <- -1
			return
		}
		req.Header = r.Header
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			answered <- 0 // the connection was closed
			return
		}
		_ = resp.Body.Close()
		answered <- resp.StatusCode
	}()
	if _, err := slow.Write([]byte(ping[:1])); err != nil {
		t.Fatal(err)
	}
	if resp := e.over(srv, r, bytes.NewReader(r.Body)); resp.StatusCode != 200 {
		t.Errorf("meanwhile: status %d, want 200", resp.StatusCode)
	}
	if status := <-answered; status != 400 && status != 0 {
		t.Errorf("status %d, want 400 or none", status)
	}
	_ = slow.Close()
}
