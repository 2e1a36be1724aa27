package partnership

import (
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"
)

var (
	// inviteHost is where the path of an address begins that may be an invite.
	inviteHost = regexp.MustCompile(`(?i)discord(?:\.gg|(?:app)?\.com)\.?(?::\d*)?/|discord:/`)
	// inviteCode is the code that part of a path begins with.
	inviteCode = regexp.MustCompile(`^[A-Za-z0-9-]{2,}`)
	// encoded is a byte as links write it, but for spaces and what ends a path.
	encoded = regexp.MustCompile(`%(?:2[124-9A-Fa-f]|3[0-9A-Ea-e]|[4-9A-Fa-f][0-9A-Fa-f])`)
	// escaped is what Markdown shows without the backslash.
	escaped = regexp.MustCompile(`\\([^0-9A-Za-z\s])`)
	// dots are taken for one by browsers, or by people. Joiners only stand between.
	dots = strings.NewReplacer("\u200c", "", "\u200d", "", "\ufe0e", "", "\ufe0f", "",
		"。", ".", "·", ".", "‧", ".", "•", ".", "∙", ".", "⋅", ".", "۔", ".", "ꓸ", ".", "⁄", "/", "∕", "/", "⧸", "/")
)

// InvitesElsewhere reports whether a text that a user wrote holds an invite with
// another code. The letter case of a code is not looked at: vanity codes have none.
func InvitesElsewhere(text, code string) bool { return len(InvitesBeside(text, code)) > 0 }

// InvitesBeside returns the codes of the invites in a text, in order, each once, but
// for the given one. It goes by what is left of the text once it is cleaned, and
// by all the ways in which a browser reads it.
func InvitesBeside(text, code string) (codes []string) {
	text = folded(text)
	for _, reading := range []string{text, escaped.ReplaceAllString(text, "$1")} {
		for _, found := range invitesIn(strings.ReplaceAll(reading, `\`, "/")) {
			same := func(c string) bool { return strings.EqualFold(c, found) }
			if !same(code) && !slices.ContainsFunc(codes, same) {
				codes = append(codes, found)
			}
		}
	}
	return codes
}

// folded is a text as browsers read it: decoded, compatible characters as one.
func folded(text string) string {
	for range 3 { // what is decoded may be encoded once more
		text = encoded.ReplaceAllStringFunc(text, func(hex string) string {
			n, _ := strconv.ParseUint(hex[1:], 16, 8) // it is two digits
			return string([]byte{byte(n)})
		})
	}
	return dots.Replace(norm.NFKC.String(seen(text)))
}

// invitesIn returns the codes in a text that is folded.
func invitesIn(text string) (codes []string) {
	for _, h := range inviteHost.FindAllStringIndex(text, -1) {
		short := strings.Contains(strings.ToLower(text[h[0]:h[1]]), ".gg")
		if code := codeIn(text[h[1]:], short); code != "" {
			codes = append(codes, code)
		}
	}
	return codes
}

// codeIn returns the code in what stands behind a host, "" if it is no invite's.
// Behind a short host it stands at once.
func codeIn(rest string, short bool) string {
	if i := strings.IndexAny(rest, " \n?#"); i >= 0 {
		rest = rest[:i]
	}
	parts := strings.Split(strings.TrimPrefix(path.Clean("/"+rest), "/"), "/")
	i := slices.IndexFunc(parts, func(p string) bool { return strings.EqualFold(p, "invite") })
	if short && i != 0 {
		i = -1
	}
	if i < 0 && !short || i == len(parts)-1 {
		return ""
	}
	return inviteCode.FindString(parts[i+1])
}
