package archtest

import (
	"fmt"
	"go/ast"
	"maps"
	"path"
	"slices"
	"strings"
)

// packagesAreDescribed wants a comment over the package clause in one of the
// files of each package, that begins as Go's do.
func packagesAreDescribed(t tree) (complaints []string) {
	described, name := map[string]bool{}, map[string]string{}
	for _, f := range t.files {
		if f.test() {
			continue
		}
		name[f.dir()] = f.ast.Name.Name
		for _, opening := range []string{"Package " + f.ast.Name.Name + " ", "Command " + path.Base(f.dir()) + " "} {
			if strings.HasPrefix(f.ast.Doc.Text(), opening) {
				described[f.dir()] = true
			}
		}
	}
	for dir, name := range name {
		if !described[dir] {
			complaints = append(complaints, fmt.Sprintf("%s: no file says what package %s is (\"Package %s …\", \"Command …\")", dir, name, name))
		}
	}
	return complaints
}

// exportsAreDescribed wants a comment at every exported name of a package: over
// it, over its group, or beside it.
func exportsAreDescribed(t tree) (complaints []string) {
	for _, f := range t.files {
		if f.test() {
			continue
		}
		for _, d := range f.ast.Decls {
			for _, name := range undescribed(d) {
				complaints = append(complaints, fmt.Sprintf("%s: %s is exported: say what callers may rely on", f.at(name), name.Name))
			}
		}
	}
	return complaints
}

// undescribed returns the exported names that d declares without a comment.
func undescribed(d ast.Decl) (list []*ast.Ident) {
	if fn, ok := d.(*ast.FuncDecl); ok {
		if fn.Doc == nil && fn.Name.IsExported() && ast.IsExported(receiver(fn)) {
			list = append(list, fn.Name)
		}
		return list
	}
	group, ok := d.(*ast.GenDecl)
	if !ok || group.Doc != nil {
		return nil
	}
	for _, s := range group.Specs {
		switch s := s.(type) {
		case *ast.TypeSpec:
			if s.Doc == nil && s.Comment == nil && s.Name.IsExported() {
				list = append(list, s.Name)
			}
		case *ast.ValueSpec:
			for _, name := range s.Names {
				if s.Doc == nil && s.Comment == nil && name.IsExported() {
					list = append(list, name)
				}
			}
		}
	}
	return list
}

// receiver is the name of the type that fn is a method of; of a plain function,
// its own name.
func receiver(fn *ast.FuncDecl) string {
	if fn.Recv == nil {
		return fn.Name.Name
	}
	var name string
	ast.Inspect(fn.Recv.List[0].Type, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && name == "" {
			name = id.Name // the first is the type, those after it its parameters
		}
		return true
	})
	return name
}

// filesAreShort holds files to what can be read in one go.
func filesAreShort(t tree) (complaints []string) {
	for _, f := range t.files {
		limit := 400
		if ok, err := path.Match("functions/*/main.go", f.path); err == nil && ok {
			limit = 60
		}
		if f.lines > limit {
			complaints = append(complaints, fmt.Sprintf("%s has %d lines, and may have %d: what is it about, and what else?", f.path, f.lines, limit))
		}
	}
	return complaints
}

// noInit forbids code that runs because its package is imported.
func noInit(t tree) (complaints []string) {
	for _, f := range t.files {
		for _, d := range f.ast.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv == nil && fn.Name.Name == "init" {
				complaints = append(complaints, fmt.Sprintf("%s: an init function: let main call it", f.at(fn)))
			}
		}
	}
	return complaints
}

// selector splits the expression a.b into its names; both are "" for another one.
func selector(e ast.Expr) (of, name string) {
	if s, ok := e.(*ast.SelectorExpr); ok {
		if id, ok := s.X.(*ast.Ident); ok {
			return id.Name, s.Sel.Name
		}
	}
	return "", ""
}

// calls returns what f calls by a selector: a.b().
func calls(f file) (list []*ast.CallExpr) {
	ast.Inspect(f.ast, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok {
			list = append(list, call)
		}
		return true
	})
	return list
}

// noSleep forbids to wait for time to pass: a test waits for what it is about, or
// lets a fake clock run; other code waits for its context, too.
func noSleep(t tree) (complaints []string) {
	for _, f := range t.files {
		for _, call := range calls(f) {
			if of, name := selector(call.Fun); of == "time" && name == "Sleep" {
				complaints = append(complaints, fmt.Sprintf("%s: sleeps", f.at(call)))
			}
		}
	}
	return complaints
}

// noSkip forbids tests that pass without testing, but for two that need what not
// every machine has; in CI these fail.
func noSkip(t tree) (complaints []string) {
	may := []string{ // files, by name or folder
		"dynamolocal.go",                                    // needs Java
		"contract_test.go", "internal/fakediscord/contract", // need Discord's OpenAPI document
	}
	for _, f := range t.files {
		if !slices.Contains(f.imports(), "testing") || slices.Contains(may, path.Base(f.path)) || slices.Contains(may, f.dir()) {
			continue
		}
		for _, call := range calls(f) {
			if _, name := selector(call.Fun); slices.Contains([]string{"Skip", "Skipf", "SkipNow"}, name) {
				complaints = append(complaints, fmt.Sprintf("%s: skips a test", f.at(call)))
			}
		}
	}
	return complaints
}

// programsMindTheirArguments wants every script to look at what stands behind its
// flags: what it does not know, it is to refuse.
func programsMindTheirArguments(t tree) (complaints []string) {
	minds := map[string]bool{}
	for _, f := range t.files {
		if dir := f.dir(); strings.HasPrefix(dir, "scripts/") && !f.test() {
			minds[dir] = minds[dir] || slices.ContainsFunc(calls(f), func(call *ast.CallExpr) bool {
				_, name := selector(call.Fun)
				return name == "NArg" || name == "Args"
			})
		}
	}
	for _, dir := range slices.Sorted(maps.Keys(minds)) {
		if !minds[dir] {
			complaints = append(complaints, dir+": does not look at its arguments, see flag.NArg")
		}
	}
	return complaints
}

// rootIsTidy holds the root to the names it is known to have.
func rootIsTidy(t tree) (complaints []string) {
	known := strings.Fields(`functions infra internal scripts go.mod go.sum cdk.json README.md
		.ci .github .gitignore LICENSE CHANGELOG.md CONTRIBUTING.md Makefile package.json package-lock.json docs`)
	for _, name := range t.top {
		if !slices.Contains(known, name) {
			complaints = append(complaints, fmt.Sprintf("%s: not in the root; Git may be told to ignore it", name))
		}
	}
	return complaints
}
