package interactions

import (
	"context"
	"encoding/base64"
	"net/http"

	"github.com/aws/aws-lambda-go/events"
)

// ServeLambda answers an event of a Lambda Function URL or of an API Gateway
// HTTP API: both send payload format 2.0. The signature is over the bytes that
// Discord sent, so a body that AWS encoded is decoded first.
func (s *Server) ServeLambda(ctx context.Context, e events.LambdaFunctionURLRequest) (events.LambdaFunctionURLResponse, error) {
	header := make(http.Header, len(e.Headers))
	for name, value := range e.Headers { // AWS joins repeated headers by commas, which no signature holds
		header.Add(name, value)
	}
	r := Request{Method: e.RequestContext.HTTP.Method, Path: e.RawPath, Header: header}
	out := s.serveEncoded(ctx, r, e.Body, e.IsBase64Encoded)
	reply := events.LambdaFunctionURLResponse{StatusCode: out.Status, Body: string(out.Body)}
	if out.Body != nil {
		reply.Headers = map[string]string{"Content-Type": "application/json"}
	}
	return reply, nil
}

// serveEncoded answers r, whose body is still to be decoded if encoded is set.
// It is decoded only where the rest is in order.
func (s *Server) serveEncoded(ctx context.Context, r Request, body string, encoded bool) Response {
	if !encoded {
		r.Body = []byte(body)
		return s.Serve(ctx, r)
	}
	if err := s.admit(r, int64(base64.StdEncoding.DecodedLen(len(body)))-2); err != nil { // the padding
		return s.refuse(ctx, err)
	}
	var err error
	if r.Body, err = base64.StdEncoding.DecodeString(body); err != nil {
		return s.refuse(ctx, errBody)
	}
	return s.Serve(ctx, r)
}
