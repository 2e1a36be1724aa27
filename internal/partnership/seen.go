package partnership

import (
	"regexp"
	"strings"
	"unicode"
)

// unseen reports whether a character changes a text and cannot be seen. It is a list:
// scripts need their marks, joiners and variation selectors, which stay.
func unseen(r rune) bool {
	switch {
	case r < 0x20 && r != '\n', 0x7f <= r && r <= 0x9f, // controls
		r == 0xad, r == 0x34f, // the soft hyphen, the grapheme joiner
		r == 0x61c, r == 0x200e, r == 0x200f, 0x202a <= r && r <= 0x202e, 0x2066 <= r && r <= 0x2069, // directions
		r == 0x115f, r == 0x1160, r == 0x3164, r == 0xffa0, // Hangul fillers: wide, and empty
		r == 0x17b4, r == 0x17b5, r == 0x200b, r == 0xfeff, // of no width
		r == 0x2028, r == 0x2029, // separators
		0x2060 <= r && r <= 0x2065, 0x206a <= r && r <= 0x206f, 0xfff0 <= r && r <= 0xfffb, // what only programs read
		0x1bca0 <= r && r <= 0x1bca3, 0x1d173 <= r && r <= 0x1d17a, 0xe0080 <= r && r <= 0xe00ff, 0xe01f0 <= r && r <= 0xe0fff,
		0xe000 <= r && r <= 0xf8ff, r >= 0xf0000: // private use: everybody sees something else
		return true
	}
	return false
}

// faint reports whether a character that stays cannot be seen when it is alone.
func faint(r rune) bool {
	return unicode.IsSpace(r) || unicode.Is(unicode.M, r) || 0x180b <= r && r <= 0x180f || r == 0x200c || r == 0x200d ||
		r == 0x2800 || r == 0xfffc || r == 0x1d159 || 0xe0000 <= r && r <= 0xe007f
}

var (
	// tags are letters that only programs read. After a black flag they make another flag of it.
	tags = regexp.MustCompile(`\x{1f3f4}[\x{e0030}-\x{e0039}\x{e0061}-\x{e007a}]{2,6}\x{e007f}|[\x{e0000}-\x{e007f}]`)
	// joiners are several in a row: one joins as much.
	joiners = regexp.MustCompile(`([\x{200c}\x{200d}])[\x{200c}\x{200d}]+`)
	// separators part a Mongolian letter from its ending. Anywhere else they are of no width.
	separators = regexp.MustCompile(`(^|[^\x{1820}-\x{18aa}])\x{180e}+`)
)

// seen returns what can be seen of a text.
func seen(s string) string {
	s = strings.NewReplacer("\r\n", "\n", "\r", " ", "\t", " ").Replace(strings.ToValidUTF8(s, ""))
	s = strings.Map(func(r rune) rune {
		if unseen(r) {
			return -1
		}
		return r
	}, s)
	s = tags.ReplaceAllStringFunc(s, func(t string) string {
		if strings.HasPrefix(t, "🏴") {
			return t
		}
		return ""
	})
	return joiners.ReplaceAllString(separators.ReplaceAllString(s, "$1"), "$1")
}

// blank reports whether nothing of a text can be seen: marks need a letter.
func blank(s string) bool { return strings.TrimFunc(s, faint) == "" }

// address is what Discord makes a link of in a name.
var address = regexp.MustCompile(`(?i)[([{<]?[a-z][a-z0-9+.-]*:[/\\]{2}\S*|\S*discord(?:\.gg|(?:app)?\.com/invite)[/\\]\S*`)

// NameOf is what a server with the given name and ID is called, in one line of at
// most limit: without addresses, which nobody looked at, and by its ID where
// nothing of the name can be seen. Markdown in it means nothing: see [Plain].
func NameOf(name, id string, limit int) string {
	line := CleanLine(name, len(name)*2)
	if address.MatchString(line) {
		line = strings.Trim(strings.Join(strings.Fields(address.ReplaceAllString(line, " ")), " "), " ([{<-–—|:·•,")
	}
	if blank(line) {
		line = id
	}
	return Cut(line, limit)
}
