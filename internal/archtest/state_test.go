package archtest

import (
	"fmt"
	"go/ast"
	"go/token"
	"slices"
	"strings"
)

// noState forbids variables of packages, but for those that nobody changes.
func noState(t tree) (complaints []string) {
	written := map[string]bool{} // folder and name
	for _, f := range t.files {
		for _, name := range writes(f) {
			written[f.dir()+" "+name] = true
		}
	}
	for _, f := range t.files {
		for _, d := range f.ast.Decls {
			group, ok := d.(*ast.GenDecl)
			if !ok || group.Tok != token.VAR {
				continue
			}
			for _, s := range group.Specs {
				v := s.(*ast.ValueSpec)
				name := v.Names[0].Name
				if name == "_" || embedded(group.Doc) || embedded(v.Doc) || immutable(f, v) || table(v) && !written[f.dir()+" "+name] {
					continue
				}
				complaints = append(complaints, fmt.Sprintf("%s: %s is state of the package: keep it in a value, or return it from a function", f.at(v), name))
			}
		}
	}
	return complaints
}

// embedded reports whether a comment has the compiler embed a file.
func embedded(doc *ast.CommentGroup) bool {
	return doc != nil && slices.ContainsFunc(doc.List, func(c *ast.Comment) bool { return strings.HasPrefix(c.Text, "//go:embed ") })
}

// immutable reports whether v holds what cannot be changed. Tests may also have
// flags, and what is costly to make.
func immutable(f file, v *ast.ValueSpec) bool {
	makers := []string{"errors.New", "regexp.MustCompile", "strings.NewReplacer"}
	if f.test() {
		makers = append(makers, "slog.New", "sync.OnceValue", "sync.OnceValues")
	}
	for _, value := range v.Values {
		call, ok := value.(*ast.CallExpr)
		if !ok {
			return false
		}
		pkg, name := selector(call.Fun)
		if !slices.Contains(makers, pkg+"."+name) && !(f.test() && pkg == "flag") {
			return false
		}
	}
	return len(v.Values) > 0
}

// table reports whether v is written out, and known to its package alone.
func table(v *ast.ValueSpec) bool {
	for _, value := range v.Values {
		if _, ok := value.(*ast.CompositeLit); !ok {
			return false
		}
	}
	return len(v.Values) > 0 && !slices.ContainsFunc(v.Names, (*ast.Ident).IsExported)
}

// writes returns the names that f assigns to, or to a part of, or takes the
// address of. It does not tell variables of the same name apart.
func writes(f file) (names []string) {
	add := func(e ast.Expr) {
		if name := root(e); name != "" {
			names = append(names, name)
		}
	}
	ast.Inspect(f.ast, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			if n.Tok != token.DEFINE { // which makes new ones
				for _, e := range n.Lhs {
					add(e)
				}
			}
		case *ast.IncDecStmt:
			add(n.X)
		case *ast.UnaryExpr:
			if n.Op == token.AND {
				add(n.X)
			}
		case *ast.CallExpr:
			if id, ok := n.Fun.(*ast.Ident); ok && (id.Name == "delete" || id.Name == "clear") && len(n.Args) > 0 {
				add(n.Args[0])
			}
		}
		return true
	})
	return names
}

// root returns the variable that e is a part of; "" if it is of none.
func root(e ast.Expr) string {
	for {
		switch x := e.(type) {
		case *ast.Ident:
			return x.Name
		case *ast.SelectorExpr:
			e = x.X
		case *ast.IndexExpr:
			e = x.X
		case *ast.StarExpr:
			e = x.X
		case *ast.ParenExpr:
			e = x.X
		default:
			return ""
		}
	}
}
