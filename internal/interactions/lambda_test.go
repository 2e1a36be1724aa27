package interactions_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"
)

// The events that carry an HTTP request, as AWS documents them: %s are the path,
// the headers, the method, the path again, the body as JSON, and whether it is encoded.
const (
	functionURL = `{"version":"2.0","routeKey":"$default","rawPath":%s,"rawQueryString":"","headers":%s,
		"requestContext":{"accountId":"anonymous","apiId":"abc","domainName":"abc.lambda-url.example","domainPrefix":"abc",
			"http":{"method":%s,"path":%s,"protocol":"HTTP/1.1","sourceIp":"192.0.2.1","userAgent":"Discord-Interactions/1.0"},
			"requestId":"1","routeKey":"$default","stage":"$default","time":"21/Nov/2026:12:00:00 +0000","timeEpoch":1795262400000},
		"body":%s,"isBase64Encoded":%t}`
	httpAPI = `{"version":"2.0","routeKey":"POST /interactions","rawPath":%s,"rawQueryString":"a=b&a=c","cookies":["a=b"],"headers":%s,
		"queryStringParameters":{"a":"b,c"},"pathParameters":{"proxy":"interactions"},"stageVariables":{"x":"y"},
		"requestContext":{"accountId":"123456789012","apiId":"abc","authentication":null,
			"authorizer":{"jwt":{"claims":{"a":"b"},"scopes":["c"]},"lambda":{"key":"value"}},
			"domainName":"entente.example","domainPrefix":"entente",
			"http":{"method":%s,"path":%s,"protocol":"HTTP/1.1","sourceIp":"192.0.2.1","userAgent":"Discord-Interactions/1.0"},
			"requestId":"JKJaXmPLvHcESHA=","routeKey":"POST /interactions","stage":"$default","time":"21/Nov/2026:12:00:00 +0000","timeEpoch":1795262400000},
		"body":%s,"isBase64Encoded":%t}`
)

