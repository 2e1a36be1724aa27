// Command infra is the CDK app of Entente: one stack for each stage, with all
// that the bot needs on AWS. The CDK's command line runs it, from the folder
// that holds cdk.json:
//
//	npx cdk synth
//
// The stack takes the functions as scripts/build left them in dist; it builds
// nothing, asks nobody, and makes the same template of the same sources.
//
// A part of the stack has a file of its own: tables, queues, functions, entry,
// schedules, alarms, dashboard. stack.go puts them together, and config.go says
// what may be told from outside.
package main

import (
	"fmt"
	"os"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"
)

func main() {
	if err := run(os.Getenv, ".."); err != nil {
		fmt.Fprintln(os.Stderr, "infra:", err)
		os.Exit(1)
	}
}

// run synthesizes the stack. Whatever an operator may have got wrong is looked at
// before the CDK starts, so that it costs a sentence and not a stack trace. root
// is the folder that holds cdk.json.
func run(lookup func(string) string, root string) error {
	// The CDK's command line names relative folders from there.
	if err := os.Chdir(root); err != nil {
		return err
	}
	cfg, err := readConfig(lookup(contextVariable))
	if err != nil {
		return err
	}
	version, err := checkBundles("dist")
	if err != nil {
		return err
	}
	defer jsii.Close()
	app := awscdk.NewApp(&awscdk.AppProps{AnalyticsReporting: jsii.Bool(false)})
	newStack(app, cfg, "dist", version)
	app.Synth(nil)
	return nil
}
