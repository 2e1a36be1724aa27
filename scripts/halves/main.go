// Command halves says which tests this machine leaves out, and why.
//
//	go run ./scripts/halves
package main

import (
	"flag"
	"fmt"
	"os"

	"github.com/entente-bot/entente/internal/halves"
)

func main() {
	flag.Parse()
	if flag.NArg() > 0 {
		fmt.Fprintf(os.Stderr, "halves: it takes no %q\n", flag.Arg(0))
		os.Exit(1)
	}
	if halves.Tell(os.Stdout, halves.OnDynamoDB(), halves.AgainstDocument()) == 0 {
		fmt.Println("All tests were run: nothing is left out on this machine.")
	}
}
