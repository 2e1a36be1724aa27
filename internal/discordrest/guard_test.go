package discordrest

import (
	"bytes"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/disgoorg/disgo/rest"

	"github.com/entente-bot/entente/internal/action"
)

// A sink counts the requests that reach it.
type sink struct{ n int }

func (s *sink) RoundTrip(*http.Request) (*http.Response, error) {
	s.n++
	return &http.Response{StatusCode: 200, Body: io.NopCloser(strings.NewReader("{}"))}, nil
}

// FAULTS S30: the transport refuses a message that could mention people.
func TestGuard(t *testing.T) {
	t.Parallel()
	const (
		closed = `{"content":"@everyone","allowed_mentions":{"parse":[],"users":["1"],"roles":["2"]}}`
		null   = `{"allowed_mentions":{"parse":null,"users":["1"]}}`
		open   = `{"allowed_mentions":{"parse":["users"]}}`
		absent = `{"content":"x"}`
	)
	pass, refuse := true, false
	tests := []struct {
		method, path, body string
		want               bool
	}{
		{"POST", "channels/1/messages", closed, pass},
		{"POST", "channels/1/messages", null, refuse},
		{"POST", "channels/1/messages", open, refuse},
		{"POST", "channels/1/messages", absent, refuse},
		{"POST", "channels/1/messages", ``, refuse},
		{"POST", "channels/1/messages", `[]`, refuse},
		{"POST", "channels/1/messages", `{"allowed_mentions":null}`, refuse},
		{"POST", "channels/1/messages", `{"allowed_mentions":{"parse":{}}}`, refuse},
		{"POST", "channels/1/messages?x=1", absent, refuse},
		{"PATCH", "channels/1/messages/2", closed, pass},
		{"PATCH", "channels/1/messages/2", absent, refuse},
		{"POST", "webhooks/1/token", absent, refuse},
		{"POST", "webhooks/1/to%2Fken?wait=true", absent, refuse},
		{"POST", "webhooks/1/token/slack", absent, refuse},
		{"POST", "webhooks/1/token", closed, pass},
		{"PATCH", "webhooks/1/token/messages/@original", null, refuse},
		{"PATCH", "webhooks/1/token/messages/@original", closed, pass},
		{"POST", "channels/1/threads", `{"name":"forum post","message":` + closed + `}`, pass},
		{"POST", "channels/1/threads", `{"name":"forum post","message":` + absent + `}`, refuse},
		{"POST", "channels/1/threads", `{"name":"private thread","type":12}`, pass},
		{"POST", "channels/1/threads", `{`, refuse},
		{"POST", "interactions/1/token/callback", `{"type":4,"data":` + closed + `}`, pass},
		{"POST", "interactions/1/token/callback", `{"type":4,"data":` + absent + `}`, refuse},
		{"POST", "interactions/1/token/callback", `{"type":7}`, refuse},
		{"POST", "interactions/1/token/callback", `{"type":5,"data":{"flags":64}}`, pass},
		{"POST", "interactions/1/token/callback", `7`, refuse},
		{"POST", "channels/1/messages/bulk-delete", `{"messages":["1"]}`, pass},
		{"POST", "channels/1/messages/2/threads", `{"name":"x"}`, pass},
		{"PATCH", "webhooks/1", `{"name":"x"}`, pass},
		{"PATCH", "channels/1", `{"name":"x"}`, pass},
		{"DELETE", "channels/1/messages/2", ``, pass},
		{"GET", "channels/1/messages", ``, pass},
	}
	for _, tt := range tests {
		t.Run(tt.method+" "+tt.path+" "+tt.body, func(t *testing.T) {
			t.Parallel()
			url := "https://d.test/api/" + tt.path
			try(t, tt.method, url, "application/json", []byte(tt.body), tt.want)
			kind, body := withFile(t, tt.body)
			try(t, tt.method, url, kind, body, tt.want)
		})
	}
	try(t, "POST", "https://d.test/api/channels/1/messages", "multipart/form-data", []byte(closed), refuse)
	try(t, "POST", "https://d.test/api/channels/1/messages", ";;", []byte(closed), refuse)
	try(t, "GET", "https://elsewhere.test/api/channels/1", "", nil, refuse)
	try(t, "GET", "https://d.test/apiary/channels/1", "", nil, refuse)
}

// withFile puts message after a file that looks like a harmless message.
func withFile(t *testing.T, message string) (kind string, body []byte) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	err := errors.Join(w.WriteField("files[0]", `{"allowed_mentions":{"parse":[]}}`), w.WriteField("payload_json", message), w.Close())
	if err != nil {
		t.Fatal(err)
	}
	return w.FormDataContentType(), b.Bytes()
}

// try sends a request past a guard.
func try(t *testing.T, method, url, kind string, body []byte, want bool) {
	t.Helper()
	rq, err := http.NewRequestWithContext(t.Context(), method, url, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	rq.Header.Set("Content-Type", kind)
	s := new(sink)
	_, err = (&guard{next: s, base: "https://d.test/api", timeout: time.Second}).RoundTrip(rq)
	f := new(action.Failure)
	if refused := errors.As(err, &f); refused == want || refused && f.Verdict != action.Bury || (s.n == 1) != want {
		t.Errorf("%s: %d left, error %v; want it sent: %t", kind, s.n, err, want)
	}
}

// Buckets do not pile up: what says nothing any more is dropped.
func TestLimiterForgets(t *testing.T) {
	t.Parallel()
	now := time.Now()
	l := newLimiter(Config{PerSecond: 1 << 20, Invalid: 10, Now: func() time.Time { return now }})
	for i := range 50_000 {
		k := call{endpoint: rest.UpdateInteractionResponse, ids: []string{"1"}, text: "token" + strings.Repeat("x", i%7) + string(rune('a'+i%26)) + time.Duration(i).String()}
		e, err := k.compile()
		if err != nil {
			t.Fatal(err)
		}
		if err := l.Wait(t.Context(), e); err != nil {
			t.Fatal(err)
		}
		h := http.Header{"X-Ratelimit-Remaining": {"0"}, "X-Ratelimit-Reset-After": {"0.5"}}
		if err := l.Unlock(e, &http.Response{StatusCode: 200, Header: h}); err != nil {
			t.Fatal(err)
		}
		now = now.Add(100 * time.Millisecond)
	}
	if len(l.buckets) > 1000 || len(l.held) != 0 {
		t.Errorf("%d buckets and %d holds are left", len(l.buckets), len(l.held))
	}
}
