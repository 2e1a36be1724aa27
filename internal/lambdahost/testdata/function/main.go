// Command function is a Lambda function that does what its events say, for the
// tests of package lambdahost.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"
)

func main() {
	if os.Getenv("REFUSE_TO_START") != "" {
		fmt.Fprintln(os.Stderr, "DISCORD_PUBLIC_KEY must be 64 hex digits")
		os.Exit(1)
	}
	lambda.Start(handle)
}

// An event is any event the tests send.
type event struct {
	Do      string `json:"do"`
	Version string `json:"version"`
	Records []events.SQSMessage
}

// handle does what the event says.
func handle(ctx context.Context, raw json.RawMessage) (any, error) {
	var e event
	if err := json.Unmarshal(raw, &e); err != nil {
		return nil, err
	}
	switch {
	case e.Records != nil:
		return batch(e.Records), nil
	case e.Version == "2.0":
		return reply(raw), nil
	case e.Do == "describe":
		return describe(ctx, raw), nil
	case e.Do == "fail":
		return nil, errors.New("it went wrong")
	case e.Do == "panic":
		panic("it went very wrong")
	case e.Do == "exit":
		os.Exit(3)
	case e.Do == "large":
		return strings.Repeat("x", 7<<20), nil
	case e.Do == "wait":
		tell("waiting")
		select {} // until the process is killed
	}
	return raw, nil
}

// describe tells what the function was given.
func describe(ctx context.Context, raw json.RawMessage) map[string]any {
	info, _ := lambdacontext.FromContext(ctx)
	deadline, _ := ctx.Deadline()
	fmt.Println("described")
	return map[string]any{
		"event": raw, "id": info.AwsRequestID, "arn": info.InvokedFunctionArn, "left": time.Until(deadline).Seconds(),
		"name": os.Getenv("AWS_LAMBDA_FUNCTION_NAME"), "region": os.Getenv("AWS_REGION"), "home": os.Getenv("HOME"),
		"own": os.Getenv("OWN"), "process": os.Getpid(),
	}
}

// batch deals with queue messages: "bad" fails, "exit" ends the process, "again" is
// sent once more.
func batch(records []events.SQSMessage) events.SQSEventResponse {
	var response events.SQSEventResponse
	for _, r := range records {
		tell(r.Body + "/" + r.Attributes["ApproximateReceiveCount"])
		switch r.Body {
		case "bad":
			response.BatchItemFailures = append(response.BatchItemFailures, events.SQSBatchItemFailure{ItemIdentifier: r.MessageId})
		case "exit":
			os.Exit(3)
		case "again":
			send(r.Body)
		}
	}
	return response
}

// send sends a message to the queue, as AWS's SDK does: with the trace header of
// the invocation.
func send(body string) {
	out, err := json.Marshal(map[string]string{"QueueUrl": os.Getenv("QUEUE"), "MessageBody": body})
	if err != nil {
		panic(err)
	}
	rq, err := http.NewRequest(http.MethodPost, os.Getenv("QUEUE"), bytes.NewReader(out))
	if err != nil {
		panic(err)
	}
	rq.Header.Set("X-Amz-Target", "AmazonSQS.SendMessage")
	rq.Header.Set("X-Amzn-Trace-Id", os.Getenv("_X_AMZN_TRACE_ID"))
	resp, err := http.DefaultClient.Do(rq)
	if err != nil {
		panic(err)
	}
	_ = resp.Body.Close()
}

// reply answers an HTTP request with what it was.
func reply(raw json.RawMessage) events.LambdaFunctionURLResponse {
	return events.LambdaFunctionURLResponse{
		StatusCode: http.StatusAccepted, Body: string(raw),
		Headers: map[string]string{"Content-Type": "application/json", "X-Reply": "yes"}, Cookies: []string{"a=1", "b=2"},
	}
}

// tell lets the test know how far it is.
func tell(what string) {
	resp, err := http.Post(os.Getenv("TELL"), "text/plain", strings.NewReader(what))
	if err != nil {
		panic(err)
	}
	_ = resp.Body.Close()
}
