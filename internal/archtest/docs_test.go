package archtest

import (
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path"
	"strings"
	"testing"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/text"
)

// TestDocuments reads every document as whoever shows it does.
func TestDocuments(t *testing.T) {
	root := os.DirFS("../..")
	pages := 0
	for _, pattern := range []string{"*.md", "docs/*.md", "docs/*/*.md", ".github/*.md"} {
		names, err := fs.Glob(root, pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			page, err := fs.ReadFile(root, name)
			if err != nil {
				t.Fatal(err)
			}
			pages++
			for _, complaint := range misshown(root, name, page) {
				t.Errorf("%s: %s", name, complaint)
			}
		}
	}
	if pages < 20 {
		t.Errorf("only %d documents were read", pages)
	}
}

// TestDocumentsBite shows what TestDocuments complains about.
func TestDocumentsBite(t *testing.T) {
	t.Parallel()
	const table = "| a | b |\n| --- | --- |\n| 1 | 2 |\n"
	tests := []struct{ page, complaint string }{
		{table, ""},
		{"```\n| no table |\n```\n\n" + table + "\n| c | d |\n| --- | --- |\n| 3 | `a\\|b` |\n", ""},
		{table + "\n| 3 | 4 |\n", "| 3 | 4 | stands outside of a table"},
		{"text\n| a | b |\n", "| a | b | stands outside of a table"},
		{"| a | b |\n| --- |\n| 1 | 2 |\n", "| a | b | stands outside of a table"},
		{table + "| 3 | 4 | 5 |\n", "| 3 | 4 | 5 | has 3 cells, and the table 2"},
		{table + "| 3 |\n", "| 3 | has 1 cells, and the table 2"},
		{"[it](go.mod) [elsewhere](https://example.org/nowhere) [here](#it)", ""},
		{"[it](nowhere.md#part)", "nowhere.md#part leads nowhere"},
		{"![it](../nowhere.png)", "../nowhere.png leads nowhere"},
	}
	for _, tt := range tests {
		got := strings.Join(misshown(os.DirFS("../.."), "PAGE.md", []byte(tt.page)), "; ")
		if got != tt.complaint {
			t.Errorf("of %q it says %q, want %q", tt.page, got, tt.complaint)
		}
	}
}

// misshown complains of lines that are meant as rows of a table and are none, of rows
// that are longer or shorter than their table, and of links to files that are not there.
func misshown(root fs.FS, name string, page []byte) (complaints []string) {
	doc := goldmark.New(goldmark.WithExtensions(extension.Table)).Parser().Parse(text.NewReader(page))
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *extast.Table:
			complaints = append(complaints, uneven(n, page)...)
		case *ast.Paragraph:
			for _, line := range strings.Split(string(n.Lines().Value(page)), "\n") {
				if strings.HasPrefix(line, "|") {
					complaints = append(complaints, line+" stands outside of a table")
					break
				}
			}
		case *ast.Link:
			complaints = append(complaints, astray(root, name, string(n.Destination))...)
		case *ast.Image:
			complaints = append(complaints, astray(root, name, string(n.Destination))...)
		}
		return ast.WalkContinue, nil
	})
	return complaints
}

// uneven complains of rows that have not as many cells as their table: what shows
// them fills up what is missing, and leaves out the rest.
func uneven(table *extast.Table, page []byte) (complaints []string) {
	for row := table.FirstChild().NextSibling(); row != nil; row = row.NextSibling() {
		line := lineOf(row, page)
		inner := strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(line), "|"), "|")
		cells := strings.Count(strings.ReplaceAll(inner, `\|`, ""), "|") + 1
		if cells != len(table.Alignments) {
			complaints = append(complaints, fmt.Sprintf("%s has %d cells, and the table %d", line, cells, len(table.Alignments)))
		}
	}
	return complaints
}

// lineOf is the line of the page on which a row of a table stands.
func lineOf(row ast.Node, page []byte) string {
	at := row.FirstChild().Lines().At(0).Start
	begin := strings.LastIndexByte(string(page[:at]), '\n') + 1
	line, _, _ := strings.Cut(string(page[begin:]), "\n")
	return line
}

// astray complains of a link to a file that is not there.
func astray(root fs.FS, name, link string) []string {
	to, err := url.Parse(link)
	if err != nil {
		return []string{link + " is no link"}
	}
	if to.Scheme != "" || to.Path == "" {
		return nil
	}
	if _, err := fs.Stat(root, path.Join(path.Dir(name), to.Path)); err != nil {
		return []string{link + " leads nowhere"}
	}
	return nil
}
