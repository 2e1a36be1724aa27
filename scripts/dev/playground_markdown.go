package main

import (
	"bytes"
	"fmt"
	"html"
	"html/template"
	"regexp"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	markup "github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// A namer knows what a mention such as "@", "@&", "#" or "t:" of somebody or
// something is shown as, and where a link to a message leads on the page.
type namer interface {
	name(kind, id string) string
	local(url string) (href string, ok bool)
}

// newMarkdown returns Discord's markdown as the page shows it: HTML is text,
// pictures are links, and links are shown but lead nowhere, because their
// servers exist only here.
func newMarkdown(n namer) goldmark.Markdown {
	blocks := []util.PrioritizedValue{
		util.Prioritized(subtext{}, 100),
		util.Prioritized(parser.NewListParser(), 300),
		util.Prioritized(parser.NewListItemParser(), 400),
		util.Prioritized(parser.NewATXHeadingParser(), 600),
		util.Prioritized(parser.NewFencedCodeBlockParser(), 700),
		util.Prioritized(parser.NewBlockquoteParser(), 800),
		util.Prioritized(parser.NewParagraphParser(), 1000),
	}
	inlines := []util.PrioritizedValue{
		util.Prioritized(parser.NewCodeSpanParser(), 100),
		util.Prioritized(mentions{n}, 150),
		util.Prioritized(parser.NewLinkParser(), 200),
		util.Prioritized(parser.NewAutoLinkParser(), 300),
		util.Prioritized(parser.NewEmphasisParser(), 500),
	}
	return goldmark.New(
		goldmark.WithParser(parser.NewParser(parser.WithBlockParsers(blocks...), parser.WithInlineParsers(inlines...))),
		goldmark.WithRendererOptions(markup.WithHardWraps(), renderer.WithNodeRenderers(util.Prioritized(shownLinks{n}, 100))),
		goldmark.WithExtensions(extension.Strikethrough, extension.Linkify),
	)
}

// written turns markdown into HTML that is safe to show.
func written(md goldmark.Markdown, source string) template.HTML {
	var b bytes.Buffer
	if err := md.Convert([]byte(quoted(source)), &b); err != nil {
		return template.HTML(html.EscapeString(source))
	}
	return template.HTML(b.String())
}

// quoted writes Discord's ">>> ", which quotes all that follows, line by line.
func quoted(source string) string {
	before, after, found := strings.Cut("\n"+source, "\n>>> ")
	if !found {
		return source
	}
	return strings.TrimPrefix(before+"\n\n> "+strings.ReplaceAll(after, "\n", "\n> "), "\n")
}

// subtext parses Discord's small print: a line that begins with "-# ".
type subtext struct{}

func (subtext) Trigger() []byte { return []byte{'-'} }

func (subtext) Open(_ ast.Node, reader text.Reader, _ parser.Context) (ast.Node, parser.State) {
	line, segment := reader.PeekLine()
	if !bytes.HasPrefix(line, []byte("-# ")) {
		return nil, parser.NoChildren
	}
	p := ast.NewParagraph()
	p.SetAttributeString("class", []byte("small"))
	body := text.NewSegment(segment.Start+3, segment.Stop)
	p.Lines().Append(body.TrimRightSpace(reader.Source()))
	reader.AdvanceToEOL()
	return p, parser.NoChildren
}

func (subtext) Continue(ast.Node, text.Reader, parser.Context) parser.State { return parser.Close }
func (subtext) Close(ast.Node, text.Reader, parser.Context)                 {}
func (subtext) CanInterruptParagraph() bool                                 { return true }
func (subtext) CanAcceptIndentedLine() bool                                 { return false }

// mention finds what Discord shows by name: users, roles, channels, times.
var mention = regexp.MustCompile(`^<(@&|@!?|#|t:)(-?\d{1,20}(?::[a-zA-Z])?)>`)

// mentions parses what Discord shows by name.
type mentions struct{ namer }

func (mentions) Trigger() []byte { return []byte{'<'} }

func (m mentions) Parse(_ ast.Node, block text.Reader, _ parser.Context) ast.Node {
	line, _ := block.PeekLine()
	found := mention.FindSubmatch(line)
	if found == nil {
		return nil
	}
	block.Advance(len(found[0]))
	kind, class := strings.TrimSuffix(string(found[1]), "!"), "mention"
	if kind == "t:" {
		class = "moment"
	}
	shown := html.EscapeString(m.name(kind, string(found[2])))
	node := ast.NewString(fmt.Appendf(nil, `<span class="%s">%s</span>`, class, shown))
	node.SetCode(true) // written as it is
	return node
}

// shownLinks renders links with where they lead, and headings below the page's own.
type shownLinks struct{ namer }

func (l shownLinks) RegisterFuncs(r renderer.NodeRendererFuncRegisterer) {
	r.Register(ast.KindLink, l.link)
	r.Register(ast.KindImage, l.link)
	r.Register(ast.KindAutoLink, l.autoLink)
	r.Register(ast.KindHeading, heading)
}

func (l shownLinks) link(w util.BufWriter, source []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	var target string
	switch n := node.(type) {
	case *ast.Link:
		target = string(n.Destination)
	case *ast.Image:
		target = string(n.Destination)
	}
	href, here := l.local(target)
	switch {
	case entering && here:
		fmt.Fprintf(w, `<a href="%s">`, html.EscapeString(href))
	case entering:
		_, _ = w.WriteString(`<span class="link">`)
	case here:
		_, _ = w.WriteString("</a>")
	default:
		fmt.Fprintf(w, `</span> <span class="target">(%s)</span>`, html.EscapeString(target))
	}
	return ast.WalkContinue, nil
}

func (l shownLinks) autoLink(w util.BufWriter, source []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	label := html.EscapeString(string(node.(*ast.AutoLink).Label(source)))
	if href, here := l.local(string(node.(*ast.AutoLink).URL(source))); here {
		fmt.Fprintf(w, `<a href="%s">%s</a>`, html.EscapeString(href), label)
	} else {
		fmt.Fprintf(w, `<span class="link">%s</span>`, label)
	}
	return ast.WalkContinue, nil
}

func heading(w util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	level := min(node.(*ast.Heading).Level+2, 6)
	if entering {
		fmt.Fprintf(w, "<h%d>", level)
	} else {
		fmt.Fprintf(w, "</h%d>\n", level)
	}
	return ast.WalkContinue, nil
}
