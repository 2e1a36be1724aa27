// Command cost prints what a deployment costs a month: requests counted by the
// run of the assembly (testdata/counts.json), times the prices in prices.go. Its
// assumptions are in usage.go. It asks nobody: prices must be checked by hand.
//
//	go run ./scripts/cost -guilds 100
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
)

func main() {
	u := typical(0)
	guilds := flag.Float64("guilds", 100, "servers that installed Entente")
	flag.Float64Var(&u.partners, "partners", u.partners, "partners of each")
	flag.Float64Var(&u.joins, "joins", u.joins, "joins of each in a month")
	flag.Parse()
	u.guilds = *guilds
	if err := run(u, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "cost:", err)
		os.Exit(1)
	}
}

// run prints the bill, item by item.
func run(u usage, out io.Writer) error {
	stories, err := counted()
	if err != nil {
		return err
	}
	items, err := bill(stories, u)
	if err != nil {
		return err
	}
	total := 0.0
	for _, i := range items {
		fmt.Fprintf(out, "%-24s %12.2f\n", i.name, i.dollars)
		total += i.dollars
	}
	fmt.Fprintf(out, "%-24s %12.2f\n\nUS dollars a month in us-east-1, prices as known in %s, without free tiers and taxes. Check them.\n", "all", total, asOf)
	return nil
}
