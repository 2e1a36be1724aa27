// Package interactions answers Discord: it verifies what was signed, finds the
// route, reads once, lets the handler decide, writes once, and replies.
//
// Start reading at routes.go: it is the map of the program.
package interactions

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/storage"
	"github.com/entente-bot/entente/internal/text"
)

// A Queue takes pointers to actions that are due. It may lose them: the
// scheduler finds what was lost.
type Queue interface {
	Send(ctx context.Context, refs ...action.Ref) error
}

// A Server answers interactions. All fields but Within must be set.
type Server struct {
	Key           PublicKey
	ApplicationID string
	DB            storage.DB
	Queue         Queue
	Text          *text.Catalog
	Limits        partnership.Limits
	Log           *slog.Logger
	Now           func() time.Time // the time of all rules
	Clock         func() time.Time // the real time, by which signatures are fresh
	Within        time.Duration    // how long an interaction may take; 0 for as long as Discord waits

	bodies bodies // under way
}

// A Request is what came in, by whatever way.
type Request struct {
	Method string
	Path   string
	Header http.Header // with canonical names
	Body   []byte
}

// A Response is what goes out. The body of a 200 is JSON; others have none that
// tells anything.
type Response struct {
	Status int
	Body   []byte
}

// Path is where Discord sends interactions to.
const Path = "/interactions"

// MaxBody is how many bytes the body of a request may have.
const MaxBody = 1 << 20

// replyWithin is how long an interaction may take unless [Server] says so: Discord
// waits for 3 seconds, network included.
const replyWithin = 2300 * time.Millisecond

// Serve answers one request. It never panics, and answers 5xx only for faults
// of ours that keep even an apology from being written.
func (s *Server) Serve(ctx context.Context, r Request) Response {
	if err := s.admit(r, int64(len(r.Body))); err != nil {
		return s.refuse(ctx, err)
	}
	if err := s.Key.verify(r.Header["X-Signature-Ed25519"], r.Header["X-Signature-Timestamp"], r.Body, s.Clock()); err != nil {
		return s.refuse(ctx, err)
	}
	if strings.TrimSuffix(r.Path, "/") == EventsPath {
		return s.event(ctx, r.Body)
	}
	in, err := decode(r.Body)
	if err == nil && in.Type != typePing && in.ApplicationID != s.ApplicationID {
		err = errors.New("it is for another application")
	}
	if err != nil {
		s.Log.WarnContext(ctx, "request malformed", "err", err)
		return Response{Status: http.StatusBadRequest}
	}
	if in.Type == typePing {
		return Response{http.StatusOK, []byte(`{"type":1}`)}
	}
	ctx, cancel := context.WithTimeout(ctx, cmp.Or(s.Within, replyWithin))
	defer cancel()
	return Response{http.StatusOK, s.answer(ctx, in)}
}

// Why a request is refused before anything of its body is believed. The caller
// is told nothing but the status.
var (
	errPath      = errors.New("no such path")
	errMethod    = errors.New("no such method")
	errTooLarge  = errors.New("body too large")
	errBody      = errors.New("body incomplete or badly encoded")
	errBusy      = errors.New("too many bodies under way")
	errHeaders   = errors.New("signature headers missing or malformed")
	errSignature = errors.New("signature does not match")
	errStale     = errors.New("signature is stale")
)

var statuses = map[error]int{
	errPath:      http.StatusNotFound,
	errMethod:    http.StatusMethodNotAllowed,
	errTooLarge:  http.StatusRequestEntityTooLarge,
	errBody:      http.StatusBadRequest,
	errBusy:      http.StatusServiceUnavailable,
	errHeaders:   http.StatusUnauthorized,
	errSignature: http.StatusUnauthorized,
	errStale:     http.StatusUnauthorized,
}

// admit reports why nobody needs to look at the body of r, which has size bytes;
// nil if somebody has to.
func (s *Server) admit(r Request, size int64) error {
	switch path := strings.TrimSuffix(r.Path, "/"); {
	case path != Path && path != EventsPath:
		return errPath
	case r.Method != http.MethodPost:
		return errMethod
	}
	if _, err := signatureOf(r.Header["X-Signature-Ed25519"], r.Header["X-Signature-Timestamp"], s.Clock()); err != nil {
		return err
	}
	if size > MaxBody {
		return errTooLarge
	}
	return nil
}

// refuse writes the line of a refused request, in whatever way it is wrong: a
// metric counts them. It holds nothing of what was sent.
func (s *Server) refuse(ctx context.Context, err error) Response {
	status := statuses[err]
	s.Log.WarnContext(ctx, "request refused", "status", status, "stale", err == errStale, "err", err)
	return Response{Status: status}
}

// marshal writes a reply. All replies are made of values that can be written.
func marshal(v any) json.RawMessage {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return b
}
