package archtest

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// module is how the paths of our packages begin.
const module = "github.com/entente-bot/entente/"

// A tree is what the rules look at.
type tree struct {
	top   []string // names in the root that are not ignored by Git
	files []file   // all Go files, but for testdata and what Git ignores
}

// A file is one Go file.
type file struct {
	path  string // from the root, with slashes
	lines int
	set   *token.FileSet
	ast   *ast.File
}

// dir is the folder of f.
func (f file) dir() string { return path.Dir(f.path) }

// test reports whether f is compiled for tests only.
func (f file) test() bool { return strings.HasSuffix(f.path, "_test.go") }

// at says where in f a node is.
func (f file) at(n ast.Node) string {
	return fmt.Sprintf("%s:%d", f.path, f.set.Position(n.Pos()).Line)
}

// imports returns the paths that f imports.
func (f file) imports() []string {
	var list []string
	for _, spec := range f.ast.Imports {
		p, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			panic(err) // it was parsed
		}
		list = append(list, p)
	}
	return list
}

// load reads the tree in fsys.
func load(fsys fs.FS) (tree, error) {
	var t tree
	ignored, err := ignoring(fsys)
	if err != nil {
		return t, err
	}
	err = fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || name == "." {
			return err
		}
		above := path.Dir(name) == "."
		if above && ignored(d.Name()) {
			return skip(d)
		}
		if above {
			t.top = append(t.top, d.Name())
		}
		if d.IsDir() && (d.Name() == "testdata" || strings.HasPrefix(d.Name(), ".") || d.Name() == "node_modules") {
			return fs.SkipDir
		}
		if d.IsDir() || path.Ext(name) != ".go" {
			return nil
		}
		f, err := parse(fsys, name)
		t.files = append(t.files, f)
		return err
	})
	return t, err
}

// skip leaves out d and what is in it.
func skip(d fs.DirEntry) error {
	if d.IsDir() {
		return fs.SkipDir
	}
	return nil
}

// ignoring returns a function that reports whether Git ignores a name in the
// root. It knows the two forms our .gitignore has: "/name/" and "*.out".
func ignoring(fsys fs.FS) (func(name string) bool, error) {
	text, err := fs.ReadFile(fsys, ".gitignore")
	if err != nil && !os.IsNotExist(err) {
		return nil, err
	}
	patterns := []string{".git"}
	for line := range strings.Lines(string(text)) {
		patterns = append(patterns, strings.Trim(strings.TrimSpace(line), "/"))
	}
	return func(name string) bool {
		return slices.ContainsFunc(patterns, func(p string) bool {
			ok, err := path.Match(p, name)
			return err == nil && ok
		})
	}, nil
}

// parse reads one Go file.
func parse(fsys fs.FS, name string) (file, error) {
	text, err := fs.ReadFile(fsys, name)
	if err != nil {
		return file{}, err
	}
	f := file{path: name, lines: bytes.Count(text, []byte("\n")), set: token.NewFileSet()}
	f.ast, err = parser.ParseFile(f.set, name, text, parser.ParseComments|parser.SkipObjectResolution)
	return f, err
}

// A rule looks at the tree and returns what is wrong with it.
type rule func(tree) []string

// rules lists everything that is checked.
func rules() map[string]rule {
	return map[string]rule{
		"every package has a kind":     kindsAreKnown,
		"every kind has its package":   kindsAreTrue,
		"imports go one way":           importsGoOneWay,
		"modules are used where known": modulesAreKnown,
		"infra stays apart":            infraStaysApart,
		"packages say what they are":   packagesAreDescribed,
		"exported names are described": exportsAreDescribed,
		"files are short":              filesAreShort,
		"nothing runs by import":       noInit,
		"packages keep no state":       noState,
		"nothing sleeps":               noSleep,
		"tests are not skipped":        noSkip,
		"the root is tidy":             rootIsTidy,
		"programs mind arguments":      programsMindTheirArguments,
	}
}

func TestTree(t *testing.T) {
	t.Parallel()
	tree, err := load(os.DirFS("../.."))
	if err != nil {
		t.Fatal(err)
	}
	if len(tree.files) < 50 {
		t.Fatalf("read only %d files: the tests look in the wrong place", len(tree.files))
	}
	for name, check := range rules() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, complaint := range check(tree) {
				t.Error(complaint)
			}
		})
	}
}
