// Command cost prints what a deployment costs a month: requests counted by the
// run of the assembly (testdata/counts.json), times the prices in prices.go. Its
// assumptions are in usage.go. It asks nobody: prices must be checked by hand.
//
//	go run ./scripts/cost -guilds 100
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strconv"
)

func main() {
	u, err := read(os.Args[1:], os.Stderr)
	if errors.Is(err, flag.ErrHelp) {
		return
	}
	if err == nil {
		err = run(u, os.Stdout)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "cost:", err)
		os.Exit(1)
	}
}

// read reads the usage from the command line. What nobody can mean is refused: a
// bill for it would look like any other.
func read(args []string, usage io.Writer) (u usage, err error) {
	u = typical(0)
	flags := flag.NewFlagSet("cost", flag.ContinueOnError)
	flags.SetOutput(usage)
	for _, f := range []struct {
		name, means string
		into        *float64
		fallback    float64
	}{
		{"guilds", "servers that installed Entente", &u.guilds, 100},
		{"partners", "partners of each", &u.partners, u.partners},
		{"joins", "joins of each in a month", &u.joins, u.joins},
	} {
		flags.Float64Var(f.into, f.name, f.fallback, f.means)
	}
	if err := flags.Parse(args); err != nil {
		return u, err
	}
	if flags.NArg() > 0 {
		return u, fmt.Errorf("it takes no %q: numbers go behind -guilds, -partners and -joins", flags.Arg(0))
	}
	flags.VisitAll(func(f *flag.Flag) {
		n, _ := strconv.ParseFloat(f.Value.String(), 64) // it was one when it was set
		if err == nil && !(n >= 0 && n <= most) {
			err = fmt.Errorf("-%s is %s, and must be a number from 0 to %d", f.Name, f.Value, most)
		}
	})
	return u, err
}

// most is more of anything than Discord has servers.
const most = 100_000_000

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
