package contract

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
)

// A Problem is one thing wrong with a body.
type Problem struct {
	At   string // where, as Discord writes it: components.0.label; "" is the body itself
	Text string // what, in one sentence
}

// String returns the problem as one line.
func (p Problem) String() string {
	if p.At == "" {
		return p.Text
	}
	return p.At + ": " + p.Text
}

// ErrUnknownOperation means that the document has no such method and path.
var ErrUnknownOperation = errors.New("not an operation of Discord's API")

// Check returns what the document refuses in the JSON body of a request.
// Path is below the API base, without query: /channels/1/messages. An empty
// body is checked only where the operation takes one. The error is
// [ErrUnknownOperation] for an unknown method or path, or says why the body is no JSON.
func (d *Document) Check(method, path string, body []byte) ([]Problem, error) {
	o, ok := d.find(method, path)
	if !ok {
		return nil, fmt.Errorf("%s %s: %w", method, path, ErrUnknownOperation)
	}
	if len(body) == 0 {
		return nil, nil // whether a body is required is for the operation to say
	}
	known := same(o, body)
	if _, ok := d.passed.Load(known); ok {
		return nil, nil
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("%s %s: decode body: %w", method, path, err)
	}
	if o.schema == "" {
		if object, ok := value.(map[string]any); ok && len(object) == 0 {
			return nil, nil
		}
		return []Problem{{Text: "this operation takes no body"}}, nil
	}
	schema, err := d.compile(o.schema)
	if err != nil {
		return nil, err
	}
	tolerate(value)
	err = schema.Validate(value)
	var invalid *jsonschema.ValidationError
	if errors.As(err, &invalid) {
		return dedupe(leaves(invalid)), nil
	}
	if err == nil {
		d.passed.Store(known, true)
	}
	return nil, err
}

// same writes a body so that bodies which pass or fail alike are the same: tests
// send the same ones over and over, with other IDs, times, codes and nonces.
func same(o operation, body []byte) string {
	known := []byte(o.schema + " " + string(body))
	for at := len(known) - len(body); at < len(known); {
		if known[at] == '\\' { // the digits of \u0026 belong to no ID
			at += 2
			if at <= len(known) && known[at-1] == 'u' {
				at += 4
			}
			continue
		}
		end := at
		for end < len(known) && (isDigit(known[end]) || isCapital(known[end])) {
			end++
		}
		if other := otherwise(known[:at], known[at:end]); other != 0 {
			for i := at; i < end; i++ {
				known[i] = other
			}
		}
		at = max(end, at+1)
	}
	return string(known)
}

// otherwise returns what stands for each character of a word of digits and capitals
// that follows on before: a digit if it is an ID, or a time to the second or the
// millisecond, a capital if it is a code or a nonce, and else 0.
func otherwise(before, word []byte) byte {
	digits := 0
	for _, c := range word {
		if isDigit(c) {
			digits++
		}
	}
	switch {
	case len(word) < 8:
		return 0
	case digits == len(word):
		if len(word) < 10 || len(word) > 20 || word[0] == '0' {
			return 0
		}
		return '1'
	case digits > 0 || bytes.HasSuffix(before, []byte("discord.gg/")):
		return 'A'
	}
	return 0
}

func isDigit(c byte) bool   { return '0' <= c && c <= '9' }
func isCapital(c byte) bool { return 'A' <= c && c <= 'Z' }

// tolerate removes what Discord is known to ignore although its document does
// not list it: flags 0 in a media item, value false in a checkbox, and the id
// of a forum tag that is only being created.
func tolerate(v any) {
	switch v := v.(type) {
	case map[string]any:
		if _, media := v["url"]; media && isZero(v["flags"]) {
			delete(v, "flags")
		}
		if isNumber(v["type"], "23") && v["value"] == false {
			delete(v, "value")
		}
		if tags, ok := v["available_tags"].([]any); ok {
			for _, tag := range tags {
				if tag, ok := tag.(map[string]any); ok && (tag["id"] == "0" || isZero(tag["id"])) {
					delete(tag, "id")
				}
			}
		}
		for _, child := range v {
			tolerate(child)
		}
	case []any:
		for _, child := range v {
			tolerate(child)
		}
	}
}

func isZero(v any) bool { return isNumber(v, "0") }

func isNumber(v any, want string) bool {
	n, ok := v.(json.Number)
	return ok && n.String() == want
}

// leaves returns the causes of e that tell most: of a union only the
// alternatives whose kind (their "type") fits the value.
func leaves(e *jsonschema.ValidationError) []Problem {
	causes := e.Causes
	switch e.ErrorKind.(type) {
	case *kind.OneOf, *kind.AnyOf:
		causes = fitting(e)
		if len(causes) == 0 {
			return []Problem{{At: strings.Join(e.InstanceLocation, "."), Text: "is none of the kinds allowed here"}}
		}
	}
	if len(causes) == 0 {
		text := e.ErrorKind.LocalizedString(message.NewPrinter(language.English))
		return []Problem{{At: strings.Join(e.InstanceLocation, "."), Text: text}}
	}
	var list []Problem
	for _, cause := range causes {
		list = append(list, leaves(cause)...)
	}
	return list
}

// fitting returns the alternatives of a union that do not already fail on
// what kind of value this is.
func fitting(e *jsonschema.ValidationError) []*jsonschema.ValidationError {
	var list []*jsonschema.ValidationError
	depth := len(e.InstanceLocation)
	for _, alternative := range e.Causes {
		if !wrongKind(alternative, depth) {
			list = append(list, alternative)
		}
	}
	return list
}

func wrongKind(e *jsonschema.ValidationError, depth int) bool {
	at := e.InstanceLocation
	switch e.ErrorKind.(type) {
	case *kind.Type:
		return len(at) == depth
	case *kind.Enum, *kind.Const:
		return len(at) == depth+1 && at[depth] == "type"
	case *kind.OneOf, *kind.AnyOf:
		return false
	}
	for _, cause := range e.Causes {
		if wrongKind(cause, depth) {
			return true
		}
	}
	return false
}

func dedupe(list []Problem) []Problem {
	seen := make(map[Problem]bool)
	var out []Problem
	for _, p := range list {
		if !seen[p] {
			seen[p] = true
			out = append(out, p)
		}
	}
	return out
}
