package text_test

import (
	"regexp"
	"strings"
	"testing"
)

// mostWords is how long a sentence may be that people read.
const mostWords = 25

// TestSentencesAreShort reads English, from which the others are translated: a tired
// moderator at midnight understands each sentence at once.
func TestSentencesAreShort(t *testing.T) {
	t.Parallel()
	ends := regexp.MustCompile(`[.!?:;]\s+|\n`)
	quaint := regexp.MustCompile(`(?i)\b(anew|whoever|direct messages? about|is to be|be told of|below \*Manage)\b`)
	for key, text := range languages(t)["en"] {
		if key == "setup.summary" { // a list
			continue
		}
		for _, sentence := range ends.Split(text, -1) {
			if n := len(strings.Fields(sentence)); n > mostWords {
				t.Errorf("%s has a sentence of %d words, want at most %d: %q", key, n, mostWords, sentence)
			}
		}
		if word := quaint.FindString(text); word != "" {
			t.Errorf("%s says %q: say it as a colleague would", key, word)
		}
	}
}
