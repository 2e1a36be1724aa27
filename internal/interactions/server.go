// Package interactions answers Discord: it verifies what was signed, finds the
// route, reads once, lets the handler decide, writes once, and replies.
//
// Start reading at routes.go: it is the map of the program.
package interactions

import (
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

// A Server answers interactions. All fields must be set.
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

// replyWithin is how long an interaction may take: Discord waits for 3 seconds,
// network included.
const replyWithin = 2300 * time.Millisecond

// Serve answers one request. It never panics, and answers 5xx only for faults
// of ours that keep even an apology from being written.
func (s *Server) Serve(ctx context.Context, r Request) Response {
	switch {
	case strings.TrimSuffix(r.Path, "/") != Path:
		return Response{Status: http.StatusNotFound}
	case r.Method != http.MethodPost:
		return Response{Status: http.StatusMethodNotAllowed}
	case len(r.Body) > MaxBody:
		return Response{Status: http.StatusRequestEntityTooLarge}
	}
	err := s.Key.verify(r.Header["X-Signature-Ed25519"], r.Header["X-Signature-Timestamp"], r.Body, s.Clock())
	if err != nil {
		s.Log.WarnContext(ctx, "request refused", "stale", errors.Is(err, errStale), "err", err)
		return Response{Status: http.StatusUnauthorized}
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
	ctx, cancel := context.WithTimeout(ctx, replyWithin)
	defer cancel()
	return Response{http.StatusOK, s.answer(ctx, in)}
}

// marshal writes a reply. All replies are made of values that can be written.
func marshal(v any) json.RawMessage {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return b
}
