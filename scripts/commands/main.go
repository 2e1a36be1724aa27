// Command commands writes docs/commands.md: every command, button and form, as
// the route tables have them. And the table of docs/privacy.md: what is kept of
// people.
//
//	go run ./scripts/commands
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"github.com/entente-bot/entente/internal/bundle"
	"github.com/entente-bot/entente/internal/forget"
	"github.com/entente-bot/entente/internal/interactions"
	"github.com/entente-bot/entente/internal/text"
)

func main() {
	flag.Parse()
	if err := write(flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "commands:", err)
		os.Exit(1)
	}
}

// write writes the page. It takes no arguments.
func write(args []string) error {
	if len(args) > 0 {
		return fmt.Errorf("it takes no %q", args[0])
	}
	root, err := bundle.Root(".")
	if err != nil {
		return err
	}
	c, err := text.Load()
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(root, "docs", "commands.md"), []byte(interactions.Reference(c)), 0o644); err != nil {
		return err
	}
	return writePrivacy(filepath.Join(root, "docs", "privacy.md"))
}

func writePrivacy(file string) error {
	old, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	doc, err := forget.Document(string(old))
	if err != nil {
		return err
	}
	return os.WriteFile(file, []byte(doc), 0o644)
}
