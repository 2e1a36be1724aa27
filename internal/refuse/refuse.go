// Package refuse holds the errors that are written for the person who asked.
// A refusal is not a fault: it is shown, not logged as one.
package refuse

import (
	"fmt"
	"time"
)

// An Error is a refusal: a sentence of the text catalog.
type Error struct {
	Key  string   // of the catalog
	Args []string // what fills the sentence in: name, value, name, value …
}

// Error implements error, for logs: it names the sentence, not what filled it in.
func (e *Error) Error() string { return "refused: " + e.Key }

// Because returns the refusal with the given key, filled in with args:
// name, value, name, value …
func Because(key string, args ...string) *Error { return &Error{key, args} }

// When writes t as Discord shows it to everybody in their own time zone, with
// the time until then: "21 November 2026 14:30 (in 3 hours)".
func When(t time.Time) string { return fmt.Sprintf("<t:%d:f> (<t:%[1]d:R>)", t.Unix()) }
