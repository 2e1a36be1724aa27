package env

import (
	"fmt"
	"slices"
	"strings"
)

// Names returns every variable that a program of Entente, or one of its tools, reads.
func Names() []string {
	return []string{
		PublicKey, ApplicationID, Token, TokenSecret, DiscordURL, OpenAPI,
		RecordsTable, ActionsTable, QueueURL, DynamoURL, LogLevel, PollBudget, MaxPartners, MaxPending, MaxBlocked,
	}
}

// Misspelt returns an error that names the first variable in environ, lines of the
// form NAME=value, that looks like one of ours and is none. What nobody reads was
// meant for something.
func Misspelt(environ []string) error {
	for _, line := range environ {
		name, _, _ := strings.Cut(line, "=")
		if !strings.HasPrefix(name, "DISCORD_") && !strings.HasPrefix(name, "ENTENTE_") || slices.Contains(Names(), name) {
			continue
		}
		near := slices.MinFunc(Names(), func(a, b string) int { return distance(a, name) - distance(b, name) })
		if distance(near, name) > len(name)/3 {
			return fmt.Errorf("%s is set, and is no variable of Entente: unset it", name)
		}
		return fmt.Errorf("%s is set, and is no variable of Entente: %s may be meant", name, near)
	}
	return nil
}

// distance returns how many letters of a have to be changed, added or left out to
// have b.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			other := diagonal
			if a[i] != b[j] {
				other = 1 + min(diagonal, row[j], row[j+1])
			}
			diagonal, row[j+1] = row[j+1], other
		}
	}
	return row[len(b)]
}
