package lambdahost

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/aws/aws-lambda-go/events"
)

// FunctionURL serves fn as a Lambda Function URL does: requests become events of
// payload format 2.0, and what fn returns becomes the response. A function that
// fails becomes a 502, a body over [MaxPayload] a 413.
func FunctionURL(fn Invoker) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, MaxPayload))
		if tooLarge := new(http.MaxBytesError); errors.As(err, &tooLarge) {
			http.Error(w, `{"Message":null}`, http.StatusRequestEntityTooLarge)
			return
		}
		if err != nil { // the caller hung up
			return
		}
		event, err := json.Marshal(httpEvent(r, body, time.Now()))
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		if len(event) > MaxPayload { // base64 made it longer
			http.Error(w, `{"Message":null}`, http.StatusRequestEntityTooLarge)
			return
		}
		response, err := fn.Invoke(r.Context(), event)
		if err != nil {
			http.Error(w, "Internal Server Error", http.StatusBadGateway)
			return
		}
		writeResponse(w, response)
	})
}

// httpEvent is the event that r becomes.
func httpEvent(r *http.Request, body []byte, at time.Time) events.APIGatewayV2HTTPRequest {
	headers := map[string]string{"host": r.Host}
	for name, values := range r.Header {
		if name != "Cookie" {
			headers[strings.ToLower(name)] = strings.Join(values, ",")
		}
	}
	var cookies []string
	for _, c := range r.Cookies() {
		cookies = append(cookies, c.Name+"="+c.Value)
	}
	query := map[string]string{}
	for name, values := range r.URL.Query() {
		query[name] = strings.Join(values, ",")
	}
	ip, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil { // a handler called without a connection
		ip = r.RemoteAddr
	}
	text, encoded := string(body), false
	if !isText(r.Header.Get("Content-Type"), body) {
		text, encoded = base64.StdEncoding.EncodeToString(body), true
	}
	return events.APIGatewayV2HTTPRequest{
		Version: "2.0", RouteKey: "$default", RawPath: r.URL.EscapedPath(), RawQueryString: r.URL.RawQuery,
		Cookies: cookies, Headers: headers, QueryStringParameters: query, Body: text, IsBase64Encoded: encoded,
		RequestContext: events.APIGatewayV2HTTPRequestContext{
			RouteKey: "$default", AccountID: "anonymous", Stage: "$default", RequestID: newID(), APIID: "lambdahost",
			DomainName: r.Host, DomainPrefix: "lambdahost",
			Time: at.UTC().Format("02/Jan/2006:15:04:05 -0700"), TimeEpoch: at.UnixMilli(),
			HTTP: events.APIGatewayV2HTTPRequestContextHTTPDescription{
				Method: r.Method, Path: r.URL.EscapedPath(), Protocol: r.Proto, SourceIP: ip, UserAgent: r.UserAgent(),
			},
		},
	}
}

// isText reports whether a body travels as it is: it is of a type known to be
// text, and is text. All else is sent in base64.
func isText(contentType string, body []byte) bool {
	if len(body) == 0 {
		return true
	}
	kind, _, err := mime.ParseMediaType(contentType)
	if err != nil || !utf8.Valid(body) {
		return false
	}
	switch kind {
	case "application/json", "application/javascript", "application/xml":
		return true
	}
	return strings.HasPrefix(kind, "text/")
}

// writeResponse answers with what a function returned. What does not look like a
// response of payload format 2.0 is itself the body of a 200, as on AWS.
func writeResponse(w http.ResponseWriter, returned []byte) {
	var response events.APIGatewayV2HTTPResponse
	if err := json.Unmarshal(returned, &response); err != nil || response.StatusCode == 0 {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(returned) // the caller may have hung up
		return
	}
	body := []byte(response.Body)
	if response.IsBase64Encoded {
		var err error
		if body, err = base64.StdEncoding.DecodeString(response.Body); err != nil {
			http.Error(w, "Internal Server Error", http.StatusBadGateway)
			return
		}
	}
	w.Header().Set("Content-Type", "application/json") // the default of AWS
	for name, value := range response.Headers {
		w.Header().Set(name, value)
	}
	for _, cookie := range response.Cookies {
		w.Header().Add("Set-Cookie", cookie)
	}
	w.WriteHeader(response.StatusCode)
	_, _ = w.Write(body) // the caller may have hung up
}
