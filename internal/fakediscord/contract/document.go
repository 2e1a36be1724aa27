// Package contract says what Discord refuses in a request body: what its
// OpenAPI document forbids ([Document]) and the rules that document cannot
// express ([Message], [Modal], [Callback], [Mentions]).
//
// It is test support. The document is a fixture that lives outside the
// repository; its path comes from the environment of the tests.
package contract

import (
	"fmt"
	"net/url"
	"os"
	"strings"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// schemaURL names the document inside the compiler; nothing is ever fetched.
const schemaURL = "discord:///openapi.json"

// A Document is Discord's OpenAPI document, used as an oracle for request
// bodies. It may be used by several goroutines at once.
type Document struct {
	operations []operation

	mu       sync.Mutex // guards the compiler, which is not safe for concurrent use
	compiler *jsonschema.Compiler
	compiled map[string]*jsonschema.Schema

	passed sync.Map // bodies that passed, as [same] writes them
}

// An operation is one method on one path template of the document.
type operation struct {
	method   string
	segments []string // of the path template
	schema   string   // location of its JSON request body, "" if it takes none
}

// Open reads Discord's OpenAPI document from path. It takes the document as
// Discord publishes it as well as the stricter variant: the three changes that
// make the published one usable as an oracle are applied where they are missing.
func Open(path string) (*Document, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("open the OpenAPI document: %w", err)
	}
	defer file.Close()
	root, err := jsonschema.UnmarshalJSON(file)
	if err != nil {
		return nil, fmt.Errorf("decode the OpenAPI document %s: %w", path, err)
	}
	doc, ok := root.(map[string]any)
	if !ok {
		return nil, fmt.Errorf("decode the OpenAPI document %s: not an object", path)
	}
	strict(doc)
	compiler := jsonschema.NewCompiler()
	compiler.DefaultDraft(jsonschema.Draft2020)
	if err := compiler.AddResource(schemaURL, doc); err != nil {
		return nil, fmt.Errorf("add the OpenAPI document %s: %w", path, err)
	}
	operations := listOperations(doc)
	if len(operations) == 0 {
		return nil, fmt.Errorf("the OpenAPI document %s describes no operation", path)
	}
	return &Document{
		operations: operations,
		compiler:   compiler,
		compiled:   make(map[string]*jsonschema.Schema),
	}, nil
}

func listOperations(doc map[string]any) []operation {
	var list []operation
	paths, _ := doc["paths"].(map[string]any)
	for path, item := range paths {
		methods, _ := item.(map[string]any)
		for method, op := range methods {
			body, isOperation := op.(map[string]any)
			if !isOperation {
				continue // "parameters" is a list
			}
			o := operation{method: strings.ToUpper(method), segments: strings.Split(path, "/")}
			if _, ok := dig(body, "requestBody", "content", "application/json", "schema"); ok {
				o.schema = schemaURL + "#/paths/" + pointer(path) + "/" + method +
					"/requestBody/content/application~1json/schema"
			}
			list = append(list, o)
		}
	}
	return list
}

// pointer escapes one token of a JSON pointer inside a URL fragment.
func pointer(token string) string {
	token = strings.NewReplacer("~", "~0", "/", "~1").Replace(token)
	return url.PathEscape(token)
}

// dig follows keys down through objects.
func dig(v any, keys ...string) (any, bool) {
	for _, key := range keys {
		object, ok := v.(map[string]any)
		if !ok {
			return nil, false
		}
		if v, ok = object[key]; !ok {
			return nil, false
		}
	}
	return v, true
}

// find returns the operation that path (without query, below the API base)
// belongs to. Literal segments win over parameters.
func (d *Document) find(method, path string) (operation, bool) {
	segments := strings.Split(path, "/")
	best, found := operation{}, false
	for _, o := range d.operations {
		if o.method == method && matches(o.segments, segments) && (!found || literals(o) > literals(best)) {
			best, found = o, true
		}
	}
	return best, found
}

func matches(template, segments []string) bool {
	if len(template) != len(segments) {
		return false
	}
	for i, t := range template {
		if !strings.HasPrefix(t, "{") && t != segments[i] {
			return false
		}
	}
	return true
}

func literals(o operation) int {
	n := 0
	for _, s := range o.segments {
		if !strings.HasPrefix(s, "{") {
			n++
		}
	}
	return n
}

// compile returns the schema at location, compiling it on first use.
func (d *Document) compile(location string) (*jsonschema.Schema, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if s := d.compiled[location]; s != nil {
		return s, nil
	}
	s, err := d.compiler.Compile(location)
	if err != nil {
		return nil, fmt.Errorf("compile %s: %w", location, err)
	}
	d.compiled[location] = s
	return s, nil
}
