package text_test

import (
	"go/ast"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"
)

// The limits of Discord, by what is made with a text. Where a function makes it,
// the number is at which argument it takes the text.
var (
	madeWith = map[string]map[int]int{
		"NewPrimaryButton":    {0: 80},
		"NewSecondaryButton":  {0: 80},
		"NewSuccessButton":    {0: 80},
		"NewDangerButton":     {0: 80},
		"NewLinkButton":       {0: 80},
		"NewStringSelectMenu": {1: 150}, // its placeholder
		"channel":             {1: 150}, // the same, of the setup's selects
		"roles":               {1: 150},
		"modal":               {1: 45},         // its title
		"field":               {0: 45, 1: 100}, // its label and description
	}
	madeAs = map[string]int{"Label": 100, "Description": 100} // of a select's option
)

// bounds returns how many characters a text may have, by the keys of those whose
// use says it.
func bounds(t *testing.T, files []file) map[string]int {
	t.Helper()
	most := map[string]int{"ticket.name": 100} // the name of a thread
	for _, path := range commandPaths(t) {
		most["command."+path] = 100
	}
	for _, f := range files {
		for _, d := range f.tree.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok || fn.Body == nil {
				continue
			}
			bind := func(e ast.Expr, limit int) {
				for _, key := range f.said(t, fn, e, files) {
					if known, ok := most[key]; !ok || limit < known {
						most[key] = limit
					}
				}
			}
			ast.Inspect(fn, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.CallExpr:
					for i, limit := range madeWith[calledName(n)] {
						if i < len(n.Args) {
							bind(n.Args[i], limit)
						}
					}
				case *ast.KeyValueExpr:
					if name, ok := n.Key.(*ast.Ident); ok && madeAs[name.Name] > 0 {
						bind(n.Value, madeAs[name.Name])
					}
				}
				return true
			})
		}
	}
	return most
}

// said returns the keys of the texts that an expression says, if it says any.
func (f file) said(t *testing.T, fn *ast.FuncDecl, e ast.Expr, files []file) (keys []string) {
	t.Helper()
	call, ok := e.(*ast.CallExpr)
	if !ok {
		return nil
	}
	i, ok := keyAt(call)
	if !ok || i >= len(call.Args) {
		return nil
	}
	keys, computed, _ := f.follow(fn, call.Args[i])
	if !computed || len(keys) == 0 {
		return keys
	}
	ending := ""
	if sum, is := call.Args[i].(*ast.BinaryExpr); is {
		ending, _ = literal(sum.Y)
	}
	var whole []string
	for _, key := range family(t, files, keys[0]) {
		if strings.HasSuffix(key, ending) {
			whole = append(whole, key)
		}
	}
	return whole
}

// calledName is the name of the function that is called.
func calledName(call *ast.CallExpr) string {
	switch f := call.Fun.(type) {
	case *ast.SelectorExpr:
		return f.Sel.Name
	case *ast.Ident:
		return f.Name
	}
	return ""
}

// TestTextsFit reads from the source what each text is used for, and measures it
// in every language. What fills it in counts as a number of seven digits.
func TestTextsFit(t *testing.T) {
	t.Parallel()
	most := bounds(t, sources(t))
	kinds := map[int]int{}
	for _, limit := range most {
		kinds[limit]++
	}
	if kinds[80] < 30 || kinds[45] < 15 || kinds[100] < 40 || kinds[150] < 7 {
		t.Errorf("by their limit, texts are %v: the source was not read", kinds)
	}
	for language, texts := range languages(t) {
		for key, limit := range most {
			s := placeholder.ReplaceAllString(texts[key], "1234567")
			if n := len(utf16.Encode([]rune(s))); n > limit {
				t.Errorf("%s: %s has %d characters, %d fit: %q", language, key, n, limit, texts[key])
			}
		}
	}
}

// TestButtonsAreNamedAsTheyAre looks for *names* of our own buttons in every text:
// in another language, the text must name the button as that language does.
func TestButtonsAreNamedAsTheyAre(t *testing.T) {
	t.Parallel()
	all := languages(t)
	labels := map[string][]string{} // keys of the buttons, by their English label
	for key, limit := range bounds(t, sources(t)) {
		if limit == 80 {
			labels[all["en"][key]] = append(labels[all["en"][key]], key)
		}
	}
	emphasis, seen := regexp.MustCompile(`\*([^*]+)\*`), 0
	for key, english := range all["en"] {
		for _, m := range emphasis.FindAllStringSubmatch(english, -1) {
			for language, texts := range all {
				names := labels[m[1]]
				named := slices.ContainsFunc(names, func(button string) bool { return strings.Contains(texts[key], "*"+texts[button]+"*") })
				if seen += len(names); len(names) > 0 && !named {
					t.Errorf("%s: %s does not name the button %q as it is called: %q", language, key, texts[names[0]], texts[key])
				}
			}
		}
	}
	if seen < 10 {
		t.Errorf("only %d buttons are named: the texts were not read", seen)
	}
}
