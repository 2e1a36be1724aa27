package partnership_test

import (
	"strings"
	"testing"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/text"
	"pgregory.net/rapid"

	"github.com/entente-bot/entente/internal/partnership"
)

// masks returns the links and pictures that a Markdown parser finds, but for
// addresses that stand for themselves.
func masks(t interface{ Fatal(...any) }, source string) (found []string) {
	err := ast.Walk(goldmark.DefaultParser().Parse(text.NewReader([]byte(source))), func(n ast.Node, enter bool) (ast.WalkStatus, error) {
		if n.Kind() == ast.KindLink || n.Kind() == ast.KindImage {
			found = append(found, n.Kind().String())
		}
		return ast.WalkContinue, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// pieces are what masked links are made of, and what may keep them from being noticed.
func pieces() *rapid.Generator[string] {
	return rapid.OneOf(
		rapid.SampledFrom([]string{
			"[", "]", "(", ")", "![", "](", "][", "]:", "<", ">", "\\", "`", "``", "\n", "\n\n", " ", "    ", "\t", "'t'", `"t"`, "a", "*", "_", "|", "> ", "- ",
			"https://evil.example", "<https://evil.example>", "/x(y)", "[a](https://evil.example)", "[a]: https://evil.example\n", "[a][a]", "[a][]",
			"[Claim [it] now](https://evil.example/(x))", "[a\\](b)](<c d> \"t\")", "[a]\n(b)", "[a](\nb\n't'\n)", "\u200b", "</a", ":1>", "<@1>", "&#91;", "<!--", "-->", "<a b='", "@here",
		}),
		rapid.String(),
	)
}

// FAULTS S31, S40: however a masked link is written, no text is left that stands
// for an address which cannot be read.
func TestNoMaskIsLeft(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		written := strings.Join(rapid.SliceOfN(pieces(), 1, 12).Draw(t, "pieces"), "")
		limit := rapid.IntRange(1, 200).Draw(t, "limit")
		for name, shown := range map[string]string{
			"Clean": partnership.Clean(written, limit), "Quote": partnership.Quote(written, limit),
			"Named": "**" + partnership.Named(partnership.Server{ID: "1", Name: written}) + "**",
		} {
			if found := masks(t, shown); len(found) > 0 {
				t.Fatalf("%s(%q) = %q holds %v", name, written, shown, found)
			}
		}
		if once := partnership.Clean(written, limit); partnership.Clean(once, limit) != once {
			t.Fatalf("Clean is not stable: %q", once)
		}
	})
}

// What the test above goes by finds masked links, and addresses can still be read.
func TestMasks(t *testing.T) {
	t.Parallel()
	for _, written := range []string{
		"[Claim](https://evil.example/(x))", "[Claim [it] now](https://evil.example)", "[a][b]\n\n[b]: https://evil.example", "[b]\n\n[b]: <https://evil.example> 't'",
		`[a\]](https://evil.example "t")`, "![a](https://evil.example)", "[a](\nhttps://evil.example\n)", `\\[a](https://evil.example)`, "[![a](https://evil.example)](https://evil.example)",
	} {
		if len(masks(t, written)) == 0 {
			t.Errorf("%q is no masked link", written)
		}
		shown := partnership.Clean(written, 200)
		if len(masks(t, shown)) > 0 || !strings.Contains(shown, "https://evil.example") {
			t.Errorf("%q is shown as %q", written, shown)
		}
	}
}

func TestNameOf(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, in, want string }{
		{"plain", "The  Art & Design\nHub", "The Art & Design Hub"},
		{"brackets", "[EU] Hub", "[EU] Hub"},
		{"pings", "@everyone", "@ everyone"},
		{"too long", "Lighthouse at the very end", "Lighthouse at the v…"},
		{"nothing", "", "7"},
		{"fillers", "\u3164\u3164", "7"},
		{"joiners and marks alone", "\u200d \ufe0f\u0301\u2800", "7"},
		{"tags alone", "\U000E0067\U000E0062", "7"},
		{"an address", "FREE GIFTS https://evil.example", "FREE GIFTS"},
		{"an address in brackets", "Hub (HTTPS://evil.example/x) 2", "Hub 2"},
		{"nothing but an invite", "discord.gg/evil", "7"},
		{"a host is no link", "play.example.net", "play.example.net"},
	}
	for _, tt := range tests {
		if got := partnership.NameOf(tt.in, "7", 20); got != tt.want {
			t.Errorf("%s: NameOf(%q) = %q, want %q", tt.name, tt.in, got, tt.want)
		}
	}
}
