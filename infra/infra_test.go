package main

import (
	"encoding/binary"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"
)

var update = flag.Bool("update", false, "write the golden templates anew")

// asProgram makes the test's binary run main instead of the tests.
const asProgram = "ENTENTE_INFRA_MAIN"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		main()
		return
	}
	code := m.Run()
	jsii.Close()
	os.Exit(code)
}

// The tests of this package do not run at once: all speak with one Node process,
// which takes one call after the other.

// A template is a CloudFormation template, as far as it is looked at here.
type template struct {
	Resources map[string]resource
	Outputs   map[string]struct{ Value any }
}

type resource struct {
	Type           string
	Properties     map[string]any
	DeletionPolicy string
	DependsOn      []string
}

// example is the context of the tests: that of cdk.json before an operator wrote a
// deployment into it.
func example() map[string]any {
	return map[string]any{
		"stage": "example",
		"stages": map[string]any{"example": map[string]any{
			"applicationId": "100000000000000000", "publicKey": "dee0e0b9095e0a651dd62e18db33d6b98aa042484ca2f65f9d92dc222b1401bc",
		}},
		"@aws-cdk/aws-iam:minimizePolicies":         true,
		"@aws-cdk/core:enablePartitionLiterals":     true,
		"@aws-cdk/core:target-partitions":           []any{"aws", "aws-cn"},
		"@aws-cdk/core:checkSecretUsage":            true,
		"@aws-cdk/core:validateAgainstDefaultRules": true,
		"@aws-cdk/aws-lambda:useCdkManagedLogGroup": true,
	}
}

// TestContextIsThatOfDeployments: what cdk.json tells the CDK itself, the tests do, too.
func TestContextIsThatOfDeployments(t *testing.T) {
	data, err := os.ReadFile(filepath.Join("..", "cdk.json"))
	if err != nil {
		t.Fatal(err)
	}
	var file struct{ Context map[string]any }
	if err := json.Unmarshal(data, &file); err != nil {
		t.Fatal(err)
	}
	own := func(key string, _ any) bool { return !strings.HasPrefix(key, "@") }
	tested := example()
	maps.DeleteFunc(file.Context, own)
	maps.DeleteFunc(tested, own)
	if !reflect.DeepEqual(file.Context, tested) {
		t.Errorf("cdk.json says %v, and the tests %v", file.Context, tested)
	}
}

// contextOf is the context of the tests, with changes.
func contextOf(changes map[string]any) map[string]any {
	context := example()
	maps.Copy(context, changes)
	return context
}

// configOf reads a context as main does.
func configOf(t *testing.T, context map[string]any) config {
	t.Helper()
	data, err := json.Marshal(context)
	if err != nil {
		t.Fatal(err)
	}
	cfg, err := readConfig(string(data))
	if err != nil {
		t.Fatal(err)
	}
	return cfg
}

// newApp starts an app whose stack is made of a context. The bundles are not real:
// what they hold is nothing to the stack.
func newApp(t *testing.T, changes map[string]any) (awscdk.App, awscdk.Stack) {
	t.Helper()
	if _, err := exec.LookPath("node"); err != nil {
		t.Fatal("there is no node: the CDK is a program for it")
	}
	context := contextOf(changes)
	app := awscdk.NewApp(&awscdk.AppProps{
		AnalyticsReporting: jsii.Bool(false), Context: &context, Outdir: jsii.String(filepath.Join(t.TempDir(), "cdk.out")),
	})
	return app, newStack(app, configOf(t, context), bundles(t, 183), "v1.2.3")
}

// synthesize returns the template made of a context, as it is written and as it
// is meant.
func synthesize(t *testing.T, changes map[string]any) (text []byte, parsed template) {
	t.Helper()
	app, stack := newApp(t, changes)
	out := app.Synth(nil)
	text, err := os.ReadFile(filepath.Join(*out.Directory(), *stack.TemplateFile()))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &parsed); err != nil {
		t.Fatal(err)
	}
	return text, parsed
}

// bundles writes a dist folder whose programs are a header each, of one machine:
// 183 is arm64 and 62 amd64, in ELF's numbers.
func bundles(t *testing.T, machine uint16) (dist string) {
	t.Helper()
	header := make([]byte, 64)
	copy(header, "\x7fELF\x02\x01\x01")
	binary.LittleEndian.PutUint16(header[16:], 2) // executable
	binary.LittleEndian.PutUint16(header[18:], machine)
	binary.LittleEndian.PutUint32(header[20:], 1)
	binary.LittleEndian.PutUint16(header[52:], 64)
	dist = filepath.Join(t.TempDir(), "dist")
	for _, f := range functions() {
		dir := filepath.Join(dist, f.bundle)
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		// Each is another program, as in life.
		if err := os.WriteFile(filepath.Join(dir, "bootstrap"), append(header, f.bundle...), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return dist
}

// of returns the logical IDs of the resources of a type, sorted.
func (t template) of(kind string) (ids []string) {
	for _, id := range slices.Sorted(maps.Keys(t.Resources)) {
		if t.Resources[id].Type == kind {
			ids = append(ids, id)
		}
	}
	return ids
}

// at returns what stands in a part of a template, as JSON: "null" where nothing
// stands.
func at(part any, path ...string) string {
	for _, name := range path {
		fields, _ := part.(map[string]any)
		part = fields[name]
	}
	text, err := json.Marshal(part)
	if err != nil {
		return fmt.Sprint(err)
	}
	return string(text)
}
