package partnership

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

var (
	// bracket is what every masked link needs: without it no text stands for another address.
	bracket = regexp.MustCompile(`[\[\]]`)
	// mention is a user, role or channel mention, or a slash command's.
	mention = regexp.MustCompile(`<(@[!&]?|#|/[^:>\n]{1,80}:|id:)`)
	// everyone is what pings whole servers.
	everyone = regexp.MustCompile(`(?i)@(everyone|here)`)
	// blankLines is more than one empty line.
	blankLines = regexp.MustCompile(`\n{3,}`)
)

// Clean returns what a user wrote as it may be shown to others, as Markdown: at
// most limit long (see [Cut]), with "…" where it was cut; without characters that
// are not seen; brackets and mentions escaped, so that no text hides an address.
// Clean(Clean(s)) is Clean(s).
func Clean(s string, limit int) string {
	s = escape(escape(seen(s), bracket), mention)
	s = everyone.ReplaceAllString(s, "@ $1")
	s = blankLines.ReplaceAllString(s, "\n\n")
	return Cut(strings.TrimSpace(s), limit)
}

// CleanLine returns what a user wrote as it may be shown in one line where Markdown
// means nothing: nothing is escaped. [Plain] makes Markdown of it.
func CleanLine(s string, limit int) string {
	s = strings.Join(strings.Fields(seen(s)), " ")
	return Cut(everyone.ReplaceAllString(s, "@ $1"), limit)
}

// Quote returns what [Clean] returned in one line, in which its markdown stands as it
// was written.
func Quote(s string, limit int) string {
	return Plain(CleanLine(escaped.ReplaceAllString(s, "$1"), limit))
}

// Plain escapes the markdown in a line, so that it stands as it was written.
func Plain(line string) string { return markdown.Replace(line) }

var markdown = strings.NewReplacer(
	`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "~", `\~`, "|", `\|`, "#", `\#`, ">", `\>`, "[", `\[`, "]", `\]`, "<", `\<`,
)

// Cut shortens s to limit, by whole runes, the last of them "…" where something
// was cut. It counts UTF-16 units: at least as many as any count of Discord's.
func Cut(s string, limit int) string {
	units, fits := 0, 0 // fits is how much of s leaves room for the "…"
	for i, r := range s {
		if units += utf16.RuneLen(r); units > limit {
			return strings.TrimRightFunc(s[:fits], unicode.IsSpace) + "…"
		}
		if units < limit {
			fits = i + utf8.RuneLen(r)
		}
	}
	return s
}

// escape puts a backslash before every match that none escapes: a backslash may be
// escaped itself.
func escape(s string, re *regexp.Regexp) string {
	var b strings.Builder
	from := 0
	for _, m := range re.FindAllStringIndex(s, -1) {
		before := s[:m[0]]
		b.WriteString(s[from:m[0]])
		if (len(before)-len(strings.TrimRight(before, `\`)))%2 == 0 {
			b.WriteByte('\\')
		}
		from = m[0]
	}
	b.WriteString(s[from:])
	return b.String()
}
