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
	body := []byte(e.Body)
	if e.IsBase64Encoded {
		var err error
		if body, err = base64.StdEncoding.DecodeString(e.Body); err != nil {
			return events.LambdaFunctionURLResponse{StatusCode: http.StatusBadRequest}, nil
		}
	}
	header := make(http.Header, len(e.Headers))
	for name, value := range e.Headers { // AWS joins repeated headers by commas, which no signature holds
		header.Add(name, value)
	}
	out := s.Serve(ctx, Request{e.RequestContext.HTTP.Method, e.RawPath, header, body})
	reply := events.LambdaFunctionURLResponse{StatusCode: out.Status, Body: string(out.Body)}
	if out.Body != nil {
		reply.Headers = map[string]string{"Content-Type": "application/json"}
	}
	return reply, nil
}
