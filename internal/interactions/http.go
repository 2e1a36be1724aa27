package interactions

import (
	"bytes"
	"errors"
	"net/http"
	"time"
)

// bodyWithin is how long a body may take to arrive: Discord itself waits no
// longer for the whole answer.
const bodyWithin = 3 * time.Second

// ServeHTTP implements [http.Handler]. It reads no body whose headers are not
// in order, and keeps but so many bytes of bodies at any time.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	in := Request{Method: r.Method, Path: r.URL.Path, Header: r.Header}
	if err := s.admit(in, r.ContentLength); err != nil {
		w.WriteHeader(s.refuse(ctx, err).Status)
		return
	}
	size := r.ContentLength
	if size < 0 { // it does not say
		size = MaxBody
	}
	leave, ok := s.bodies.enter(size)
	if !ok {
		w.WriteHeader(s.refuse(ctx, errBusy).Status)
		return
	}
	defer leave()
	body, err := readBody(w, r, size)
	if err != nil {
		w.WriteHeader(s.refuse(ctx, err).Status)
		return
	}
	in.Body = body
	out := s.Serve(ctx, in)
	if out.Body != nil {
		w.Header().Set("Content-Type", "application/json")
	}
	w.WriteHeader(out.Status)
	_, _ = w.Write(out.Body) // nobody is left to tell
}

// readBody reads a body of about size bytes, and no more than may be.
func readBody(w http.ResponseWriter, r *http.Request, size int64) ([]byte, error) {
	wire := http.NewResponseController(w)
	_ = wire.SetReadDeadline(time.Now().Add(bodyWithin)) // tests have writers without a wire
	var body bytes.Buffer
	body.Grow(int(size) + bytes.MinRead) // or reading the end of it would double it
	_, err := body.ReadFrom(http.MaxBytesReader(w, r.Body, MaxBody))
	if tooLarge := new(http.MaxBytesError); errors.As(err, &tooLarge) {
		return nil, errTooLarge
	}
	if err != nil {
		return nil, errBody
	}
	_ = wire.SetReadDeadline(time.Time{})
	return body.Bytes(), nil
}
