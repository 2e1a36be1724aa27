package local_test

import (
	"flag"
	"os"
	"runtime/debug"
	"testing"

	"github.com/entente-bot/entente/internal/halves"
)

// TestMain plays more stories at once than there are processors: a story waits
// more than it works. Those in which 64 do the same at once are played alone: they
// are answered within Discord's 3 seconds, or told that many are at it.
func TestMain(m *testing.M) {
	flag.Parse()
	set := false
	flag.Visit(func(f *flag.Flag) { set = set || f.Name == "test.parallel" })
	if !set {
		if err := flag.Set("test.parallel", "12"); err != nil {
			panic(err)
		}
	}
	debug.SetGCPercent(200) // more would cost more: under -race, fresh memory is dearer than to collect
	halves.Tell(os.Stderr, halves.OnDynamoDB(), halves.AgainstDocument())
	os.Exit(m.Run())
}
