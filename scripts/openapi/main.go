// Command openapi fetches Discord's OpenAPI document, by which the simulated Discord
// refuses what Discord would, and prints where it is: what tests find in the variable
// DISCORD_OPENAPI. One that was fetched before is not fetched again.
//
//	export DISCORD_OPENAPI=$(go run ./scripts/openapi)
//
// It is the document of one commit, known by its checksum: another one may refuse
// what this one allows, and is to be looked at first.
package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"time"

	"github.com/entente-bot/entente/internal/bundle"
)

// The document as it was on 2026-07-18.
const (
	address = "https://raw.githubusercontent.com/discord/discord-api-spec/74fda0fad044407ea280043a03ffc9bc64c4e49e/specs/openapi.json"
	sum     = "8c1d0707ccdf8e380a86dfba04058820a66435c1b69d5ed82e04dd8c0520dd73" // SHA-256
)

// most is how many bytes are read of what is fetched: the document has 1.2 MB.
const most = 8 << 20

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	err := run(ctx, os.Args[1:], document{address, sum}, os.Stdout, os.Stderr)
	if errors.Is(err, flag.ErrHelp) {
		return
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "openapi:", err)
		os.Exit(1)
	}
}

// A document is what is to be fetched, and the checksum by which it is known.
type document struct{ address, sum string }

// run has the document in a file, and prints the path of that.
func run(ctx context.Context, args []string, d document, out, usage io.Writer) error {
	flags := flag.NewFlagSet("openapi", flag.ContinueOnError)
	flags.SetOutput(usage)
	file := flags.String("o", ".entente/openapi.json", "`file` for the document, within the module unless absolute")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("it takes no %q: the file goes behind -o", flags.Arg(0))
	}
	if !filepath.IsAbs(*file) {
		root, err := bundle.Root(".")
		if err != nil {
			return err
		}
		*file = filepath.Join(root, *file)
	}
	if have, err := os.ReadFile(*file); err != nil || !d.is(have) {
		if err := d.fetch(ctx, *file); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintln(out, *file)
	return err
}

// is reports whether data is the document.
func (d document) is(data []byte) bool {
	is := sha256.Sum256(data)
	return hex.EncodeToString(is[:]) == d.sum
}

// fetch writes the document to a file, whole or not at all.
func (d document) fetch(ctx context.Context, file string) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	data, err := d.get(ctx)
	if err != nil {
		return fmt.Errorf("cannot fetch Discord's OpenAPI document (or set DISCORD_OPENAPI to a file that holds it): %w", err)
	}
	if !d.is(data) {
		return fmt.Errorf("what is at %s is not the document that is expected: its checksum is another one", d.address)
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(file+".new", data, 0o644); err != nil {
		return err
	}
	return os.Rename(file+".new", file)
}

// get reads what is at the document's address.
func (d document) get(ctx context.Context) ([]byte, error) {
	rq, err := http.NewRequestWithContext(ctx, http.MethodGet, d.address, nil)
	if err != nil {
		return nil, err
	}
	rs, err := http.DefaultClient.Do(rq)
	if err != nil {
		return nil, err
	}
	defer rs.Body.Close()
	if rs.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s answers %s", d.address, rs.Status)
	}
	return io.ReadAll(io.LimitReader(rs.Body, most))
}
