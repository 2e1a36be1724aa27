package fakediscord

import (
	"errors"
	"net/http"
	"net/http/httptest"
)

// Transport returns a way to the server that needs no network: what plays many
// years of polls spends its time on polls. It answers as the server does at
// [Server.URL]; a fault that breaks a connection off is an error.
func (s *Server) Transport() http.RoundTripper { return inside{s.handler()} }

type inside struct{ handler http.Handler }

// RoundTrip implements [http.RoundTripper].
func (t inside) RoundTrip(r *http.Request) (resp *http.Response, err error) {
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	defer func() {
		switch p := recover(); p {
		case nil:
		case http.ErrAbortHandler:
			resp, err = nil, errors.New("connection reset by peer")
		default:
			panic(p)
		}
	}()
	asked := r.Clone(r.Context())
	if asked.Body == nil {
		asked.Body = http.NoBody
	}
	w := httptest.NewRecorder()
	t.handler.ServeHTTP(w, asked)
	resp = w.Result()
	resp.Request = r
	return resp, nil
}
