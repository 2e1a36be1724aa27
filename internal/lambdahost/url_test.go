package lambdahost_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/entente-bot/entente/internal/lambdahost"
)

// post sends a request to a function's URL and returns the response with its body.
func post(t *testing.T, fn lambdahost.Invoker, path, contentType string, body []byte) (*http.Response, []byte) {
	t.Helper()
	server := httptest.NewServer(lambdahost.FunctionURL(fn))
	t.Cleanup(server.Close)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL+path, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", contentType)
	req.Header.Add("X-Twice", "a")
	req.Header.Add("X-Twice", "b")
	req.AddCookie(&http.Cookie{Name: "session", Value: "s"})
	resp, err := server.Client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	got, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp, got
}

func TestRequestBecomesAnEventAndBack(t *testing.T) {
	t.Parallel()
	fn, _ := start(t, lambdahost.Config{})
	resp, body := post(t, fn, "/a%2Fb?q=1&q=2&r=", "application/json; charset=utf-8", []byte(`{"type":1}`))
	if resp.StatusCode != http.StatusAccepted || resp.Header.Get("X-Reply") != "yes" {
		t.Errorf("response %s with %v, want what the function returned", resp.Status, resp.Header)
	}
	if cookies := resp.Header["Set-Cookie"]; !slices.Equal(cookies, []string{"a=1", "b=2"}) {
		t.Errorf("cookies = %q", cookies)
	}
	var e events.LambdaFunctionURLRequest
	if err := json.Unmarshal(body, &e); err != nil {
		t.Fatal(err)
	}
	if e.Version != "2.0" || e.RawPath != "/a%2Fb" || e.RawQueryString != "q=1&q=2&r=" || e.QueryStringParameters["q"] != "1,2" {
		t.Errorf("the address became %q?%q %v", e.RawPath, e.RawQueryString, e.QueryStringParameters)
	}
	if e.Headers["x-twice"] != "a,b" || e.Headers["host"] == "" || e.Headers["cookie"] != "" || !slices.Equal(e.Cookies, []string{"session=s"}) {
		t.Errorf("headers %v, cookies %q", e.Headers, e.Cookies)
	}
	if e.Body != `{"type":1}` || e.IsBase64Encoded {
		t.Errorf("body = %q, base64: %v; want the text", e.Body, e.IsBase64Encoded)
	}
	if c := e.RequestContext; c.HTTP.Method != "POST" || c.HTTP.SourceIP != "127.0.0.1" || c.RequestID == "" || c.TimeEpoch == 0 {
		t.Errorf("request context = %+v", c)
	}
}

// function is an Invoker made of a function.
type function func(payload []byte) ([]byte, error)

func (f function) Invoke(_ context.Context, payload []byte) ([]byte, error) { return f(payload) }

func TestBodyIsTextOrBase64(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, contentType, body string
		encoded                 bool
	}{
		{"JSON", "application/json", `{"a":"ü"}`, false},
		{"text", "text/plain", "x", false},
		{"nothing", "", "", false},
		{"no type", "", "x", true},
		{"image", "image/png", "\x89PNG", true},
		{"JSON that is no text", "application/json", "\xff", true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var e events.LambdaFunctionURLRequest
			post(t, function(func(payload []byte) ([]byte, error) {
				return nil, json.Unmarshal(payload, &e)
			}), "/", tt.contentType, []byte(tt.body))
			body := e.Body
			if e.IsBase64Encoded {
				raw, err := base64.StdEncoding.DecodeString(body)
				if err != nil {
					t.Fatal(err)
				}
				body = string(raw)
			}
			if e.IsBase64Encoded != tt.encoded || body != tt.body {
				t.Errorf("body %q, base64: %v; want %q, %v", body, e.IsBase64Encoded, tt.body, tt.encoded)
			}
		})
	}
}

func TestWhatFunctionsReturnToHTTP(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, returned string
		err            error
		status         int
		body           string
	}{
		{"response", `{"statusCode":401,"body":""}`, nil, 401, ""},
		{"base64", `{"statusCode":200,"body":"AAE=","isBase64Encoded":true}`, nil, 200, "\x00\x01"},
		{"bad base64", `{"statusCode":200,"body":"?","isBase64Encoded":true}`, nil, 502, "Internal Server Error\n"},
		{"just a value", `{"type":1}`, nil, 200, `{"type":1}`},
		{"failure", ``, errors.New("no"), 502, "Internal Server Error\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			fn := function(func([]byte) ([]byte, error) { return []byte(tt.returned), tt.err })
			resp, body := post(t, fn, "/", "application/json", []byte("{}"))
			if resp.StatusCode != tt.status || string(body) != tt.body {
				t.Errorf("%d %q, want %d %q", resp.StatusCode, body, tt.status, tt.body)
			}
		})
	}
}

func TestBodyOverTheLimitIsRefusedBeforeTheFunction(t *testing.T) {
	t.Parallel()
	never := function(func([]byte) ([]byte, error) {
		t.Error("the function was invoked")
		return nil, nil
	})
	for _, size := range []int{lambdahost.MaxPayload + 1, lambdahost.MaxPayload - 1} { // the second only in base64
		resp, _ := post(t, never, "/", "image/png", bytes.Repeat([]byte{0xff}, size))
		if resp.StatusCode != http.StatusRequestEntityTooLarge {
			t.Errorf("%d bytes: %s, want 413", size, resp.Status)
		}
	}
}

func TestScheduleSendsWhatSchedulerSends(t *testing.T) {
	t.Parallel()
	var got map[string]any
	fn := function(func(payload []byte) ([]byte, error) {
		got = nil
		return nil, json.Unmarshal(payload, &got)
	})
	at := time.Date(2026, 2, 28, 23, 59, 0, 0, time.FixedZone("", 3600))
	if err := (lambdahost.Schedule{Name: "tick", Function: fn}).Fire(t.Context(), at); err != nil {
		t.Fatal(err)
	}
	if got["source"] != "aws.scheduler" || got["detail-type"] != "Scheduled Event" || got["time"] != "2026-02-28T22:59:00Z" || got["detail"] != "{}" {
		t.Errorf("the default event = %v", got)
	}
	own := lambdahost.Schedule{Name: "tick", Function: fn, Input: `{"at":"<aws.scheduler.scheduled-time>","try":<aws.scheduler.attempt-number>}`}
	if err := own.Fire(t.Context(), at); err != nil {
		t.Fatal(err)
	}
	if got["at"] != "2026-02-28T22:59:00Z" || got["try"] != 1.0 || len(got) != 2 {
		t.Errorf("its own input became %v", got)
	}
	failing := lambdahost.Schedule{Name: "tick", Function: &answers{err: errors.New("no")}}
	if err := failing.Fire(t.Context(), at); err == nil || !strings.Contains(err.Error(), "schedule tick: no") {
		t.Errorf("error = %v, want the function's", err)
	}
}
