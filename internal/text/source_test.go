package text_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// root is the module's directory.
const root = "../.."

// A file is one of the bot's source files.
type file struct {
	path   string // from the module's directory
	set    *token.FileSet
	tree   *ast.File
	consts map[string]string // of its package
}

// name adds the string constants of f to those of its package.
func (f file) name() {
	ast.Inspect(f.tree, func(n ast.Node) bool {
		v, ok := n.(*ast.ValueSpec)
		if ok && len(v.Names) == len(v.Values) {
			for i, name := range v.Names {
				if s, ok := literal(v.Values[i]); ok {
					f.consts[name.Name] = s
				}
			}
		}
		return true
	})
}

// sources parses the bot's source, in this process: a test that ran a tool could
// pass from go's cache after the source was changed.
func sources(t *testing.T) []file {
	t.Helper()
	var files []file
	packages := map[string]map[string]string{}
	for _, dir := range []string{"internal", "functions"} {
		err := filepath.WalkDir(filepath.Join(root, dir), func(name string, d fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			if d.IsDir() && (d.Name() == "testdata" || d.Name() == "fakediscord") { // its people say things too
				return filepath.SkipDir
			}
			if d.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
				return nil
			}
			set := token.NewFileSet()
			tree, err := parser.ParseFile(set, name, nil, 0)
			if err != nil {
				return err
			}
			rel, err := filepath.Rel(root, name)
			rel = filepath.ToSlash(rel)
			in := path.Dir(rel)
			if packages[in] == nil {
				packages[in] = map[string]string{}
			}
			files = append(files, file{rel, set, tree, packages[in]})
			files[len(files)-1].name()
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return files
}

// A use is a call that names a text.
type use struct {
	at       string
	key      string   // of a family, what its keys begin with
	family   bool     // the rest of the key is computed …
	ending   string   // … up to this
	args     []string // names of what fills it in
	argsSeen bool     // all of args are known
}

// keyAt is at which argument a function takes the key of a text.
func keyAt(call *ast.CallExpr) (int, bool) {
	name := ""
	switch f := call.Fun.(type) {
	case *ast.SelectorExpr:
		name = f.Sel.Name
	case *ast.Ident:
		name = f.Name
	}
	switch name {
	case "Say":
		if c, ok := call.Fun.(*ast.SelectorExpr).X.(*ast.SelectorExpr); ok && c.Sel.Name == "Catalog" {
			return 1, true // the catalog itself: the locale comes first
		}
		return 0, true
	case "Because", "Blocking":
		return 0, true
	}
	return 0, false
}

// uses returns the calls in f that name a text, and fails for a key it cannot follow.
func uses(t *testing.T, f file) (found []use) {
	t.Helper()
	for _, d := range f.tree.Decls {
		fn, ok := d.(*ast.FuncDecl)
		if !ok || fn.Body == nil {
			continue
		}
		ast.Inspect(fn, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			i, ok := keyAt(call)
			if !ok || i >= len(call.Args) {
				return true
			}
			u := use{at: f.path + ":" + strconv.Itoa(f.set.Position(call.Pos()).Line)}
			u.args, u.argsSeen = names(call.Args[i+1:], call.Ellipsis.IsValid())
			keys, family, ok := f.follow(fn, call.Args[i])
			if !ok {
				t.Errorf("%s: cannot tell which text is meant: teach follow", u.at)
			}
			if sum, is := call.Args[i].(*ast.BinaryExpr); is {
				u.ending, _ = literal(sum.Y)
			}
			for _, key := range keys {
				u.key, u.family = key, family
				found = append(found, u)
			}
			return true
		})
	}
	return found
}

// names returns the names among name, value, name, value …
func names(args []ast.Expr, spread bool) (list []string, all bool) {
	for i := 0; i < len(args); i += 2 {
		s, ok := literal(args[i])
		if !ok {
			return list, false
		}
		list = append(list, s)
	}
	return list, !spread
}

// follow returns the keys that an expression can be: none if it was named
// elsewhere and is only passed on.
func (f file) follow(fn *ast.FuncDecl, e ast.Expr) (keys []string, family, ok bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		s, ok := literal(e)
		return []string{s}, false, ok
	case *ast.BinaryExpr: // "card." + …
		keys, _, ok := f.follow(fn, e.X)
		return keys, true, ok && e.Op == token.ADD
	case *ast.CallExpr: // fmt.Sprintf("card.verification-%d", …)
		if called, ok := e.Fun.(*ast.SelectorExpr); ok && called.Sel.Name == "Sprintf" {
			s, ok := literal(e.Args[0])
			s, _, computed := strings.Cut(s, "%")
			return []string{s}, true, ok && computed
		} else if ok && len(e.Args) == 0 { // a method beside it that says which
			return f.returned(called.Sel.Name)
		}
	case *ast.SelectorExpr: // a refusal's Key, a reason's
		return nil, false, e.Sel.Name == "Key"
	case *ast.Ident:
		if s, ok := f.consts[e.Name]; ok {
			return []string{s}, false, true
		}
		return assigned(fn, e.Name)
	}
	return nil, false, false
}

// returned returns the keys that the function of a name in f can return.
func (f file) returned(name string) (keys []string, family, ok bool) {
	ok = true
	ast.Inspect(f.tree, func(n ast.Node) bool {
		fn, is := n.(*ast.FuncDecl)
		if is && fn.Name.Name != name {
			return false
		}
		if r, is := n.(*ast.ReturnStmt); is && len(r.Results) == 1 {
			s, is := literal(r.Results[0])
			ok = ok && is
			keys = append(keys, s)
		}
		return true
	})
	return keys, false, ok && len(keys) > 0
}

// assigned returns the keys that a variable of fn can be, none if it is a parameter.
func assigned(fn *ast.FuncDecl, name string) (keys []string, family, ok bool) {
	for _, p := range fn.Type.Params.List {
		for _, n := range p.Names {
			if n.Name == name {
				return nil, false, true
			}
		}
	}
	ok = true
	ast.Inspect(fn.Body, func(n ast.Node) bool {
		a, is := n.(*ast.AssignStmt)
		if !is || len(a.Lhs) != len(a.Rhs) {
			return true
		}
		for i, l := range a.Lhs {
			if v, is := l.(*ast.Ident); is && v.Name == name {
				s, is := literal(a.Rhs[i])
				ok = ok && is
				keys = append(keys, s)
			}
		}
		return true
	})
	return keys, false, ok && len(keys) > 0
}

// literal returns the value of a string that is written out.
func literal(e ast.Expr) (string, bool) {
	l, ok := e.(*ast.BasicLit)
	if !ok || l.Kind != token.STRING {
		return "", false
	}
	s, err := strconv.Unquote(l.Value)
	return s, err == nil
}
