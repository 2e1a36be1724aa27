// Command doctor checks a deployment from the machine of whoever runs it: a line
// for each check, and what to do about each fault. It changes nothing.
//
//	npx cdk deploy --outputs-file outputs.json
//	go run ./scripts/doctor -outputs outputs.json
//
// It needs AWS credentials that may describe the stack's parts and read its
// secret; with DISCORD_TOKEN set, the token is taken from there. It exits with 1
// if it found a fault.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsconfig "github.com/aws/aws-sdk-go-v2/config"
)

// errFaults means that the deployment has faults, which were printed.
var errFaults = errors.New("the deployment has faults")

func main() {
	load := func(ctx context.Context) (aws.Config, error) { return awsconfig.LoadDefaultConfig(ctx) }
	err := run(context.Background(), os.Args[1:], os.Getenv, load, os.Stdout, os.Stderr)
	if errors.Is(err, flag.ErrHelp) {
		return
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "doctor:", err)
		os.Exit(1)
	}
}

// run makes every check and prints what it found.
func run(ctx context.Context, args []string, lookup func(string) string, load func(context.Context) (aws.Config, error), out, usage io.Writer) error {
	flags := flag.NewFlagSet("doctor", flag.ContinueOnError)
	flags.SetOutput(usage)
	file := flags.String("outputs", "outputs.json", "`file` that cdk deploy --outputs-file wrote")
	stack := flags.String("stack", "", "`name` of the stack, if the file has several")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("it takes no %q: the file goes behind -outputs, the stack behind -stack", flags.Arg(0))
	}
	d, err := read(*file, *stack)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	cfg, err := load(ctx)
	if err != nil {
		return fmt.Errorf("AWS configuration: %w", err)
	}
	p := patient{deployment: d, aws: cfg, shell: cfg.Region, lookup: lookup}
	p.aws.Region = d.region()
	if faults := examine(ctx, p, out); faults > 0 {
		return fmt.Errorf("%w: %d", errFaults, faults)
	}
	return nil
}

// examine makes the checks, prints what they find, and returns how many faults there
// are.
func examine(ctx context.Context, p patient, out io.Writer) (faults int) {
	for _, c := range checks() {
		for _, f := range c.check(ctx, p) {
			fmt.Fprintln(out, f.line(c.name))
			if f.do != "" {
				faults++
			}
		}
		if c.cause && faults > 0 {
			fmt.Fprintln(out, "Nothing else was looked at: mend that first.")
			break
		}
	}
	return faults
}
