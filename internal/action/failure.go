package action

import (
	"errors"
	"fmt"
	"time"
)

// A Verdict is what becomes of an action that failed.
type Verdict int

const (
	Again Verdict = iota // it should pass: try again, later each time
	Block                // people have to mend something: tell the guild's managers, try again rarely
	Bury                 // we are at fault: give up, raise the alarm, try again once a day
)

// A Failure is an error that knows what becomes of the action it stopped.
// Adapters return it; an error that is none counts as [Again].
type Failure struct {
	Verdict Verdict
	Outage  bool          // with Again: the other side is at fault. It is waited for, however long that takes; all else is given up after [GiveUp]
	Code    int           // Discord's JSON error code, or the HTTP status where there is none; 0 if there was no answer
	After   time.Duration // with Again, or Block: not sooner than this
	Reason  Reason        // with Block: the sentence for the guild's managers
	Err     error         // the cause; holds no token and nothing people wrote
}

// Error implements error, for operators.
func (f *Failure) Error() string { return fmt.Sprintf("%v (code %d)", f.Err, f.Code) }

// Unwrap returns the cause.
func (f *Failure) Unwrap() error { return f.Err }

// Code returns Discord's error code in err, or the HTTP status where Discord
// gave none, or 0.
func Code(err error) int {
	if f := new(Failure); errors.As(err, &f) {
		return f.Code
	}
	return 0
}

// Blocking returns the failure that blocks an action for the reason with the
// given key of the text catalog, filled in with args: name, value, name, value …
func Blocking(key string, args ...string) *Failure {
	return &Failure{Verdict: Block, Reason: Reason{Key: key, Args: args}, Err: errors.New(key)}
}

// failureOf returns err as a Failure.
func failureOf(err error) *Failure {
	if f := new(Failure); errors.As(err, &f) {
		return f
	}
	return &Failure{Verdict: Again, Err: err}
}
