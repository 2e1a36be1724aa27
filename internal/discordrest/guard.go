package discordrest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"path"
	"strings"
	"time"

	"github.com/entente-bot/entente/internal/action"
)

// maxAnswer is how many bytes of an answer are read: the largest we ask for, a
// hundred messages or a thousand invites, have one or two million.
const maxAnswer = 8 << 20

// errTooLarge means that an answer has more than maxAnswer bytes.
var errTooLarge = errors.New("the answer is too large")

// A guard is the last to see a request. It holds back what must not be sent,
// and gives an answer as much time and room as it may take.
type guard struct {
	next    http.RoundTripper
	base    string // URL that everything sent goes below
	timeout time.Duration
}

// RoundTrip implements [http.RoundTripper]. The answer it returns was read
// already: no connection hangs on it.
func (g *guard) RoundTrip(rq *http.Request) (*http.Response, error) {
	if err := g.check(rq); err != nil {
		if rq.Body != nil {
			rq.Body.Close()
		}
		return nil, &action.Failure{Verdict: action.Bury, Err: err}
	}
	ctx, cancel := context.WithTimeout(rq.Context(), g.timeout)
	defer cancel()
	rs, err := g.next.RoundTrip(rq.WithContext(ctx))
	if err != nil {
		return nil, err
	}
	if rs.Body != nil {
		rs.Body = held(rs.Body)
	}
	return rs, nil
}

// CloseIdleConnections is called by [http.Client.CloseIdleConnections].
func (g *guard) CloseIdleConnections() {
	if t, ok := g.next.(interface{ CloseIdleConnections() }); ok {
		t.CloseIdleConnections()
	}
}

// held reads body to its end and returns it for reading. If it breaks off, the
// reader does too, so that the headers are not lost with it.
func held(body io.ReadCloser) io.ReadCloser {
	defer body.Close()
	b, err := io.ReadAll(io.LimitReader(body, maxAnswer+1))
	if err == nil && len(b) > maxAnswer {
		b, err = nil, errTooLarge
	}
	var r io.Reader = bytes.NewReader(b)
	if err != nil {
		r = io.MultiReader(r, broken{err})
	}
	return io.NopCloser(r)
}

// A broken reader only fails.
type broken struct{ err error }

// Read implements [io.Reader].
func (b broken) Read([]byte) (int, error) { return 0, b.err }

// check returns why rq must not be sent.
func (g *guard) check(rq *http.Request) error {
	tail, ok := strings.CutPrefix(rq.URL.String(), g.base+"/")
	if !ok {
		return errors.New("it would leave the configured URL")
	}
	tail, _, _ = strings.Cut(tail, "?")
	for _, r := range postings() {
		if ok, _ := path.Match(r.path, tail); !ok || r.method != rq.Method {
			continue
		}
		body, err := payload(rq)
		if err != nil {
			return errors.New("it holds a message that cannot be read")
		}
		for _, message := range r.messages(body) {
			if !mentionsNobody(message) {
				return errors.New("it holds a message that does not rule mentions out")
			}
		}
	}
	return nil
}

// A posting is a kind of request that holds messages.
type posting struct {
	method   string
	path     string                              // below the base, as for [path.Match]
	messages func(body []byte) []json.RawMessage // the messages in a body
}

// postings lists all kinds of requests that hold messages.
func postings() []posting {
	return []posting{
		{http.MethodPost, "channels/*/messages", whole},
		{http.MethodPatch, "channels/*/messages/*", whole},
		{http.MethodPost, "channels/*/threads", starter},
		{http.MethodPost, "webhooks/*/*", whole},
		{http.MethodPost, "webhooks/*/*/*", whole},
		{http.MethodPatch, "webhooks/*/*/messages/*", whole},
		{http.MethodPost, "interactions/*/*/callback", callback},
	}
}

// whole takes the body as a message.
func whole(body []byte) []json.RawMessage { return []json.RawMessage{body} }

// starter takes the first message of a thread. A thread in a text channel has none.
func starter(body []byte) []json.RawMessage {
	var b struct {
		Message json.RawMessage `json:"message"`
	}
	if err := json.Unmarshal(body, &b); err != nil {
		return whole(body) // it will not pass
	}
	if b.Message == nil {
		return nil
	}
	return []json.RawMessage{b.Message}
}

// callback takes the message that answers an interaction, if that is how it is
// answered.
func callback(body []byte) []json.RawMessage {
	const send, update = 4, 7
	var b struct {
		Type int             `json:"type"`
		Data json.RawMessage `json:"data"`
	}
	if err := json.Unmarshal(body, &b); err != nil {
		return whole(body) // it will not pass
	}
	if b.Type != send && b.Type != update {
		return nil
	}
	return []json.RawMessage{b.Data}
}

// mentionsNobody reports whether a message mentions at most whom it names:
// parse, in its allowed mentions, is an empty list. Left out or null, Discord
// takes it to allow everything.
func mentionsNobody(message json.RawMessage) bool {
	var m struct {
		Allowed struct {
			Parse []json.RawMessage `json:"parse"`
		} `json:"allowed_mentions"`
	}
	err := json.Unmarshal(message, &m)
	return err == nil && m.Allowed.Parse != nil && len(m.Allowed.Parse) == 0
}

// payload returns the JSON that rq sends, alone or before files.
func payload(rq *http.Request) ([]byte, error) {
	if rq.GetBody == nil {
		return nil, errors.New("no body")
	}
	body, err := rq.GetBody()
	if err != nil {
		return nil, err
	}
	defer body.Close()
	kind, params, err := mime.ParseMediaType(rq.Header.Get("Content-Type"))
	if err != nil {
		return nil, err
	}
	if kind != "multipart/form-data" {
		return io.ReadAll(body)
	}
	parts := multipart.NewReader(body, params["boundary"])
	for {
		part, err := parts.NextPart()
		if err != nil {
			return nil, err
		}
		if part.FormName() == "payload_json" {
			return io.ReadAll(part)
		}
	}
}