// event is the event that a request becomes.
func event(t testing.TB, template, method, path string, headers map[string]string, body string, encoded bool) events.LambdaFunctionURLRequest {
	t.Helper()
	quote := func(v any) string {
		b, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	var e events.LambdaFunctionURLRequest
	doc := fmt.Sprintf(template, quote(path), quote(headers), quote(method), quote(path), quote(body), encoded)
	if err := json.Unmarshal([]byte(doc), &e); err != nil {
		t.Fatal(err)
	}
	return e
}

func templates() map[string]string {
	return map[string]string{"function URL": functionURL, "HTTP API": httpAPI}
}

func TestServeLambda(t *testing.T) {
	t.Parallel()
	e := newEndpoint(t)
	stamp := strconv.FormatInt(e.now.Unix(), 10)
	signature := e.sign(stamp, ping)
	encoded := base64.StdEncoding.EncodeToString([]byte(ping))
	large := padded(1<<20 + 1)
	lower := map[string]string{"x-signature-ed25519": signature, "x-signature-timestamp": stamp, "content-type": "application/json"}
	with := func(change func(map[string]string)) map[string]string {
		h := map[string]string{}
		for name, value := range lower {
			h[name] = value
		}
		change(h)
		return h
	}
	upper := map[string]string{"X-SIGNATURE-ED25519": signature, "X-SIGNATURE-TIMESTAMP": stamp}
	mixed := map[string]string{"X-Signature-Ed25519": signature, "x-Signature-TimeStamp": stamp}
	tests := []struct {
		name, method, path string
		headers            map[string]string
		body               string
		encoded            bool
		status             int
	}{
		{"plain", "POST", "/interactions", lower, ping, false, 200},
		{"upper case headers", "POST", "/interactions", upper, ping, false, 200},
		{"mixed case headers", "POST", "/interactions", mixed, ping, false, 200},
		{"encoded", "POST", "/interactions", lower, encoded, true, 200},
		{"encoded, header twice by case", "POST", "/interactions", with(func(h map[string]string) { h["X-Signature-Ed25519"] = signature }), encoded, true, 401},
		{"header joined", "POST", "/interactions", with(func(h map[string]string) { h["x-signature-ed25519"] += "," + signature }), ping, false, 401},
		{"no headers", "POST", "/interactions", nil, ping, false, 401},
		{"encoded, flag off", "POST", "/interactions", lower, encoded, false, 401},
		{"plain, flag on", "POST", "/interactions", lower, ping, true, 400},
		{"encoded badly", "POST", "/interactions", lower, encoded[:len(encoded)-1] + "*", true, 400},
		{"encoded for URLs", "POST", "/interactions", lower, "_-__", true, 400},
		{"encoded without padding", "POST", "/interactions", lower, "YQ", true, 400},
		{"encoded, one byte changed", "POST", "/interactions", lower, base64.StdEncoding.EncodeToString([]byte(ping + " ")), true, 401},
		{"empty", "POST", "/interactions", lower, "", false, 401},
		{"empty, flag on", "POST", "/interactions", lower, "", true, 401},
		{"too large", "POST", "/interactions", lower, large, false, 413},
		{"too large, encoded", "POST", "/interactions", lower, base64.StdEncoding.EncodeToString([]byte(large)), true, 413},
		{"another path", "POST", "/", lower, ping, false, 404},
		{"another method", "GET", "/interactions", lower, "", false, 405},
		{"no method", "", "/interactions", lower, ping, false, 405},
	}
	for from, template := range templates() {
		for _, tt := range tests {
			t.Run(from+"/"+tt.name, func(t *testing.T) {
				t.Parallel()
				e := newEndpoint(t)
				out, err := e.ServeLambda(t.Context(), event(t, template, tt.method, tt.path, tt.headers, tt.body, tt.encoded))
				if err != nil {
					t.Fatal(err)
				}
				if out.StatusCode != tt.status {
					t.Errorf("status %d, want %d", out.StatusCode, tt.status)
				}
				want := ""
				if tt.status == 200 {
					want = `{"type":1}`
				}
				if out.Body != want || out.IsBase64Encoded {
					t.Errorf("body %q, encoded %v; want %q", out.Body, out.IsBase64Encoded, want)
				}
				if tt.status == 200 && out.Headers["Content-Type"] != "application/json" {
					t.Errorf("headers %v", out.Headers)
				}
				e.untouched()
			})
		}
	}
}

// TestServeLambdaKeepsBytes sends text that a detour through another encoding
// would change.
func TestServeLambdaKeepsBytes(t *testing.T) {
	t.Parallel()
	e := newEndpoint(t)
	stamp := strconv.FormatInt(e.now.Unix(), 10)
	body := strings.Replace(ping, `"version":1`, "\"version\":1,\t\"pad\":\"é 🦆 \\u00e9 <&> \u2028\"", 1)
	headers := map[string]string{"x-signature-ed25519": e.sign(stamp, body), "x-signature-timestamp": stamp}
	for from, template := range templates() {
		plain := event(t, template, "POST", "/interactions", headers, body, false)
		encoded := event(t, template, "POST", "/interactions", headers, base64.StdEncoding.EncodeToString([]byte(body)), true)
		for _, ev := range []events.LambdaFunctionURLRequest{plain, encoded} {
			if out, err := e.ServeLambda(t.Context(), ev); err != nil || out.StatusCode != 200 {
				t.Errorf("%s, encoded %v: status %d, %v", from, ev.IsBase64Encoded, out.StatusCode, err)
			}
		}
	}
}

// TestServeLambdaEmptyEvent checks that an event of another source is no panic.
func TestServeLambdaEmptyEvent(t *testing.T) {
	t.Parallel()
	e := newEndpoint(t)
	if out, err := e.ServeLambda(t.Context(), events.LambdaFunctionURLRequest{}); err != nil || out.StatusCode != 404 {
		t.Errorf("status %d, %v; want 404", out.StatusCode, err)
	}
}
