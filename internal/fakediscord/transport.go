package fakediscord

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
)

// Transport returns a way to the server that needs no network: what plays many
// stories, or many years of polls, spends its time on those. It answers as the server
// does at [Server.URL]; a fault that breaks a connection off is an error, of the reply
// or, once that began, of its body.
func (s *Server) Transport() http.RoundTripper { return inside{s.handler()} }

type inside struct{ handler http.Handler }

// RoundTrip implements [http.RoundTripper].
func (t inside) RoundTrip(r *http.Request) (*http.Response, error) {
	asked := r.Clone(r.Context())
	if asked.Body == nil {
		asked.Body = http.NoBody
	}
	w := httptest.NewRecorder()
	aborted := t.serve(w, asked)
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	if aborted && !w.Flushed {
		return nil, errReset
	}
	resp := w.Result()
	resp.Request = r
	if aborted {
		resp.Body = io.NopCloser(io.MultiReader(resp.Body, cut{}))
	}
	return resp, nil
}

var errReset = errors.New("connection reset by peer")

// serve has the handler answer, and reports whether it broke the connection off.
func (t inside) serve(w http.ResponseWriter, r *http.Request) (aborted bool) {
	defer func() {
		if p := recover(); p == http.ErrAbortHandler {
			aborted = true
		} else if p != nil {
			panic(p)
		}
	}()
	if r.Context().Err() == nil {
		t.handler.ServeHTTP(w, r)
	}
	return false
}

// A cut is the rest of a body whose connection was broken off.
type cut struct{}

// Read implements [io.Reader].
func (cut) Read([]byte) (int, error) { return 0, errReset }
