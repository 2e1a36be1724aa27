// Package lambdahost runs the real bootstrap binaries of Lambda functions on
// this machine, for tests, and connects them as AWS does. It is made of pieces
// that are put together as the deployment puts its parts together:
//
//   - [Start] starts a [Function]: processes that talk to a Runtime API on loopback,
//     one invocation at a time each, killed when their time is over.
//   - [FunctionURL] turns HTTP requests into invocations.
//   - [SQS] speaks the protocol of Amazon SQS; a [Mapping] pumps one of its queues into a function,
//     and ends a chain of too many invocations in a row, as Lambda does: see [MaxChain].
//   - A [Schedule] invokes a function as EventBridge Scheduler does.
//
// Nothing waits for wall-clock time except a function's own time-out: messages
// become visible again when the test says so.
package lambdahost

import (
	"context"
	"crypto/rand"
	"fmt"
)

// What the stand-ins call the account and the region they are in.
const (
	Account = "000000000000"
	Region  = "eu-central-1"
)

// An Invoker is a function that can be invoked: a [Function], or anything a test
// puts in its place or before it.
type Invoker interface {
	// Invoke runs the function on a JSON payload and returns its JSON response.
	// A [FunctionError] means that it ran, and failed.
	Invoke(ctx context.Context, payload []byte) ([]byte, error)
}

// A FunctionError is the outcome of an invocation that failed: by the function's
// own error or panic, by its exit, or by its time-out.
type FunctionError struct {
	Type    string `json:"errorType"` // as Lambda calls it: "Runtime.ExitError", "Sandbox.Timedout", or the Go type of the error
	Message string `json:"errorMessage"`
}

// Error implements error.
func (e *FunctionError) Error() string { return e.Type + ": " + e.Message }

// newID returns a random identifier in the form of a UUID.
func newID() string {
	var b [16]byte
	rand.Read(b[:]) // never fails
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
