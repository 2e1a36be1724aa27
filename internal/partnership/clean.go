package partnership

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

var (
	// maskedLink is Discord's [text](target), with an optional "title" and <>.
	maskedLink = regexp.MustCompile(`\[([^\[\]\n]*)\]\(\s*<?([^\s()<>]*)>?[^()\n]*\)`)
	// mention is a user, role or channel mention, or a slash command's.
	mention = regexp.MustCompile(`<(@[!&]?|#|/[^:>\n]{1,80}:|id:)`)
	// everyone is what pings whole servers.
	everyone = regexp.MustCompile(`(?i)@(everyone|here)`)
	// blankLines is more than one empty line.
	blankLines = regexp.MustCompile(`\n{3,}`)
)

// Clean returns what a user wrote as it may be shown to others: at most limit
// long (see [Cut]), with "…" where it was cut; without control, zero-width and
// right-to-left override characters; masked links shown with their target;
// mentions shown as text. Clean(Clean(s)) is Clean(s).
func Clean(s string, limit int) string {
	s = strings.ReplaceAll(strings.ToValidUTF8(s, ""), "\r\n", "\n")
	s = strings.Map(visible, s)
	for maskedLink.MatchString(s) { // a link's text may hide another link
		s = maskedLink.ReplaceAllString(s, "$1 ($2)")
	}
	s = escape(s, mention)
	s = everyone.ReplaceAllString(s, "@ $1")
	s = blankLines.ReplaceAllString(s, "\n\n")
	return Cut(strings.TrimSpace(s), limit)
}

// CleanLine is Clean for what stands in one line, such as a server's name:
// markdown and line breaks in it mean nothing.
func CleanLine(s string, limit int) string {
	s = strings.Join(strings.Fields(Clean(s, limit)), " ")
	return Cut(s, limit)
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

// visible drops what cannot be seen but changes what is: control and format
// characters, other than line breaks and the joiner of composed emoji.
func visible(r rune) rune {
	switch {
	case r == '\n', r == '\u200d':
		return r
	case r == '\t', r == '\r':
		return ' '
	case unicode.IsControl(r), unicode.Is(unicode.Cf, r), r == '\u2028', r == '\u2029',
		r == '\u115f', r == '\u1160', r == '\u3164', r == '\uffa0', // Hangul fillers: wide, and empty
		unicode.Is(unicode.Co, r):
		return -1
	}
	return r
}

// escape puts a backslash before every match that has none.
func escape(s string, re *regexp.Regexp) string {
	var b strings.Builder
	from := 0
	for _, m := range re.FindAllStringIndex(s, -1) {
		b.WriteString(s[from:m[0]])
		if m[0] == 0 || s[m[0]-1] != '\\' {
			b.WriteByte('\\')
		}
		from = m[0]
	}
	b.WriteString(s[from:])
	return b.String()
}
