package env

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strings"
	"testing"
)

// TestNames wants every variable that has a name here to be known.
func TestNames(t *testing.T) {
	t.Parallel()
	f, err := parser.ParseFile(token.NewFileSet(), "env.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(f, func(n ast.Node) bool {
		if l, ok := n.(*ast.BasicLit); ok {
			name := strings.Trim(l.Value, `"`)
			if ours := strings.HasPrefix(name, "DISCORD_") || strings.HasPrefix(name, "ENTENTE_"); ours && !slices.Contains(Names(), name) {
				t.Errorf("Names lacks %s", name)
			}
		}
		return true
	})
}

func TestMisspelt(t *testing.T) {
	t.Parallel()
	for set, want := range map[string]string{
		"DISCORD_TOKN=x":            "DISCORD_TOKN is set, and is no variable of Entente: DISCORD_TOKEN may be meant",
		"DISCORD_APLICATION_ID=1":   "DISCORD_APLICATION_ID is set, and is no variable of Entente: DISCORD_APPLICATION_ID may be meant",
		"DISCORD_PUBLICKEY=x":       "DISCORD_PUBLIC_KEY may be meant",
		"DISCORD_APPLICATIONID=x":   "DISCORD_APPLICATION_ID may be meant",
		"ENTENTE_RECORD_TABLE=x":    "ENTENTE_RECORDS_TABLE may be meant",
		"ENTENTE_LOGLEVEL=":         "ENTENTE_LOG_LEVEL may be meant",
		"DISCORD_WEBHOOK_OF_MINE=x": "DISCORD_WEBHOOK_OF_MINE is set, and is no variable of Entente: unset it",
		"DISCORD_TOKEN=x":           "",
		"DISCORD_OPENAPI=x":         "",
		"HOME=DISCORD_TOKN":         "",
	} {
		err := Misspelt([]string{"PATH=/bin", set})
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", set, err, want)
		}
	}
}
