package interactions_test

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"github.com/entente-bot/entente/internal/fakediscord/contract"
	"github.com/entente-bot/entente/internal/interactions"
)

// statuses are all that a request may be answered with.
func statuses() []int { return []int{200, 400, 401, 404, 405, 413} }

// sound checks a response to any request, and that Discord would take the reply.
func sound(t *testing.T, body []byte, status int, reply []byte) {
	t.Helper()
	if !slices.Contains(statuses(), status) {
		t.Fatalf("status %d", status)
	}
	if status != http.StatusOK {
		if len(reply) > 0 {
			t.Fatalf("a %d tells %q", status, reply)
		}
		return
	}
	var in struct {
		Type int `json:"type"`
	}
	if err := json.Unmarshal(body, &in); err != nil {
		t.Fatalf("a 200 for what is no JSON: %v", err)
	}
	var out map[string]any
	d := json.NewDecoder(bytes.NewReader(reply))
	d.UseNumber()
	if err := d.Decode(&out); err != nil {
		t.Fatalf("the reply is no JSON: %v: %q", err, reply)
	}
	if in.Type < 1 || in.Type > 5 {
		return // of no type that Discord has
	}
	for _, p := range contract.Callback(in.Type, true, true, out) {
		t.Errorf("Discord would refuse the reply to a type %d: %v: %s", in.Type, p, reply)
	}
}

// FuzzServe posts any body, properly signed. Its seeds are real ones, of every route.
func FuzzServe(f *testing.F) {
	s := newStage(f)
	for _, c := range cases() {
		in, err := c(s)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(in.Body)
	}
	for _, body := range []string{ping, command, "", "null", "{}", `{"type":1}`, `{"type":2}`, "[[[", "\xff", `{"id":"1","type":1e3}`} {
		f.Add([]byte(strings.ReplaceAll(body, application, s.ApplicationID())))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		raw := s.SignRaw(body)
		out := s.server.Serve(t.Context(), request(string(body), raw.Signature, raw.Timestamp))
		sound(t, body, out.Status, out.Body)
	})
}

// FuzzVerify posts a body under any headers: without the key nobody gets in.
func FuzzVerify(f *testing.F) {
	e := newEndpoint(f)
	stamp := strconv.FormatInt(e.now.Unix(), 10)
	good := e.sign(stamp, ping)
	f.Add(good, stamp, ping)
	f.Add(good, stamp[:9], stamp[9:]+ping)
	f.Add(good, stamp+ping[:1], ping[1:])
	f.Add(strings.ToUpper(good), stamp, ping+" ")
	f.Add(good[:64]+strings.Repeat("0", 64), stamp, ping)
	f.Fuzz(func(t *testing.T, signature, timestamp, body string) {
		out := e.Serve(t.Context(), request(body, signature, timestamp))
		sound(t, []byte(body), out.Status, out.Body)
		b, err := hex.DecodeString(signature)
		signed := err == nil && hex.EncodeToString(b) == good && timestamp == stamp && body == ping
		if got := out.Status != 401 && out.Status != 413; got != signed {
			t.Errorf("status %d, though signed is %v", out.Status, signed)
		}
	})
}

// FuzzServeLambda takes any event. If it is told to, the event's body is signed first.
func FuzzServeLambda(f *testing.F) {
	e := newEndpoint(f)
	stamp := strconv.FormatInt(e.now.Unix(), 10)
	headers := map[string]string{"x-signature-ed25519": e.sign(stamp, ping), "x-signature-timestamp": stamp}
	for _, template := range templates() {
		for _, body := range []string{ping, command, "", "{"} {
			plain := event(f, template, "POST", interactions.Path, headers, body, false)
			encoded := event(f, template, "POST", interactions.Path, headers, base64.StdEncoding.EncodeToString([]byte(body)), true)
			for _, ev := range []events.LambdaFunctionURLRequest{plain, encoded} {
				b, err := json.Marshal(ev)
				if err != nil {
					f.Fatal(err)
				}
				f.Add(b, true)
				f.Add(b, false)
			}
		}
	}
	f.Add([]byte(`{}`), false)
	f.Add([]byte(`{"headers":{"X-Signature-Ed25519":"a","x-signature-ed25519":"b","":"c"},"isBase64Encoded":true,"body":"*"}`), false)
	f.Fuzz(func(t *testing.T, doc []byte, sign bool) {
		var ev events.LambdaFunctionURLRequest
		if json.Unmarshal(doc, &ev) != nil {
			return // Lambda's runtime does not hand it on
		}
		body := []byte(ev.Body)
		if ev.IsBase64Encoded {
			body, _ = base64.StdEncoding.DecodeString(ev.Body)
		}
		if sign {
			ev.Headers = map[string]string{"x-signature-ed25519": e.sign(stamp, string(body)), "x-signature-timestamp": stamp}
		}
		out, err := e.ServeLambda(t.Context(), ev)
		if err != nil || out.IsBase64Encoded {
			t.Fatalf("encoded %v, %v", out.IsBase64Encoded, err)
		}
		sound(t, body, out.StatusCode, []byte(out.Body))
	})
}
